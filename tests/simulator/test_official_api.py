"""api.weixin.qq.com as pretended: tokens, credits, templates, media, each refusal in its words."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.simulator.accounts import Accounts
from bot.simulator.faults import Trouble
from bot.simulator.phones import Bubble
from bot.simulator.platform import Platform
from bot.simulator.wires import in_process
from bot.wechat.limits import AccountType
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import STAFF, Caller
from tests.simulator.fake_bot import FakeBot

MINE = "oClient"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


# tokens


def test_the_stable_token_stays_the_same_until_its_last_five_minutes(
    caller: Caller, clock: FixedClock
) -> None:
    first = caller.official_token()
    assert first["expires_in"] == 7200
    clock.forward(HOUR)
    again = caller.official_token()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 3600)
    clock.forward(timedelta(minutes=55))
    assert caller.official_token()["access_token"] != first["access_token"]


def test_a_replaced_token_lives_five_more_minutes_and_an_expired_one_is_named(
    caller: Caller, clock: FixedClock
) -> None:
    caller.platform.client_says(MINE, "hi")
    caller.token["oa"] = caller.official_token()["access_token"]
    clock.forward(timedelta(minutes=116))
    caller.official_token()
    assert caller.send_text(MINE)["errcode"] == 0
    clock.forward(timedelta(minutes=5))
    refused = caller.send_text(MINE)
    assert refused["errcode"] == 40001
    assert refused["errmsg"].startswith("invalid credential, access_token is invalid or not latest")


def test_an_expired_token_that_nobody_replaced_is_42001(caller: Caller, clock: FixedClock) -> None:
    caller.official_token()
    assert caller.post("oa", "message/custom/send", {})["errcode"] == 40003
    clock.forward(timedelta(hours=2))
    assert caller.send_text(MINE)["errcode"] == 42001


def test_forced_refreshes_are_at_least_thirty_seconds_apart_and_twenty_a_day(
    caller: Caller, clock: FixedClock
) -> None:
    first = caller.official_token(force_refresh=True)["access_token"]
    assert caller.official_token(force_refresh=True)["access_token"] == first
    for _ in range(19):
        clock.forward(MINUTE)
        caller.official_token(force_refresh=True)
    clock.forward(MINUTE)
    assert caller.official_token(force_refresh=True)["errcode"] == 45009


def test_the_plain_token_is_new_at_each_call_and_leaves_the_stable_one_alone(
    caller: Caller,
) -> None:
    oa = caller.platform.accounts.official
    query = {"grant_type": "client_credential", "appid": oa.app_id, "secret": oa.secret}
    stable = caller.official_token()["access_token"]
    tokens = {
        json.loads(caller.http.get("/oa/cgi-bin/token", query_string=query).get_data())[
            "access_token"
        ]
        for _ in range(2)
    }
    assert len(tokens) == 2
    assert caller.official_token()["access_token"] == stable


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"appid": "wx0"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)],
)
def test_wrong_credentials_are_refused_each_with_its_code(
    caller: Caller, changed: dict[str, object], code: int
) -> None:
    assert caller.official_token(**changed)["errcode"] == code


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("short", 40014), ("x" * 128, 40001)])
def test_calls_with_no_token_a_malformed_and_a_foreign_one_are_told_apart(
    caller: Caller, token: str, code: int
) -> None:
    caller.token["oa"] = token
    assert caller.send_text(MINE)["errcode"] == code


# credits


def test_five_messages_may_follow_a_message_and_the_sixth_is_45047(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    assert [caller.send_text(MINE)["errcode"] for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    assert "out of response count limit" in caller.send_text(MINE)["errmsg"]
    caller.platform.client_says(MINE, "hi again")
    assert caller.platform.sendable(MINE) == 5


def test_a_passive_reply_costs_no_credit(caller: Caller) -> None:
    assert caller.platform.client_says(MINE, "hi").reply == "echo:hi"
    assert caller.platform.sendable(MINE) == 5


def test_after_48_hours_nothing_may_be_sent(caller: Caller, clock: FixedClock) -> None:
    caller.platform.client_says(MINE, "hi")
    clock.forward(timedelta(hours=48) - timedelta(seconds=1))
    assert caller.send_text(MINE)["errcode"] == 0
    clock.forward(timedelta(seconds=1))
    refused = caller.send_text(MINE)
    assert refused["errcode"] == 45015
    text = refused["errmsg"]
    assert text.startswith("response out of time limit or subscription is canceled hint: [")
    assert "] rid: " in text


@pytest.mark.parametrize("deed", ["follow", "menu", "scan"])
def test_three_messages_may_follow_a_tap_within_one_minute(
    caller: Caller, clock: FixedClock, deed: str
) -> None:
    caller.platform.client_says(MINE, "hi")
    clock.forward(3 * DAY)
    match deed:
        case "follow":
            caller.platform.client_follows(MINE)
        case "menu":
            caller.platform.client_taps(MINE, "KEY")
        case _:
            caller.platform.client_scans(MINE, "desk")
    assert [caller.send_text(MINE)["errcode"] for _ in range(4)] == [0, 0, 0, 45047]
    clock.forward(MINUTE)
    assert caller.send_text(MINE)["errcode"] == 45015


def test_the_credit_that_ends_first_is_spent_first(caller: Caller, clock: FixedClock) -> None:
    caller.platform.client_says(MINE, "hi")
    caller.platform.client_taps(MINE, "KEY")
    assert caller.platform.sendable(MINE) == 8
    for _ in range(3):
        caller.send_text(MINE)
    clock.forward(MINUTE)
    assert caller.platform.sendable(MINE) == 5


def test_nothing_may_be_sent_to_who_left(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    caller.platform.client_unfollows(MINE)
    assert caller.send_text(MINE)["errcode"] == 45015


def test_an_openid_the_account_never_met_is_40003(caller: Caller) -> None:
    assert caller.send_text("oNobody")["errcode"] == 40003


# bodies


SAME = {"id": "1", "content": "yes"}


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"msgtype": "text", "text": {"content": "字" * 683}}, 45002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "poem"}, 40008),
        ({"msgtype": "image", "image": {"media_id": "none"}}, 40007),
        ({"msgtype": "msgmenu", "msgmenu": {}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 44004),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1"}]}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [SAME, SAME]}}, 47001),
    ],
)
def test_a_message_the_platform_cannot_take_is_refused_and_costs_nothing(
    caller: Caller, message: dict[str, object], code: int
) -> None:
    caller.platform.client_says(MINE, "hi")
    assert caller.post("oa", "message/custom/send", {"touser": MINE} | message)["errcode"] == code
    assert caller.platform.sendable(MINE) == 5


@pytest.mark.parametrize(("body", "code"), [("", 44002), ("{", 47001), ("[]", 47001)])
def test_a_body_that_is_no_object_is_refused(caller: Caller, body: str, code: int) -> None:
    found = json.loads(caller.raw("oa", "message/custom/send", body).get_data())
    assert found["errcode"] == code


def test_escaped_unicode_is_shown_to_the_client_letter_by_letter(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    body = json.dumps({"touser": MINE, "msgtype": "text", "text": {"content": "好\\users"}})
    caller.raw("oa", "message/custom/send", body)
    assert caller.platform.client_phone(MINE)[-1].text == "\\u597d\\users"


def test_an_option_of_an_in_chat_menu_is_a_tap_and_not_a_message(
    caller: Caller, bot: FakeBot
) -> None:
    caller.platform.client_says(MINE, "hi")
    menu = {"head_content": "ok?", "list": [{"id": "101", "content": "yes"}], "tail_content": "!"}
    caller.post(
        "oa", "message/custom/send", {"touser": MINE, "msgtype": "msgmenu", "msgmenu": menu}
    )
    shown = caller.platform.client_phone(MINE)[-1]
    assert (shown.text, shown.options, shown.tail) == ("ok?", (("101", "yes"),), "!")
    caller.platform.client_picks(MINE, "101")
    assert (bot.seen[-1].tags["Content"], bot.seen[-1].tags["bizmsgmenuid"]) == ("yes", "101")
    assert caller.platform.sendable(MINE) == 4 + 3
    caller.platform.client_picks(MINE, "101", with_id=False)
    assert not {"bizmsgmenuid", "MsgId"} & set(bot.seen[-1].tags)


@pytest.mark.parametrize(
    ("kind", "code"), [(AccountType.TEST, 40200), (AccountType.SUBSCRIPTION, 48001)]
)
def test_accounts_that_are_not_certified_may_send_no_in_chat_menu(
    accounts: Accounts, bot: FakeBot, clock: FixedClock, kind: AccountType, code: int
) -> None:
    poor = Accounts(replace(accounts.official, kind=kind), accounts.corp)
    caller = Caller(Platform(poor, clock, in_process(bot), staff=STAFF))
    caller.platform.client_says(MINE, "hi")
    menu = {"list": [{"id": "1", "content": "yes"}]}
    body = {"touser": MINE, "msgtype": "msgmenu", "msgmenu": menu}
    assert caller.post("oa", "message/custom/send", body)["errcode"] == code


# template messages


def _template(caller: Caller, data: object, **more: object) -> dict[str, object]:
    body = {"touser": MINE, "template_id": "T1", "data": data} | more
    return caller.post("oa", "message/template/send", body)


GOOD = {
    "thing1": {"value": "压力表校准"},
    "character_string2": {"value": "JY20261122-0007"},
    "time3": {"value": "2026年11月23日 09:00"},
    "phrase4": {"value": "已受理"},
}


def test_a_template_message_needs_no_credit_and_its_end_is_reported(
    caller: Caller, bot: FakeBot, clock: FixedClock
) -> None:
    caller.platform.client_says(MINE, "hi")
    clock.forward(30 * DAY)
    sent = _template(caller, GOOD)
    assert sent["errcode"] == 0
    shown = caller.platform.client_phone(MINE)[-1]
    assert (shown.kind, shown.rows[0]) == (Bubble.TEMPLATE, ("thing1", "压力表校准"))
    assert caller.platform.settle() == 1
    tags = bot.seen[-1].tags
    assert tags["Event"] == "TEMPLATESENDJOBFINISH"
    assert (tags["MsgID"], tags["Status"]) == (str(sent["msgid"]), "success")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "一二三四五六七八九十一二三四五六七八九十一"),
        ("thing1", "two\nlines"),
        ("thing1", ""),
        ("character_string1", "编号7"),
        ("phrase1", "六个汉字太多"),
        ("phrase1", "ok"),
        ("time1", "tomorrow"),
        ("number1", "7块"),
        ("unheard1", "x"),
    ],
)
def test_a_value_against_its_type_is_47003_and_names_the_key(
    caller: Caller, key: str, value: str
) -> None:
    caller.platform.client_says(MINE, "hi")
    refused = _template(caller, {key: {"value": value}})
    assert refused["errcode"] == 47003
    assert f"argument invalid! data.{key}.value invalid" in str(refused["errmsg"])


def test_a_key_of_the_template_that_is_missing_is_refused_and_others_are_not_shown(
    accounts: Accounts, bot: FakeBot, clock: FixedClock
) -> None:
    templates = {"T1": ("thing1", "phrase4")}
    platform = Platform(accounts, clock, in_process(bot), staff=STAFF, templates=templates)
    caller = Caller(platform)
    platform.client_says(MINE, "hi")
    assert _template(caller, {"thing1": {"value": "x"}})["errcode"] == 47003
    assert _template(caller, GOOD)["errcode"] == 0
    assert [key for key, _ in platform.client_phone(MINE)[-1].rows] == ["thing1", "phrase4"]
    assert _template(caller, GOOD, template_id="T2")["errcode"] == 40037


def test_a_template_message_to_who_left_is_43004(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    caller.platform.client_unfollows(MINE)
    assert _template(caller, GOOD)["errcode"] == 43004


def test_the_same_client_msg_id_shows_one_bubble(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    first, second = (_template(caller, GOOD, client_msg_id="push-7") for _ in range(2))
    assert first["msgid"] == second["msgid"]
    assert len(caller.platform.client_phone(MINE)) == 3


# media, menu, typing, faults


def test_a_photo_is_served_for_three_days_and_then_is_an_error_with_status_200(
    caller: Caller, bot: FakeBot, clock: FixedClock
) -> None:
    caller.platform.client_sends_photo(MINE, b"jpeg bytes", "image/jpeg")
    media_id = bot.seen[0].tags["MediaId"]
    found = caller.get("oa", "media/get", media_id=media_id)
    assert (found.get_data(), found.content_type) == (b"jpeg bytes", "image/jpeg")
    assert "media.jpg" in found.headers["Content-Disposition"]
    clock.forward(3 * DAY)
    caller.token.clear()
    gone = caller.get("oa", "media/get", media_id=media_id)
    assert (gone.status_code, json.loads(gone.get_data())["errcode"]) == (200, 40007)


@pytest.mark.parametrize(
    ("menu", "code"),
    [
        ({"button": []}, 40016),
        ({"button": [{"type": "click", "name": "五个汉字长x", "key": "K"}]}, 0),
        ({"button": [{"type": "click", "name": "六个汉字太长", "key": "K"}]}, 40018),
        ({"button": [{"type": "click", "name": "x", "key": ""}]}, 40019),
        ({"button": [{"type": "dance", "name": "x"}]}, 40017),
    ],
)
def test_a_menu_is_checked_as_the_platform_checks_it(
    caller: Caller, menu: dict[str, object], code: int
) -> None:
    assert caller.post("oa", "menu/create", menu)["errcode"] == code


def test_typing_is_refused_when_nobody_wrote_for_half_a_minute(
    caller: Caller, clock: FixedClock
) -> None:
    caller.platform.client_says(MINE, "hi")
    typing = {"touser": MINE, "command": "Typing"}
    codes = [caller.post("oa", "message/custom/typing", typing)["errcode"] for _ in range(2)]
    assert codes == [0, 45081]
    clock.forward(MINUTE)
    assert caller.post("oa", "message/custom/typing", typing)["errcode"] == 45080


def test_an_ordered_fault_refuses_loses_or_garbles_one_call(caller: Caller) -> None:
    caller.platform.client_says(MINE, "hi")
    path, faults = "/cgi-bin/message/custom/send", caller.platform.faults
    caller.official_token()
    faults.on_call(path, code=45009)
    assert caller.send_text(MINE)["errcode"] == 45009
    faults.on_call(path, Trouble.LOST_ANSWER)
    lost = caller.raw(
        "oa",
        "message/custom/send",
        json.dumps({"touser": MINE, "msgtype": "text", "text": {"content": "done"}}),
    )
    assert (lost.status_code, caller.platform.client_phone(MINE)[-1].text) == (502, "done")
    faults.on_call(path, Trouble.NOT_JSON)
    assert caller.raw("oa", "message/custom/send", "{}").get_data().startswith(b"<html>")
    assert caller.send_text(MINE)["errcode"] == 0


def test_a_wrong_method_and_an_unknown_path_are_told_apart(caller: Caller) -> None:
    assert json.loads(caller.get("oa", "message/custom/send").get_data())["errcode"] == 43002
    assert json.loads(caller.get("oa", "nothing/here").get_data())["errcode"] == 40066
