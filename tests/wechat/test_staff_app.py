"""What the staff app puts on the wire: texts, cards, the list of members, the menu."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.retry import Failure, Sent
from bot.messages import Channel, Push, PushKind
from bot.wechat.calls import Calls
from bot.wechat.client import Client
from bot.wechat.errors import WECOM
from bot.wechat.limits import DUPLICATE_SECONDS, DUPLICATE_SECONDS_MAX, WECOM_TEXT_BYTES
from bot.wechat.tokens import Tokens, wecom_token
from bot.wechat.wecom import StaffApp
from storage.db import Database
from storage.members import Listed
from tests.fixed_clock import FixedClock
from tests.wechat.peer import Answer, Call, Peer, listening
from tests.wechat.test_gateways import CARD, MENU, OK, STAFF_TEXT, UPDATE, answering, failure

LINK_BODY = {"title": "报告", "text": "在这里", "url": "https://agency.example/x", "button": "打开"}
LINK = replace(STAFF_TEXT, kind=PushKind.TEXTCARD, body=LINK_BODY)


@pytest.fixture
def peer() -> Iterator[Peer]:
    """A platform that takes everything until told otherwise."""
    with listening(answering(OK)) as found:
        yield found


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: storage is tested on both."""
    return sqlite_url


@pytest.fixture
def staff_app(peer: Peer, db: Database, clock: FixedClock) -> StaffApp:
    """The app, on a wire that leads to the peer."""
    client = Client(peer.url, WECOM)
    return StaffApp(Calls(client, Tokens(db, "wecom", wecom_token(client, "ww1", "s"), clock)), 7)


@pytest.mark.parametrize(
    "push",
    [
        replace(MENU, channel=Channel.WECOM),
        replace(LINK, body={"title": "报告", "text": "在这里", "url": ""}),
        replace(LINK, body=LINK_BODY | {"url": "x" * 2049}),
    ],
)
def test_what_no_member_could_be_shown_never_leaves(
    staff_app: StaffApp, peer: Peer, push: Push
) -> None:
    assert failure(lambda: staff_app.send(push)).failure is Failure.NEVER
    assert not peer.calls


def test_a_card_goes_out_once_and_its_code_comes_back(staff_app: StaffApp, peer: Peer) -> None:
    peer.script = answering({**OK, "invaliduser": "", "msgid": "m1", "response_code": "RC"})
    assert staff_app.send(CARD) == Sent("m1", "RC")
    body = peer.made("/cgi-bin/message/send")[0].body
    assert body["msgtype"] == "template_card"
    assert body["template_card"] == {"task_id": "t"}
    assert (body["touser"], body["agentid"]) == ("lisi", 7)
    assert body["enable_duplicate_check"] == 1


def test_the_same_words_twice_are_two_messages_and_a_repeat_is_one(
    staff_app: StaffApp, peer: Peer
) -> None:
    for key in ("k1", "k2", "k1"):
        staff_app.send(replace(STAFF_TEXT, key=key))
    first, other, repeat = [call.raw for call in peer.made("/cgi-bin/message/send")]
    assert first == repeat != other
    interval = peer.made("/cgi-bin/message/send")[0].body["duplicate_check_interval"]
    assert DUPLICATE_SECONDS <= interval <= DUPLICATE_SECONDS_MAX


@pytest.mark.parametrize("answer", [{"invaliduser": "lisi"}, {"unlicenseduser": "lisi"}])
def test_an_invalid_receiver_is_out_of_reach_though_the_platform_says_ok(
    staff_app: StaffApp, peer: Peer, answer: dict[str, str]
) -> None:
    peer.script = answering({**OK, **answer})
    assert failure(lambda: staff_app.send(CARD)).failure is Failure.UNREACHABLE


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (42014, Failure.DONE),
        (60140, Failure.NEVER),
        (81013, Failure.UNREACHABLE),
        (60020, Failure.ALARM),
        (45033, Failure.AGAIN),
    ],
)
def test_a_refused_card_is_named(
    staff_app: StaffApp, peer: Peer, code: int, wanted: Failure
) -> None:
    peer.script = answering({"errcode": code, "errmsg": "no"})
    assert failure(lambda: staff_app.send(CARD)).failure is wanted


def test_a_card_is_changed_through_its_code(staff_app: StaffApp, peer: Peer) -> None:
    assert staff_app.send(UPDATE) == Sent()
    [call] = peer.made("/cgi-bin/message/update_template_card")
    assert call.body == {
        "userids": ["lisi"],
        "agentid": 7,
        "response_code": "RC",
        "button": {"replace_name": "已接单"},
    }
    peer.script = answering({**OK, "invaliduser": ["lisi"]})
    assert failure(lambda: staff_app.send(UPDATE)).failure is Failure.UNREACHABLE


@pytest.mark.parametrize("kind", [PushKind.TEXT, PushKind.MARKDOWN])
def test_a_long_text_goes_whole_in_parts_each_of_which_a_repeat_leaves_out(
    staff_app: StaffApp, peer: Peer, kind: PushKind
) -> None:
    text = "\n".join(f"第{n}行{'字' * 60}" for n in range(20))
    for _ in range(2):
        staff_app.send(replace(STAFF_TEXT, kind=kind, body={"text": text}))
    calls = peer.made("/cgi-bin/message/send")
    raw = [call.raw for call in calls]
    assert len(raw) == 4
    assert raw[:2] == raw[2:]
    contents = [call.body[str(kind)]["content"] for call in calls[:2]]
    assert "".join(contents) == text
    assert max(len(one.encode()) for one in contents) <= WECOM_TEXT_BYTES
    assert {call.body["msgtype"] for call in calls} == {str(kind)}


def test_a_textcard_fits_what_the_platform_shows(staff_app: StaffApp, peer: Peer) -> None:
    body = LINK_BODY | {"title": "报" * 200, "text": "字" * 600, "button": "打开看看吧"}
    staff_app.send(replace(LINK, body=body))
    staff_app.send(replace(LINK, body={**LINK_BODY, "button": ""}))
    long, short = [call.body["textcard"] for call in peer.made("/cgi-bin/message/send")]
    assert (len(long["title"]), len(long["description"]), long["btntxt"]) == (128, 512, "打开看看")
    assert short == {
        "title": "报告",
        "description": "在这里",
        "url": "https://agency.example/x",
    }


def test_a_code_that_is_used_up_or_too_old_has_done_what_it_could(
    staff_app: StaffApp, peer: Peer
) -> None:
    peer.script = answering({"errcode": 60140, "errmsg": "invalid response_code"})
    found = failure(lambda: staff_app.send(UPDATE))
    assert (found.failure, found.code) == (Failure.DONE, 60140)


def test_the_members_come_with_every_department_they_are_in(
    staff_app: StaffApp, peer: Peer
) -> None:
    people = {
        "1": [{"userid": "LiSi", "name": "李四"}],
        "2": [{"userid": "lisi", "name": "李四"}, {"userid": "wangwu", "name": "王五"}],
    }
    departments = [{"id": 1, "name": "单位"}, {"id": 2, "name": "计量部"}]

    def answered(call: Call) -> Answer:
        if "department/list" in call.path:
            return OK | {"department": departments}
        if "simplelist" in call.path:
            return OK | {"userlist": people[call.query["department_id"]]}
        return answering(OK)(call)

    peer.script = answered
    assert staff_app.members() == (
        Listed("LiSi", "李四", ("单位", "计量部")),
        Listed("wangwu", "王五", ("计量部",)),
    )
    people["2"] = [{"userid": "wangwu"}]
    assert failure(staff_app.members).failure is Failure.AGAIN


def test_the_menu_goes_to_the_app_it_is_for(staff_app: StaffApp, peer: Peer) -> None:
    staff_app.show_menu({"button": [{"type": "click", "name": "待办", "key": "list"}]})
    [call] = peer.made("/cgi-bin/menu/create")
    assert call.query["agentid"] == "7"
    assert call.body["button"][0]["key"] == "list"
