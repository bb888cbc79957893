"""qyapi.weixin.qq.com as pretended: receivers, cut texts, cards and their single-use codes."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.simulator.platform import Platform
from bot.simulator.wecom_side import CannotTap, OutOfRange
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller
from tests.simulator.fake_bot import FakeBot, always, reply

Card = dict[str, object]

SELECTION: Card = {
    "question_key": "to",
    "title": "转派给",
    "option_list": [{"id": "lisi", "text": "李四"}, {"id": "wangwu", "text": "王五"}],
}


def card(**more: object) -> Card:
    """An assignment card as the trade sends it."""
    basic: Card = {
        "card_type": "button_interaction",
        "main_title": {"title": "新任务", "desc": "8块压力表"},
        "horizontal_content_list": [{"keyname": "联系人", "value": "张三"}],
        "task_id": "need-1-v1",
        "button_list": [
            {"text": "接单", "style": 1, "key": "accept"},
            {"text": "转派", "key": "on"},
        ],
    }
    return basic | more


VOTE: Card = {
    "card_type": "vote_interaction",
    "main_title": {"title": "需补料"},
    "task_id": "need-1-v2",
    "checkbox": {
        "question_key": "wanted",
        "mode": 1,
        "option_list": [
            {"id": "phone", "text": "电话", "is_checked": True},
            {"id": "photo", "text": "铭牌照片"},
        ],
    },
    "submit_button": {"text": "发送", "key": "ask"},
}


def shown(platform: Platform, userid: str = "ZhangSan") -> list[str]:
    return [entry.text for entry in platform.staff_phone(userid)[1:]]


# tokens and receivers


def test_repeated_gettoken_returns_the_same_token_while_it_lasts(
    caller: Caller, clock: FixedClock
) -> None:
    first = caller.wecom_token()["access_token"]
    clock.forward(timedelta(hours=1))
    assert caller.wecom_token()["access_token"] == first


def test_a_token_taken_back_early_is_40014(caller: Caller) -> None:
    caller.send_staff("ZhangSan")
    caller.platform.wecom_api.tokens.revoke()
    refused = caller.send_staff("ZhangSan")
    assert refused["errcode"] == 40014
    assert "more info at https://open.work.weixin.qq.com/devtool/query?e=40014" in refused["errmsg"]


def test_unknown_receivers_are_listed_and_only_unknown_ones_are_81013(caller: Caller) -> None:
    sent = caller.send_staff("ZhangSan|Nobody")
    assert (sent["errcode"], sent["invaliduser"]) == (0, "nobody")
    assert caller.send_staff("Nobody")["errcode"] == 81013


def test_a_text_is_cut_at_2048_bytes_without_an_error(caller: Caller) -> None:
    assert caller.send_staff("ZhangSan", "字" * 700)["errcode"] == 0
    assert shown(caller.platform) == ["字" * 682]


def test_more_than_thirty_a_minute_vanish_silently(caller: Caller, clock: FixedClock) -> None:
    codes = {caller.send_staff("ZhangSan", f"no {n}")["errcode"] for n in range(31)}
    assert codes == {0}
    assert len(shown(caller.platform)) == 30
    clock.forward(timedelta(minutes=1))
    caller.send_staff("ZhangSan", "later")
    assert shown(caller.platform)[-1] == "later"


def test_the_same_message_is_shown_once_if_the_sender_asked_for_that(
    caller: Caller, clock: FixedClock
) -> None:
    for _ in range(2):
        assert caller.send_staff("ZhangSan", "x", enable_duplicate_check=1)["errcode"] == 0
    assert shown(caller.platform) == ["x"]
    clock.forward(timedelta(minutes=30))
    caller.send_staff("ZhangSan", "x", enable_duplicate_check=1)
    caller.send_staff("ZhangSan", "x")
    assert shown(caller.platform) == ["x"] * 3


def test_markdown_and_textcards_are_shown_and_checked(caller: Caller) -> None:
    agent = caller.platform.accounts.corp.agent_id
    head = {"touser": "ZhangSan", "agentid": agent}

    def sent(kind: str, **part: str) -> int:
        code = caller.post("wecom", "message/send", head | {"msgtype": kind, kind: part})["errcode"]
        assert isinstance(code, int)
        return code

    assert sent("markdown", content="**新任务**") == 0
    assert sent("markdown") == 44004
    assert sent("textcard", title="报告", description="字" * 600, url="https://x.example") == 0
    assert sent("textcard", title="报告", description="字") == 40058
    assert sent("textcard", title="报告", description="字", url="x" * 2049) == 40058
    assert sent("mpnews", content="x") == 40008
    assert shown(caller.platform) == ["**新任务**", f"报告\n{'字' * 512}\nhttps://x.example"]


def test_who_has_no_licence_is_told_apart_and_gets_nothing(caller: Caller) -> None:
    caller.platform.hub.people.staff("LiSi").licensed = False
    sent = caller.send_staff("ZhangSan|LiSi", "x")
    assert (sent["errcode"], sent["unlicenseduser"], sent["invaliduser"]) == (0, "lisi", "")
    assert shown(caller.platform) == ["x"]
    assert shown(caller.platform, "LiSi") == []


def test_who_left_the_range_gets_nothing_writes_nothing_and_is_in_no_list(
    caller: Caller, platform: Platform
) -> None:
    platform.staff_leaves("LiSi")
    assert caller.send_staff("LiSi")["errcode"] == 81013
    assert caller.send_staff("ZhangSan|LiSi")["invaliduser"] == "lisi"
    with pytest.raises(OutOfRange):
        platform.staff_says("LiSi", "在吗")
    found = caller.get("wecom", "user/simplelist", department_id="1").json or {}
    assert [one["userid"] for one in found["userlist"]] == ["ZhangSan"]
    platform.staff_joins("LiSi", "Li Si")
    assert caller.send_staff("LiSi")["errcode"] == 0


def test_departments_and_their_members_are_listed_with_those_below_if_asked(
    caller: Caller, platform: Platform
) -> None:
    people = platform.hub.people
    people.departments[2] = ("计量部", 1)
    people.departments[3] = ("力学室", 2)
    people.staff("LiSi").departments = (3,)

    def listed(path: str, **query: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(caller.get("wecom", path, **query).get_data())
        return found

    def members(**query: str) -> list[str]:
        return [one["userid"] for one in listed("user/simplelist", **query)["userlist"]]

    assert [one["id"] for one in listed("department/list")["department"]] == [1, 2, 3]
    assert [one["name"] for one in listed("department/list", id="2")["department"]] == [
        "计量部",
        "力学室",
    ]
    assert members(department_id="2") == []
    assert members(department_id="2", fetch_child="1") == ["LiSi"]
    assert listed("user/get", userid="LiSi")["department"] == [3]
    assert listed("user/simplelist", department_id="9")["errcode"] == 60003
    assert listed("department/list", id="9")["errcode"] == 60003
    assert listed("user/simplelist")["errcode"] == 40058


def test_a_menu_is_checked_and_a_tap_on_it_is_an_event(
    caller: Caller, platform: Platform, bot: FakeBot
) -> None:
    agent = str(platform.accounts.corp.agent_id)

    def created(menu: object, agentid: str = agent) -> int:
        query = {"access_token": caller.wecom_token()["access_token"], "agentid": agentid}
        path, body = "/wecom/cgi-bin/menu/create", json.dumps(menu, ensure_ascii=False)
        answer = json.loads(caller.http.post(path, data=body, query_string=query).get_data())
        code = answer["errcode"]
        assert isinstance(code, int)
        return code

    leaf = {"type": "click", "name": "待办", "key": "list"}
    assert created({"button": [{"name": "查", "sub_button": [leaf]}]}) == 0
    assert platform.wecom_api.menu[0]["name"] == "查"
    assert created({"button": [leaf] * 4}) == 40016
    assert created({"button": [{"name": "查", "sub_button": [leaf] * 6}]}) == 40023
    assert created({"button": [leaf | {"name": "一二三四五六"}]}) == 40018
    assert created({"button": [leaf]}, "1") == 40056
    platform.staff_clicks("ZhangSan", "list")
    assert bot.seen[-1].tags["EventKey"] == "list"


def test_a_wrong_agent_and_escaped_unicode_are_refused(caller: Caller) -> None:
    assert caller.send_staff("ZhangSan", agentid=1)["errcode"] == 40056
    assert caller.send_staff("ZhangSan", r"C:\users")["errcode"] == 0
    agent = caller.platform.accounts.corp.agent_id
    message = {"touser": "ZhangSan", "msgtype": "text", "agentid": agent, "text": {"content": "好"}}
    found = json.loads(caller.raw("wecom", "message/send", json.dumps(message)).get_data())
    assert found["errcode"] == 40033


# cards


def _option(number: int) -> Card:
    return {"id": str(number), "text": "x"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"card_type": "poster"}, 42031),
        ({"task_id": ""}, 42014),
        ({"task_id": "需求1"}, 42014),
        ({"task_id": "x" * 129}, 42014),
        ({"button_list": []}, 42039),
        ({"button_list": [{"text": "x", "key": str(n)} for n in range(7)]}, 42039),
        ({"button_list": [{"text": "", "key": "k"}]}, 42038),
        ({"button_list": [{"text": "x"}]}, 42039),
        ({"button_list": [{"text": "x", "type": 1}]}, 42028),
        ({"horizontal_content_list": [{"keyname": "k"}] * 7}, 42035),
        ({"horizontal_content_list": [{"value": "v"}]}, 42027),
        ({"horizontal_content_list": [{"keyname": "k", "type": 1}]}, 42028),
        ({"horizontal_content_list": [{"keyname": "k", "type": 3}]}, 42050),
        ({"jump_list": [{"type": 0, "title": "t"}] * 4}, 42042),
        ({"button_selection": SELECTION | {"question_key": ""}}, 42043),
        ({"button_selection": SELECTION | {"option_list": [_option(n) for n in range(11)]}}, 42037),
        ({"button_selection": SELECTION | {"option_list": [_option(1), _option(1)]}}, 42040),
        ({"card_type": "text_notice"}, 42045),
    ],
)
def test_a_card_against_the_rules_is_refused_with_its_code(
    caller: Caller, changed: Card, code: int
) -> None:
    assert caller.send_card("ZhangSan", card(**changed))["errcode"] == code
    assert shown(caller.platform) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (
            {"checkbox": {"question_key": "w", "option_list": [_option(n) for n in range(21)]}},
            42037,
        ),
        ({"checkbox": None}, 42043),
        ({"submit_button": None}, 42046),
        ({"submit_button": {"key": "k"}}, 42049),
    ],
)
def test_a_vote_against_the_rules_is_refused_with_its_code(
    caller: Caller, changed: Card, code: int
) -> None:
    assert caller.send_card("ZhangSan", VOTE | changed)["errcode"] == code


def test_a_task_id_can_be_used_once_for_ever(caller: Caller, clock: FixedClock) -> None:
    assert caller.send_card("ZhangSan", card())["errcode"] == 0
    clock.forward(timedelta(days=400))
    caller.token.clear()
    refused = caller.send_card("LiSi", card())
    assert refused["errcode"] == 42014
    assert refused["errmsg"].startswith("taskid has existed or empty or exceed max len, hint: [")


def test_an_app_without_a_callback_url_cannot_send_callback_cards(caller: Caller) -> None:
    caller.platform.wecom_api.callback_set = False
    assert caller.send_card("ZhangSan", card())["errcode"] == 43012
    notice = {
        "card_type": "text_notice",
        "main_title": {"title": "t"},
        "card_action": {"type": 1, "url": "https://a.example"},
    }
    sent = caller.send_card("ZhangSan", notice)
    assert sent["errcode"] == 0
    assert "response_code" not in sent


def test_a_tap_posts_the_event_with_the_default_or_the_chosen_option(
    caller: Caller, bot: FakeBot
) -> None:
    bot.answer = always(b"")
    caller.send_card("ZhangSan", card(button_selection=SELECTION))
    caller.platform.staff_taps("ZhangSan", "need-1-v1", "accept")
    caller.platform.staff_taps("ZhangSan", "need-1-v1", "on", {"to": ["wangwu"]})
    first, second = (seen.tags for seen in bot.seen)
    assert first["Event"] == "template_card_event"
    assert (first["EventKey"], first["TaskId"]) == ("accept", "need-1-v1")
    assert first["CardType"] == "button_interaction"
    assert "MsgId" not in first
    assert first["ResponseCode"] != second["ResponseCode"]
    assert str(first["SelectedItems"]).count("lisi") == 1
    assert str(second["SelectedItems"]).count("wangwu") == 1


def test_a_submitted_vote_carries_every_ticked_option(caller: Caller, bot: FakeBot) -> None:
    bot.answer = always(b"")
    caller.send_card("ZhangSan", VOTE)
    caller.platform.staff_submits("ZhangSan", "need-1-v2")
    caller.platform.staff_submits("ZhangSan", "need-1-v2", {"wanted": ["photo", "phone"]})
    assert "'OptionId': 'phone'" in str(bot.seen[0].tags["SelectedItems"])
    assert "['phone', 'photo']" in str(bot.seen[1].tags["SelectedItems"])


def test_what_the_phone_does_not_show_cannot_be_tapped(caller: Caller) -> None:
    caller.send_card("ZhangSan", card(button_selection=SELECTION))
    with pytest.raises(CannotTap):
        caller.platform.staff_taps("ZhangSan", "need-1-v1", "dance")
    with pytest.raises(CannotTap):
        caller.platform.staff_taps("LiSi", "need-1-v1", "accept")
    with pytest.raises(ValueError, match="does not offer"):
        caller.platform.staff_taps("ZhangSan", "need-1-v1", "on", {"to": ["nobody"]})


def _code(bot: FakeBot) -> str:
    return bot.seen[-1].tags["ResponseCode"]


def test_a_click_code_greys_the_buttons_once(caller: Caller, bot: FakeBot) -> None:
    bot.answer = always(b"")
    caller.send_card("ZhangSan", card())
    caller.platform.staff_taps("ZhangSan", "need-1-v1", "accept")
    assert caller.update_card(_code(bot), button={"replace_name": "已接单"})["errcode"] == 0
    face = caller.platform.staff_phone("ZhangSan")[-1].card
    assert face is not None
    assert face.replaced == "已接单"
    with pytest.raises(CannotTap):
        caller.platform.staff_taps("ZhangSan", "need-1-v1", "accept")
    assert caller.update_card(_code(bot), button={"replace_name": "x"})["errcode"] == 60140


def test_the_code_of_the_sending_works_within_72_hours_for_everybody_who_got_the_card(
    caller: Caller, clock: FixedClock
) -> None:
    first = caller.send_card("ZhangSan|LiSi", card())["response_code"]
    late = caller.send_card("ZhangSan", card(task_id="late"))["response_code"]
    caller.update_card(first, button={"replace_name": "已取消"})
    for userid in ("ZhangSan", "LiSi"):
        faces = [entry.card for entry in caller.platform.staff_phone(userid) if entry.card]
        assert faces[0].replaced == "已取消"
    clock.forward(timedelta(hours=72))
    caller.token.clear()
    assert caller.update_card(late, button={"replace_name": "x"})["errcode"] == 60140


def test_an_update_for_somebody_without_the_card_is_reported(caller: Caller) -> None:
    code = caller.send_card("ZhangSan", card())["response_code"]
    sent = caller.update_card(code, atall=0, userids=["LiSi"], button={"replace_name": "x"})
    assert (sent["errcode"], sent["invaliduser"]) == (0, ["lisi"])
    face = caller.platform.staff_phone("ZhangSan")[-1].card
    assert face is not None
    assert not face.replaced


def test_a_refused_update_leaves_the_code_unused(caller: Caller) -> None:
    code = caller.send_card("ZhangSan", card())["response_code"]
    assert caller.update_card(code, button={"replace_name": ""})["errcode"] == 42020
    assert caller.update_card(code, template_card=card(button_list=[]))["errcode"] == 42039
    assert caller.update_card(code, button={"replace_name": "ok"})["errcode"] == 0


def test_a_card_can_become_another_card_whose_buttons_work(caller: Caller, bot: FakeBot) -> None:
    bot.answer = always(b"")
    code = caller.send_card("ZhangSan", card())["response_code"]
    assert caller.update_card(code, template_card=VOTE)["errcode"] == 0
    caller.platform.staff_submits("ZhangSan", "need-1-v2", {"wanted": ["photo"]})
    assert bot.seen[-1].tags["TaskId"] == "need-1-v2"
    assert caller.update_card(_code(bot), button={"replace_name": "已发送"})["errcode"] == 0


def test_a_passive_card_reply_is_ignored(caller: Caller, bot: FakeBot) -> None:
    envelope = bot._envelope("/wecom")
    bot.answer = lambda tags: envelope.seal(
        reply(tags, "", MsgType="update_button"), 1700000000, "42"
    )
    caller.send_card("ZhangSan", card())
    before = caller.platform.staff_phone("ZhangSan")
    delivery = caller.platform.staff_taps("ZhangSan", "need-1-v1", "accept")
    assert (delivery.reply, delivery.why) == (None, "")
    assert caller.platform.staff_phone("ZhangSan") == before
