"""Needs that were given to somebody and not taken up."""

from datetime import datetime, timedelta

from bot.handlers.desk.reminders import remind_to_take
from bot.jobs.desk import Desk, each
from storage import cases, outbox, runs
from storage.db import Tx


def remind_unaccepted(desk: Desk) -> None:
    """Each of them is brought up once a day."""
    now = desk.clock()
    before = now - timedelta(minutes=desk.clocks.accept_minutes)
    found = desk.db.run(lambda tx: cases.unaccepted(tx, before))
    each(desk, "need not taken up", found, lambda tx, one: remind_once(tx, desk, one, now))


def remind_once(tx: Tx, desk: Desk, need_id: int, now: datetime) -> None:
    """Enqueues the reminders of one need, unless some replica did so today."""
    found = cases.need(tx, need_id)
    if found is None:
        return
    case, need = found
    pushes = remind_to_take(desk.office, case, need, now)
    if pushes and runs.once(tx, "remind_unaccepted", f"{need_id}:{need.version}:{now:%Y-%m-%d}"):
        outbox.enqueue(tx, pushes)
