"""How much of each platform limit was used, and which calls an account has lost for a while."""

from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.messages import Channel
from storage.models import ClosedWayRow, QuotaRow
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

CLOSE = upsert(
    ClosedWayRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["channel", "way"],
        set_={"code": insert.excluded.code, "until": insert.excluded.until},
    ),
)
CLOSED = select(ClosedWayRow.way).where(
    ClosedWayRow.channel == bindparam("on"), ClosedWayRow.until > bindparam("at")
)
EVERY_CLOSED = select(ClosedWayRow.channel, ClosedWayRow.way, ClosedWayRow.code).where(
    ClosedWayRow.until > bindparam("at")
)
REOPEN = (
    delete(ClosedWayRow)
    .where(ClosedWayRow.until <= bindparam("at"))
    .returning(ClosedWayRow.channel)
)


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


def close_way(tx: Tx, channel: Channel, way: str, code: int, until: datetime) -> None:
    """The platform refuses this call to the account, by that code: it is left alone until then."""
    values = {"channel": channel.value, "way": way, "code": code, "until": until}
    tx.execute(CLOSE, values)


def closed_ways(tx: Tx, channel: Channel, at: datetime) -> frozenset[str]:
    """The calls of a channel that are left alone now."""
    return frozenset(tx.execute(CLOSED, {"on": channel.value, "at": at}).scalars())


def every_closed_way(tx: Tx, at: datetime) -> tuple[tuple[str, str, int], ...]:
    """Channel, call and code of everything that is left alone now."""
    rows = tx.execute(EVERY_CLOSED, {"at": at})
    return tuple((row.channel, row.way, row.code) for row in rows)


def reopen(tx: Tx, at: datetime) -> frozenset[Channel]:
    """Channels of which a call may be tried again, its time being over; each is told once."""
    return frozenset(Channel(one) for one in tx.execute(REOPEN, {"at": at}).scalars())
