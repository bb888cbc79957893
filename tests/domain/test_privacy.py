"""What goes and what stays of what there is, and by when a wish is carried out."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.domain.privacy import (
    Holding,
    Kept,
    Thing,
    Wish,
    answer_by,
    fate,
    first_reminder,
    next_reminder,
)
from bot.domain.workdays import is_working_day
from tests.world import shipped_catalog

CATALOG = shipped_catalog()
CLOCKS, DAYS = CATALOG.clocks, CATALOG.agency.days
NUMBERS = st.lists(st.sampled_from(["JY1", "JY2"]), max_size=2).map(tuple)
HOLDINGS = st.builds(
    Holding,
    draft=st.booleans(),
    media=st.integers(0, 3),
    opted_out=st.booleans(),
    open_cases=NUMBERS,
    closed_cases=NUMBERS,
    open_complaints=NUMBERS,
    closed_complaints=NUMBERS,
)


@given(HOLDINGS, st.sampled_from([Wish.DELETE, Wish.WITHDRAW_CONSENT]))
def test_nothing_both_goes_and_stays_and_every_matter_stays_with_a_reason(
    found: Holding, wish: Wish
) -> None:
    outcome = fate(wish, found, CLOCKS)
    stays = {one.thing for one in outcome.kept}
    assert not stays & set(outcome.gone)
    assert (Thing.OPEN_CASE in stays) == bool(found.open_cases)
    assert (Thing.CLOSED_CASE in stays) == bool(found.closed_cases)
    assert (Thing.COMPLAINT in stays) == bool(found.open_complaints or found.closed_complaints)
    # nobody is told that something was deleted which was not there
    assert (Thing.DRAFT in outcome.gone) == found.draft
    assert (Thing.MEDIA in outcome.gone) == bool(found.media)
    assert set(found.unsettled) == {*found.open_cases, *found.open_complaints}


def test_how_long_things_stay() -> None:
    found = Holding(open_cases=("JY1",), closed_cases=("JY2",), closed_complaints=("TS1",))
    assert fate(Wish.DELETE, found, CLOCKS).kept == (
        Kept(Thing.OPEN_CASE, None),
        Kept(Thing.CLOSED_CASE, 6),
        Kept(Thing.COMPLAINT, 6),
        Kept(Thing.LOG, 3),
    )


def test_who_has_nothing_is_told_of_their_name_alone() -> None:
    outcome = fate(Wish.DELETE, Holding(), CLOCKS)
    assert outcome.gone == (Thing.CHAT, Thing.IDENTITY)
    assert outcome.kept == (Kept(Thing.LOG, 3),)
    assert fate(Wish.WITHDRAW_CONSENT, Holding(), CLOCKS).gone == (Thing.CONSENT,)


@pytest.mark.parametrize(
    ("asked", "by", "first"),
    [
        ("2026-11-23 09:00", "2026-12-14", "2026-12-09"),
        # over the seven days of October
        ("2026-09-28 23:59", "2026-10-23", "2026-10-20"),
        ("2026-02-13 09:00", "2026-03-12", "2026-03-09"),
    ],
)
def test_a_wish_is_carried_out_within_fifteen_working_days(asked: str, by: str, first: str) -> None:
    at = datetime.fromisoformat(asked).replace(tzinfo=SHANGHAI)
    assert answer_by(at, CATALOG) == date.fromisoformat(by)
    assert first_reminder(at, CATALOG).date() == date.fromisoformat(first)


@given(st.integers(0, 3 * 365 * 24 * 60))
def test_a_reminder_comes_before_the_day_and_on_working_mornings_only(minutes: int) -> None:
    at = datetime(2025, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
    first, again = first_reminder(at, CATALOG), next_reminder(at, CATALOG)
    assert first.date() < answer_by(at, CATALOG)
    for one in (first, again):
        assert at < one
        assert is_working_day(one.date(), DAYS)
        assert (one.hour, one.minute) == (9, 10)
    assert again - at < timedelta(days=16)
