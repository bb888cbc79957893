"""Working days: the check values of the trade, and what must hold for any date at all."""

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog import Duty
from bot.domain.workdays import (
    SHANGHAI,
    due,
    duty_deadline,
    is_working_day,
    next_duty_start,
    on_duty,
    published_workday,
    verdict,
)

DAY = dt.timedelta(days=1)
OFFICE = (
    Duty.model_validate({"start": "08:30", "end": "12:00"}),
    Duty.model_validate({"start": "13:00", "end": "17:00"}),
)
ANY_DAY = st.dates()
# far enough from the last date there is that a period does not run into it
USUAL_DAY = st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31))
FEW = st.integers(min_value=0, max_value=60)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def span(first: str, last: str) -> set[dt.date]:
    start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    return {start + DAY * n for n in range((end - start).days + 1)}


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-04-30", 5, "2026-05-11"),
        ("2026-06-18", 5, "2026-06-26"),
        ("2026-09-24", 5, "2026-10-09"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2026-05-09", 1, "2026-05-11"),
        ("2026-11-20", 5, "2026-11-27"),
    ],
)
def test_a_period_ends_on_the_day_the_law_says(start: str, n: int, expected: str) -> None:
    found = due(dt.date.fromisoformat(start), n, {})
    assert (found.day.isoformat(), found.estimated) == (expected, False)


OFF_2026 = (
    span("2026-01-01", "2026-01-03")
    | span("2026-02-15", "2026-02-23")
    | span("2026-04-04", "2026-04-06")
    | span("2026-05-01", "2026-05-05")
    | span("2026-06-19", "2026-06-21")
    | span("2026-09-25", "2026-09-27")
    | span("2026-10-01", "2026-10-07")
)
OFF_2025 = (
    span("2025-01-01", "2025-01-01")
    | span("2025-01-28", "2025-02-04")
    | span("2025-04-04", "2025-04-06")
    | span("2025-05-01", "2025-05-05")
    | span("2025-05-31", "2025-06-02")
    | span("2025-10-01", "2025-10-08")
)
WORKED_2026 = ("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
WORKED_2025 = ("01-26", "02-08", "04-27", "09-28", "10-11")


@pytest.mark.parametrize(
    ("year", "off", "worked"), [(2025, OFF_2025, WORKED_2025), (2026, OFF_2026, WORKED_2026)]
)
def test_every_day_of_a_published_year_is_as_in_the_notice(
    year: int, off: set[dt.date], worked: tuple[str, ...]
) -> None:
    weekends_worked = {dt.date.fromisoformat(f"{year}-{day}") for day in worked}
    for day in span(f"{year}-01-01", f"{year}-12-31"):
        expected = day in weekends_worked or (day.weekday() < 5 and day not in off)
        assert is_working_day(day, {}) is expected, day


def test_every_day_that_was_ever_published_is_as_the_calendar_has_it() -> None:
    years = range(min(chinese_calendar.holidays).year, max(chinese_calendar.holidays).year + 1)
    assert {2025, 2026} <= set(years)
    for day in span(f"{years[0]}-01-01", f"{years[-1]}-12-31"):
        found = verdict(day, {})
        assert (found.worked, found.estimated) == (chinese_calendar.is_workday(day), False), day


# the first date of a run pays for importing a calendar
@settings(deadline=None)
@given(ANY_DAY)
def test_no_date_raises_and_only_an_unpublished_year_is_a_guess(day: dt.date) -> None:
    found = verdict(day, {})
    assert found.estimated is (published_workday(day) is None)
    if not found.estimated:
        assert found.worked is chinese_calendar.is_workday(day)


def test_statutory_days_of_an_unpublished_year_are_not_worked() -> None:
    assert published_workday(dt.date(2031, 10, 1)) is None
    for text in ("2031-01-01", "2031-05-01", "2031-05-02", "2031-10-01", "2031-10-02"):
        assert not is_working_day(dt.date.fromisoformat(text), {}), text
    assert not is_working_day(dt.date(2031, 1, 23), {})  # the first day of the lunar year
    assert is_working_day(dt.date(2031, 10, 14), {})


def test_a_period_that_runs_into_an_unpublished_year_is_marked_estimated() -> None:
    first_unpublished = next(
        year for year in range(2026, 2100) if published_workday(dt.date(year, 1, 1)) is None
    )
    last_sure = dt.date(first_unpublished - 1, 12, 31)
    assert due(last_sure, 1, {}).estimated
    assert not due(last_sure - DAY * 30, 1, {}).estimated


def test_the_agencys_own_days_come_first_and_are_no_guess() -> None:
    national_day, saturday = dt.date(2026, 10, 1), dt.date(2026, 11, 28)
    own = {national_day: True, saturday: True, dt.date(2026, 11, 27): False}
    assert due(dt.date(2026, 9, 30), 1, own).day == national_day
    assert due(dt.date(2026, 11, 26), 1, own).day == saturday
    assert not verdict(dt.date(2044, 3, 1), {dt.date(2044, 3, 1): True}).estimated


def test_a_make_up_day_the_agency_does_not_work_is_off_for_periods_and_for_duty_hours() -> None:
    make_up, own = dt.date(2026, 10, 10), {dt.date(2026, 10, 10): False}
    assert is_working_day(make_up, {})
    assert not is_working_day(make_up, own)
    assert due(dt.date(2026, 9, 30), 3, {}).day == make_up
    assert due(dt.date(2026, 9, 30), 3, own).day == dt.date(2026, 10, 12)
    assert not on_duty(at("2026-10-10T10:00"), OFFICE, own)
    assert next_duty_start(at("2026-10-10T10:00"), OFFICE, own) == at("2026-10-12T08:30")
    # and a Saturday that it does work is on
    saturday = {dt.date(2026, 11, 28): True}
    assert next_duty_start(at("2026-11-28T07:00"), OFFICE, saturday) == at("2026-11-28T08:30")


@settings(deadline=None)
@given(USUAL_DAY, FEW)
def test_a_period_holds_exactly_n_working_days_and_ends_on_one(start: dt.date, n: int) -> None:
    end = due(start, n, {}).day
    passed = [start + DAY * k for k in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, {}) for day in passed) == n
    assert end == start if n == 0 else is_working_day(end, {})


@settings(deadline=None)
@given(USUAL_DAY, FEW, FEW)
def test_counting_in_two_stretches_is_counting_in_one(start: dt.date, n: int, m: int) -> None:
    assert due(due(start, n, {}).day, m, {}).day == due(start, n + m, {}).day


@settings(deadline=None)
@given(ANY_DAY, st.integers(min_value=-5, max_value=300))
def test_no_period_raises_even_at_the_end_of_time(start: dt.date, n: int) -> None:
    assert due(start, n, {}).day >= start


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:29", False),
        ("2026-11-23T08:30", True),
        ("2026-11-23T11:59", True),
        ("2026-11-23T12:00", False),
        ("2026-11-23T13:00", True),
        ("2026-11-23T17:00", False),
        ("2026-11-22T10:00", False),
        ("2026-10-10T10:00", True),
        ("2026-10-07T10:00", False),
    ],
)
def test_duty_holds_from_its_start_until_just_before_its_end(moment: str, expected: bool) -> None:
    assert on_duty(at(moment), OFFICE, {}) is expected


def test_duty_is_judged_in_local_time_whatever_the_zone_of_the_moment() -> None:
    assert on_duty(dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC), OFFICE, {})
    assert not on_duty(dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC), OFFICE, {})


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T09:00", "2026-11-23T09:00"),
        ("2026-11-23T12:10", "2026-11-23T13:00"),
        ("2026-11-23T03:00", "2026-11-23T08:30"),
        ("2026-11-20T18:00", "2026-11-23T08:30"),
        ("2026-09-30T17:00", "2026-10-08T08:30"),
    ],
)
def test_a_card_that_arrives_off_duty_waits_for_the_next_start(moment: str, expected: str) -> None:
    assert next_duty_start(at(moment), OFFICE, {}) == at(expected)


@pytest.mark.parametrize(
    ("moment", "minutes", "expected"),
    [
        ("2026-11-23T09:00", 60, "2026-11-23T10:00"),
        ("2026-11-23T11:30", 60, "2026-11-23T13:30"),
        ("2026-11-20T16:30", 60, "2026-11-23T09:00"),
        ("2026-11-21T16:30", 450, "2026-11-24T08:30"),
        # the lunch break is not counted, whether the wait begins before it, in it or ends at it
        ("2026-11-23T10:00", 120, "2026-11-23T13:00"),
        ("2026-11-23T12:30", 30, "2026-11-23T13:30"),
        ("2026-11-23T08:30", 240, "2026-11-23T13:30"),
        # nor is a long holiday: the last hour before it and the first after it are neighbours
        ("2026-09-30T16:30", 60, "2026-10-08T09:00"),
    ],
)
def test_staff_clocks_stand_still_off_duty(moment: str, minutes: int, expected: str) -> None:
    wait = dt.timedelta(minutes=minutes)
    assert duty_deadline(at(moment), wait, OFFICE, {}) == at(expected)


@settings(deadline=None)
@given(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2030, 12, 31)))  # noqa: DTZ001 -- zone below
def test_the_next_start_of_duty_is_on_duty_and_nothing_before_it_is(naive: dt.datetime) -> None:
    moment = naive.replace(tzinfo=SHANGHAI)
    start = next_duty_start(moment, OFFICE, {})
    assert on_duty(start, OFFICE, {})
    assert start >= moment
    assert start == moment or not on_duty(start - dt.timedelta(seconds=1), OFFICE, {})
    assert start == moment or not on_duty(moment, OFFICE, {})


def test_without_any_duty_hours_nothing_waits() -> None:
    midnight = at("2026-11-22T00:00")
    assert next_duty_start(midnight, (), {}) == midnight
    assert not on_duty(midnight, (), {})
