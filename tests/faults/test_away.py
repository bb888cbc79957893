"""Platforms that are away for three days: nothing is lost, order is kept, and staff know."""

from datetime import timedelta

import pytest

from bot import health
from bot.messages import Channel
from bot.simulator.faults import Trouble
from storage import outbox
from storage.models import PushState
from tests.storage.samples import push
from tests.test_deliveries import STORY
from tests.world import World

CLIENT, MEMBER = "oclient", "liu.min"
OFFICIAL = (
    "/cgi-bin/message/custom/send",
    "/cgi-bin/message/template/send",
    "/cgi-bin/stable_token",
)
WECOM = ("/cgi-bin/message/send", "/cgi-bin/gettoken", "/cgi-bin/message/update_template_card")
THREE_DAYS = timedelta(hours=72)


def break_off(world: World, *paths: str) -> None:
    """These calls fail from now on."""
    for path in paths:
        world.platform.faults.on_call(path, Trouble.RESET, times=1_000_000)


def put(world: World, channel: Channel, to: str, *words: str) -> None:
    """Texts on their way, in order."""
    pushes = [
        push(f"{to} {one}", to, world.clock(), channel=channel, body={"text": one}, purpose="talk")
        for one in words
    ]
    world.database.run(lambda tx: outbox.enqueue(tx, pushes))


def shown(world: World, side: str, who: str, wanted: tuple[str, ...]) -> list[str]:
    """Which of these words came to that phone since it was last looked at, in order."""
    found = [one.text for one in world.news(side, who)]
    return [one for one in found if one in wanted]


def alarms(world: World) -> dict[str, object]:
    """What /readyz says of the platforms."""
    said = health.readiness(world.database, world.clock(), health.Alarms())["alarms"]
    assert isinstance(said, dict)
    return {name: count for name, count in said.items() if name.startswith("away_")}


def told_managers(world: World) -> list[str]:
    """What the first manager read of outages since they last looked."""
    manager = world.app.catalog.managers[0].id
    return [one.text for one in world.news("staff", manager) if "平台一直没有收下" in one.text]


def wait(world: World, hours: float) -> None:
    """Time passes as the worker sees it: it tries again every few minutes."""
    for _ in range(round(hours * 30)):
        world.wait(timedelta(minutes=2))


def states(world: World) -> set[str]:
    """Every state that a push is in."""
    query = "SELECT DISTINCT state FROM outbox"
    return set(world.database.run(lambda tx: tx.connection.exec_driver_sql(query).scalars().all()))


def test_both_platforms_away_for_three_days_lose_nothing_and_leave_one_message(
    world: World,
) -> None:
    for words in STORY[:-1]:
        world.say(CLIENT, words)
    world.deliver()
    cards = len(world.news("staff", MEMBER))
    break_off(world, *OFFICIAL, *WECOM)
    assert "登记编号" in world.say(CLIENT, STORY[-1])
    numbered = ("一", "二", "三")
    put(world, Channel.WECOM, MEMBER, *numbered)
    put(world, Channel.OFFICIAL, CLIENT, *numbered)
    wait(world, 2)
    assert alarms(world).keys() == {"away_oa", "away_wecom"}
    world.wait(THREE_DAYS - timedelta(hours=3))
    wait(world, 1)
    # what was for the client waits for them meanwhile: their window has closed
    assert alarms(world).keys() == {"away_wecom"}
    assert told_managers(world) == []
    assert shown(world, "staff", MEMBER, numbered) == []
    world.platform.faults.clear()
    # the longest pause between two tries, for each of what waits in a row
    world.wait(timedelta(hours=3))
    assert alarms(world) == {}
    assert len(told_managers(world)) == 1
    assert shown(world, "staff", MEMBER, numbered) == list(numbered)
    assert cards == 0
    # to the client the window has closed meanwhile: the words ride on the next answer
    reply = world.say(CLIENT, "你好")
    world.deliver()
    positions = [reply.find(one) for one in numbered]
    assert positions == sorted(positions)
    assert -1 not in positions
    assert states(world) <= {PushState.SENT.value, PushState.FAILED.value}


def test_the_official_account_away_is_told_through_the_platform_that_works_once_a_day(
    world: World,
) -> None:
    world.say(CLIENT, "你好")
    break_off(world, *OFFICIAL)
    put(world, Channel.OFFICIAL, CLIENT, "一")
    wait(world, 2)
    assert alarms(world) == {"away_oa": 1}
    (said,) = told_managers(world)
    assert "公众号：1条" in said
    assert "企业微信" not in said
    world.wait(timedelta(hours=23))
    wait(world, 1)
    assert len(told_managers(world)) == 1
    world.platform.faults.clear()
    wait(world, 1)
    assert shown(world, "client", CLIENT, ("一",)) == ["一"]
    assert alarms(world) == {}
    world.wait(timedelta(days=2))
    assert told_managers(world) == []


@pytest.mark.parametrize("minutes", [5, 25])
def test_a_hiccup_is_no_outage(world: World, minutes: int) -> None:
    world.say(CLIENT, "你好")
    break_off(world, *OFFICIAL)
    put(world, Channel.OFFICIAL, CLIENT, "一")
    for _ in range(minutes):
        world.deliver()
        world.wait(timedelta(minutes=1))
    assert alarms(world) == {}
    world.platform.faults.clear()
    wait(world, 1)
    assert told_managers(world) == []
