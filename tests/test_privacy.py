"""Requests carried out: reminded of until they end, and the last word reaches who is forgotten."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.jobs.privacy import forget_who_left, look_after_requests
from bot.messages import Channel
from storage import forgetting, people, privacy
from storage.db import Tx
from storage.people import Person
from tests.everything_stored import everything
from tests.world import World

WHO, MANAGER, OTHER = "oclient", "zhao.qiming", "gao.yuan"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NUMBER = "YS20261123-0001"


def begin(world: World) -> None:
    """Somebody agrees and says who they are."""
    for words in (
        "8块压力表要校准",
        "同意",
        "个人，王小明，13804310001，长春市南关区人民大街100号",
    ):
        world.say(WHO, words)


def person(world: World, who: str = WHO) -> Person | None:
    """Whoever goes by that name now."""
    return world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, who))


def read(world: World, staff: str) -> list[str]:
    """What a staff member got since this was last asked."""
    world.deliver()
    return [one.text for one in world.news("staff", staff)]


def days_passed(world: World, days: int) -> None:
    """Days go by, with only the clock at work that this is about, each hour."""
    for _ in range(days * 24):
        world.clock.forward(HOUR)
        look_after_requests(world.app.desk)


def test_an_open_request_is_brought_up_every_working_day_until_it_ends(world: World) -> None:
    world.say(WHO, "删除我的信息")
    assert NUMBER in read(world, MANAGER)[0]
    days_passed(world, 14)
    assert read(world, MANAGER) == []
    # the fifteenth working day is 14 December; three before, it begins
    days_passed(world, 6)
    told = [one for one in read(world, MANAGER) if NUMBER in one]
    assert len(told) == 3
    assert not any("已超期" in one for one in told)
    assert read(world, OTHER) == []
    days_passed(world, 4)
    late = [one for one in read(world, MANAGER) if "已超期" in one]
    assert len(late) == 2
    assert len([one for one in read(world, OTHER) if "已超期" in one]) == 2
    assert "已删除" in world.order(MANAGER, f"删除 {NUMBER}")
    read(world, MANAGER)
    days_passed(world, 5)
    assert read(world, MANAGER) == []


def test_any_number_of_replicas_remind_once(world: World) -> None:
    world.say(WHO, "删除我的信息")
    read(world, MANAGER)
    world.clock.forward(timedelta(days=20))
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _: look_after_requests(world.app.desk), range(8)))
    assert len(read(world, MANAGER)) == 1


def test_the_last_word_is_delivered_and_then_the_name_is_nowhere(world: World) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    world.deliver()
    world.clock.forward(HOUR)
    world.order(MANAGER, f"删除 {NUMBER}")
    before = person(world)
    assert before is not None
    assert (before.progress, before.consented_at) == ({}, None)
    world.deliver()
    assert NUMBER in world.news("client", WHO)[-1].text
    assert WHO in everything(world.database)
    world.clock.forward(MINUTE)
    look_after_requests(world.app.desk)
    assert person(world) is None
    left = everything(world.database)
    assert not any(
        f"{table}." in line and WHO in line for line in left.splitlines() for table in TABLES
    )


# the recorded replies are addressed to whoever asked; they go with the messages, in their time
TABLES = ("people", "outbox", "events", "privacy_requests", "handovers", "files", "cases")


def test_whoever_writes_before_the_last_word_is_delivered_stays_as_somebody_new(
    world: World,
) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    world.deliver()
    world.clock.forward(MINUTE)
    world.order(MANAGER, f"删除 {NUMBER}")
    world.clock.forward(MINUTE)
    assert "同意" in world.say(WHO, "3台血压计要校准")
    world.deliver()
    for _ in range(100):
        world.clock.forward(HOUR)
        look_after_requests(world.app.desk)
    found = person(world)
    assert found is not None
    assert found.progress["form"] == "intake"
    assert "13804310001" not in str(found.progress)
    assert world.database.run(lambda tx: privacy.due(tx, world.clock() + DAY)) == ()


def test_a_last_word_that_finds_nobody_waits_three_days_and_no_longer(world: World) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    world.deliver()
    # out of the 48 hours in which anything may be sent
    world.clock.forward(timedelta(days=4))
    world.order(MANAGER, f"删除 {NUMBER}")
    world.deliver()
    for _ in range(70):
        world.clock.forward(HOUR)
        look_after_requests(world.app.desk)
    assert person(world) is not None
    for _ in range(4):
        world.clock.forward(HOUR)
        look_after_requests(world.app.desk)
    assert person(world) is None


def test_a_last_word_that_waited_is_read_with_the_next_message(world: World) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    world.deliver()
    world.clock.forward(timedelta(days=4))
    world.order(MANAGER, f"删除 {NUMBER}")
    world.deliver()
    world.clock.forward(HOUR)
    assert f"{NUMBER}：您的个人信息已按要求删除" in world.say(WHO, "你好")


def test_who_unfollowed_before_is_not_written_to(world: World) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    world.platform.client_unfollows(WHO)
    world.clock.forward(MINUTE)
    assert "无法在微信里告知" in world.order(MANAGER, f"删除 {NUMBER}")
    world.deliver()
    assert person(world) is None


def test_following_again_before_all_is_over_keeps_the_person(world: World) -> None:
    begin(world)
    world.say(WHO, "我要投诉，态度太差")
    world.platform.client_unfollows(WHO)
    kept = person(world)
    assert kept is not None
    assert kept.progress == {}
    world.clock.forward(MINUTE)
    world.platform.client_follows(WHO)
    forget_who_left(world.app.desk)
    again = person(world)
    assert again is not None
    assert again.id == kept.id
    assert world.database.run(forgetting.left) == ()


def test_a_request_keeps_who_left_until_it_is_answered(world: World) -> None:
    begin(world)
    world.say(WHO, "我的信息")
    world.platform.client_unfollows(WHO)
    world.clock.forward(HOUR)
    forget_who_left(world.app.desk)
    assert person(world) is not None
    world.order(MANAGER, f"完成 {NUMBER} 已提供")
    forget_who_left(world.app.desk)
    assert person(world) is None


def test_a_bare_follower_who_leaves_needs_no_entry_in_the_log(world: World) -> None:
    world.platform.client_follows(WHO)
    world.clock.forward(MINUTE)
    world.platform.client_unfollows(WHO)
    assert person(world) is None
    assert "privacy_requests" not in everything(world.database)


def test_withdrawing_drops_what_was_begun_and_agreeing_again_works(world: World) -> None:
    begin(world)
    assert "即刻生效" in world.say(WHO, "撤回同意")
    found = person(world)
    assert found is not None
    assert (found.progress, found.consented_at) == ({}, None)
    assert "13804310001" not in everything_but_replies(world)
    begin(world)
    found = person(world)
    assert found is not None
    assert found.consented_at is not None


def everything_but_replies(world: World) -> str:
    """What is stored, without what was answered to each message and what was sent to staff."""
    lines = everything(world.database).splitlines()
    return "\n".join(one for one in lines if not one.startswith(("inbox.", "outbox.")))


def test_staff_without_the_role_can_neither_see_nor_end_a_request(world: World) -> None:
    begin(world)
    world.say(WHO, "删除我的信息")
    for order in ("查看", "删除", "拒绝"):
        reply = world.order("liu.min", f"{order} {NUMBER} 原因")
        assert "13804310001" not in reply
        assert "管理人员" in reply

    def state(tx: Tx) -> str:
        request = privacy.by_number(tx, NUMBER)
        assert request is not None
        return request.state

    assert world.database.run(state) == "open"


@pytest.mark.parametrize("order", ["完成", "拒绝"])
def test_a_request_is_never_ended_without_words(world: World, order: str) -> None:
    world.say(WHO, "我的信息")
    assert "说明" in world.order(MANAGER, f"{order} {NUMBER}")
    world.order(MANAGER, f"{order} {NUMBER} 已当面核对")
    world.deliver()
    assert "已当面核对" in world.news("client", WHO)[-1].text


def test_asking_twice_is_one_request_and_an_accident_does_no_harm(world: World) -> None:
    begin(world)
    for words in ("删除我的信息", "把我的信息都删了", "删除我的信息"):
        assert NUMBER in world.say(WHO, words)
    # what was begun goes on as if nothing had been said
    assert "计量器具清单" in world.say(WHO, "计量器具清单：压力表8块")
    assert "已取消" in world.say(WHO, "不删了")
    assert "已经结束" in world.order(MANAGER, f"删除 {NUMBER}")
    found = person(world)
    assert found is not None
    assert found.progress["form"] == "intake"
