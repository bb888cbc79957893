"""The moments the sandbox clock can jump to."""

from datetime import datetime, time, timedelta

from bot.domain.workdays import is_working_day

OPENING = time(9, 0)


def next_workday(now: datetime) -> datetime:
    """Nine o'clock of the first working day after today."""
    day = now.date() + timedelta(days=1)
    while not is_working_day(day, {}):
        day += timedelta(days=1)
    return datetime.combine(day, OPENING, tzinfo=now.tzinfo)
