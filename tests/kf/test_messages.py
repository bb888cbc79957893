"""Items of kf/sync_msg as the platform writes them, one of each type."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.messages import Channel, Kind
from bot.wechat.kf_messages import FILE, NotForUs, decode, keepable

ACCOUNT, WHO = "wkAJ2GCAAASSm4_FhToWMFea0xAFfd3Q", "wmAJ2GCAAAme1XQRC-NI-q0_ZM9ukoAw"
NESTED = '{"msgtype":"text","text":{"content":"单位：甲厂"}}'


def item(kind: str, body: Mapping[str, object] | None = None, **more: object) -> dict[str, Any]:
    """One item of the log."""
    head = {"msgid": "4cSJ", "open_kfid": ACCOUNT, "external_userid": WHO, "origin": 3}
    return {**head, "send_time": 1764000000, "msgtype": kind, kind: dict(body or {}), **more}


PLACE = {"latitude": 43.88, "longitude": 125.32, "name": "大厦", "address": "人民大街1号"}
MERGED = {
    "title": "聊天记录",
    "item": [
        {"send_time": 1, "msgtype": "text", "sender_name": "甲", "msg_content": NESTED},
        {"send_time": 2, "msgtype": "image", "sender_name": "甲", "msg_content": "{}"},
        {"send_time": 3, "msgtype": "text", "sender_name": "甲", "msg_content": "no json"},
        "nothing",
    ],
}


@pytest.mark.parametrize(
    ("kind", "body", "sort", "text"),
    [
        ("text", {"content": "你好"}, Kind.TEXT, "你好"),
        ("text", {"content": "满意", "menu_id": "rate_7_4"}, Kind.TEXT, "满意"),
        ("image", {"media_id": "m"}, Kind.IMAGE, ""),
        ("voice", {"media_id": "m"}, Kind.VOICE, ""),
        ("video", {"media_id": "m"}, Kind.VIDEO, ""),
        ("file", {"media_id": "m"}, Kind.IMAGE, ""),
        ("location", PLACE, Kind.LOCATION, ""),
        ("link", {"title": "t", "desc": "d", "url": "u", "pic_url": "p"}, Kind.LINK, "t\nd\nu"),
        ("miniprogram", {"title": "t", "appid": "a", "pagepath": "p"}, Kind.LINK, "t"),
        ("channels", {"title": "t", "nickname": "n"}, Kind.LINK, "t"),
        ("merged_msg", MERGED, Kind.TEXT, "单位：甲厂"),
        ("merged_msg", {"title": "t", "item": []}, Kind.UNKNOWN, ""),
        ("merged_msg", {}, Kind.UNKNOWN, ""),
        ("business_card", {"userid": "u"}, Kind.UNKNOWN, ""),
        ("channels_shop_product", {"product_id": "x"}, Kind.UNKNOWN, ""),
        ("channels_shop_order", {"order_id": "x"}, Kind.UNKNOWN, ""),
        ("meeting", {}, Kind.UNKNOWN, ""),
        ("calendar", {}, Kind.UNKNOWN, ""),
        ("note", {}, Kind.UNKNOWN, ""),
        ("hologram", {"x": [1, {"y": None}]}, Kind.UNKNOWN, ""),
    ],
)
def test_each_type_is_known_or_unknown_but_never_an_error(
    kind: str, body: Mapping[str, object], sort: Kind, text: str
) -> None:
    found = decode(item(kind, body), ACCOUNT)
    assert (found.kind, found.text, found.channel) == (sort, text, Channel.KF)
    assert (found.person, found.account) == (f"{ACCOUNT}/{WHO}", ACCOUNT)
    assert found.at.isoformat() == "2025-11-25T00:00:00+08:00"


def test_what_a_type_holds_beside_text() -> None:
    assert decode(item("text", {"content": "x", "menu_id": "rate_7_4"}), ACCOUNT).msgmenu_id == (
        "rate-7-4"
    )
    file = decode(item("file", {"media_id": "m"}), ACCOUNT).media
    assert file is not None
    assert (file.media_id, file.format) == ("m", FILE)
    place = decode(item("location", PLACE), ACCOUNT).location
    assert place is not None
    assert (place.label, place.latitude) == ("人民大街1号 大厦", "43.88")


def test_a_message_is_known_by_its_msgid() -> None:
    one, same = (decode(item("text", {"content": text}), ACCOUNT) for text in ("a", "b"))
    other = decode(item("text", {"content": "a"}, msgid="5dTK"), ACCOUNT)
    assert one.key == same.key != other.key
    assert decode(item("text", {"content": "a"}), "wkOther").key != one.key


def test_a_servicers_words_are_no_message_of_the_client() -> None:
    found = decode(item("text", {"content": "您好"}, origin=5, servicer_userid="lisi"), ACCOUNT)
    assert found.event is not None
    assert (found.kind, found.event.name, found.event.key) == (Kind.EVENT, "servicer_said", "lisi")
    assert found.text == "您好"


def test_an_event_names_its_client_inside() -> None:
    body = {"event_type": "enter_session", "open_kfid": ACCOUNT, "external_userid": WHO}
    body |= {"scene": "hall", "scene_param": "<b>", "welcome_code": "c"}
    inside = {"msgid": "m", "send_time": 1764000000, "origin": 4, "msgtype": "event"}
    found = decode({**inside, "event": {**body, "wechat_channels": {"nickname": "n"}}}, ACCOUNT)
    assert found.event is not None
    assert (found.person, found.event.name) == (f"{ACCOUNT}/{WHO}", "enter_session")
    assert found.event.details["scene_param"] == "<b>"
    nobody = {"event_type": "servicer_status_change", "servicer_userid": "lisi", "status": 2}
    assert decode({**inside, "event": nobody}, ACCOUNT).person == ""


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"msgtype": "text"},
        item("text", {"content": "x"}, msgid=7),
        item("text", {"content": "x"}, msgid=""),
        item("text", {"content": "x"}, external_userid=None),
        item("text", {"content": "x"}, external_userid="w" * 200),
        item("text", {"content": "x"}, send_time="soon"),
        item("text", {"content": "x"}, send_time=10**12),
        {"msgid": "m", "send_time": 1, "msgtype": "event", "event": {}},
        {"msgid": "m", "send_time": 1, "msgtype": "event"},
    ],
)
def test_what_the_platform_could_not_have_sent_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(NotForUs):
        decode(broken, ACCOUNT)


def test_coordinates_are_not_kept() -> None:
    kept = keepable(item("location", PLACE)).decode()
    assert "人民大街1号" in kept
    assert "43.88" not in kept
