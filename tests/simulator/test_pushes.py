"""What the platform posts to the bot, how often, and what people see of the answer."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from werkzeug.wrappers import Response

from bot.messages import Channel
from bot.simulator.accounts import Accounts, Mode
from bot.simulator.faults import PushTrouble
from bot.simulator.phones import Bubble
from bot.simulator.platform import Platform
from bot.simulator.texts import PLATFORM
from bot.simulator.wires import Answer, in_process
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import CHANNELS, STAFF
from tests.simulator.fake_bot import Answer as Answered
from tests.simulator.fake_bot import FakeBot, Tags, always, reply

MINE = "oClient"


def test_a_typed_message_comes_sealed_and_its_answer_is_shown(
    platform: Platform, bot: FakeBot
) -> None:
    delivery = platform.client_says(MINE, "问一下 ]]> <b>&")
    assert delivery.reply == "echo:问一下 ]]> <b>&"
    assert [entry.text for entry in platform.client_phone(MINE)] == [
        "问一下 ]]> <b>&",
        "echo:问一下 ]]> <b>&",
    ]
    seen = bot.seen[0]
    assert "问一下".encode() not in seen.body
    assert seen.query["openid"] == MINE
    assert seen.tags["MsgId"].isdigit()


@pytest.mark.parametrize("silence", [b"", b"success"])
def test_success_and_an_empty_answer_show_nothing_and_end_the_retries(
    platform: Platform, bot: FakeBot, silence: bytes
) -> None:
    bot.answer = always(silence)
    delivery = platform.client_says(MINE, "hi")
    assert (delivery.reply, delivery.fault, delivery.attempts) == (None, False, 1)
    assert len(platform.client_phone(MINE)) == 1


@pytest.mark.parametrize(
    "answer",
    [
        b'{"errcode":0}',
        b"Success",
        b"<html>500</html>",
        b"<xml><Encrypt>AAAA</Encrypt></xml>",
        b"<xml><unclosed></xml>",
    ],
)
def test_a_malformed_answer_shows_the_fault_text_at_once(
    platform: Platform, bot: FakeBot, answer: bytes
) -> None:
    bot.answer = always(answer)
    delivery = platform.client_says(MINE, "hi")
    assert (delivery.fault, delivery.attempts) == (True, 1)
    last = platform.client_phone(MINE)[-1]
    assert (last.kind, last.text) == (Bubble.FAULT, PLATFORM["fault"])


@pytest.mark.parametrize(
    "changed",
    [
        {"ToUserName": "oSomebodyElse"},
        {"FromUserName": "gh_other"},
        {"CreateTime": "now"},
        {"MsgType": "poem"},
        {"Content": ""},
        {"Content": "字" * 683},
    ],
)
def test_a_reply_with_a_wrong_tag_shows_the_fault_text(
    platform: Platform, bot: FakeBot, changed: dict[str, str]
) -> None:
    envelope = bot._envelope("/wechat")

    def answer(tags: Tags) -> bytes:
        return envelope.seal(reply(tags, "x", **changed), 1700000000, "42")

    bot.answer = answer
    assert platform.client_says(MINE, "hi").fault


def test_an_unsealed_reply_in_safe_mode_shows_the_fault_text(
    platform: Platform, bot: FakeBot
) -> None:
    bot.answer = lambda tags: reply(tags, "plain")
    assert platform.client_says(MINE, "hi").fault


def test_no_answer_is_retried_three_times_with_the_same_id_and_a_new_signature(
    accounts: Accounts, bot: FakeBot, clock: FixedClock
) -> None:
    pauses: list[float] = []
    platform = Platform(accounts, clock, in_process(bot), staff=STAFF, pause=pauses.append)
    bot.answer = always(Response("busy", status=503))
    delivery = platform.client_says(MINE, "hi")
    assert (delivery.fault, delivery.attempts) == (True, 4)
    assert pauses == [5.0, 5.0, 5.0]
    assert len({seen.tags["MsgId"] for seen in bot.seen}) == 1
    assert len({seen.tags["CreateTime"] for seen in bot.seen}) == 1
    assert len({seen.query["msg_signature"] for seen in bot.seen}) == 4


def test_a_bot_that_comes_back_during_the_retries_is_heard(
    platform: Platform, bot: FakeBot
) -> None:
    answers: list[Answered] = [Response(status=503), Response(status=503), "back"]
    bot.answer = lambda _: answers.pop(0)
    delivery = platform.client_says(MINE, "hi")
    assert (delivery.reply, delivery.attempts, delivery.fault) == ("back", 3, False)


def test_a_bot_that_cannot_be_reached_shows_the_fault_text(
    accounts: Accounts, clock: FixedClock
) -> None:
    def nobody(
        method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        raise ConnectionRefusedError

    platform = Platform(accounts, clock, nobody, staff=STAFF)
    assert platform.client_says(MINE, "hi").fault


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_console_check_passes_for_a_bot_that_echoes(
    platform: Platform, channel: Channel
) -> None:
    assert platform.verify(channel) == ""


def test_an_ordered_repetition_reaches_the_bot_twice_with_one_id(
    platform: Platform, bot: FakeBot
) -> None:
    platform.faults.on_push(Channel.OFFICIAL, PushTrouble.REPEATED)
    platform.client_says(MINE, "hi")
    assert [seen.tags["MsgId"] for seen in bot.seen] == [bot.seen[0].tags["MsgId"]] * 2
    assert len(platform.client_phone(MINE)) == 2


def test_an_answer_the_platform_did_not_hear_is_asked_for_again(
    platform: Platform, bot: FakeBot
) -> None:
    platform.faults.on_push(Channel.OFFICIAL, PushTrouble.UNHEARD, times=2)
    assert platform.client_says(MINE, "hi").reply == "echo:hi"
    assert len(bot.seen) == 3


def test_copies_of_one_message_arrive_together_with_one_id_and_many_signatures(
    platform: Platform, bot: FakeBot
) -> None:
    heard = platform.client_says_in_copies(MINE, "hi", copies=16)
    assert [one.reply and one.reply["Content"] for one in heard] == ["echo:hi"] * 16
    assert len({seen.tags["MsgId"] for seen in bot.seen}) == 1
    assert len({seen.query["msg_signature"] for seen in bot.seen}) == 16
    assert len(platform.client_phone(MINE)) == 2


def test_many_people_at_once_keep_their_own_chats(platform: Platform) -> None:
    people = [f"oClient{number}" for number in range(16)]
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda who: [platform.client_says(who, who) for _ in range(5)], people))
    for who in people:
        chat = platform.client_phone(who)
        assert {entry.text for entry in chat} == {who, f"echo:{who}"}
        assert [entry.id for entry in chat] == list(range(1, 11))


def test_a_lost_push_never_arrives_and_shows_nothing(platform: Platform, bot: FakeBot) -> None:
    platform.faults.on_push(Channel.OFFICIAL, PushTrouble.LOST)
    assert not platform.client_says(MINE, "hi").fault
    assert (bot.seen, len(platform.client_phone(MINE))) == ([], 1)


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.COMPATIBLE])
def test_the_other_modes_post_the_message_in_the_clear(
    accounts: Accounts, clock: FixedClock, mode: Mode
) -> None:
    plain = Accounts(replace(accounts.official, mode=mode), accounts.corp)
    bot = FakeBot(plain, answer=always(b"success"))
    platform = Platform(plain, clock, in_process(bot), staff=STAFF)
    assert not platform.client_says(MINE, "hi").fault
    assert b"<![CDATA[hi]]>" in bot.seen[0].body


def test_following_leaving_and_scanning_come_as_the_events_of_the_platform(
    platform: Platform, bot: FakeBot
) -> None:
    platform.client_scans(MINE, "desk1")
    platform.client_scans(MINE, "desk2")
    platform.client_taps(MINE, "PROGRESS")
    platform.client_unfollows(MINE)
    assert [(seen.tags["Event"], seen.tags.get("EventKey")) for seen in bot.seen] == [
        ("subscribe", "qrscene_desk1"),
        ("SCAN", "desk2"),
        ("CLICK", "PROGRESS"),
        ("unsubscribe", None),
    ]


def test_a_fault_after_leaving_is_seen_by_nobody(platform: Platform, bot: FakeBot) -> None:
    bot.answer = always(b"nonsense")
    assert not platform.client_unfollows(MINE).fault


def test_a_photo_can_be_fetched_for_three_days(
    platform: Platform, bot: FakeBot, clock: FixedClock
) -> None:
    platform.client_sends_photo(MINE, b"jpeg bytes", "image/jpeg")
    tags = bot.seen[0].tags
    assert tags["MsgType"] == "image"
    assert tags["PicUrl"].endswith("/oa/pictures/" + tags["MediaId"])


def test_a_member_of_the_corporation_sees_no_fault_text(platform: Platform, bot: FakeBot) -> None:
    bot.answer = always(b"nonsense")
    before = len(platform.staff_phone("ZhangSan"))
    delivery = platform.staff_says("ZhangSan", "我的任务")
    assert not delivery.fault
    assert delivery.why
    assert len(platform.staff_phone("ZhangSan")) == before + 1


def test_a_member_gets_the_answer_to_a_typed_message(platform: Platform, bot: FakeBot) -> None:
    assert platform.staff_says("zhangsan", "任务").reply == "echo:任务"
    assert bot.seen[0].tags["AgentID"] == str(platform.accounts.corp.agent_id)
    assert bot.seen[0].tags["FromUserName"] == "ZhangSan"
    assert platform.staff_phone("ZhangSan")[-1].text == "echo:任务"


def test_the_journal_tells_calls_without_secrets_or_contents(platform: Platform) -> None:
    platform.client_says(MINE, "我的电话13800138000")
    trace = platform.journal.since(0)[-1]
    assert (trace.what, trace.status, trace.result) == ("/wechat text", 200, "reply")
    assert "138" not in repr(trace)
