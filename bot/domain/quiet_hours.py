"""When something that happened at night reaches the person it is for (domain.md 7)."""

from datetime import datetime, time, timedelta

from bot.domain.assignment import there_at
from bot.domain.catalog import Catalog, Staff

# Surveys and reminders to clients, and cards to staff, keep out of these hours.
QUIET_FROM, QUIET_TO = time(20, 0), time(8, 30)


def is_quiet(now: datetime) -> bool:
    """Whether it is night for the purposes of the trade."""
    return now.time() >= QUIET_FROM or now.time() < QUIET_TO


def next_morning(now: datetime) -> datetime:
    """When the night that `now` is in is over."""
    day = now if now.time() < QUIET_TO else now + timedelta(days=1)
    return datetime.combine(day.date(), QUIET_TO, now.tzinfo)


def card_due(catalog: Catalog, staff: Staff, now: datetime) -> datetime:
    """At once by day; a card that arises at night waits for the start of that person's duty."""
    return there_at(catalog, staff, now) if is_quiet(now) else now
