"""Who works here, as WeCom says: new, gone, back, renamed; and what of theirs goes on."""

from datetime import timedelta

import pytest

from bot.domain.cases import NeedState
from bot.jobs.departed import hand_on
from bot.jobs.roster import read_roster
from bot.simulator.faults import Trouble
from storage import members, roster
from tests.handlers.desk.book import COLLEAGUE, KEEPER, MANAGER, client_of, look, put
from tests.world import World

OTHER_MANAGER = "gao.yuan"
DAY = timedelta(days=1)
LIST = "/cgi-bin/department/list"


def read(world: World, *, asked: bool = True) -> list[str]:
    """The list is read; what the manager is told of it."""
    world.news("staff", MANAGER)
    if asked:
        world.database.run(lambda tx: roster.ask(tx, world.clock()))
    else:
        read_roster(world.app.desk)
    world.deliver()
    return [one.text for one in world.news("staff", MANAGER)]


def calls(world: World) -> int:
    """How often the list was asked for."""
    return sum(LIST in one.what for one in world.platform.journal.since(0))


def test_a_first_list_in_which_all_are_is_nothing_to_tell_unless_somebody_asks(
    world: World,
) -> None:
    assert read(world, asked=False) == []
    [told] = read(world)
    assert "共 13 人" in told
    assert "名单没有变化" in told


def test_the_list_is_read_once_a_day_and_as_often_as_it_is_asked_for(world: World) -> None:
    for _ in range(3):
        read(world, asked=False)
    assert calls(world) == 1
    world.clock.forward(DAY)
    read(world, asked=False)
    assert calls(world) == 2
    assert len(read(world)) == len(read(world)) == 1
    assert calls(world) == 4


def test_who_left_is_marked_takes_nothing_new_and_what_was_theirs_is_handed_on_and_told(
    world: World,
) -> None:
    read(world, asked=False)
    number = put(world, NeedState.IN_SERVICE)
    world.say(client_of(number), "您好")
    world.platform.staff_leaves(KEEPER)
    [told] = read(world)
    assert "刘敏：1 项待办将转给管理人员" in told
    assert world.database.run(members.gone) == {KEEPER}
    hand_on(world.app.desk)
    world.deliver()
    assert look(world, number).need.assignee == MANAGER
    assert any("刘敏" in one.text and number in one.text for one in world.news("staff", MANAGER))
    assert any("赵启明" in one.text for one in world.news("client", client_of(number)))
    assert read(world) == [read_again_text(world)]


def read_again_text(world: World) -> str:
    """What a reading says in which nothing is new."""
    count = len(world.platform.hub.people.in_range())
    return f"已与企业微信核对，应用可见范围内共 {count} 人。\n名单没有变化。"


def test_who_is_new_has_no_rights_and_who_comes_back_has_them_again(world: World) -> None:
    read(world, asked=False)
    world.platform.staff_joins("qian.yi", "钱一")
    world.platform.staff_leaves(COLLEAGUE)
    [told] = read(world)
    assert "钱一（qian.yi，本单位）：还没有权限" in told
    assert "陈刚：没有待办" in told
    assert "目录文件" in world.order("qian.yi", "待办")
    world.platform.staff_joins(COLLEAGUE, "陈刚")
    [told] = read(world)
    assert "回来的成员：陈刚" in told
    assert world.database.run(members.gone) == frozenset()


def test_of_whom_neither_wecom_nor_the_catalogue_knows_nothing_is_kept(world: World) -> None:
    world.platform.staff_joins("qian.yi", "钱一")
    read(world)
    assert "qian.yi" in {one.userid for one in world.database.run(members.every)}
    world.platform.staff_leaves("qian.yi")
    world.platform.staff_leaves(KEEPER)
    [told] = read(world)
    assert "钱一" not in told
    kept = {one.userid for one in world.database.run(members.every)}
    assert "qian.yi" not in kept
    assert KEEPER in kept


def test_a_new_name_and_a_new_department_are_kept_and_told_once(world: World) -> None:
    read(world, asked=False)
    people = world.platform.hub.people
    people.departments[2] = ("计量部", 1)
    people.staff(KEEPER).name = "刘小敏"
    people.staff(COLLEAGUE).departments = (2,)
    [told] = read(world, asked=False) or read(world)
    assert "刘敏 → 刘小敏" in told
    assert "陈刚：计量部" in told
    listed = {one.userid: one.listed for one in world.database.run(members.every)}
    found = listed[KEEPER]
    assert found is not None
    assert found.name == "刘小敏"
    assert "→" not in read(world)[0]


def test_whom_the_catalogue_has_and_wecom_never_had_is_told_with_the_first_list(
    world: World,
) -> None:
    world.platform.staff_leaves(KEEPER)
    world.platform.hub.people.staff(COLLEAGUE).name = "陈小刚"
    [told] = read(world, asked=False)
    assert "刘敏：没有待办" in told
    assert "陈刚 → 陈小刚" in told
    assert "新成员" not in told


def test_a_list_without_any_manager_is_not_believed(world: World) -> None:
    read(world, asked=False)
    world.platform.staff_leaves(OTHER_MANAGER)
    assert "高远" in read(world)[0]
    assert not any("高远" in one.text for one in world.news("staff", OTHER_MANAGER))
    world.platform.staff_joins(OTHER_MANAGER, "高远")
    read(world)
    for one in (MANAGER, OTHER_MANAGER):
        world.platform.staff_leaves(one)
    world.database.run(lambda tx: roster.ask(tx, world.clock()))
    world.deliver()
    assert world.database.run(members.gone) == frozenset()
    assert world.database.run(roster.waiting) is None


@pytest.mark.parametrize(("code", "why"), [(60011, "没有通讯录读取权限"), (-1, "平台没有应答")])
def test_who_asked_for_a_list_that_cannot_be_read_hears_why_and_nothing_changes(
    world: World, code: int, why: str
) -> None:
    read(world, asked=False)
    world.platform.staff_leaves(KEEPER)
    world.platform.faults.on_call(LIST, Trouble.CODE, code, 9)
    [told] = read(world)
    assert why in told
    assert world.database.run(members.gone) == frozenset()
    assert world.database.run(roster.waiting) is None
    world.platform.faults.clear()
    assert "刘敏" in read(world)[0]


def test_a_list_that_fell_due_and_cannot_be_read_is_tried_again_later_by_itself(
    world: World,
) -> None:
    world.platform.faults.on_call(LIST, Trouble.CODE, 45009, 1)
    assert read(world, asked=False) == []
    world.deliver()
    assert calls(world) == 1
    world.clock.forward(timedelta(minutes=10))
    world.deliver()
    assert calls(world) == 2
    assert world.database.run(roster.waiting) is None


def test_the_menu_is_shown_once_and_a_tap_on_it_is_the_order_on_it(world: World) -> None:
    read(world, asked=False)
    read(world)
    shown = [one.what for one in world.platform.journal.since(0) if "menu/create" in one.what]
    assert len(shown) == 1
    assert [one["name"] for one in world.platform.wecom_api.menu] == ["查看", "办理", "更多"]
    number = put(world, NeedState.SUBMITTED)
    assert number in (world.platform.staff_clicks(KEEPER, "待办").reply or "")
    assert "已接单" in (world.platform.staff_clicks(KEEPER, "接单").reply or "")
    assert "可用的指令" in (world.platform.staff_clicks(KEEPER, "以前的菜单").reply or "")
