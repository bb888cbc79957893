"""Clause 5.3.2.6: whoever is complained about finds nothing of it in anything they can reach."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.cases import NeedState
from bot.export import read_cases
from bot.schedule import JOBS
from bot.simulator.phones import Side
from tests.handlers.desk.book import COLLEAGUE, FIRST_ASKED, KEEPER, MANAGER, client_of, look, put
from tests.world import World

SECRET = "辛苦费"
OTHER_MANAGER = "gao.yuan"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


def complain(world: World, words: str) -> tuple[str, str]:
    """The client of a case complains; the number of the case and of the complaint."""
    case = put(world, NeedState.EVALUATING)
    world.platform.client_arrives(client_of(case), "张建国")
    said = world.say(client_of(case), words)
    return case, said[said.index("TS2") :][:15]


def days_pass(world: World, days: int) -> None:
    """So many mornings, with the clock jobs of each."""
    for _ in range(days):
        world.clock.forward(timedelta(days=1))
        for job in JOBS:
            job.run(world.app.desk)
        world.deliver()


def reach(world: World, staff: str, case: str, number: str) -> str:
    """Everything a staff member can get to read about it, and what their phone shows."""
    tail = number[-4:]
    typed = [
        *("待办", "投诉", "意见", "帮助", f"查看 {case}", f"查看 {number}", f"查看 {tail}"),
        *(f"投诉 {number}", f"投诉 {tail} 受理", f"受理 {number}", f"答复 {number} 没有这事"),
        *(f"完成 {number} 好", f"转派 {number} 赵启明", f"回复 {number} 谁说的", "交还", "改进"),
        *(f"转接 {number} 孙悦", f"撤回 {number} 算了", f"进度 {number} 查过了"),
    ]
    replies = [world.order(staff, text) for text in typed]
    world.deliver()
    return "\n".join([*replies, shown(world, staff)])


def shown(world: World, staff: str) -> str:
    """What others put on a staff member's phone."""
    phone = world.platform.staff_phone(staff)
    return "\n".join(entry.text for entry in phone if entry.side is not Side.MINE)


@pytest.mark.parametrize("concerned", [KEEPER, FIRST_ASKED])
def test_whoever_is_in_charge_or_was_first_asked_finds_nothing(
    world: World, concerned: str
) -> None:
    case, number = complain(world, f"你们让我私下转{SECRET}才肯出证书")
    days_pass(world, 20)
    read = reach(world, concerned, case, number)
    assert SECRET not in read
    assert number not in read


@pytest.mark.parametrize(("named", "who"), [("陈刚", COLLEAGUE), ("姓高的主任", OTHER_MANAGER)])
def test_whoever_is_named_finds_nothing_be_they_a_manager(
    world: World, named: str, who: str
) -> None:
    case, number = complain(world, f"{named}让我私下转{SECRET}才肯出证书")
    days_pass(world, 20)
    read = reach(world, who, case, number)
    assert SECRET not in read
    assert number not in read


def test_a_manager_who_is_named_later_loses_it(world: World) -> None:
    case, number = complain(world, f"你们有人要我私下转{SECRET}")
    assert SECRET in world.order(MANAGER, f"查看 {number}")
    world.say(client_of(case), "就是赵启明要的")
    assert SECRET not in world.order(MANAGER, f"查看 {number}")
    assert SECRET in world.order(OTHER_MANAGER, f"查看 {number}")


def test_neither_timeline_nor_register_tells_of_it(world: World) -> None:
    case, number = complain(world, f"你们让我私下转{SECRET}才肯出证书")
    world.order(MANAGER, f"受理 {number}")
    world.order(MANAGER, f"答复 {number} 已停职")
    days_pass(world, 3)
    assert "complaint" not in look(world, case).kinds
    register = json.dumps(
        read_cases(world.database, world.app.catalog, None), ensure_ascii=False, default=str
    )
    assert number not in register
    assert SECRET not in register


def test_an_ordinary_complaint_stands_in_the_register_by_number(world: World) -> None:
    case, number = complain(world, "催了三次还没出证书，太慢了")
    assert look(world, case).kinds["complaint"] == 1
    rows: list[dict[str, Any]] = read_cases(world.database, world.app.catalog, None)
    assert [[one["number"] for one in row["complaints"]] for row in rows] == [[number]]


def test_what_cannot_reach_the_client_makes_no_phone_task_that_shows_it(world: World) -> None:
    _, number = complain(world, f"高远让我私下转{SECRET}才肯出证书")
    days_pass(world, 3)
    world.order(MANAGER, f"答复 {number} 高远收取{SECRET}属实，已停职")
    world.deliver()
    assert SECRET not in shown(world, OTHER_MANAGER)
    assert number not in shown(world, OTHER_MANAGER)


def test_an_unnamed_client_is_not_named_to_the_owner(world: World) -> None:
    case, number = complain(world, "匿名反映，窗口态度太差了")
    read = reach(world, MANAGER, number, number)
    assert number in read
    assert "王小明" not in read
    assert "13804310001" not in read
    assert case not in read
