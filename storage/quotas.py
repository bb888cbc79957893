"""How much of each platform limit was used, counted over all processes."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from storage.models import QuotaRow
from storage.turn import Tx, upsert

TAKE = upsert(
    QuotaRow,
    lambda insert: (
        insert.values(scope=bindparam("scope"), starts_at=bindparam("starts_at"), used=1)
        .on_conflict_do_update(
            index_elements=["scope", "starts_at"],
            set_={"used": QuotaRow.used + 1},
            where=QuotaRow.used < bindparam("limit"),
        )
        .returning(QuotaRow.used)
    ),
)
USED = select(func.coalesce(func.sum(QuotaRow.used), 0)).where(
    QuotaRow.scope == bindparam("scope"), QuotaRow.starts_at >= bindparam("since")
)
PURGE = delete(QuotaRow).where(QuotaRow.starts_at < bindparam("before")).returning(QuotaRow.scope)


def take(tx: Tx, scope: str, window: datetime, limit: int) -> bool:
    """Uses one of `limit` (at least 1) in the window that starts then; False if none is left."""
    values = {"scope": scope, "starts_at": window, "limit": limit}
    return tx.execute(TAKE, values).first() is not None


def used(tx: Tx, scope: str, since: datetime) -> int:
    """How much was used in all windows that started at that moment or later."""
    return int(tx.execute(USED, {"scope": scope, "since": since}).scalar_one())


def purge(tx: Tx, before: datetime) -> int:
    """Forgets windows that are over."""
    return len(tx.execute(PURGE, {"before": before}).all())
