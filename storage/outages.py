"""Pushes that a platform has not taken for a while, though they were tried again and again."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select

from bot.messages import Channel
from storage.models import OutboxRow
from storage.turn import Tx

# What was only put off, by night or by pace, is not counted as tried. What has been due for a
# while waits for us, as after a night in which the machine was off, and not for the platform.
STUCK = (
    select(
        OutboxRow.channel,
        func.count().label("waiting"),
        func.min(OutboxRow.due).label("since"),
    )
    .where(OutboxRow.next_at > bindparam("lately"), OutboxRow.due <= bindparam("before"))
    .where(OutboxRow.attempts >= bindparam("tries"))
    .group_by(OutboxRow.channel)
    .order_by(OutboxRow.channel)
)


@dataclass(frozen=True)
class Outage:
    """One platform: how many pushes it has not taken, and when the oldest of them was due."""

    channel: Channel
    waiting: int
    since: datetime


def found(tx: Tx, lately: datetime, before: datetime, tries: int) -> tuple[Outage, ...]:
    """Where something waits for its next try that was due before that moment and tried so often."""
    rows = tx.execute(STUCK, {"lately": lately, "before": before, "tries": tries})
    return tuple(Outage(Channel(row.channel), row.waiting, row.since) for row in rows)
