"""Needs that were given to somebody and not taken up."""

from datetime import datetime, timedelta
from functools import partial

from bot.handlers.desk.reminders import remind_to_take
from bot.jobs.desk import Desk
from storage import cases, outbox, runs
from storage.db import Tx


def remind_unaccepted(desk: Desk) -> None:
    """Each of them is brought up once a day."""
    now = desk.clock()
    before = now - timedelta(minutes=desk.clocks.accept_minutes)
    for need_id in desk.db.run(lambda tx: cases.unaccepted(tx, before)):
        desk.db.run(partial(remind_once, desk=desk, need_id=need_id, now=now))


def remind_once(tx: Tx, *, desk: Desk, need_id: int, now: datetime) -> None:
    """Enqueues the reminders of one need, unless some replica did so today."""
    found = cases.need(tx, need_id)
    if found is None:
        return
    case, need = found
    pushes = remind_to_take(desk.office, case, need, now)
    if pushes and runs.once(tx, "remind_unaccepted", f"{need_id}:{need.version}:{now:%Y-%m-%d}"):
        outbox.enqueue(tx, pushes)
