"""Moves to another item: from which states, whom they leave in charge, what is learned of them."""

from dataclasses import replace

import pytest

from bot.domain.actions import REROUTED, Action, allowed, rerouted
from bot.domain.assignment import able, keeps
from bot.domain.cases import MOVES, OPEN, Need
from bot.domain.cases import NeedState as S
from bot.domain.catalog_file import parse
from bot.domain.routings import Routing, corrected
from tests.domain.catalog_texts import SHIPPED

CATALOG = parse(SHIPPED)
NEED = Need(
    id=1,
    case_id=1,
    position=1,
    category="metrology",
    item="calibrate",
    department="metrology",
    assignee="liu.min",
    description="校准",
    state=S.SUBMITTED,
    due=None,
)


def test_a_need_can_be_moved_until_work_on_it_is_finished() -> None:
    assert {state for state in S if allowed(Action.REROUTE, state)} == OPEN == set(REROUTED)


@pytest.mark.parametrize("state", REROUTED)
@pytest.mark.parametrize("lacking", [True, False])
def test_it_goes_nowhere_that_the_table_of_moves_does_not_lead(state: S, lacking: bool) -> None:
    to = rerouted(state, lacking=lacking)
    ways = {state} | MOVES[state] | {far for near in MOVES[state] for far in MOVES[near]}
    assert to in ways & OPEN
    assert (to is S.TO_SUPPLEMENT) == lacking


@pytest.mark.parametrize(
    ("assignee", "department", "item", "stays"),
    [
        ("liu.min", "metrology", "calibrate_onsite", True),
        ("Liu.Min", "metrology", "verify_mandatory", True),
        ("wu.lei", "metrology", "calibrate_onsite", True),
        # named for other items
        ("wu.lei", "metrology", "verify_mandatory", False),
        # another department
        ("liu.min", "metrology", "test_food", False),
        # handed to a colleague of another department, who has nothing to do with the item
        ("wang.xin", "testing", "calibrate", False),
        # a manager does what they are named for
        ("zhao.qiming", "window", "barcode", False),
        # who has left the agency
        ("somebody", "metrology", "calibrate", False),
    ],
)
def test_who_has_it_keeps_it_if_they_do_it_in_that_department(
    assignee: str, department: str, item: str, stays: bool
) -> None:
    need = replace(NEED, assignee=assignee, department=department)
    assert keeps(CATALOG, need, CATALOG.item[item]) is stays


def test_every_item_has_somebody_who_can_take_it() -> None:
    assert all(able(CATALOG, item) for item in CATALOG.items)


def moves(*steps: tuple[int, str, str]) -> list[Routing]:
    return [Routing(need, a, b, f"{need}{b}") for need, a, b in steps]


@pytest.mark.parametrize(
    ("routings", "expected"),
    [
        ([], []),
        (moves((1, "a", "b")), [(1, "b")]),
        (moves((1, "a", "b"), (1, "b", "c")), [(1, "c")]),
        (moves((1, "a", "b"), (1, "b", "a")), []),
        (moves((1, "a", "b"), (2, "a", "c"), (1, "b", "a"), (1, "a", "d")), [(1, "d"), (2, "c")]),
    ],
)
def test_the_newest_move_counts_and_there_and_back_is_none(
    routings: list[Routing], expected: list[tuple[int, str]]
) -> None:
    assert [(one.need, one.went_to) for one in corrected(routings)] == expected
