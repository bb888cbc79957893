"""The one invitation to rate a case: when it goes out, when it is too late, what a score asks."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

from bot.domain.cases import NeedState
from bot.domain.quiet_hours import QUIET_FROM, QUIET_TO
from bot.domain.workdays import SHANGHAI, Days, due, is_working_day

ONE_DAY = dt.timedelta(days=1)
# an invitation goes out the next working day at this time ...
INVITED_AT = dt.time(10, 0)
# ... and never later than on this working day after the end of service (clause 9.2.1)
LAST_WORKING_DAY = 5
# a score of this or less asks for the reason and opens an improvement (domain.md 5)
LOW = 2
# service is over for these, and there is something to rate
SERVED = frozenset({NeedState.ANSWERED, NeedState.FINISHED})


class SurveyState(StrEnum):
    """Where the rating of one case stands."""

    PLANNED = "planned"
    INVITED = "invited"
    REMINDED = "reminded"
    RATED = "rated"
    EXPIRED = "expired"


class Lapse(StrEnum):
    """Why there is no rating; staff read it in words."""

    # the client came by telephone or to the desk: there is no chat
    NO_CHANNEL = "no_channel"
    UNFOLLOWED = "unfollowed"
    # they left for good, or had their data deleted
    GONE = "gone"
    OPTED_OUT = "opted_out"
    # no message and no template could go out, and they did not write in time
    NO_WAY = "no_way"
    # the office was not running while it would have been in time
    TOO_LATE = "too_late"
    # invited, and silent: silence is no score
    NO_ANSWER = "no_answer"


class Rated(StrEnum):
    """The four rated items of clause 9.2.2."""

    PROFESSIONAL = "professional"
    TIMELY = "timely"
    HONEST = "honest"
    OVERALL = "overall"


@dataclass(frozen=True)
class Scores:
    """Points from 1 to 5 for each item; what was not rated stays None."""

    professional: int | None = None
    timely: int | None = None
    honest: int | None = None
    overall: int | None = None

    @classmethod
    def of(cls, given: Mapping[Rated, int]) -> "Scores":
        """The scores that were given."""
        return cls(**{str(item): score for item, score in given.items()})

    def given(self) -> dict[Rated, int]:
        """The items that were rated, in the order of the form."""
        found = {Rated(one.name): getattr(self, one.name) for one in fields(self)}
        return {item: score for item, score in found.items() if score is not None}

    @property
    def low(self) -> bool:
        """Whether any item asks for an improvement."""
        return any(score <= LOW for score in self.given().values())

    @property
    def confidential(self) -> bool:
        """Whether integrity is in doubt: then nobody in charge of the case may learn of it."""
        return self.honest is not None and self.honest <= LOW


@dataclass(frozen=True)
class Survey:
    """The rating of one case as stored; `next_at` is when a clock has to look at it again."""

    id: int
    case_id: int
    person_id: int
    # the staff member in charge when the service ended
    staff: str
    state: SurveyState
    reason: Lapse | None
    ended_at: dt.datetime
    last_day: dt.date
    invited_at: dt.datetime | None
    reminded_at: dt.datetime | None
    rated_at: dt.datetime | None
    closes_at: dt.datetime | None
    scores: Scores
    comment: str
    next_at: dt.datetime | None

    @property
    def rated(self) -> bool:
        """Whether the client has rated."""
        return self.state is SurveyState.RATED

    @property
    def asked(self) -> bool:
        """Whether an invitation is out and not answered."""
        return self.state in {SurveyState.INVITED, SurveyState.REMINDED}

    def open(self, now: dt.datetime) -> bool:
        """Whether a rating counts now, the first or a changed one."""
        return self.closes_at is None or now < self.closes_at

    @property
    def key(self) -> str:
        """What the pushes of this invitation begin with; after a reopening it is another one."""
        return f"survey:{self.id}:{self.ended_at.astimezone(SHANGHAI):%Y%m%d%H%M%S}"


@dataclass(frozen=True)
class Plan:
    """When an invitation is due, and the moment from which on it is too late."""

    invite_at: dt.datetime
    too_late: dt.datetime

    @property
    def last_day(self) -> dt.date:
        """The fifth working day."""
        return self.too_late.date()


def plan(ended_at: dt.datetime, days: Days) -> Plan:
    """The next working day at ten; too late once the fifth working day has got quiet."""
    ended = ended_at.astimezone(SHANGHAI).date()
    return Plan(
        at(due(ended, 1, days).day, INVITED_AT),
        at(due(ended, LAST_WORKING_DAY, days).day, QUIET_FROM),
    )


def too_late(last_day: dt.date) -> dt.datetime:
    """The same end of a stored plan."""
    return at(last_day, QUIET_FROM)


def next_chance(moment: dt.datetime, days: Days, too_late: dt.datetime) -> dt.datetime | None:
    """The first moment from `moment` on when a client may be asked: a working day, not at night.

    None if none comes in time: the clock had stood still, or was moved on.
    """
    here = moment.astimezone(SHANGHAI)
    while here < too_late:
        morning, evening = at(here.date(), QUIET_TO), at(here.date(), QUIET_FROM)
        if is_working_day(here.date(), days) and here < evening:
            return max(here, morning)
        here = at(here.date() + ONE_DAY, QUIET_TO)
    return None


def reminder(
    sent_at: dt.datetime, after_days: int, days: Days, closes_at: dt.datetime
) -> dt.datetime | None:
    """When to remind, once, so many days after the invitation arrived; None: no more in time."""
    return next_chance(sent_at + dt.timedelta(days=after_days), days, closes_at)


def closing(start: dt.datetime, open_days: int, days: Days) -> dt.datetime:
    """The end of that working day: from then on a rating no longer counts."""
    last = due(start.astimezone(SHANGHAI).date(), open_days, days).day
    return at(last + ONE_DAY, dt.time())


def at(day: dt.date, time: dt.time) -> dt.datetime:
    """That moment in Shanghai."""
    return dt.datetime.combine(day, time, SHANGHAI)
