"""Every message and event either platform documents becomes an Inbound."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.messages import Channel, Inbound, Kind, Location, Media
from bot.wechat.codec import Malformed, decode, encode_text
from bot.wechat.xml import document, fields, leaves
from tests.fixed_clock import MONDAY_MORNING as NOW

OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"


def push(kind: str, *tags: tuple[str, str | int], number: str = "6054768590064713728") -> bytes:
    head: list[tuple[str, str | int]] = [("ToUserName", "gh_1"), ("FromUserName", OPENID)]
    head.append(("CreateTime", 1409735668))
    tail = [("MsgId", number)] if number else []
    return document([*head, ("MsgType", kind), *tags, *tail])


def event(name: str, *tags: tuple[str, str | int], inside: str = "", at: int = 1409735668) -> bytes:
    pairs: list[tuple[str, str | int]] = [("ToUserName", "gh_1"), ("FromUserName", OPENID)]
    pairs += [("CreateTime", at), ("MsgType", "event"), ("Event", name), *tags]
    return document(pairs).replace(b"</xml>", f"{inside}</xml>".encode())


def read(body: bytes, channel: Channel = Channel.OFFICIAL) -> Inbound:
    return decode(body, channel)


def test_a_text_becomes_an_inbound() -> None:
    inbound = read(push("text", ("Content", " 我们厂有8块压力表要校准\n")))
    assert inbound.kind is Kind.TEXT
    assert inbound.text == " 我们厂有8块压力表要校准\n"
    assert (inbound.person, inbound.account, inbound.channel) == (OPENID, "gh_1", Channel.OFFICIAL)
    assert inbound.at == datetime.fromtimestamp(1409735668, SHANGHAI)
    assert inbound.msgmenu_id == ""


@pytest.mark.parametrize("kind", ["text", "event"])
def test_a_sender_longer_than_any_platform_has_is_malformed(kind: str) -> None:
    long = push(kind, ("Event", "CLICK")).replace(OPENID.encode(), b"o" * 3000)
    with pytest.raises(Malformed, match="too long"):
        read(long)


def test_a_tap_on_an_in_chat_menu_carries_its_option() -> None:
    inbound = read(push("text", ("Content", "满意"), ("bizmsgmenuid", "101")))
    assert (inbound.text, inbound.msgmenu_id) == ("满意", "101")


MESSAGES = {
    "image": ((("PicUrl", "http://p"), ("MediaId", "m")), Kind.IMAGE, Media("m", "http://p")),
    "voice": ((("MediaId", "m"), ("Format", "amr")), Kind.VOICE, Media("m", "", "amr")),
    "video": ((("MediaId", "m"), ("ThumbMediaId", "t")), Kind.VIDEO, Media("m")),
    "shortvideo": ((("MediaId", "m"), ("ThumbMediaId", "t")), Kind.VIDEO, Media("m")),
    "file": ((("MediaId", "m"), ("Title", "表.pdf")), Kind.FILE, Media("m")),
}


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("channel", [Channel.OFFICIAL, Channel.WECOM])
def test_a_media_message_becomes_an_inbound(name: str, channel: Channel) -> None:
    tags, kind, media = MESSAGES[name]
    inbound = read(push(name, *tags), channel)
    assert (inbound.kind, inbound.media, inbound.channel) == (kind, media, channel)


def test_speech_that_was_recognised_is_text() -> None:
    assert read(push("voice", ("MediaId", "m"), ("Recognition", "查进度"))).text == "查进度"


def test_a_place_becomes_an_inbound() -> None:
    tags = (("Location_X", "43.8"), ("Location_Y", "125.3"), ("Scale", "15"), ("Label", "长春"))
    inbound = read(push("location", *tags))
    assert inbound.kind is Kind.LOCATION
    assert inbound.location == Location("长春", "43.8", "125.3")


def test_a_link_becomes_an_inbound() -> None:
    inbound = read(push("link", ("Title", "标题"), ("Description", "说明"), ("Url", "http://u")))
    assert (inbound.kind, inbound.text) == (Kind.LINK, "标题\n说明\nhttp://u")


@pytest.mark.parametrize("kind", ["hologram", "wxcard", "TEXT2"])
def test_an_unknown_message_type_is_unknown_not_an_error(kind: str) -> None:
    assert read(push(kind, ("Anything", "x"))).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "name",
    [
        *("subscribe", "unsubscribe", "SCAN", "LOCATION", "CLICK", "VIEW", "view_miniprogram"),
        *("scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin"),
        *("location_select", "TEMPLATESENDJOBFINISH", "subscribe_msg_popup_event"),
        *("subscribe_msg_change_event", "subscribe_msg_sent_event", "kf_create_session"),
        *("kf_close_session", "kf_switch_session", "MASSSENDJOBFINISH", "annual_renew"),
        *("qualification_verify_success", "naming_verify_fail", "verify_expired", "enter_agent"),
        *("batch_job_result", "change_contact", "open_approval_change", "template_card_event"),
        *("template_card_menu_event", "inactive_alert", "close_inactive_agent", "low_active"),
        *("reopen_inactive_agent", "active_restored", "never_seen_before"),
    ],
)
@pytest.mark.parametrize("channel", [Channel.OFFICIAL, Channel.WECOM])
def test_every_event_becomes_an_inbound_by_its_lower_case_name(name: str, channel: Channel) -> None:
    inbound = read(event(name, ("EventKey", "K")), channel)
    assert inbound.kind is Kind.EVENT
    assert inbound.event
    assert (inbound.event.name, inbound.event.key) == (name.lower(), "K")


def test_a_follow_through_a_code_keeps_the_scene() -> None:
    found = read(event("subscribe", ("EventKey", "qrscene_7"), ("Ticket", "T"))).event
    assert found
    assert (found.key, found.details) == ("qrscene_7", {"Ticket": "T"})


def test_nested_event_tags_come_flat() -> None:
    inside = (
        "<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item>"
        "<item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>"
    )
    found = read(event("pic_weixin", ("EventKey", "K"), inside=inside)).event
    assert found
    assert found.details == {"Count": "2", "PicMd5Sum": "a\nb"}


def test_a_list_with_one_or_several_entries_reads_alike() -> None:
    entry = (
        "<List><TemplateId>{0}</TemplateId><SubscribeStatusString>accept"
        "</SubscribeStatusString></List>"
    )
    for count, wanted in ((1, "t0"), (2, "t0\nt1")):
        lists = "".join(entry.format(f"t{i}") for i in range(count))
        inside = f"<SubscribeMsgPopupEvent>{lists}</SubscribeMsgPopupEvent>"
        found = read(event("subscribe_msg_popup_event", inside=inside)).event
        assert found
        assert found.details["TemplateId"] == wanted


CARD = b"""<xml><ToUserName><![CDATA[CORPID]]></ToUserName>
<FromUserName><![CDATA[lisi]]></FromUserName><CreateTime>123456789</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[template_card_event]]></Event>
<EventKey><![CDATA[accept]]></EventKey><TaskId><![CDATA[order-12-v1]]></TaskId>
<CardType><![CDATA[button_interaction]]></CardType><ResponseCode><![CDATA[RC]]></ResponseCode>
<AgentID>1</AgentID><SelectedItems><SelectedItem><QuestionKey><![CDATA[eta]]></QuestionKey>
<OptionIds><OptionId><![CDATA[today]]></OptionId><OptionId>soon</OptionId></OptionIds>
</SelectedItem><SelectedItem><QuestionKey>who</QuestionKey><OptionIds></OptionIds></SelectedItem>
</SelectedItems></xml>"""


def test_a_tap_on_a_card_tells_task_code_and_choices() -> None:
    inbound = read(CARD, Channel.WECOM)
    assert (inbound.person, inbound.account) == ("lisi", "CORPID")
    found = inbound.event
    assert found
    assert (found.key, found.task_id, found.response_code) == ("accept", "order-12-v1", "RC")
    assert found.selected == {"eta": ("today", "soon"), "who": ()}
    assert found.details == {"CardType": "button_interaction", "AgentID": "1", "OptionIds": ""}


BELL = """<xml><ToUserName><![CDATA[ww1]]></ToUserName><CreateTime>1348831860</CreateTime>
<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event>
<Token><![CDATA[{token}]]></Token><OpenKfId><![CDATA[{account}]]></OpenKfId></xml>"""


def test_the_bell_of_the_client_service_has_no_sender_and_belongs_to_its_own_channel() -> None:
    inbound = read(BELL.format(token="ENC", account="wk1").encode(), Channel.WECOM)
    assert (inbound.channel, inbound.person) == (Channel.KF, "")
    assert inbound.event
    assert inbound.event.details == {"Token": "ENC", "OpenKfId": "wk1"}
    keys = {
        read(BELL.format(token=token, account=account).encode(), Channel.WECOM).key
        for token in ("a", "b")
        for account in ("wk1", "wk2")
    }
    assert len(keys) == 4


def test_a_repeated_delivery_has_the_same_key() -> None:
    for body in (push("text", ("Content", "a")), push("text", ("Content", "a"), number=""), CARD):
        assert read(body).key == read(body).key


def test_messages_are_told_apart_by_person_channel_and_number() -> None:
    one = push("text", ("Content", "a"))
    others = [
        one.replace(OPENID.encode(), b"oSomebodyElse"),
        one.replace(b"6054768590064713728", b"6054768590064713729"),
        event("CLICK"),
    ]
    keys = {read(body).key for body in (one, *others)} | {read(one, Channel.WECOM).key}
    assert len(keys) == 5


def test_a_message_without_a_number_is_told_by_time_and_content() -> None:
    one, two = (push("text", ("Content", text), number="") for text in ("满意", "不满意"))
    later = one.replace(b"1409735668", b"1409735669")
    assert len({read(body).key for body in (one, two, later)}) == 3


def test_two_different_events_within_one_second_have_two_keys() -> None:
    bodies = [
        event("CLICK", ("EventKey", "A")),
        event("CLICK", ("EventKey", "B")),
        event("VIEW", ("EventKey", "A")),
        event("CLICK", ("EventKey", "A"), at=1409735669),
        event("TEMPLATESENDJOBFINISH", ("MsgID", 1)),
        event("TEMPLATESENDJOBFINISH", ("MsgID", 2)),
        event("subscribe_msg_sent_event", inside="<S><List><MsgID>1</MsgID></List></S>"),
        event("subscribe_msg_sent_event", inside="<S><List><MsgID>2</MsgID></List></S>"),
        CARD,
        CARD.replace(b"order-12-v1", b"order-12-v2"),
        CARD.replace(b"[RC]", b"[RC2]"),
        CARD.replace(b"<AgentID>1<", b"<AgentID>2<"),
    ]
    assert len({read(body).key for body in bodies}) == len(bodies)


def test_a_key_shows_nobody() -> None:
    key = read(push("text", ("Content", "a"))).key
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


WHOLE = push("text", ("Content", "a"))


@pytest.mark.parametrize(
    ("found", "instead"),
    [
        (b"<MsgType><![CDATA[text]]></MsgType>", b""),
        (b"<MsgType><![CDATA[text]]></MsgType>", b"<MsgType></MsgType>"),
        (b"<MsgType>", b"<MsgType>text</MsgType><MsgType>"),
        (b"<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>", b""),
        (b"<ToUserName><![CDATA[gh_1]]></ToUserName>", b""),
        (b"<CreateTime>1409735668</CreateTime>", b""),
        (b"1409735668", b"soon"),
        (b"1409735668", b"-1"),
        (b"1409735668", b"99999999999999"),
        (b"1409735668", "١٢٣".encode()),
        (b"1409735668", b"1e3"),
        (b"<Content>", b"<Content>x</Content><Content>"),
        (b"</xml>", b""),
        (WHOLE, b""),
        (WHOLE, b"<xml></xml>"),
        (WHOLE, b"<xml/>"),
        (WHOLE, event("").replace(b"<Event><![CDATA[]]></Event>", b"")),
        (WHOLE, event("CLICK").replace(b"<Event>", b"<Event>a</Event><Event>")),
    ],
)
def test_what_the_platform_could_not_have_sent_is_malformed(found: bytes, instead: bytes) -> None:
    assert found in WHOLE
    with pytest.raises(Malformed):
        read(WHOLE.replace(found, instead, 1))


def test_control_characters_people_paste_do_not_hide_their_message() -> None:
    body = push("text", ("Content", "ab")).replace(b"ab", b"a\x08\x00b")
    assert read(body).text == "ab"


def test_a_create_time_in_character_data_is_a_number_all_the_same() -> None:
    body = WHOLE.replace(b"1409735668", b"<![CDATA[1409735668]]>")
    assert read(body).at == read(WHOLE).at


@given(body=st.binary(max_size=400))
def test_any_bytes_are_malformed_or_an_inbound(body: bytes) -> None:
    decodes(body)


pieces = st.sampled_from(
    [b"<", b">", b"]]>", b"&x;", b"\xff", b"<a>", b"</xml>", b"", b"<!DOCTYPE"]
)


@given(
    whole=st.sampled_from([WHOLE, CARD, BELL.encode(), event("SCAN", ("EventKey", "7"))]),
    cuts=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), pieces), max_size=4),
)
def test_mutated_xml_is_malformed_or_an_inbound(
    whole: bytes, cuts: list[tuple[int, int, bytes]]
) -> None:
    for start, length, piece in cuts:
        whole = whole[:start] + piece + whole[start + length :]
    decodes(whole)


names = st.sampled_from(["ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "MsgId"])


@given(tags=st.lists(st.tuples(names, st.one_of(st.text(), st.integers())), max_size=8))
def test_any_tags_are_malformed_or_an_inbound(tags: list[tuple[str, str | int]]) -> None:
    decodes(document(list(tags)))


@given(text=st.text())
def test_a_reply_parses_to_exactly_the_expected_elements(text: str) -> None:
    sender = read(push("text", ("Content", "a")))
    later = NOW + timedelta(microseconds=5)
    tags = fields(leaves(encode_text(sender, text, later)))
    assert list(tags) == ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"]
    assert (tags["ToUserName"], tags["FromUserName"]) == (OPENID, "gh_1")
    assert tags["CreateTime"] == str(int(NOW.timestamp()))
    assert tags["MsgType"] == "text"


@pytest.mark.parametrize("text", ["]]></Content><Z>x</Z>", "&lt;", "<a href='u'>x</a>", "第1行\n2"])
def test_a_reply_says_the_text_and_nothing_else(text: str) -> None:
    reply = encode_text(read(WHOLE), text, NOW)
    assert fields(leaves(reply))["Content"] == text


def decodes(body: bytes) -> None:
    for channel in (Channel.OFFICIAL, Channel.WECOM):
        try:
            assert isinstance(decode(body, channel), Inbound)
        except Malformed:
            continue
