"""Half, all, standstill: each once, never at night, and staff hours before the client."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cases import OPEN, NeedState
from bot.domain.catalog import Duty
from bot.domain.milestones import Deed, Hours, Mark, Reached, Standing, Step, steps
from bot.domain.promises import halfway, promise
from bot.domain.quiet_hours import is_quiet
from bot.domain.workdays import SHANGHAI, duty_deadline, on_duty

OFFICE = (
    Duty.model_validate({"start": "08:30", "end": "12:00"}),
    Duty.model_validate({"start": "13:00", "end": "17:00"}),
)
HOURS = Hours(OFFICE, {}, still_days=5, notice_hours=4, evaluate_days=1)
MINUTE = dt.timedelta(minutes=1)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@dataclass
class Desk:
    """One need, the clock that is run on it, and all that was said."""

    need: Standing
    now: dt.datetime
    hours: Hours = HOURS
    known: dict[str, Reached] = field(default_factory=dict)
    said: list[tuple[dt.datetime, Step]] = field(default_factory=list)

    def tick(self, now: dt.datetime) -> None:
        """The clock looks at the need until it finds nothing more to do."""
        self.now = now
        for _ in range(5):
            found = steps(self.need, tuple(self.known.values()), now, self.hours)
            for step in found:
                self.do(step)
            if not found:
                return
        raise AssertionError(f"it never comes to an end: {found}")

    def do(self, step: Step) -> None:
        """What the job does with a step."""
        known = self.known.get(step.key, Reached(step.key, self.need.version, self.now, None))
        if step.deed is not Deed.REMIND:
            assert known.closed_at is None
            known = replace(known, closed_at=self.now)
        self.known[step.key] = known
        if step.deed is not Deed.DROP:
            self.said.append((self.now, step))

    def until(self, end: str, step: dt.timedelta = MINUTE * 30) -> list[str]:
        """Time passes evenly; what was said, with its moments."""
        start = len(self.said)
        while self.now < at(end):
            self.tick(min(self.now + step, at(end)))
        return [f"{when:%m-%d %H:%M} {one.deed} {one.mark}" for when, one in self.said[start:]]

    def move(self, state: NeedState) -> None:
        """Something happens to the need."""
        version = self.need.version + 1
        self.need = replace(self.need, state=state, version=version, since=self.now)


def promised(start: str, days: int, state: NeedState = NeedState.IN_SERVICE) -> Desk:
    """A need registered then, promised in so many working days."""
    found = promise(at(start).date(), days, {})
    need = Standing(state, 3, at(start), found.start, found.days, found.due)
    return Desk(need, at(start))


def test_staff_hear_first_at_half_and_at_the_end_and_the_client_four_duty_hours_later() -> None:
    desk = promised("2026-11-23T09:00", 8)
    assert desk.until("2026-12-04T20:00") == [
        "11-27 08:30 remind half",
        "11-27 13:30 tell half",
        "12-03 08:30 remind full",
        "12-03 13:30 tell full",
    ]


def test_a_change_between_the_two_is_news_enough() -> None:
    desk = promised("2026-11-23T09:00", 8)
    assert desk.until("2026-11-27T09:00") == ["11-27 08:30 remind half"]
    desk.move(NeedState.IN_SERVICE)
    assert desk.until("2026-11-30T18:00") == []


def test_a_promise_that_is_not_kept_is_told_whatever_changed_since_the_reminder() -> None:
    desk = promised("2026-11-23T09:00", 2)
    assert desk.until("2026-11-25T10:00")[-1] == "11-25 08:30 remind full"
    desk.move(NeedState.IN_SERVICE)
    assert desk.until("2026-11-25T18:00") == ["11-25 13:30 tell full"]


def test_what_was_finished_in_time_is_not_brought_up() -> None:
    desk = promised("2026-11-23T09:00", 2)
    desk.until("2026-11-25T08:00")
    desk.move(NeedState.FINISHED)
    assert desk.until("2026-12-31T08:00", MINUTE * 240) == []


def test_after_a_week_off_only_the_later_point_is_brought_up() -> None:
    desk = promised("2026-11-23T09:00", 4)
    desk.now = at("2026-12-07T10:00")
    desk.tick(desk.now)
    assert [(one.deed, one.mark) for _, one in desk.said] == [(Deed.REMIND, Mark.FULL)]
    assert desk.until("2026-12-08T18:00") == ["12-07 15:00 tell full"]


def test_a_need_without_a_promise_is_brought_up_once_for_each_standstill() -> None:
    desk = promised("2026-11-23T14:00", 4)
    desk.need = replace(desk.need, start=None, days=None, due=None)
    told = desk.until("2026-12-31T18:00", MINUTE * 60)
    assert told == ["11-30 14:00 remind still", "12-01 10:00 tell still"]
    desk.move(NeedState.IN_SERVICE)
    again = desk.until("2027-01-31T18:00", MINUTE * 60)
    assert [line.split(" ", 2)[2] for line in again] == ["remind still", "tell still"]


def test_a_need_that_waits_for_the_client_reminds_the_client_alone_and_once() -> None:
    desk = promised("2026-11-23T22:00", 4, NeedState.TO_SUPPLEMENT)
    assert desk.until("2027-01-10T18:00", MINUTE * 60) == ["12-01 09:00 tell supply"]


def test_a_late_evaluation_is_between_us_and_the_client_hears_of_the_standstill_alone() -> None:
    desk = promised("2026-11-23T09:00", 20, NeedState.EVALUATING)
    assert desk.until("2026-12-01T18:00") == [
        "11-24 09:00 remind evaluate",
        "11-30 09:00 remind still",
        "11-30 14:00 tell still",
    ]


@pytest.mark.parametrize("state", [one for one in NeedState if one not in OPEN])
def test_what_is_over_is_never_brought_up(state: NeedState) -> None:
    desk = promised("2026-11-23T09:00", 2, state)
    assert desk.until("2026-12-31T09:00", MINUTE * 240) == []


@pytest.mark.parametrize(
    ("days", "end", "middle"),
    [
        (1, "2026-11-24", None),
        (2, "2026-11-25", "2026-11-24"),
        (7, "2026-12-02", "2026-11-27"),
        (0, "2026-11-24", None),
        (0, "2026-12-23", "2026-12-08"),
    ],
)
def test_half_the_time_is_a_working_day_before_the_last(
    days: int, end: str, middle: str | None
) -> None:
    found = halfway(dt.date(2026, 11, 23), days, dt.date.fromisoformat(end), {})
    assert found == (dt.date.fromisoformat(middle) if middle else None)


MOVES = st.sampled_from([None, None, None, *NeedState])
LATER = st.one_of(
    st.integers(1, 180).map(lambda n: dt.timedelta(minutes=n)),
    st.integers(1, 40).map(lambda n: dt.timedelta(hours=n)),
    st.integers(-2, 20).map(lambda n: dt.timedelta(days=n)),
)


@given(
    start=st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 1)),  # noqa: DTZ001 -- zone below
    days=st.integers(0, 40),
    fate=st.lists(st.tuples(LATER, MOVES), max_size=60),
)
def test_whatever_happens_each_point_comes_once_by_day_and_to_staff_first(
    start: dt.datetime, days: int, fate: list[tuple[dt.timedelta, NeedState | None]]
) -> None:
    desk = promised(start.replace(tzinfo=SHANGHAI).isoformat()[:19], days)
    for later, state in fate:
        if state is not None:
            desk.move(state)
        desk.tick(desk.now + later)
    keys = [(one.key, one.deed) for _, one in desk.said]
    assert len(keys) == len(set(keys))
    marks = [one for key, deed in keys for one in [Mark(key.partition(":")[0])] if deed]
    assert max((marks.count(mark) for mark in (Mark.HALF, Mark.FULL)), default=0) <= 2
    reminded: dict[str, dt.datetime] = {}
    for when, step in desk.said:
        assert not is_quiet(when)
        if step.deed is Deed.REMIND:
            assert on_duty(when, OFFICE, {})
            reminded[step.key] = when
        elif step.mark is not Mark.SUPPLY:
            wait = dt.timedelta(hours=HOURS.notice_hours)
            assert when >= duty_deadline(reminded[step.key], wait, OFFICE, {})
