"""The states of a complaint and its clocks, against the table of GB/T 19012 in days."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.clock import SHANGHAI
from bot.domain.catalog import Clocks, Duty
from bot.domain.complaints import (
    MOVES,
    UNDECIDED,
    Alarm,
    Facts,
    Times,
    Voice,
    VoiceKind,
    VoiceState,
    alarms,
    answer_by,
    next_look,
    ringing,
)

DUTY = (
    Duty(start=dt.time(8, 30), end=dt.time(12)),
    Duty(start=dt.time(13), end=dt.time(17)),
)
TIMES = Times(Clocks(), DUTY, {})
S = VoiceState


def moment(text: str) -> dt.datetime:
    """A moment in Shanghai."""
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


RECEIVED = moment("2026-11-23 09:00")
VOICE = Voice(
    id=1,
    number="TS20261123-0001",
    kind=VoiceKind.COMPLAINT,
    person_id=1,
    case_id=None,
    owner="boss",
    about=(),
    confidential=False,
    state=S.RECEIVED,
    facts=Facts((("2026-11-23T09:00", "太慢"),)),
    decision="",
    received_at=RECEIVED,
    due=None,
    since=RECEIVED,
)


def at(voice: Voice) -> dict[Alarm, dt.datetime]:
    """When each alarm of a voice sounds."""
    return {alarm: when for when, alarm in alarms(voice, TIMES)}


def test_every_state_can_be_reached_and_only_the_decided_and_closed_are_done() -> None:
    reached = {S.RECEIVED}
    while True:
        more = reached | {to for state in reached for to in MOVES[state]}
        if more == reached:
            break
        reached = more
    assert reached == set(S)
    assert set(S) - UNDECIDED == {S.DECIDED, S.CLOSED}
    assert all(S.DECIDED in MOVES[state] for state in UNDECIDED)
    assert MOVES[S.CLOSED] == {S.REOPENED}


@pytest.mark.parametrize(
    ("received", "unowned", "update", "late", "overdue"),
    [
        (
            "2026-11-23 09:00",
            "2026-11-23 10:00",
            "2026-11-30 08:30",
            "2026-12-07 08:30",
            "2026-12-14 08:30",
        ),
        # in the lunch break, an hour of duty later is an hour of duty later
        (
            "2026-11-23 11:30",
            "2026-11-23 13:30",
            "2026-11-30 08:30",
            "2026-12-07 08:30",
            "2026-12-14 08:30",
        ),
        # on the eve of the National Day holiday
        (
            "2026-09-30 16:30",
            "2026-10-08 09:00",
            "2026-10-13 08:30",
            "2026-10-20 08:30",
            "2026-10-27 08:30",
        ),
    ],
)
def test_the_clocks_of_a_complaint_run_in_duty_hours_and_working_days(
    received: str, unowned: str, update: str, late: str, overdue: str
) -> None:
    voice = replace(VOICE, received_at=moment(received), since=moment(received))
    assert at(voice) == {
        Alarm.UNOWNED: moment(unowned),
        Alarm.UPDATE: moment(update),
        Alarm.LATE: moment(late),
        Alarm.OVERDUE: moment(overdue),
    }
    assert answer_by(moment(received), TIMES) == moment(overdue).date()


def test_once_taken_up_nobody_is_asked_to_take_it_up_and_each_step_puts_off_the_next_news() -> None:
    told = replace(VOICE, state=S.INVESTIGATING, since=moment("2026-11-27 16:00"))
    assert Alarm.UNOWNED not in at(told)
    assert at(told)[Alarm.UPDATE] == moment("2026-12-04 08:30")
    assert at(told)[Alarm.OVERDUE] == moment("2026-12-14 08:30")


def test_a_decision_lapses_after_thirty_days_and_what_is_closed_never_sounds() -> None:
    decided = replace(VOICE, state=S.DECIDED, since=moment("2026-12-01 10:00"))
    assert at(decided) == {Alarm.LAPSED: moment("2026-12-31 10:00")}
    assert at(replace(VOICE, state=S.CLOSED)) == {}
    assert next_look(replace(VOICE, state=S.CLOSED), TIMES, RECEIVED) is None


def test_what_is_opened_again_has_all_its_time_again() -> None:
    again = replace(VOICE, state=S.REOPENED, since=moment("2026-12-15 09:00"))
    assert at(again)[Alarm.UNOWNED] == moment("2026-12-15 10:00")
    assert at(again)[Alarm.OVERDUE].date() == answer_by(again.since, TIMES)


def test_an_opinion_is_only_to_be_answered_in_time() -> None:
    assert set(at(replace(VOICE, kind=VoiceKind.OPINION))) == {Alarm.OVERDUE}


def test_a_clock_finds_what_has_come_due_and_knows_when_to_look_again() -> None:
    now = moment("2026-12-07 09:00")
    assert set(ringing(VOICE, TIMES, now)) == {Alarm.UNOWNED, Alarm.UPDATE, Alarm.LATE}
    assert next_look(VOICE, TIMES, now) == moment("2026-12-14 08:30")


def test_an_agency_without_a_published_year_still_has_its_dates() -> None:
    far = replace(VOICE, received_at=moment("2031-04-30 16:00"), since=moment("2031-04-30 16:00"))
    assert len(at(far)) == 4
