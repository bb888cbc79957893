"""Complaints and opinions from any state, with their clocks, and who may do what with them."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.domain.cases import NeedState
from bot.messages import Channel
from bot.schedule import JOBS
from bot.simulator.phones import Side
from storage import complaints, people
from tests.handlers.desk.book import KEEPER, MANAGER, client_of, put
from tests.world import World

CLIENT, OTHER_MANAGER = "oclient", "gao.yuan"
ANGRY = "催了三次都没人管，太慢了"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


def progress(world: World, client: str) -> Mapping[str, object]:
    """Where the client's form stands; after a summary it may have to be confirmed anew."""
    found = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, client))
    known = found.progress if found else {}
    return {key: value for key, value in known.items() if key != "asking"}


def number_in(text: str) -> str:
    """The number of a complaint or an opinion that a text names."""
    at = max(text.find("TS2"), text.find("YJ2"))
    assert at >= 0, text
    return text[at:][:15]


def jump(world: World, moment: str) -> None:
    """It is then, and the clock jobs have run."""
    world.clock.now = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
    for job in JOBS:
        job.run(world.app.desk)
    world.deliver()


def shown(world: World, staff: str) -> list[str]:
    """What others put on a staff member's phone."""
    world.deliver()
    phone = world.platform.staff_phone(staff)
    return [entry.text for entry in phone if entry.side is not Side.MINE and entry.text]


STATES: Mapping[str, tuple[str, ...]] = {
    "out of the blue": (),
    "before consent": ("8块压力表要校准",),
    "in the form": ("8块压力表要校准", "同意"),
    "paused": ("8块压力表要校准", "同意", "取消"),
    "asked to change": ("8块压力表要校准", "同意", "联系人孟丽", "改一下"),
    "at the summary": (
        "家里的井水想测一下",
        "同意",
        "个人 冯国强 13804300001 德惠市米沙子镇前程村五社\n采样地点和用途：自家水井，日常饮用\n"
        "采样方式和日期：自己送样，明天\n检测项目：由机构推荐",
    ),
}


ANSWERS: Mapping[str, str] = {
    ANGRY: "已登记为投诉，编号 TS20261123-",
    "提个建议：大厅多放几把椅子": "谢谢您的意见，已登记，编号 YJ20261123-",
    "傻逼": "让您不愉快了",
    "怎么投诉": "监督投诉电话",
    "谢谢": "不客气",
    "我这个水合格吗": "不能在这里替您判断",
    "我的投诉怎么样了": "未查询到您的投诉",
}


@pytest.mark.parametrize("state", STATES)
def test_in_any_state_it_is_answered_and_the_form_stays(world: World, state: str) -> None:
    for number, (words, answer) in enumerate(ANSWERS.items()):
        client = f"o{number}"
        for text in STATES[state]:
            world.say(client, text)
        before = progress(world, client)
        assert answer in world.say(client, words)
        assert progress(world, client) == before


def test_a_complaint_with_an_answer_in_it_is_both(world: World) -> None:
    for text in STATES["in the form"]:
        world.say(CLIENT, text)
    said = world.say(CLIENT, "我要投诉你们窗口，我叫孟丽，电话13500001234")
    assert "TS20261123-0001" in said
    assert "联系电话：13500001234" in said
    assert "孟丽 13500001234" in shown(world, MANAGER)[-1]


def test_a_complaint_in_a_pasted_block_is_heard_and_is_no_material(world: World) -> None:
    for text in STATES["in the form"]:
        world.say(CLIENT, text)
    block = "长春市净月仪表厂，王小明 质量主管 13804310001，上次证书抬头打错了还不给改，我要投诉"
    said = world.say(CLIENT, block)
    assert "TS20261123-0001" in said
    assert "联系电话：13804310001" in said
    assert "投诉" not in said[said.index("已记下") :]


def test_praise_reaches_those_it_is_for(world: World) -> None:
    assert "已转告 孙悦" in world.say(CLIENT, "你们服务真好，谢谢孙悦")
    assert "客户表扬" in shown(world, "sun.yue")[-1]


@pytest.mark.parametrize("words", ["撤销投诉", "我不投诉了"])
def test_taking_back_what_was_never_said_opens_nothing(world: World, words: str) -> None:
    assert "未查询到" in world.say(CLIENT, words)
    assert world.database.run(lambda tx: complaints.of_owner(tx, MANAGER)) == ()


@pytest.mark.parametrize("words", ["反映个问题", "有个情况要跟你们反映一下"])
def test_a_matter_that_is_announced_is_asked_for_first(world: World, words: str) -> None:
    assert "经过" in world.say(CLIENT, words)
    assert "TS20261123-0001" in world.say(CLIENT, "停车场老被占，办事没地方停车")


def test_field_values_that_only_mention_complaints_are_values(world: World) -> None:
    for text in STATES["in the form"]:
        world.say(CLIENT, text)
    said = world.say(CLIENT, "单位：长春市净月仪表厂\n主营业务：处理客户投诉和质量举报的咨询服务")
    assert "TS2" not in said


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (ANGRY, "你们这是踢皮球", True),
        (ANGRY, "垃圾", True),
        (ANGRY, "投诉补充：我有录音", True),
        (ANGRY, "上次去的时候窗口那个人还冲我吼", True),
        (ANGRY, "提个建议：大厅多放几把椅子", False),
        ("提个建议：大厅多放几把椅子", "提个建议：公众号上显示排队人数", False),
        ("提个建议：大厅多放几把椅子", ANGRY, False),
        (ANGRY, "几点下班", False),
    ],
)
def test_what_belongs_together_gets_one_number(
    world: World, first: str, second: str, *, same: bool
) -> None:
    number = number_in(world.say(CLIENT, first))
    said = world.say(CLIENT, second)
    assert ("已补充到" in said and number in said) is same


def test_after_a_day_it_is_another_complaint(world: World) -> None:
    first = number_in(world.say(CLIENT, ANGRY))
    world.clock.forward(timedelta(hours=25))
    assert number_in(world.say(CLIENT, "你们这是踢皮球")) != first


def test_it_is_about_the_newest_open_case_until_the_client_says_otherwise(world: World) -> None:
    number = put(world, NeedState.EVALUATING)
    client = client_of(number)
    world.platform.client_arrives(client, "张建国")
    said = world.say(client, ANGRY)
    assert f"关联 {number}" in said
    assert "不再关联" in world.say(client, "不是这一件")
    assert "关联" not in world.say(client, "投诉进度")
    assert f"改为关联 {number}" in world.say(client, f"投诉的是{number}")


def test_only_its_owner_and_managers_reach_it_and_only_by_legal_steps(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    assert "没有找到" in world.order(KEEPER, f"受理 {number}")
    assert "须先答复" in world.order(MANAGER, f"完成 {number}")
    assert "已受理" in world.order(MANAGER, f"投诉 {number} 受理")
    assert "不能这样办理" in world.order(MANAGER, f"受理 {number}")
    assert "处理决定和理由" in world.order(MANAGER, f"答复 {number}")
    assert "已答复" in world.order(MANAGER, "经核实，已重新安排")
    assert "已办结" in world.order(MANAGER, f"投诉 {number} 关闭")
    assert "不能这样办理" in world.order(MANAGER, f"进度 {number} 还有")


def test_an_undecided_complaint_is_brought_up_on_its_days_and_only_then(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    told = {
        "2026-11-23 09:59": 0,
        "2026-11-23 10:01": 1,
        "2026-11-30 08:31": 2,
        "2026-12-07 08:31": 3,
        "2026-12-14 08:31": 4,
        "2026-12-20 09:00": 4,
    }
    for moment, count in told.items():
        jump(world, moment)
        jump(world, moment)
        alarms = [one for one in shown(world, MANAGER) if one.startswith(f"【{number}】")]
        assert len(alarms) == 1 + count, moment
    overseer = [one for one in shown(world, OTHER_MANAGER) if number in one]
    assert len(overseer) == 3


def test_a_decision_is_final_after_thirty_days(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    world.order(MANAGER, f"答复 {number} 已道歉")
    world.clock.forward(timedelta(days=31))
    for job in JOBS:
        job.run(world.app.desk)
    found = world.database.run(lambda tx: complaints.by_number(tx, number))
    assert found is not None
    assert found.state == "closed"
    assert "重新处理" not in world.say(CLIENT, "不接受")


def test_a_decision_longer_than_a_message_arrives_whole(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    reasons = "".join(f"经核查第{count}项记录属实，" for count in range(60))
    world.order(MANAGER, f"答复 {number} {reasons}特此答复")
    world.deliver()
    phone = [entry for entry in world.platform.client_phone(CLIENT) if entry.side is not Side.MINE]
    assert reasons in "".join(entry.text for entry in phone)


def test_what_is_refused_goes_to_another_manager(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    world.order(MANAGER, f"答复 {number} 已道歉")
    assert "高远" in world.say(CLIENT, "我不接受，要赔偿")
    assert "不接受处理决定" in shown(world, OTHER_MANAGER)[-1]
    assert "您目前没有" in world.order(MANAGER, "投诉")
    assert number in world.order(OTHER_MANAGER, "投诉")


@pytest.mark.parametrize(
    ("words", "at_once"),
    [(ANGRY, False), ("你们收样的要红包才给办", True), ("仪器漏电，触电了，你们得负责", True)],
)
def test_at_night_only_safety_and_integrity_wake_the_owner(
    world: World, words: str, *, at_once: bool
) -> None:
    world.clock.now = datetime(2026, 11, 23, 23, 0, tzinfo=SHANGHAI)
    number = number_in(world.say(CLIENT, words if "投诉" in words else f"我要投诉，{words}"))
    assert any(number in one for one in shown(world, MANAGER)) is at_once
    jump(world, "2026-11-24 08:31")
    assert any(number in one for one in shown(world, MANAGER))


def test_somebody_elses_number_is_not_found(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    said = world.say("oother", number)
    assert "未查询到" in said
    assert "赵启明" not in said
    assert "未查询到" in world.say("oother", f"投诉补充 {number} 还有我")


def test_a_complaint_taken_back_is_closed_and_asked_about_still(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    assert "已按您的意思撤回" in world.say(CLIENT, "我不投诉了")
    assert "已办结" in world.say(CLIENT, number)
    assert "您目前没有" in world.order(MANAGER, "投诉")
    assert "撤回" in shown(world, MANAGER)[-1]


def test_a_photo_right_after_a_complaint_is_its_evidence(world: World) -> None:
    number = number_in(world.say(CLIENT, ANGRY))
    said = world.platform.client_sends_photo(CLIENT).reply or ""
    assert number in said
    found = world.database.run(lambda tx: complaints.by_number(tx, number))
    assert found is not None
    assert len(found.facts.files) == 1
