"""Notices from the link in the receipt to the client's phone, through the pretended platform."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from bot.domain.catalog import Template
from bot.simulator.faults import Trouble
from bot.simulator.phones import Entry
from bot.simulator.tags import Value
from storage import consents, people
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.pages.form import path_in
from tests.world import World, open_world, shipped_catalog

NOTICE = "SHILI-DINGYUE-STATUS-000000000000000000000001"
FIELDS = {"character_string1": "{{ number }}", "thing2": "{{ item }}", "phrase3": "{{ state }}"}
CLIENT = "owang"
BLOCK = """同意，单位：长春市宏达机械有限公司
地址：长春市朝阳区人民大街100号
联系人：王芳
职务：采购经理
电话：13900001111
主营：机械加工
计量器具清单：压力表 0-1.6MPa 1.6级 8块
证书单位名称和地址：同申请人
开票信息：普票，税号同执照"""


@pytest.fixture
def world(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office that may send notices and has no templates to fall back to."""
    notice = Template(id=NOTICE, fields=FIELDS)
    update = {"templates": {}, "subscriptions": {"status": notice}}
    with open_world(engine_url, vault, clock, shipped_catalog().model_copy(update=update)) as found:
        yield found


def registered(world: World) -> str:
    """The client registers; what the receipt says."""
    world.say(CLIENT, "我们厂有8块压力表要校准")
    world.say(CLIENT, BLOCK)
    found = world.say(CLIENT, "确认")
    assert "登记成功" in found
    world.deliver()
    return found


def later(world: World) -> None:
    """The window is over."""
    world.clock.forward(timedelta(hours=49))


def left(world: World) -> int:
    """How many consents we count."""

    def read(tx: object) -> int:
        person = people.by_id(tx, 1)  # type: ignore[arg-type]  # it is a Tx
        assert person is not None
        return consents.left(tx, person.id, NOTICE)  # type: ignore[arg-type]  # as above

    return world.database.run(read)


def notices(world: World) -> list[Entry]:
    """The notices on the client's phone."""
    return [one for one in world.phone(CLIENT) if one.text == "订阅通知"]


def opened(world: World, receipt: str) -> TestResponse:
    """The page behind the link of the receipt."""
    line = next(one for one in receipt.splitlines() if "/m/subscribe/" in one)
    return world.app.pages.test_client().get(path_in(line))


def test_a_consent_is_one_notice_once_the_window_is_over(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    assert left(world) == 1
    # while messages may be sent none is used
    world.order("liu.min", "接单 0001")
    world.deliver()
    assert (left(world), notices(world)) == (1, [])
    later(world)
    said = world.order("liu.min", "受理 0001")
    assert "通知里只有编号、事项和状态" in said
    world.deliver()
    (shown,) = notices(world)
    assert [value for _, value in shown.rows][-1] == "已受理"
    assert left(world) == 0
    # the next waits
    assert "再次来信时送达" in world.order("liu.min", "开始 0001")
    world.deliver()
    assert len(notices(world)) == 1
    assert "服务进行中" in world.say(CLIENT, "你好")


def test_what_waited_goes_out_as_soon_as_a_notice_is_wanted(world: World) -> None:
    registered(world)
    later(world)
    world.order("liu.min", "接单 0001")
    world.order("liu.min", "受理 0001")
    world.deliver()
    assert notices(world) == []
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    world.deliver()
    (shown,) = notices(world)
    assert [value for _, value in shown.rows][-1] == "评估中"
    answer = world.say(CLIENT, "你好")
    assert "已受理" in answer
    assert "已接单" not in answer


def test_a_refusal_takes_back_what_was_agreed_to(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    world.platform.client_subscribes(CLIENT, {NOTICE: True, "somebody-elses": True})
    assert left(world) == 2
    world.platform.client_subscribes(CLIENT, {NOTICE: False})
    assert left(world) == 0
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    world.platform.official.declines(CLIENT, NOTICE)
    assert left(world) == 0


def test_an_event_that_arrives_twice_counts_once(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    world.platform.client_again(CLIENT)
    assert left(world) == 1


def test_a_consent_the_platform_does_not_know_is_counted_down(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    del world.platform.hub.people.client(CLIENT).consents[NOTICE]
    later(world)
    world.order("liu.min", "接单 0001")
    world.deliver()
    assert (left(world), notices(world)) == (0, [])
    assert "接单" in world.say(CLIENT, "你好")


def test_a_notice_that_did_not_arrive_waits_for_the_next_reply(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    world.platform.hub.people.client(CLIENT).notice_fails = (43101, "user refuse")
    later(world)
    world.order("liu.min", "接单 0001")
    world.deliver()
    assert notices(world) == []
    assert "已接单" in world.say(CLIENT, "你好")


def test_a_template_that_did_not_arrive_waits_as_well(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_world(engine_url, vault, clock) as world:
        registered(world)
        later(world)
        world.order("liu.min", "接单 0001")
        world.app.settle()
        # the platform reports by the number it gave
        query = "SELECT provider_id FROM outbox WHERE channel = 'oa' ORDER BY id DESC LIMIT 1"
        number = world.database.run(lambda tx: tx.connection.exec_driver_sql(query).scalar_one())
        lost: dict[str, Value] = {"MsgID": int(number), "Status": "failed:user block"}
        # the platform's own report may come within the same second, and is then the same event
        for _ in range(2):
            world.clock.forward(timedelta(seconds=1))
            world.platform.client_event(CLIENT, "TEMPLATESENDJOBFINISH", lost)
        # nothing is sent any more, so somebody calls
        assert "请打电话告知客户" in world.order("liu.min", "受理 0001")
        world.deliver()
        assert "已接单" in world.say(CLIENT, "你好")


def test_a_call_that_is_banned_leaves_the_notice_for_later(world: World) -> None:
    registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    later(world)
    path = "/cgi-bin/message/subscribe/bizsend"
    world.platform.faults.on_call(path, Trouble.CODE, 48004)
    world.order("liu.min", "接单 0001")
    world.deliver()
    assert notices(world) == []
    assert world.app.pages.test_client().get("/readyz").json["alarms"] == {  # type: ignore[index]
        "no_worker": 1,
        "refused_oa_subscription": 48004,
    }
    texts = [one.text for one in world.platform.staff_phone("zhao.qiming")]
    assert any("订阅通知（错误码 48004，接口被封禁）" in text for text in texts)
    world.wait(timedelta(hours=2))
    assert len(notices(world)) == 1


def test_the_page_asks_through_wechats_own_button(world: World) -> None:
    page = opened(world, registered(world))
    assert page.status_code == 200
    assert f'template="{NOTICE}"' in page.text
    assert "signature" in page.text
    assert "res.wx.qq.com" in page.headers["Content-Security-Policy"]
    # who the client is stands nowhere in it
    assert CLIENT not in page.text


def test_the_page_tells_how_many_are_left(world: World) -> None:
    receipt = registered(world)
    world.platform.client_subscribes(CLIENT, {NOTICE: True})
    assert "<strong data-left>1</strong>" in opened(world, receipt).text


def test_without_a_ticket_the_page_says_so(world: World) -> None:
    receipt = registered(world)
    world.platform.faults.on_call("/cgi-bin/ticket/getticket", code=40013)
    page = opened(world, receipt)
    assert page.status_code == 503
    assert "系统正忙" in page.text


def test_in_a_demonstration_the_page_asks_the_pretended_wechat(world: World) -> None:
    world.app.pages.config["PRETENDED_WECHAT"] = "/sandbox/deeds"
    page = opened(world, registered(world)).text
    assert 'data-pretended="/sandbox/deeds"' in page
    assert "wx-open-subscribe" not in page
    assert f'data-who="{CLIENT}"' in page


def test_no_link_is_offered_where_no_notice_can_be_sent(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_world(engine_url, vault, clock) as world:
        assert "/m/subscribe/" not in registered(world)
