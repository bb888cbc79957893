"""Needs that were given to somebody and not taken up."""

from datetime import datetime, timedelta

from bot.handlers.desk.reminders import Waiting, remind_to_take, waiting
from bot.jobs.desk import Desk, each
from storage import cases, outbox, runs
from storage.db import Tx


def remind_unaccepted(desk: Desk) -> None:
    """Each of them is brought up once a day; what comes up together, in one text."""
    now = desk.clock()
    before = now - timedelta(minutes=desk.clocks.accept_minutes)
    found: list[Waiting] = []

    def look(tx: Tx, need_id: int) -> None:
        seen = cases.need(tx, need_id)
        one = None if seen is None else waiting(desk.office, *seen, now)
        if one is not None:
            found.append(one)

    each(desk, "need not taken up", desk.db.run(lambda tx: cases.unaccepted(tx, before)), look)
    if found:
        desk.db.run(lambda tx: remind(tx, desk, found, now))


def remind(tx: Tx, desk: Desk, found: list[Waiting], now: datetime) -> None:
    """Enqueues the reminders of those that no replica brought up today."""
    due = [one for one in found if runs.once(tx, "remind_unaccepted", one.key)]
    outbox.enqueue(tx, remind_to_take(desk.office, due, now))
