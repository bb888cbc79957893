"""拒单, 离岗, 上岗, 名单, 同步名单; every card and menu button as an order; wrong orders."""

from datetime import timedelta

import pytest

from bot.domain.actions import Action
from bot.domain.cases import NeedState as S
from bot.handlers.desk.staff_menu import BELOW
from bot.messages import Say
from bot.reading.staff.commands import VERBS
from bot.simulator.faults import Trouble
from storage import members, outbox, roster
from tests.handlers.desk.book import COLLEAGUE, FIRST_ASKED, KEEPER, MANAGER, look, put
from tests.handlers.desk.test_moves import TYPED
from tests.world import World

OTHER_MANAGER = "gao.yuan"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: storage is tested on both."""
    return sqlite_url


# every button is an order


def buttons(world: World, staff: str) -> set[str]:
    """The keys of every button on every card of that phone."""
    found: set[str] = set()
    for entry in world.platform.staff_phone(staff):
        body = entry.card.body if entry.card else {}
        rows = body.get("button_list") or []
        assert isinstance(rows, list)
        submit = body.get("submit_button")
        found |= {str(one["key"]) for one in (*rows, *([submit] if submit else []))}
    return found


def test_whatever_a_card_can_do_can_be_typed(world: World) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"转派 {number} 陈刚")
    world.deliver()
    for order in ("接单", "需补料", "受理", "开始", "进度 检测中"):
        verb, _, words = order.partition(" ")
        world.order(COLLEAGUE, f"{verb} {number} {words}".strip())
        world.deliver()
    world.say("ochat", "人工")
    world.deliver()
    everybody = [one.id for one in world.app.catalog.staff]
    shown = set().union(*(buttons(world, one) for one in everybody))
    assert {"talk_reply", "talk_return", "take", "supplement", "step"} <= shown
    typed = {str(action) for action in TYPED} | {"talk_reply", "talk_return"}
    assert shown <= typed
    verbs = {verb for _, verb in VERBS}
    assert {str(action) for action in Action} | {"reply", "give_back"} <= verbs


def test_whatever_stands_on_the_menu_is_an_order_and_how_it_is_written_is_known(
    world: World,
) -> None:
    texts = world.app.office.renderer
    verbs = dict(VERBS)
    own = {"off": "离岗", "on": "上岗"}
    for name in [one for names in BELOW.values() for one in names]:
        label = texts.text(Say(f"menu/{name}"))
        assert verbs.get(label, name if own.get(name) == label else None) == name
    for verb in {*verbs.values(), "decline", "off", "on", "people", "sync"}:
        assert texts.has(f"orders/usage_{verb}"), verb


def test_help_names_every_order_there_is(world: World) -> None:
    told = world.order(KEEPER, "帮助")
    texts = world.app.office.renderer
    verbs = {verb for _, verb in VERBS} | {"decline", "off", "on", "people", "sync"}
    for verb in verbs - {"help"}:
        first = texts.text(Say(f"orders/usage_{verb}")).split()[0]
        assert first in told, first


# wrong orders


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("接但 0001", "接单 编号"),
        ("转拍 1 陈刚", "转派 编号 姓名"),
        ("需补科 1", "需补料 编号 材料或信息名称 原因"),
        ("同步名丹", "同步名单"),
        ("服务完毕 1", "完成 编号 结果"),
        ("拒绝 1", "拒单"),
        ("拒绝", "拒绝 YS编号 理由"),
    ],
)
def test_a_wrong_order_is_answered_with_the_nearest_one(
    world: World, said: str, meant: str
) -> None:
    put(world, S.SUBMITTED)
    told = world.order(KEEPER, said)
    assert meant in told
    assert "系统" not in told


def test_words_like_no_order_are_answered_with_all_of_them(world: World) -> None:
    assert "可用的指令" in world.order(KEEPER, "今天天气不错")
    assert "可用的指令" in world.order(KEEPER, "???")


# 拒单


def test_whoever_declines_says_why_and_somebody_else_has_it(world: World) -> None:
    number = put(world, S.SUBMITTED)
    assert "原因" in world.order(KEEPER, f"拒单 {number}")
    assert look(world, number).need.assignee == KEEPER
    told = world.order(KEEPER, f"拒单 {number} 本周在外出差")
    assert f"{number} 检定/校准（送检） 已转派给 陈刚" in told
    book = look(world, number)
    assert book.need.assignee == COLLEAGUE
    assert book.kinds["declined"] == 1
    world.deliver()
    for one in (COLLEAGUE, MANAGER):
        assert any("本周在外出差" in news.text for news in world.news("staff", one))
    assert "由 陈刚 负责" in world.order(KEEPER, f"接单 {number}")


def test_what_has_begun_is_handed_on_and_not_declined(world: World) -> None:
    number = put(world, S.IN_SERVICE)
    assert "转派" in world.order(KEEPER, f"拒单 {number} 没空")
    assert look(world, number).need.assignee == KEEPER


def test_nobody_declines_what_only_they_can_take(world: World) -> None:
    number = put(world, S.SUBMITTED)
    for one in world.app.catalog.staff:
        if one.id not in {KEEPER}:
            world.order(MANAGER, f"离岗 {one.name}")
    assert "没有别人可以接" in world.order(KEEPER, f"拒绝 {number} 出差")
    assert look(world, number).need.assignee == KEEPER


def test_nobody_declines_for_another(world: World) -> None:
    number = put(world, S.SUBMITTED)
    assert "由 刘敏 负责" in world.order(COLLEAGUE, f"拒单 {number} 不想办")


# 离岗 and 上岗


def test_who_is_off_duty_takes_nothing_new_until_they_are_back(world: World) -> None:
    put(world, S.SUBMITTED)
    told = world.order(KEEPER, "离岗")
    assert "到 11月23日（含当天）" in told
    assert "已有的 1 项待办不变" in told
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == {KEEPER}
    assert "刘敏（计量部）：1 项待办，离岗到 11月23日" in world.order(COLLEAGUE, "名单")
    assert "已上岗" in world.order(KEEPER, "上岗")
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == frozenset()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("离岗 3天", "11月25日"),
        ("离岗 3", "11月25日"),
        ("暂停派单 0天", "11月23日"),
        ("离岗。", "11月23日"),
    ],
)
def test_how_long_they_are_off_can_be_said(world: World, said: str, day: str) -> None:
    assert day in world.order(KEEPER, said)
    world.clock.forward(timedelta(days=3))
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == frozenset()


def test_a_manager_may_say_it_of_others_and_nobody_else_may(world: World) -> None:
    assert "由管理人员使用" in world.order(KEEPER, "离岗 陈刚")
    assert "陈刚 从现在起" in world.order(MANAGER, "离岗 陈刚 2天")
    assert "陈刚 已上岗" in world.order(MANAGER, "上岗 陈刚")
    assert "没有找到这位同事" in world.order(MANAGER, "离岗 王二小")


def test_words_that_only_begin_like_an_order_are_none(world: World) -> None:
    world.order(KEEPER, "上岗证已经寄出")
    world.order(KEEPER, "离岗手续怎么办")
    assert "服务人员（" not in world.order(KEEPER, "名单，客户说随后发来")
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == frozenset()


# who cannot be reached


def test_a_card_that_does_not_arrive_is_with_the_managers_who_can_act_on_it(world: World) -> None:
    world.platform.staff_leaves(KEEPER)
    number = put(world, S.EVALUATING)
    world.order(MANAGER, f"受理 {number}")
    world.deliver()
    for one in (MANAGER, OTHER_MANAGER):
        told = [news.text for news in world.news("staff", one) if "刘敏" in news.text]
        assert len(told) == 1
        assert number in told[0]
        assert "不在应用的可见范围内" in told[0]
    world.tap(OTHER_MANAGER, "start")
    world.deliver()
    assert look(world, number).need.state is S.IN_SERVICE
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == {KEEPER}
    world.platform.staff_joins(KEEPER, "刘敏")
    world.order(MANAGER, "上岗 刘敏")
    assert world.database.run(lambda tx: members.absent(tx, world.clock())) == frozenset()


def test_a_member_without_a_licence_is_told_apart(world: World) -> None:
    world.platform.hub.people.staff(KEEPER).licensed = False
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"接单 {number}")
    world.deliver()
    assert any("没有本应用的许可" in news.text for news in world.news("staff", MANAGER))


def test_a_code_refused_for_a_card_leaves_the_fresh_card_and_no_failure(world: World) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"转派 {number} 陈刚")
    world.deliver()
    world.platform.faults.on_call("/cgi-bin/message/update_template_card", Trouble.CODE, 60140, 9)
    world.tap(COLLEAGUE, "take")
    world.deliver()
    cards = [one.card for one in world.platform.staff_phone(COLLEAGUE) if one.card]
    assert [card.task_id.split("-")[0] for card in cards] == ["assign", "next"]
    waits = world.database.run(lambda tx: outbox.waiting(tx, world.clock()))
    assert (waits.due, waits.failed) == (0, 0)


def faces(world: World, staff: str) -> dict[str, str]:
    """Every card of that phone by its task id, with what it says since it was greyed."""
    phone = world.platform.staff_phone(staff)
    return {one.card.task_id: one.card.replaced for one in phone if one.card is not None}


def test_a_card_is_greyed_once_its_need_has_moved_on_by_typing(world: World) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"转派 {number} 陈刚")
    world.deliver()
    world.order(COLLEAGUE, f"接单 {number}")
    world.deliver()
    assert list(faces(world, COLLEAGUE).values()) == ["已接单", ""]
    world.order(MANAGER, f"转派 {number} 刘敏")
    world.deliver()
    assert list(faces(world, COLLEAGUE).values()) == ["已接单", "已转派"]
    assert any("您不必再办" in one.text for one in world.news("staff", COLLEAGUE))
    assert list(faces(world, KEEPER).values()) == [""]


def test_a_card_that_nobody_has_seen_yet_is_not_sent_once_it_is_out_of_date(
    world: World,
) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"转派 {number} 陈刚")
    world.order(COLLEAGUE, f"接单 {number}")
    world.deliver()
    [task] = faces(world, COLLEAGUE)
    assert task.startswith("next-")


def test_a_card_too_old_to_be_changed_is_answered_with_the_present_state_when_tapped(
    world: World,
) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"转派 {number} 陈刚")
    world.deliver()
    [old] = faces(world, COLLEAGUE)
    world.clock.forward(timedelta(hours=72))
    world.order(COLLEAGUE, f"接单 {number}")
    world.deliver()
    assert list(faces(world, COLLEAGUE).values()) == ["", ""]
    world.platform.staff_taps(COLLEAGUE, old, "take")
    world.deliver()
    assert any("已经过时" in one.text for one in world.news("staff", COLLEAGUE))
    shown = faces(world, COLLEAGUE)
    assert shown[old] == "已过时"
    assert [one for one in shown.values() if not one] == ["", ""]
    assert look(world, number).kinds["take"] == 1


# 同步名单


def test_only_a_manager_has_the_list_read(world: World) -> None:
    assert "由管理人员使用" in world.order(FIRST_ASKED, "同步名单")
    assert world.database.run(roster.waiting) is None
    assert "正在" in world.order(MANAGER, "同步名单")
    world.deliver()
    assert any("共 13 人" in one.text for one in world.news("staff", OTHER_MANAGER))
