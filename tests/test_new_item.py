"""An item that is only written into catalog.yaml is found, asked for and routed."""

from datetime import datetime

import pytest

from bot.clock import SHANGHAI
from bot.domain.catalog import Catalog
from bot.domain.catalog_file import parse
from bot.reading.reader import Reader
from storage.vault import Vault
from tests.dialogs.bubble import Bubble, read_bubble
from tests.fixed_clock import FixedClock
from tests.world import SHIPPED, World, open_world

CONDITION = """
  - id: crop_spraying
    question: 是否为植保无人机？
    "yes": [植保无人机, 打农药用的]
    "no": [航拍用的, 不打农药]
"""
ITEM = """
  - id: drone_check
    name: 无人机飞控标定
    category: testing
    department: food
    phrases: [无人机飞控要标定, 飞控板测一测, 云台漂移, 飞机老是飘]
    materials:
      - {name: 飞行日志说明, kind: T, hint: 什么时候开始、怎样飘, labels: [飞行日志]}
      - {name: 固件版本, kind: T, optional: true}
      - {name: 机身铭牌照片, kind: U}
      - {name: 采购合同复印件, kind: U, when: enterprise}
      - {name: 农机鉴定证书, kind: U, when: crop_spraying}
      - {name: 飞控标定委托书, kind: F}
      - {name: 整机及电池, kind: B}
    turnaround: 5
    turnaround_text: 5个工作日
    fee: 按架次收费
"""
DETAILS = (
    "申请人：长春市宏达机械有限公司\n详细地址：长春市朝阳区人民大街100号\n"
    "联系人：王芳\n职务：采购经理\n联系电话：13900001111\n主营业务：机械加工\n"
    "飞行日志：上周起悬停时向左飘"
)


def catalog_with(condition: str, item: str) -> Catalog:
    """The shipped catalogue, with these two written into its text."""
    text = SHIPPED.read_text(encoding="utf-8")
    for heading, entry in (("\nconditions:\n", condition), ("\nitems:\n", item)):
        assert text.count(heading) == 1
        text = text.replace(heading, heading + entry.removeprefix("\n"))
    return parse(text)


@pytest.mark.parametrize(
    "said",
    [
        "无人机飞控要标定",
        "你好，我们两架无人机的飞控想标定一下",
        "飞控板帮忙测一测多少钱",
        "云台漂移能检吗",
        "无人机飞控标定",
    ],
)
def test_a_new_item_is_found_by_its_phrases_in_other_words_too(said: str) -> None:
    reading = Reader(catalog_with(CONDITION, ITEM)).read(said)
    assert reading.needs
    assert reading.needs[0].item == "drone_check"


def test_a_new_item_takes_nothing_from_the_others() -> None:
    shipped = parse(SHIPPED.read_text(encoding="utf-8"))
    old, new = Reader(shipped), Reader(catalog_with(CONDITION, ITEM))
    for item in shipped.items:
        for phrase in item.phrases:
            before = [guess.item for guess in old.read(phrase).needs]
            assert [guess.item for guess in new.read(phrase).needs] == before, phrase


def test_a_new_item_is_proposed_asked_for_and_routed_with_no_change_of_code(
    engine_url: str, vault: Vault
) -> None:
    # a quarter to twelve: of the two in that department only one is on duty
    clock = FixedClock(datetime(2026, 11, 23, 11, 45, tzinfo=SHANGHAI))
    with open_world(engine_url, vault, clock, catalog_with(CONDITION, ITEM)) as world:
        assert "检验检测服务 › 无人机飞控标定" in world.say("client", "我有架无人机飞控要标定")
        check_notice(read_bubble(world.say("client", "同意")))
        told = read_bubble(world.say("client", DETAILS))
        assert not told.fields
        assert not told.typed
        assert told.uploads == ["机身铭牌照片", "采购合同复印件"]
        told = read_bubble(world.say("client", "是植保无人机"))
        assert told.is_summary
        assert told.uploads == ["机身铭牌照片", "采购合同复印件", "农机鉴定证书"]
        receipt = world.say("client", "确认")
        assert "许岚" in receipt
        check_supplements(world)


def check_notice(told: Bubble) -> None:
    """All its materials, by kind and condition, and its department."""
    assert told.typed == ["飞行日志说明"]
    assert told.uploads == ["机身铭牌照片"]
    assert told.questions == {"是否为植保无人机？": ["农机鉴定证书"]}
    assert told.forms == ["飞控标定委托书"]
    assert told.bring == ["整机及电池"]
    assert told.optional == ["固件版本"]
    assert "采购合同复印件" in told.groups["企业"]
    assert "采购合同复印件" not in told.groups.get("个人", [])
    assert "食品技术部 0431-85370050" in told.text


def check_supplements(world: World) -> None:
    """The photos go to the need, and then the card to the one in charge, who takes it."""
    for number in (1, 1):
        world.platform.client_sends_photo("client")
        world.say("client", str(number))
    assert "材料已收齐" in (world.platform.client_sends_photo("client").reply or "")
    world.deliver()
    assert not [entry for entry in world.platform.staff_phone("he.ping") if entry.card]
    world.tap("xu.lan", "take")
    world.deliver()
    assert "许岚（工号 E001）已接单" in world.platform.client_phone("client")[-1].text
