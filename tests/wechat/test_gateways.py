"""What the official account and the staff app put on the wire, and how refusals come back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import wechatpy.client.api as official_catalogue

from bot.domain.catalog import Template
from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Channel, Push, PushKind
from bot.wechat.calls import Calls, OfficialCalls
from bot.wechat.client import ApiError, Client, Unanswered
from bot.wechat.errors import OFFICIAL, WECOM
from bot.wechat.limits import (
    Way,
)
from bot.wechat.official import OfficialAccount
from bot.wechat.tokens import Tokens, stable_token, wecom_token
from bot.wechat.wecom import StaffApp
from storage.db import Database
from tests.fixed_clock import MONDAY_MORNING as NOW
from tests.fixed_clock import FixedClock
from tests.wechat.peer import Answer, Call, Peer, Raw, listening

OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
TEMPLATES = {
    "status": Template(
        id="TPL", fields={"thing1": "{{ state }}", "character_string2": "{{ number }}"}
    )
}
NOTICES = {"status": TEMPLATES["status"].model_copy(update={"id": "NTC"})}
TEXT = Push("k1", Channel.OFFICIAL, "o1", PushKind.TEXT, {"text": "已受理：您好"}, NOW, "status")
CARD = Push("c1", Channel.WECOM, "lisi", PushKind.CARD, {"card": {"task_id": "t"}}, NOW, "task")
UPDATE = replace(
    CARD,
    kind=PushKind.CARD_UPDATE,
    body={"update": {"button": {"replace_name": "已接单"}}, "code": "RC"},
)
MENU = replace(
    TEXT,
    kind=PushKind.MENU,
    body={
        "head": "请评价",
        "options": [["rate-1-5", "非常满意"], ["rate-1-1", "非常不满意"]],
        "tail": "谢谢",
        "text": "请评价\n5 非常满意\n1 非常不满意",
    },
)
STAFF_TEXT = replace(TEXT, channel=Channel.WECOM, to="lisi")


@pytest.fixture
def peer() -> Iterator[Peer]:
    with listening(answering(OK)) as found:
        yield found


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: storage is tested on both."""
    return sqlite_url


@pytest.fixture
def official_calls(peer: Peer, db: Database, clock: FixedClock) -> Calls:
    client = Client(peer.url, OFFICIAL)
    return Calls(client, Tokens(db, "oa", stable_token(client, "wx1", "s"), clock))


@pytest.fixture
def account(official_calls: Calls) -> OfficialAccount:
    return OfficialAccount(official_calls, TEMPLATES, NOTICES)


@pytest.fixture
def staff_app(peer: Peer, db: Database, clock: FixedClock) -> StaffApp:
    client = Client(peer.url, WECOM)
    return StaffApp(Calls(client, Tokens(db, "wecom", wecom_token(client, "ww1", "s"), clock)), 7)


def answering(*answers: Answer) -> Callable[[Call], Answer]:
    """A platform that grants tokens, and answers the calls themselves in this order."""
    left, granted = list(answers), []

    def script(call: Call) -> Answer:
        if call.path in {"/cgi-bin/stable_token", "/cgi-bin/gettoken"}:
            granted.append(call)
            return {"access_token": f"token-{len(granted)}", "expires_in": 7200}
        return left.pop(0) if len(left) > 1 else left[0]

    return script


def failure(send: Callable[[], object]) -> SendFailed:
    with pytest.raises(SendFailed) as caught:
        send()
    return caught.value


def test_a_text_goes_out_as_a_customer_service_message(
    account: OfficialAccount, peer: Peer
) -> None:
    assert account.send(TEXT) == Sent()
    [call] = peer.made("/cgi-bin/message/custom/send")
    assert call.query == {"access_token": "token-1"}
    assert call.body == {"touser": "o1", "msgtype": "text", "text": {"content": "已受理：您好"}}
    assert b"\\u" not in call.raw


def test_a_menu_goes_out_with_the_ids_of_its_lines(account: OfficialAccount, peer: Peer) -> None:
    assert account.send(MENU) == Sent()
    [call] = peer.made("/cgi-bin/message/custom/send")
    assert call.body == {
        "touser": "o1",
        "msgtype": "msgmenu",
        "msgmenu": {
            "head_content": "请评价",
            "list": [
                {"id": "rate-1-5", "content": "非常满意"},
                {"id": "rate-1-1", "content": "非常不满意"},
            ],
            "tail_content": "谢谢",
        },
    }


def test_an_account_without_menus_says_the_same_in_numbered_lines(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering({"errcode": 40200, "errmsg": "invalid account type"}, OK)
    assert account.send(MENU) == Sent()
    last = peer.made("/cgi-bin/message/custom/send")[-1]
    assert last.body["text"] == {"content": "请评价\n5 非常满意\n1 非常不满意"}


def test_a_menu_refused_for_another_reason_is_not_sent_as_a_text(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering({"errcode": 45015, "errmsg": "out of time limit"})
    assert failure(lambda: account.send(MENU)).failure is Failure.UNREACHABLE
    assert len(peer.made("/cgi-bin/message/custom/send")) == 1


def test_a_menu_outside_the_window_goes_as_its_template(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering({**OK, "msgid": 7})
    push = replace(MENU, fields={"state": "待评价", "number": "JY20261122-0007"})
    assert account.send(push, Way.TEMPLATE) == Sent("7")
    assert not peer.made("/cgi-bin/message/custom/send")


def test_a_template_carries_fitted_values_and_the_key_of_its_push(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering({**OK, "msgid": 200228332})
    push = replace(TEXT, fields={"state": "已受理" * 9, "number": "JY20261122-0007 号"})
    assert account.send(push, Way.TEMPLATE) == Sent("200228332")
    [call] = peer.made("/cgi-bin/message/template/send")
    assert call.body["template_id"] == "TPL"
    assert call.body["data"] == {
        "thing1": {"value": ("已受理" * 9)[:19] + "…"},
        "character_string2": {"value": "JY20261122-0007"},
    }
    account.send(push, Way.TEMPLATE)
    account.send(replace(push, key="k2"), Way.TEMPLATE)
    ids = [call.body["client_msg_id"] for call in peer.made("/cgi-bin/message/template/send")]
    assert ids[0] == ids[1] != ids[2]
    assert TEXT.key not in ids[0]


def test_a_notice_carries_fitted_values_and_is_known_by_its_template(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering(OK, {**OK, "msgid": 7})
    push = replace(TEXT, fields={"state": "已受理" * 9, "number": "JY20261122-0007 号"})
    # the platform's page promises no number
    assert account.send(push, Way.SUBSCRIPTION) == Sent("notice:NTC")
    assert account.send(push, Way.SUBSCRIPTION) == Sent("7")
    call = peer.made("/cgi-bin/message/subscribe/bizsend")[0]
    assert call.body == {
        "touser": "o1",
        "template_id": "NTC",
        "data": {
            "thing1": {"value": ("已受理" * 9)[:19] + "…"},
            "character_string2": {"value": "JY20261122-0007"},
        },
    }
    bad = replace(TEXT, fields={"state": "已受理", "number": "只有汉字"})
    assert failure(lambda: account.send(bad, Way.SUBSCRIPTION)).failure is Failure.NEVER


def test_a_template_without_a_value_fails_before_the_platform_refuses_it(
    account: OfficialAccount, peer: Peer
) -> None:
    for fields in ({"state": "已受理"}, {"state": "已受理", "number": "只有汉字"}):
        send = partial(account.send, replace(TEXT, fields=fields), Way.TEMPLATE)
        assert failure(send).failure is Failure.NEVER
    unknown = replace(TEXT, purpose="survey")
    assert failure(lambda: account.send(unknown, Way.TEMPLATE)).failure is Failure.NEVER
    assert not peer.calls


@pytest.mark.parametrize("code", [45015, 45047])
def test_a_closed_window_is_told_as_out_of_reach(
    account: OfficialAccount, peer: Peer, code: int
) -> None:
    peer.script = answering({"errcode": code, "errmsg": "out of time limit"})
    failed = failure(lambda: account.send(TEXT))
    assert (failed.failure, failed.code) == (Failure.UNREACHABLE, code)


def test_what_does_not_fit_the_platform_is_not_sent(
    account: OfficialAccount, staff_app: StaffApp, peer: Peer
) -> None:
    long = {"text": "我" * 683}
    for send in (
        lambda: account.send(replace(TEXT, body=long)),
        lambda: account.send(CARD),
        lambda: staff_app.send(replace(UPDATE, body={"update": "x", "code": "RC"})),
        lambda: staff_app.send(STAFF_TEXT, Way.TEMPLATE),
    ):
        assert failure(send).failure is Failure.NEVER
    assert not peer.calls


def test_an_expired_token_is_renewed_and_the_message_sent_once(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering({"errcode": 42001, "errmsg": "access_token expired"}, OK)
    account.send(TEXT)
    sent = peer.made("/cgi-bin/message/custom/send")
    assert [call.query["access_token"] for call in sent] == ["token-1", "token-2"]
    assert len(peer.made("/cgi-bin/stable_token")) == 2


def test_a_token_that_is_refused_for_ever_stops_after_one_renewal(
    account: OfficialAccount, peer: Peer, clock: FixedClock
) -> None:
    peer.script = answering({"errcode": 40001, "errmsg": "invalid credential"})
    assert failure(lambda: account.send(TEXT)).failure is Failure.ALARM
    assert len(peer.calls) == 4
    minutes = 3
    for _ in range(minutes * 12):
        failed = failure(lambda: account.send(TEXT))
        assert failed.failure in {Failure.ALARM, Failure.WAIT}
        clock.forward(timedelta(seconds=5))
    assert len(peer.made("/cgi-bin/stable_token")) <= 2 * minutes


def test_other_refusals_do_not_touch_the_token(account: OfficialAccount, peer: Peer) -> None:
    peer.script = answering({"errcode": 45009, "errmsg": "quota"})
    assert failure(lambda: account.send(TEXT)).failure is Failure.WAIT
    assert len(peer.calls) == 2


def test_a_lost_answer_is_told_apart_from_a_message_that_never_left(
    account: OfficialAccount, peer: Peer
) -> None:
    peer.script = answering(None)
    assert type(failure(lambda: account.send(TEXT))) is Unanswered


def test_a_picture_is_fetched_whole(account: OfficialAccount, peer: Peer) -> None:
    peer.script = answering(Raw(b"\xff\xd8", kind="image/jpeg"))
    assert account.fetch_media("m1") == b"\xff\xd8"
    [call] = peer.made("/cgi-bin/media/get")
    assert call.query == {"media_id": "m1", "access_token": "token-1"}
    peer.script = answering({"errcode": 40007, "errmsg": "invalid media_id"})
    assert failure(lambda: account.fetch_media("m1")).code == 40007


def test_the_whole_catalogue_of_wechatpy_goes_over_our_wire(
    official_calls: Calls, peer: Peer
) -> None:
    api = OfficialCalls(official_calls)
    api.menu.create({"button": [{"type": "click", "name": "送检", "key": "SUBMIT"}]})
    api.qrcode.create({"action_name": "QR_STR_SCENE"})
    peer.script = answering({"subscribe": 1, "openid": "o1"})
    assert api.user.get("o1")["subscribe"] == 1
    assert [call.path for call in peer.calls[1:]] == [
        "/cgi-bin/menu/create",
        "/cgi-bin/qrcode/create",
        "/cgi-bin/user/info",
    ]
    assert all(call.query["access_token"] == "token-1" for call in peer.calls[1:])
    assert "送检".encode() in peer.calls[1].raw
    # wechatpy would retry, recurse and fetch tokens by itself; none of that is reached
    peer.script = answering({"errcode": 40001, "errmsg": "invalid credential"})
    before = len(peer.calls)
    with pytest.raises(ApiError):
        api.menu.get()
    assert len(peer.calls) <= before + 3
    with pytest.raises(NotImplementedError):
        api.fetch_access_token()
    with pytest.raises(NotImplementedError, match="files"):
        api.media.upload("image", b"")
    assert isinstance(api.message, official_catalogue.WeChatMessage)
