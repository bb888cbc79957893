"""An account that the platform lets send nothing: what it has to say rides on the next reply."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.wechat.limits import AccountType
from storage.vault import Vault
from tests.delivery.test_notices import BLOCK, CLIENT
from tests.fixed_clock import FixedClock
from tests.world import World, open_world

KEEPER = "liu.min"


@pytest.fixture
def world(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office whose account is a subscription account, and one registered client."""
    with open_world(engine_url, vault, clock, kind=AccountType.SUBSCRIPTION) as found:
        found.say(CLIENT, "我们厂有8块压力表要校准")
        found.say(CLIENT, BLOCK)
        assert "登记成功" in found.say(CLIENT, "确认")
        found.deliver()
        yield found


def told(world: World) -> list[str]:
    """What was pushed to the staff member in charge, but for cards."""
    return [one.text for one in world.news("staff", KEEPER) if one.card is None]


def test_nothing_is_sent_and_all_of_it_rides_on_the_next_reply(world: World) -> None:
    shown = len(world.phone(CLIENT))
    said = world.order(KEEPER, "接单 0001")
    assert "客户暂时收不到（公众号类型不允许主动发送），再次来信时送达" in said
    world.order(KEEPER, "受理 0001")
    world.deliver()
    assert len(world.phone(CLIENT)) == shown
    answer = world.say(CLIENT, "你好")
    assert "已接单" in answer
    assert "已受理" in answer
    # the platform was never asked for what it does not grant
    codes = {one.code for one in world.platform.journal.since(0)}
    assert 48001 not in codes


def test_staff_are_told_once_a_day_with_the_reason(world: World) -> None:
    world.order(KEEPER, "接单 0001")
    world.order(KEEPER, "受理 0001")
    world.deliver()
    told(world)
    # the clock brings the need up by itself, days later
    world.wait(timedelta(days=12))
    found = [text for text in told(world) if "以下客户暂时收不到消息" in text]
    assert 1 <= len(found) <= 3
    assert all(text.count("公众号类型不允许主动发送") == 1 for text in found)


def test_an_urgent_word_becomes_a_call(world: World) -> None:
    world.order(KEEPER, "接单 0001")
    said = world.order(KEEPER, "需补料 0001 计量器具清单 缺出厂编号")
    assert "已请管理人员安排电话告知" in said
    world.deliver()
    texts = [one.text for one in world.platform.staff_phone("zhao.qiming")]
    assert any("公众号类型不允许主动发送" in text for text in texts)
