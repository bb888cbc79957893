"""Cards that lie on phones and can still be changed by the code that came back with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from storage.models import OutboxRow, PushState
from storage.turn import Tx

CHANGEABLE = (
    select(OutboxRow.key, OutboxRow.recipient, OutboxRow.response_code)
    .where(OutboxRow.key.in_(bindparam("pushed", expanding=True)))
    .where(OutboxRow.state == PushState.SENT.value, OutboxRow.sent_at > bindparam("since"))
    .where(OutboxRow.response_code.is_not(None), OutboxRow.response_code != "")
    .order_by(OutboxRow.id)
)


@dataclass(frozen=True)
class SentCard:
    """One card: the key of its push, who has it, and its single-use code."""

    key: str
    to: str
    code: str


def changeable(tx: Tx, keys: Sequence[str], since: datetime) -> tuple[SentCard, ...]:
    """Those of these cards that were sent after that moment and gave a code."""
    rows = tx.execute(CHANGEABLE, {"pushed": list(keys), "since": since})
    return tuple(SentCard(row.key, row.recipient, row.response_code) for row in rows)
