"""Needs that came by phone, visit, mail, web or QQ: who said yes, who was asked, who hears."""

from typing import Any

import pytest

from bot import export
from bot.handlers.desk.intake import Desk
from bot.messages import Channel
from storage import people
from tests.world import World

WATER = "自来水检测"
DETAILS = (
    "个人，王秀英 13900005555 长春市二道区东盛大街12号3单元201\n"
    "采样地点和用途：厨房，饮用\n采样方式和日期：上门采样，周五\n检测项目或执行标准：由机构推荐"
)
NUMBER = "JY20261123-0001"


def register(world: World, staff: str, way: str) -> str:
    """The whole registration by one staff member; the receipt."""
    for words in (f"登记 {way} {WATER}", "客户同意", DETAILS):
        world.order(staff, words)
    return world.order(staff, "客户确认")


def exported(world: World) -> list[dict[str, Any]]:
    """The register."""
    return export.read_cases(world.database, world.app.catalog, None)


@pytest.mark.parametrize(
    ("way", "channel", "basis"),
    [
        ("电话", "phone", "spoken"),
        ("到访", "visit", "spoken"),
        ("邮件", "email", "written"),
        ("网站", "web", "written"),
        ("QQ", "qq", "written"),
    ],
)
def test_the_way_the_yes_and_who_noted_it_stand_in_the_register(
    world: World, way: str, channel: str, basis: str
) -> None:
    assert NUMBER in register(world, "sun.yue", way)
    (case,) = exported(world)
    assert (case["channel"], case["agent"]) == (channel, "孙悦")
    assert case["needs"][0]["assignee"] == "王欣"
    events = {one["kind"]: one for one in case["events"]}
    assert events["registered"]["actor"] == events["consented"]["actor"] == "sun.yue"
    assert events["consented"]["values"]["basis"] == basis
    assert events["consented"]["values"]["at"].startswith("2026-11-23T09:00")


def test_a_staff_member_s_own_yes_is_no_consent_of_the_client(world: World) -> None:
    world.order("sun.yue", f"登记 电话 {WATER}，13900005555")
    for words in ("好的", "确认", "可以"):
        assert "客户同意" in world.order("sun.yue", words)
    assert exported(world) == []


def test_nobody_can_guess_a_client_of_the_desk(world: World) -> None:
    for way in ("电话", "电话"):
        world.order("sun.yue", f"登记 {way} {WATER}")
    staff = world.database.run(lambda tx: people.find(tx, Channel.WECOM, "sun.yue"))
    assert staff is not None
    identities = {talk.client for talk in Desk.of(staff.aside).talks}
    assert len(identities) == 2
    assert all(len(one) >= 20 for one in identities)


def test_two_staff_register_side_by_side_and_get_their_own(world: World) -> None:
    world.order("sun.yue", f"登记 电话 {WATER}")
    world.order("zhou.tong", "登记 到访 8块压力表要校准")
    world.order("zhou.tong", "客户不同意")
    world.order("sun.yue", "客户同意")
    world.order("sun.yue", DETAILS)
    assert NUMBER in world.order("sun.yue", "确认")
    assert [case["channel"] for case in exported(world)] == ["phone"]


def test_a_caller_s_words_never_reach_a_client_who_is_being_talked_with(world: World) -> None:
    world.say("oclient", "人工")
    world.deliver()
    world.order("zhao.qiming", "回复")
    world.deliver()
    world.news("client", "oclient")
    world.order("zhao.qiming", "请稍等")
    world.deliver()
    assert ["请稍等" in one.text for one in world.news("client", "oclient")] == [True]
    world.order("zhao.qiming", f"登记 电话 {WATER}")
    world.order("zhao.qiming", "我叫王秀英，电话13900005555")
    world.deliver()
    assert world.news("client", "oclient") == []


def test_what_the_client_must_hear_is_one_call_of_whoever_is_in_charge(world: World) -> None:
    register(world, "sun.yue", "电话")
    world.deliver()
    world.order("wang.xin", f"接单 {NUMBER}")
    world.news("staff", "wang.xin")
    world.deliver()
    assert not calls(world, "wang.xin")
    assert "请打电话告知客户" in world.order("wang.xin", f"受理 {NUMBER}")
    world.deliver()
    (call,) = calls(world, "wang.xin")
    assert "王秀英 13900005555" in call
    assert "已受理" in call


def calls(world: World, staff: str) -> list[str]:
    """The calls asked for since the phone was last looked at."""
    return [one.text for one in world.news("staff", staff) if "请联系客户" in one.text]


def test_whoever_was_asked_first_hears_the_result_and_may_look(world: World) -> None:
    register(world, "sun.yue", "电话")
    for words in ("接单", "受理", "开始", "完成"):
        world.order("wang.xin", f"{words} {NUMBER} 合格".removesuffix(" 合格" * (words != "完成")))
    world.news("staff", "sun.yue")
    world.deliver()
    (heard,) = world.news("staff", "sun.yue")
    assert "您首问的这一项" in heard.text
    assert "合格" in heard.text
    assert "王秀英" in world.order("sun.yue", f"查看 {NUMBER}")
    assert "王秀英" not in world.order("zhou.tong", f"查看 {NUMBER}")
    assert "由 王欣 负责" in world.order("sun.yue", f"撤回 {NUMBER} 不办了")
