"""Who takes a need: one person, able, on duty if anybody is, with the fewest open needs."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.domain.assignment import able, assign
from bot.domain.catalog import Catalog, Duty, Item, Role, Staff
from bot.domain.catalog_file import parse
from tests.domain.catalog_texts import SHIPPED

CATALOG = parse(SHIPPED)
# an ordinary week: no holiday, nobody works at the weekend
MONDAY = datetime(2026, 11, 23, tzinfo=SHANGHAI)
DEPARTMENTS = ("metrology", "testing", "food")
ITEMS = tuple(item for item in CATALOG.items if item.department in DEPARTMENTS)
MORNING, LATE = Duty(start=time(8, 30), end=time(12)), Duty(start=time(11), end=time(20))

PEOPLE = st.lists(
    st.builds(
        Staff,
        id=st.integers(1, 99).map(lambda number: f"staff{number}"),
        name=st.just("某人"),
        number=st.just("1"),
        phone=st.just("0431-85370000"),
        department=st.sampled_from(DEPARTMENTS),
        role=st.sampled_from(Role),
        duty=st.sampled_from(((), (MORNING,), (LATE,), (MORNING, LATE))),
        items=st.sampled_from(((), (), (ITEMS[0].id,), (ITEMS[1].id, ITEMS[-1].id))),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda one: one.id,
)
MOMENTS = st.builds(
    lambda minutes: MONDAY + timedelta(minutes=minutes), st.integers(0, 7 * 24 * 60 - 1)
)
LOADS = st.dictionaries(st.integers(1, 99).map(lambda number: f"staff{number}"), st.integers(0, 9))


def with_staff(people: list[Staff]) -> Catalog:
    """The agency with these people."""
    return CATALOG.model_copy(update={"staff": tuple(people)})


def does(one: Staff, item: Item) -> bool:
    """Whether somebody does an item: named for it, or an agent of its department."""
    if one.items:
        return item.id in one.items
    return one.role is Role.AGENT and one.department == item.department


def at_work(one: Staff, now: datetime) -> bool:
    """Whether somebody is there, by their own hours or else the agency's."""
    hours = one.duty or CATALOG.agency.duty
    return now.weekday() < 5 and any(duty.start <= now.time() < duty.end for duty in hours)


@given(PEOPLE, st.sampled_from(ITEMS), LOADS, MOMENTS)
def test_the_chosen_one_is_able_on_duty_if_anybody_is_and_least_loaded(
    people: list[Staff], item: Item, loads: Mapping[str, int], now: datetime
) -> None:
    managers = [one for one in people if one.role is Role.MANAGER]
    candidates = [one for one in people if does(one, item)] or managers
    if not candidates:
        # catalog.yaml with such a gap is refused when it is read
        return
    found = assign(with_staff(people), item, loads, now)
    assert found.staff in candidates
    there = [one for one in candidates if at_work(one, now)]
    if there:
        assert found.staff in there
        assert found.there_at == now
        assert loads.get(found.staff.id, 0) == min(loads.get(one.id, 0) for one in there)
    else:
        assert found.there_at > now
        assert at_work(found.staff, found.there_at)
        # nobody able comes earlier, and of those who come then nobody has less to do
        early = found.there_at - timedelta(minutes=1)
        assert not any(at_work(one, early) for one in candidates)
        same = [one for one in candidates if at_work(one, found.there_at)]
        assert loads.get(found.staff.id, 0) == min(loads.get(one.id, 0) for one in same)


@given(PEOPLE, st.sampled_from(ITEMS), LOADS, MOMENTS)
def test_the_same_question_has_the_same_answer(
    people: list[Staff], item: Item, loads: Mapping[str, int], now: datetime
) -> None:
    catalog = with_staff(people)
    if able(catalog, item):
        assert assign(catalog, item, loads, now) == assign(catalog, item, dict(loads), now)


@given(PEOPLE, st.sampled_from(ITEMS), LOADS, MOMENTS)
def test_whoever_is_excepted_is_chosen_only_if_nobody_else_is_able_and_nobody_else_manages(
    people: list[Staff], item: Item, loads: Mapping[str, int], now: datetime
) -> None:
    catalog = with_staff(people)
    candidates = able(catalog, item)
    if candidates:
        first = assign(catalog, item, loads, now).staff
        second = assign(catalog, item, loads, now, except_for={first.id}).staff
        others = {*candidates, *catalog.managers} - {first}
        assert (second == first) == (not others)
        assert second in candidates or set(candidates) == {first}


def test_many_needs_one_after_the_other_are_spread_evenly() -> None:
    item, loads = CATALOG.item["calibrate"], dict[str, int]()
    for _ in range(31):
        chosen = assign(CATALOG, item, loads, MONDAY.replace(hour=9)).staff
        loads[chosen.id] = loads.get(chosen.id, 0) + 1
    assert max(loads.values()) - min(loads.values()) <= 1
    assert set(loads) == {one.id for one in able(CATALOG, item)}
