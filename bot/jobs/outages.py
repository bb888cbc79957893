"""A platform that takes nothing for a while: managers hear of it, by what still works."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.quiet_hours import card_due
from bot.handlers.desk.reminders import staff_text
from bot.jobs.desk import Desk
from bot.messages import Say
from storage import outages, outbox
from storage.db import Tx
from storage.outages import Outage

# a hiccup is over by then, and what met it was tried again: pauses grow to twenty minutes
LONG = timedelta(hours=1)
TRIES = 3
# the worker is at it again within seconds; what has been due for longer is no fault of a platform
GRACE = timedelta(minutes=5)
# by then another one says how it stands; when WeCom itself comes back, one message is enough
STALE = timedelta(hours=24)


def stuck(tx: Tx, now: datetime) -> tuple[Outage, ...]:
    """The platforms that have taken nothing for so long."""
    return outages.found(tx, now - GRACE, now - LONG, TRIES)


def watch_outages(desk: Desk) -> None:
    """One text a day to each manager while an outage lasts; it comes when WeCom takes it."""
    desk.db.run(lambda tx: tell(tx, desk, desk.clock()))


def tell(tx: Tx, desk: Desk, now: datetime) -> None:
    """What is stuck, and since when."""
    found = stuck(tx, now)
    if not found:
        return
    rows = [{"way": str(one.channel), "count": one.waiting, "since": one.since} for one in found]
    text = desk.office.renderer.text(Say("outages/away", {"rows": rows}))
    for one in desk.catalog.managers:
        due = card_due(desk.catalog, one, now)
        made = staff_text(f"outage:{now:%Y%m%d}:{one.id}", one, text, due, "reminder")
        outbox.enqueue(tx, [replace(made, expires=due + STALE)])
