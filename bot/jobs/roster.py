"""Once a day the list of members is read from WeCom."""

from functools import partial

from bot.jobs.desk import Desk
from storage.roster import fall_due


def read_roster(desk: Desk) -> None:
    """Has the worker read it, where a day is over since it last did."""
    if desk.db.run(partial(fall_due, now=desk.clock())):
        desk.wake()
