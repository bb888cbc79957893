"""Whoever left the catalogue leaves nothing behind that nobody has."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.domain.cases import NeedState
from bot.jobs.departed import hand_on
from storage import cases
from storage.db import Tx
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import MANAGER, client_of, look, put
from tests.world import World, open_world

GONE = "qian.yi"


@pytest.fixture
def world(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """The office, on both databases."""
    with open_world(engine_url, vault, clock) as found:
        yield found


def left_behind(world: World, state: NeedState) -> str:
    """A case whose one need is with somebody who is in no catalogue; its number."""
    number = put(world, state)
    need = look(world, number).need

    def give(tx: Tx) -> None:
        cases.change(tx, need, assignee=GONE)

    world.database.run(give)
    return number


@pytest.mark.parametrize("state", list(NeedState))
def test_a_client_gets_every_answer_about_what_somebody_who_left_had(
    world: World, state: NeedState
) -> None:
    number = left_behind(world, state)
    client = client_of(number)
    for words in ("进度", f"{number}", "改电话 13900001111", "撤回", "没解决", "人工"):
        reply = world.say(client, words)
        assert reply
        assert "系统" not in reply, words
    shown = world.order(MANAGER, f"查看 {number}")
    assert GONE in shown
    assert number in world.order(MANAGER, f"金额 {number} 1200元")


def test_a_manager_takes_over_what_is_open_and_both_sides_are_told_once(
    world: World, clock: FixedClock
) -> None:
    numbers = [left_behind(world, state) for state in (NeedState.SUBMITTED, NeedState.IN_SERVICE)]
    over = left_behind(world, NeedState.CLOSED)
    for _ in range(3):
        hand_on(world.app.desk)
    world.deliver()
    for number in numbers:
        book = look(world, number)
        assert book.need.assignee == MANAGER
        assert book.kinds["transfer"] == 1
        assert number in world.order(MANAGER, "待办")
    assert look(world, over).need.assignee == GONE
    told = [one.text for one in look(world, over).letters.values() if one.to == MANAGER]
    assert len([one for one in told if GONE in one]) == 1
    assert all(any(number in one for one in told) for number in numbers)
    clock.forward(timedelta(hours=12))
    late = left_behind(world, NeedState.SUBMITTED)
    hand_on(world.app.desk)
    assert look(world, late).need.assignee == GONE
