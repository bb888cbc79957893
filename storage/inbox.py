"""Which inbound messages were answered, and with what; the inputs of turns that failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select, update

from bot.messages import Channel
from storage.models import InboxRow, KeptRow
from storage.turn import Tx, upsert

CLAIM = upsert(
    InboxRow,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["key"]).returning(InboxRow.key),
)
REPLY = select(InboxRow.reply).where(InboxRow.key == bindparam("claimed"))
RECORD = (
    update(InboxRow).where(InboxRow.key == bindparam("claimed")).values(reply=bindparam("sealed"))
)
KEEP = insert(KeptRow)
KEPT = select(KeptRow).order_by(KeptRow.id.desc()).limit(bindparam("limit"))
# in slices, so that a purge never holds up the turns of a busy hour
PURGE = (
    delete(InboxRow)
    .where(
        InboxRow.key.in_(
            select(InboxRow.key)
            .where(InboxRow.at < bindparam("before"))
            .order_by(InboxRow.at)
            .limit(bindparam("limit"))
        )
    )
    .returning(InboxRow.key)
)
PURGE_KEPT = delete(KeptRow).where(KeptRow.at < bindparam("before")).returning(KeptRow.id)


@dataclass(frozen=True)
class Recorded:
    """What a message was answered with; `None`: with nothing."""

    reply: bytes | None


@dataclass(frozen=True)
class Kept:
    """The input of a turn that failed."""

    id: int
    key: str
    channel: Channel
    at: datetime
    why: str
    raw: bytes


def claim(tx: Tx, key: str, channel: Channel, at: datetime) -> Recorded | None:
    """None if the message is new, and ours from now on; else what it was answered with.

    A retry that comes while the first delivery is being answered waits here until that
    turn has committed.
    """
    if tx.execute(CLAIM, {"key": key, "channel": channel.value, "at": at}).first() is not None:
        return None
    sealed = tx.execute(REPLY, {"claimed": key}).scalar_one()
    return Recorded(None if sealed is None else tx.vault.open_bytes(sealed))


def record(tx: Tx, key: str, reply: bytes | None) -> None:
    """What the claimed message is answered with, now and at every retry."""
    if reply is not None:
        tx.execute(RECORD, {"claimed": key, "sealed": tx.vault.seal_bytes(reply)})


def keep(tx: Tx, key: str, channel: Channel, raw: bytes, why: str, at: datetime) -> None:
    """Seals the input of a turn that failed; `why` must not quote it."""
    sealed = tx.vault.seal_bytes(raw)
    values = {"key": key, "channel": channel.value, "raw": sealed, "why": why, "at": at}
    tx.execute(KEEP, values)


def kept(tx: Tx, limit: int = 50) -> tuple[Kept, ...]:
    """The failed inputs, newest first."""
    return tuple(
        Kept(row.id, row.key, Channel(row.channel), row.at, row.why, tx.vault.open_bytes(row.raw))
        for row in tx.execute(KEPT, {"limit": limit})
    )


def purge(tx: Tx, before: datetime, limit: int = 5_000) -> int:
    """Forgets answered messages older than that, at most `limit`; how many it forgot."""
    return len(tx.execute(PURGE, {"before": before, "limit": limit}).all())


def purge_kept(tx: Tx, before: datetime) -> int:
    """Forgets failed inputs older than that."""
    return len(tx.execute(PURGE_KEPT, {"before": before}).all())
