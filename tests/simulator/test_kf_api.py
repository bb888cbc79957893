"""微信客服 as the platform keeps it: pages, sessions, codes and limits, each with its error."""

from datetime import timedelta
from typing import Any

import pytest

from bot.simulator.platform import Platform
from bot.simulator.reception import HUMAN, NEW, OVER, POOL, ROBOT
from bot.wechat.limits import KF_TEXT_BYTES
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller

WHO = "wmclient"


@pytest.fixture(autouse=True)
def _silent(platform: Platform) -> None:
    platform.kf.mute = True
    platform.kf.reception.servicers = {"ZhangSan": True, "LiSi": False}


def call(caller: Caller, path: str, **body: object) -> dict[str, Any]:
    """One call about the client, with a token of today."""
    caller.token.clear()
    account = caller.platform.kf.reception.open_kfid
    names = {"open_kfid": account, "external_userid": WHO, "touser": WHO}
    return caller.post("wecom", f"kf/{path}", names | body)


def send(caller: Caller, **body: object) -> int:
    """The error code of a text."""
    message = {"msgtype": "text", "text": {"content": "hello"}}
    return int(call(caller, "send_msg", **(message | body))["errcode"])


def move(caller: Caller, state: int, servicer: str = "") -> dict[str, Any]:
    """The session to another state."""
    more = {"servicer_userid": servicer} if servicer else {}
    return call(caller, "service_state/trans", service_state=state, **more)


def test_five_messages_within_48_hours(
    platform: Platform, caller: Caller, clock: FixedClock
) -> None:
    platform.kf.enters(WHO, "", "")
    assert send(caller) == 95002
    platform.kf.says(WHO, "hello")
    assert [send(caller) for _ in range(6)] == [0] * 5 + [95001]
    platform.kf.says(WHO, "hello")
    assert send(caller) == 0
    clock.forward(timedelta(hours=48))
    assert send(caller) == 95002


def test_an_own_id_is_taken_once(platform: Platform, caller: Caller) -> None:
    platform.kf.says(WHO, "hello")
    assert [send(caller, msgid="a-1") for _ in range(2)] == [0, 95033]
    assert send(caller, msgid="with space") == 40058
    assert send(caller, msgid="x" * 33) == 40058
    assert len(platform.customer_phone(WHO)) == 2


def test_a_long_text_is_cut(platform: Platform, caller: Caller) -> None:
    platform.kf.says(WHO, "hello")
    assert send(caller, text={"content": "x" * 3000}) == 0
    assert len(platform.customer_phone(WHO)[-1].text) == KF_TEXT_BYTES


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"msgtype": "image", "image": {}}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"open_kfid": "wkother"}, 95000),
        ({"touser": "wmother"}, 40096),
    ],
)
def test_what_is_no_message_is_refused(
    platform: Platform, caller: Caller, body: dict[str, object], code: int
) -> None:
    platform.kf.says(WHO, "hello")
    assert send(caller, **body) == code


def menu(count: int, **more: object) -> dict[str, object]:
    """A menu of so many options."""
    rows = [{"type": "click", "click": {"id": f"x_{n}", "content": f"c{n}"}} for n in range(count)]
    return {"msgtype": "msgmenu", "msgmenu": {"head_content": "h", "list": rows, **more}}


def test_a_menu_has_ten_options_and_words_that_fit(platform: Platform, caller: Caller) -> None:
    platform.kf.says(WHO, "hello")
    assert send(caller, **menu(10)) == 0
    assert send(caller, **menu(11)) == 95008
    assert send(caller, **menu(0)) == 40058
    assert send(caller, **menu(1, head_content="x" * 1025)) == 40058
    hyphen = [{"type": "click", "click": {"id": "x-1", "content": "c"}}]
    assert send(caller, **menu(1, list=hyphen)) == 40058
    platform.kf.picks(WHO, "x_3")
    (item,) = platform.kf.reception.log[-1:]
    assert item["text"] == {"content": "c3", "menu_id": "x_3"}


def test_only_the_moves_of_the_table_are_allowed(platform: Platform, caller: Caller) -> None:
    platform.kf.enters(WHO, "", "")
    assert move(caller, ROBOT)["errcode"] == 95016
    platform.kf.says(WHO, "hello")
    assert call(caller, "service_state/get")["service_state"] == NEW
    assert move(caller, HUMAN, "nobody")["errcode"] == 95014
    assert move(caller, HUMAN, "LiSi")["errcode"] == 95019
    assert move(caller, POOL)["msg_code"]
    assert send(caller) == 95018
    assert "msg_code" not in move(caller, HUMAN, "ZhangSan")
    assert call(caller, "service_state/get")["servicer_userid"] == "ZhangSan"
    assert move(caller, ROBOT)["errcode"] == 95016
    assert move(caller, OVER)["msg_code"]
    assert send(caller) == 95018
    platform.kf.says(WHO, "hello")
    assert send(caller) == 0


def on_event(caller: Caller, code: object, **body: object) -> int:
    """The error code of a message for a code."""
    message = {"code": code, "msgtype": "text", "text": {"content": "welcome"}}
    caller.token.clear()
    answer = caller.post("wecom", "kf/send_msg_on_event", message | body)
    return int(answer["errcode"])


def test_a_welcome_code_is_good_once_for_twenty_seconds(
    platform: Platform, caller: Caller, clock: FixedClock
) -> None:
    def code() -> object:
        clock.forward(timedelta(hours=49))
        platform.kf.enters(WHO, "hall", "x")
        event = platform.kf.reception.log[-1]["event"]
        assert isinstance(event, dict)
        return event["welcome_code"]

    first = code()
    assert [on_event(caller, first) for _ in range(2)] == [0, 40058]
    assert on_event(caller, code(), **menu(2)) == 0
    late = code()
    clock.forward(timedelta(seconds=20))
    assert on_event(caller, late) == 40058
    platform.kf.enters(WHO, "hall", "x")
    assert "welcome_code" not in str(platform.kf.reception.log[-1])


def test_a_code_of_a_change_ends_with_the_state(platform: Platform, caller: Caller) -> None:
    platform.kf.says(WHO, "hello")
    code = move(caller, OVER)["msg_code"]
    platform.kf.says(WHO, "again")
    assert on_event(caller, code) == 95018


def test_pages_cursors_and_tokens(platform: Platform, caller: Caller, clock: FixedClock) -> None:
    old = clock.now
    platform.kf.says(WHO, "long ago")
    clock.forward(timedelta(days=3, seconds=1))
    for text in ("a", "b", "c"):
        platform.kf.says(WHO, text)
    first = call(caller, "sync_msg", limit=2)
    assert [one["text"]["content"] for one in first["msg_list"]] == ["a", "b"]
    assert first["has_more"] == 1
    rest = call(caller, "sync_msg", cursor=first["next_cursor"])
    assert ([one["text"]["content"] for one in rest["msg_list"]], rest["has_more"]) == (["c"], 0)
    assert call(caller, "sync_msg", cursor="nonsense")["errcode"] == 40058
    assert call(caller, "sync_msg", limit=1001)["errcode"] == 40058
    assert call(caller, "sync_msg", token="old")["errcode"] == 95007
    token = platform.kf.reception.token()
    assert call(caller, "sync_msg", token=token)["errcode"] == 0
    clock.forward(timedelta(minutes=10))
    assert call(caller, "sync_msg", token=token)["errcode"] == 95007
    assert clock.now > old


def test_customers_are_told_by_name_and_unionid(platform: Platform, caller: Caller) -> None:
    platform.kf.says(WHO, "hello")
    platform.kf.reception.customer(WHO).unionid = "u"
    answer = call(caller, "customer/batchget", external_userid_list=[WHO, "wmother"])
    assert [one["unionid"] for one in answer["customer_list"]] == ["u"]
    assert answer["invalid_external_userid"] == ["wmother"]
    assert call(caller, "customer/batchget", external_userid_list=[])["errcode"] == 40058
