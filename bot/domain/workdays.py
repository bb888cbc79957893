"""Working days and duty hours: counted as domain.md 7 says, for any year, published or not."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.catalog import Duty

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5

# The agency's own days, `agency.days` of the catalogue: date -> worked.
Days = Mapping[dt.date, bool]


@dataclass(frozen=True)
class Verdict:
    """Whether a day is worked, and whether that is a guess because its notice is not out yet."""

    worked: bool
    estimated: bool


@dataclass(frozen=True)
class Due:
    """The last day of a period; `estimated` if any day on the way to it was a guess."""

    day: dt.date
    estimated: bool


def verdict(day: dt.date, days: Days) -> Verdict:
    """The agency's word first, then the State Council's notice, else a guess."""
    if day in days:
        return Verdict(days[day], estimated=False)
    published = published_workday(day)
    if published is not None:
        return Verdict(published, estimated=False)
    worked = day.weekday() < SATURDAY and day not in statutory_days(day.year)
    return Verdict(worked, estimated=True)


# every registration counts weeks of days, and the package searches its whole table for each
@lru_cache(maxsize=4096)
def published_workday(day: dt.date) -> bool | None:
    """What the notices say of this day; None for a year without a notice."""
    # imported on first use: a command that counts no days does not pay for it
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


@lru_cache(maxsize=64)
def statutory_days(year: int) -> frozenset[dt.date]:
    """The statutory days off of a year as far as the law and the lunar calendar fix them."""
    # imported on first use: five megabytes that only a year without a notice needs
    import holidays

    return frozenset(holidays.country_holidays("CN", years=year))


def is_working_day(day: dt.date, days: Days) -> bool:
    """Whether the agency works on this day."""
    return verdict(day, days).worked


def due(start: dt.date, n: int, days: Days) -> Due:
    """The `n`th working day after `start`; the start day itself is not counted."""
    day, left, estimated = start, n, False
    while left > 0 and day < dt.date.max:
        day += ONE_DAY
        found = verdict(day, days)
        estimated = estimated or found.estimated
        left -= found.worked
    return Due(day, estimated)


def spans_of(
    day: dt.date, duty: Sequence[Duty], days: Days
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The duty hours of one day as moments, earliest first; none on a day off."""
    if not is_working_day(day, days):
        return
    for span in sorted(duty, key=lambda one: one.start):
        yield (
            dt.datetime.combine(day, span.start, SHANGHAI),
            dt.datetime.combine(day, span.end, SHANGHAI),
        )


def on_duty(moment: dt.datetime, duty: Sequence[Duty], days: Days) -> bool:
    """Whether these duty hours hold at this moment; the closing minute is off duty."""
    here = moment.astimezone(SHANGHAI)
    return any(start <= here < end for start, end in spans_of(here.date(), duty, days))


def next_duty_start(moment: dt.datetime, duty: Sequence[Duty], days: Days) -> dt.datetime:
    """The moment itself when on duty, else the next start of duty after it."""
    return duty_deadline(moment, dt.timedelta(0), duty, days)


def duty_deadline(
    moment: dt.datetime, wait: dt.timedelta, duty: Sequence[Duty], days: Days
) -> dt.datetime:
    """When `wait` of duty time has passed since `moment`: staff clocks stand still off duty."""
    here, left = moment.astimezone(SHANGHAI), wait
    if not duty:
        return here + wait
    day = here.date()
    while day < dt.date.max:
        for start, end in spans_of(day, duty, days):
            begin = max(start, here)
            if begin < end and left < end - begin:
                return begin + left
            left -= max(end - begin, dt.timedelta(0))
        day += ONE_DAY
    return here + wait
