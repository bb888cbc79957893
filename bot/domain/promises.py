"""What is promised of a need: counted from the day on which all that is wanted was there.

While materials are missing nothing is promised but the number of days; the date is named when
the last of them came, and again if a calendar that was guessed is published otherwise.
"""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from bot.domain.catalog import Item
from bot.domain.workdays import Days, due


@dataclass(frozen=True)
class Promise:
    """Done by the end of `due`, `days` working days after the start; 0: another sort of days.

    `estimated`: some day on the way to `due` has no published calendar yet.
    """

    start: date
    days: int
    due: date
    estimated: bool


def promise(start: date, days: int, calendar: Days) -> Promise:
    """So many working days after the start."""
    found = due(start, days, calendar)
    return Promise(start, days, found.day, found.estimated)


def promised(item: Item, start: date, calendar: Days) -> Promise | None:
    """What the catalogue promises of an item; None of what others do, or without a fixed time."""
    if item.turnaround is None or not item.own_service(start):
        return None
    return promise(start, item.turnaround, calendar)


def halfway(start: date, days: int | None, end: date, calendar: Days) -> date | None:
    """The day on which half the time has passed; None if that is the last day already."""
    if not days:
        middle = due(start + (end - start) / 2, 0, calendar).day
    else:
        middle = due(start, (days + 1) // 2, calendar).day
    return middle if start < middle < end else None


class Terms(TypedDict):
    """A promise as what changes of a need; all None: nothing changes."""

    due: date | None
    promised_from: date | None
    promised_days: int | None
    estimated: bool | None


def terms(found: Promise | None) -> Terms:
    """The promise as what is written into the need."""
    return Terms(
        due=found.due if found else None,
        promised_from=found.start if found else None,
        promised_days=found.days if found else None,
        estimated=found.estimated if found else None,
    )
