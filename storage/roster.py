"""When the list of members was last read from WeCom, and whether it is wanted again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage import runs
from storage.turn import Tx

ASKED, DUE, DONE = "roster asked", "roster due", "roster done"
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Task:
    """A reading to be done: since when, and whether somebody waits to hear of it."""

    at: datetime
    asked: bool


def ask(tx: Tx, now: datetime) -> None:
    """Somebody wants it read now, and hears what came of it."""
    last = runs.last_beat(tx, DONE)
    runs.beat(tx, ASKED, now if last is None or now > last else last + INSTANT)


def fall_due(tx: Tx, now: datetime) -> bool:
    """Once a day it is read whoever asks; whether that is now."""
    last, due = runs.last_beat(tx, DONE), runs.last_beat(tx, DUE)
    waits = due is not None and (last is None or due > last)
    if waits or (last is not None and now - last < DAY):
        return False
    runs.beat(tx, DUE, now)
    return True


def waiting(tx: Tx) -> Task | None:
    """What is to be done now."""
    last = runs.last_beat(tx, DONE)
    for name, asked in ((ASKED, True), (DUE, False)):
        at = runs.last_beat(tx, name)
        if at is not None and (last is None or last < at):
            return Task(at, asked)
    return None


def done(tx: Tx, task: Task) -> None:
    """It was read, or whoever asked knows that it could not be."""
    runs.beat(tx, DONE, task.at)
