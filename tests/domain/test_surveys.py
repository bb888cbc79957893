"""When clients are asked to rate: in time before every holiday, by day; and what scores ask."""

import datetime as dt

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.domain.quiet_hours import is_quiet
from bot.domain.surveys import (
    LAST_WORKING_DAY,
    Rated,
    Scores,
    closing,
    next_chance,
    plan,
    reminder,
    too_late,
)
from bot.domain.workdays import SHANGHAI, Days, due, is_working_day

# last day worked, then the first and the fifth working day after it
BEFORE_HOLIDAYS = [
    ("2024-12-31", "2025-01-02", "2025-01-08"),  # New Year 2025
    ("2025-01-27", "2025-02-05", "2025-02-10"),  # Spring Festival: 8 Feb is worked
    ("2025-04-03", "2025-04-07", "2025-04-11"),  # Qingming
    ("2025-04-30", "2025-05-06", "2025-05-12"),  # Labour Day
    ("2025-05-30", "2025-06-03", "2025-06-09"),  # Dragon Boat
    ("2025-09-30", "2025-10-09", "2025-10-14"),  # National Day: 11 Oct is worked
    ("2025-12-31", "2026-01-04", "2026-01-08"),  # New Year 2026: 4 Jan is worked
    ("2026-02-14", "2026-02-24", "2026-02-28"),  # Spring Festival: 28 Feb is worked
    ("2026-04-03", "2026-04-07", "2026-04-13"),  # Qingming
    ("2026-04-30", "2026-05-06", "2026-05-11"),  # Labour Day: 9 May is worked
    ("2026-06-18", "2026-06-22", "2026-06-26"),  # Dragon Boat
    ("2026-09-24", "2026-09-28", "2026-10-09"),  # Mid-Autumn, then National Day within the five
    ("2026-09-30", "2026-10-08", "2026-10-13"),  # National Day: 10 Oct is worked
]
NO_DAYS: Days = {}


def moment(day: str, time: str = "16:45") -> dt.datetime:
    """That minute in Shanghai."""
    return dt.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(("end", "first", "fifth"), BEFORE_HOLIDAYS)
def test_an_end_before_a_holiday_is_asked_about_on_the_first_day_back_and_in_time(
    end: str, first: str, fifth: str
) -> None:
    found = plan(moment(end), NO_DAYS)
    assert found.invite_at == moment(first, "10:00")
    assert found.too_late == moment(fifth, "20:00")
    assert found.last_day == dt.date.fromisoformat(fifth)
    assert next_chance(found.invite_at, NO_DAYS, found.too_late) == found.invite_at


def test_the_agencys_own_days_come_first() -> None:
    shut = {dt.date(2026, 11, 24) + dt.timedelta(days=n): False for n in range(4)}
    found = plan(moment("2026-11-23"), {**shut, dt.date(2026, 11, 28): True})
    assert found.invite_at == moment("2026-11-28", "10:00")
    assert found.last_day == dt.date(2026, 12, 3)


MOMENTS = st.datetimes(
    dt.datetime(2024, 1, 1),  # noqa: DTZ001 - the zone is set below
    dt.datetime(2027, 12, 1),  # noqa: DTZ001 - the zone is set below
    timezones=st.just(SHANGHAI),
)
OWN_DAYS = st.dictionaries(
    st.dates(dt.date(2024, 1, 1), dt.date(2027, 12, 31)), st.booleans(), max_size=30
)


@given(MOMENTS, OWN_DAYS)
@example(moment("2026-09-30", "23:59"), {})
@example(moment("2026-10-03", "00:00"), {dt.date(2026, 10, 8): False})
def test_every_plan_asks_by_day_on_a_working_day_within_five_of_them(
    ended: dt.datetime, days: Days
) -> None:
    found = plan(ended, days)
    assert ended < found.invite_at < found.too_late
    assert is_working_day(found.invite_at.date(), days)
    assert not is_quiet(found.invite_at)
    between = (
        ended.date() + dt.timedelta(days=n + 1) for n in range((found.last_day - ended.date()).days)
    )
    assert sum(is_working_day(day, days) for day in between) == LAST_WORKING_DAY
    assert too_late(found.last_day) == found.too_late


@given(MOMENTS, OWN_DAYS, st.timedeltas(dt.timedelta(0), dt.timedelta(days=40)))
def test_a_clock_that_jumps_asks_by_day_and_in_time_or_not_at_all(
    ended: dt.datetime, days: Days, jump: dt.timedelta
) -> None:
    found = plan(ended, days)
    now = found.invite_at + jump
    chance = next_chance(now, days, found.too_late)
    if chance is None:
        assert not any(
            is_working_day(day, days)
            for n in range(2)
            if (day := now.date() + dt.timedelta(days=n + (now.time() >= dt.time(20))))
            <= found.last_day
        )
        return
    assert now <= chance < found.too_late
    assert is_working_day(chance.date(), days)
    assert not is_quiet(chance)


@pytest.mark.parametrize(
    ("now", "chance"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 19:59", "2026-11-24 19:59"),
        ("2026-11-24 20:00", "2026-11-25 08:30"),
        ("2026-11-24 23:30", "2026-11-25 08:30"),
        ("2026-11-25 03:00", "2026-11-25 08:30"),
        ("2026-11-25 08:29", "2026-11-25 08:30"),
        ("2026-11-28 11:00", "2026-11-30 08:30"),  # a Saturday
        ("2026-11-30 19:59", "2026-11-30 19:59"),
        ("2026-11-30 20:00", None),
        ("2026-12-01 09:00", None),
    ],
)
def test_a_late_run_asks_at_the_next_chance_until_the_fifth_day_is_over(
    now: str, chance: str | None
) -> None:
    found = plan(moment("2026-11-23"), NO_DAYS)
    expected = moment(*chance.split()) if chance else None
    assert next_chance(moment(*now.split()), NO_DAYS, found.too_late) == expected


@pytest.mark.parametrize(
    ("sent", "closes", "expected"),
    [
        ("2026-11-24 10:00", "2026-12-09 00:00", "2026-11-27 10:00"),
        ("2026-11-25 10:00", "2026-12-10 00:00", "2026-11-30 08:30"),  # a Saturday
        ("2026-11-24 23:00", "2026-12-09 00:00", "2026-11-30 08:30"),  # rode on a night's reply
        ("2026-09-29 10:00", "2026-10-19 00:00", "2026-10-08 08:30"),
        ("2026-11-24 10:00", "2026-11-27 00:00", None),
    ],
)
def test_the_reminder_comes_by_day_and_not_after_the_window(
    sent: str, closes: str, expected: str | None
) -> None:
    found = reminder(moment(*sent.split()), 3, NO_DAYS, moment(*closes.split()))
    assert found == (moment(*expected.split()) if expected else None)


@given(MOMENTS, st.integers(1, 20), OWN_DAYS)
def test_a_rating_counts_until_midnight_of_the_last_day(
    start: dt.datetime, open_days: int, days: Days
) -> None:
    found = closing(start, open_days, days)
    last = (found - dt.timedelta(microseconds=1)).date()
    assert found.time() == dt.time()
    assert last == due(start.date(), open_days, days).day


@pytest.mark.parametrize(
    ("given_scores", "low", "confidential"),
    [
        ({}, False, False),
        ({Rated.OVERALL: 3}, False, False),
        ({Rated.OVERALL: 2}, True, False),
        ({Rated.TIMELY: 1, Rated.OVERALL: 5}, True, False),
        ({Rated.HONEST: 3}, False, False),
        ({Rated.HONEST: 2, Rated.OVERALL: 5}, True, True),
        (dict.fromkeys(Rated, 5), False, False),
    ],
)
def test_two_or_less_on_any_item_is_low_and_on_integrity_confidential(
    given_scores: dict[Rated, int], low: bool, confidential: bool
) -> None:
    scores = Scores.of(given_scores)
    assert (scores.low, scores.confidential) == (low, confidential)
    assert scores.given() == given_scores


@given(st.dictionaries(st.sampled_from(Rated), st.integers(1, 5)))
def test_scores_come_back_as_they_were_given(scores: dict[Rated, int]) -> None:
    assume(scores)
    assert Scores.of(scores).given() == {item: scores[item] for item in Rated if item in scores}
