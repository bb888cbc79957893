"""When a need is brought up while nothing happens to it: to staff first, hours later to the client.

A need has such points: half of the promised time, all of it, so many working days without any
change, and the same while it waits for the client; and, for staff alone, an evaluation that is
late. Each comes once. Nobody is told at night, nor of what changed meanwhile: a change has been
told by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.cases import OPEN, NeedState
from bot.domain.catalog import Duty
from bot.domain.promises import halfway
from bot.domain.quiet_hours import is_quiet
from bot.domain.workdays import SHANGHAI, Days, due, duty_deadline, on_duty


class Mark(StrEnum):
    """The points of a need's way."""

    HALF = "half"
    FULL = "full"
    STILL = "still"
    # not evaluated in time (clause 8.3.1), which is between us
    EVALUATE = "evaluate"
    # waiting for the client, who alone is reminded
    SUPPLY = "supply"


class Deed(StrEnum):
    """What is to be done at such a point."""

    REMIND = "remind"
    TELL = "tell"
    DROP = "drop"


@dataclass(frozen=True)
class Step:
    """One deed; `key` names the point, with the need's version where it can come again."""

    key: str
    deed: Deed

    @property
    def mark(self) -> Mark:
        """The kind of point."""
        return Mark(self.key.partition(":")[0])


@dataclass(frozen=True)
class Standing:
    """What the clock sees of a need; `since` is when it came to its state and assignee."""

    state: NeedState
    version: int
    since: datetime
    start: date | None
    days: int | None
    due: date | None


@dataclass(frozen=True)
class Reached:
    """A point that staff were reminded of at need version `version`, and whether it is over."""

    key: str
    version: int
    reminded_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Hours:
    """The duty hours of whoever is reminded, the agency's days, and its clocks."""

    duty: Sequence[Duty]
    calendar: Days
    still_days: int
    notice_hours: int
    evaluate_days: int


def steps(
    need: Standing, known: Sequence[Reached], now: datetime, hours: Hours
) -> tuple[Step, ...]:
    """What is to be done about this need now, in this order."""
    if is_quiet(now) or need.state not in OPEN:
        return ()
    if need.state is NeedState.TO_SUPPLEMENT:
        return (*dropped(known), *asked(need, known, now, hours))
    fresh = new_point(need, known, now, hours)
    if fresh is None:
        return tuple(settled(need, known, now, hours))
    return (*dropped(known), *passed_over(known, fresh), Step(fresh, Deed.REMIND))


def dropped(known: Sequence[Reached]) -> Iterator[Step]:
    """Nobody waits for these any more."""
    return (Step(one.key, Deed.DROP) for one in known if one.closed_at is None)


def passed_over(known: Sequence[Reached], fresh: str) -> Iterator[Step]:
    """Half the time is no news any more when all of it is over."""
    if fresh == Mark.FULL and all(one.key != Mark.HALF for one in known):
        yield Step(Mark.HALF, Deed.DROP)


def new_point(need: Standing, known: Sequence[Reached], now: datetime, hours: Hours) -> str | None:
    """The latest point that is reached now and was not brought up before."""
    if hours.duty and not on_duty(now, hours.duty, hours.calendar):
        return None
    keys, today = {one.key for one in known}, now.astimezone(SHANGHAI).date()
    if Mark.FULL not in keys:
        if need.due is not None and today >= need.due:
            return Mark.FULL
        middle = half_of(need, hours)
        if middle is not None and Mark.HALF not in keys and today >= middle:
            return Mark.HALF
    for key, since in standstills(need, known, hours):
        waiting = any(one.closed_at is None for one in known)
        if not waiting and key not in keys and now >= since:
            return key
    return None


def standstills(
    need: Standing, known: Sequence[Reached], hours: Hours
) -> Iterator[tuple[str, datetime]]:
    """From when on it stands still for too long, longest first."""
    still = f"{Mark.STILL}:{need.version}"
    yield still, still_at(need, known, hours)
    if need.state is NeedState.EVALUATING and all(one.key != still for one in known):
        since = after(need.since, hours.evaluate_days, hours)
        yield f"{Mark.EVALUATE}:{need.version}", since


def half_of(need: Standing, hours: Hours) -> date | None:
    """The day on which half of the promised time has passed."""
    if need.start is None or need.due is None:
        return None
    return halfway(need.start, need.days, need.due, hours.calendar)


def still_at(need: Standing, known: Sequence[Reached], hours: Hours) -> datetime:
    """From when on nothing has changed for too long, since a change or since it was brought up."""
    told = (
        one.closed_at
        for one in known
        if one.closed_at is not None and not one.key.startswith(Mark.EVALUATE)
    )
    return after(max((need.since, *told)), hours.still_days, hours)


def after(moment: datetime, days: int, hours: Hours) -> datetime:
    """The same time of day so many working days later."""
    since = moment.astimezone(SHANGHAI)
    return datetime.combine(due(since.date(), days, hours.calendar).day, since.time(), SHANGHAI)


def settled(
    need: Standing, known: Sequence[Reached], now: datetime, hours: Hours
) -> Iterator[Step]:
    """What staff were reminded of: told to the client when it is time, unless it is over."""
    wait = timedelta(hours=hours.notice_hours)
    for one in known:
        if one.closed_at is not None:
            continue
        if not stands(need, one, now):
            yield Step(one.key, Deed.DROP)
        elif now >= duty_deadline(one.reminded_at, wait, hours.duty, hours.calendar):
            yield Step(one.key, Deed.TELL)


def stands(need: Standing, one: Reached, now: datetime) -> bool:
    """Whether it is still so: nothing changed; or the promise is broken, whatever changed."""
    if one.key == Mark.FULL:
        return need.due is not None and now.astimezone(SHANGHAI).date() >= need.due
    return one.version == need.version and not one.key.startswith(Mark.EVALUATE)


def asked(need: Standing, known: Sequence[Reached], now: datetime, hours: Hours) -> Iterator[Step]:
    """The client is reminded once of what is waited for."""
    key = f"{Mark.SUPPLY}:{need.version}"
    if all(one.key != key for one in known) and now >= still_at(need, (), hours):
        yield Step(key, Deed.TELL)
