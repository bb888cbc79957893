"""Complaints and opinions: the one table of states and moves, and the clocks of domain.md 6."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.catalog import Clocks, Duty
from bot.domain.workdays import SHANGHAI, Days, due, duty_deadline, spans_of


class VoiceKind(StrEnum):
    """What a voice is: a complaint, or an opinion (clause 9.1.1)."""

    COMPLAINT = "complaint"
    OPINION = "opinion"


PREFIX: Mapping[VoiceKind, str] = {VoiceKind.COMPLAINT: "TS", VoiceKind.OPINION: "YJ"}


class VoiceState(StrEnum):
    """Where a complaint or an opinion stands."""

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    REOPENED = "reopened"
    CLOSED = "closed"


S = VoiceState

MOVES: Mapping[VoiceState, frozenset[VoiceState]] = {
    S.RECEIVED: frozenset({S.ACKNOWLEDGED, S.INVESTIGATING, S.DECIDED, S.CLOSED}),
    S.ACKNOWLEDGED: frozenset({S.INVESTIGATING, S.DECIDED, S.CLOSED}),
    S.INVESTIGATING: frozenset({S.INVESTIGATING, S.DECIDED, S.CLOSED}),
    S.DECIDED: frozenset({S.REOPENED, S.CLOSED}),
    S.REOPENED: frozenset({S.INVESTIGATING, S.DECIDED, S.CLOSED}),
    S.CLOSED: frozenset({S.REOPENED}),
}

# Somebody at the agency still has to do something.
UNDECIDED = frozenset({S.RECEIVED, S.ACKNOWLEDGED, S.INVESTIGATING, S.REOPENED})
# Nobody has taken it up yet.
UNTOUCHED = frozenset({S.RECEIVED, S.REOPENED})

REOPEN_DAYS = 30
OWNED_WITHIN = dt.timedelta(hours=1)
# what one client says within this time belongs to one complaint
SAME_MATTER = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Facts:
    """What is sealed: the client's words with their times, how to reach them, what was done."""

    words: tuple[tuple[str, str], ...]
    phone: str = ""
    contact: str = ""
    anonymous: bool = False
    files: tuple[str, ...] = ()
    # when, who, what it became, and what was said of it
    steps: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True)
class Voice:
    """A complaint or an opinion under its own number.

    `about`: those complained about, who neither see nor decide it. `confidential`: it is about
    integrity (clause 5.3.2.6), so that nobody but its owner sees it.
    """

    id: int
    number: str
    kind: VoiceKind
    person_id: int
    case_id: int | None
    owner: str
    about: tuple[str, ...]
    confidential: bool
    state: VoiceState
    facts: Facts
    decision: str
    received_at: dt.datetime
    due: dt.date | None
    since: dt.datetime
    closed_at: dt.datetime | None = None
    # when a clock has to look at it; None: never again
    next_at: dt.datetime | None = None


class Alarm(StrEnum):
    """What a clock says about a voice."""

    UNOWNED = "unowned"
    UPDATE = "update"
    LATE = "late"
    OVERDUE = "overdue"
    LAPSED = "lapsed"


@dataclass(frozen=True)
class Times:
    """What the clocks count by: the agency's clocks, the owner's duty hours, its own days."""

    clocks: Clocks
    duty: Sequence[Duty]
    days: Days

    def duty_after(self, moment: dt.datetime, wait: dt.timedelta) -> dt.datetime:
        """When so much duty time has passed."""
        return duty_deadline(moment, wait, self.duty, self.days)

    def morning(self, start: dt.date, n: int) -> dt.datetime:
        """The beginning of duty on the `n`th working day after that day."""
        day = due(start, n, self.days).day
        spans = spans_of(day, self.duty, self.days)
        return next((begin for begin, _ in spans), dt.datetime.combine(day, NINE, SHANGHAI))


NINE = dt.time(9)


def answer_by(received: dt.datetime, times: Times) -> dt.date:
    """By when the client is to have the decision."""
    return due(received.date(), times.clocks.complaint_days, times.days).day


def alarms(voice: Voice, times: Times) -> Iterator[tuple[dt.datetime, Alarm]]:
    """Everything a clock will have to say as things stand, with the moment for each."""
    if voice.state in {S.DECIDED, S.CLOSED}:
        if voice.state is S.DECIDED:
            yield voice.since + dt.timedelta(days=REOPEN_DAYS), Alarm.LAPSED
        return
    begun = voice.since if voice.state is S.REOPENED else voice.received_at
    if voice.kind is VoiceKind.COMPLAINT and voice.state in UNTOUCHED:
        yield times.duty_after(begun, OWNED_WITHIN), Alarm.UNOWNED
    if voice.kind is VoiceKind.COMPLAINT:
        # in the morning of the last day on which the client is to hear something
        yield times.morning(voice.since.date(), times.clocks.complaint_update_days), Alarm.UPDATE
        yield times.morning(begun.date(), times.clocks.complaint_days * 2 // 3), Alarm.LATE
    yield times.morning(begun.date(), times.clocks.complaint_days), Alarm.OVERDUE


def ringing(voice: Voice, times: Times, now: dt.datetime) -> tuple[Alarm, ...]:
    """The alarms whose moment has come."""
    return tuple(alarm for at, alarm in alarms(voice, times) if at <= now)


def next_look(voice: Voice, times: Times, now: dt.datetime) -> dt.datetime | None:
    """When a clock has to look again; None: never."""
    return min((at for at, _ in alarms(voice, times) if at > now), default=None)
