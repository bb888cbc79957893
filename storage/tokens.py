"""The platform's access tokens, shared by every process and refreshed by one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from storage.models import TokenRow
from storage.turn import Tx, upsert

LOAD = select(TokenRow.value, TokenRow.expires_at).where(TokenRow.name == bindparam("which"))
BEGIN = upsert(
    TokenRow,
    lambda insert: (
        insert.values(name=bindparam("which"), refresh_until=bindparam("until"))
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"refresh_until": bindparam("until")},
            where=or_(TokenRow.refresh_until.is_(None), TokenRow.refresh_until <= bindparam("now")),
        )
        .returning(TokenRow.name)
    ),
)
NEW: dict[str, Any] = {
    "value": bindparam("sealed"),
    "digest": bindparam("mark"),
    "expires_at": bindparam("until"),
    "refresh_until": None,
}
STORE = upsert(
    TokenRow,
    lambda insert: insert.values(name=bindparam("which"), **NEW).on_conflict_do_update(
        index_elements=["name"], set_=NEW
    ),
)
DROP = (
    update(TokenRow)
    .where(TokenRow.name == bindparam("which"), TokenRow.digest == bindparam("mark"))
    .values(value=None, digest=None, expires_at=None)
)


@dataclass(frozen=True)
class Token:
    """A token and when the platform will stop taking it."""

    value: str
    expires_at: datetime


def load(tx: Tx, name: str) -> Token | None:
    """The stored token, expired or not."""
    row = tx.execute(LOAD, {"which": name}).first()
    if row is None or row.value is None:
        return None
    return Token(str(tx.vault.open(row.value)), row.expires_at)


def begin_refresh(tx: Tx, name: str, now: datetime, lease: timedelta) -> bool:
    """True for exactly one caller until it stores a token or its lease runs out."""
    values = {"which": name, "now": now, "until": now + lease}
    return tx.execute(BEGIN, values).first() is not None


def store(tx: Tx, name: str, value: str, expires_at: datetime) -> None:
    """Keeps a fresh token and ends the refresh."""
    values = {
        "which": name,
        "sealed": tx.vault.seal(value),
        "mark": tx.vault.digest(value),
        "until": expires_at,
    }
    tx.execute(STORE, values)


def drop(tx: Tx, name: str, value: str) -> None:
    """Forgets a token the platform refused, unless another one is stored by now."""
    tx.execute(DROP, {"which": name, "mark": tx.vault.digest(value)})
