"""The platform in a terminal: what one types and reads."""

from datetime import timedelta

from bot.simulator.platform import Platform
from bot.simulator.terminal import chat
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller
from tests.simulator.fake_bot import FakeBot, Tags
from tests.simulator.test_wecom_api import SELECTION, card


def play(platform: Platform, clock: FixedClock, *lines: str) -> str:
    """Everything written while these lines are typed."""
    typed, written = iter([*lines, "/quit"]), list[str]()
    chat(platform, lambda: next(typed, None), written.append, move_clock=clock.forward)
    return "\n".join(written)


def test_a_typed_line_is_a_message_and_its_answer_is_written(
    platform: Platform, clock: FixedClock, bot: FakeBot
) -> None:
    written = play(platform, clock, "8块压力表\\n要校准")
    assert "< echo:8块压力表\n要校准" in written
    assert bot.seen[0].tags["Event"] == "subscribe"


def test_a_card_shows_its_buttons_by_number_and_a_tap_reaches_the_bot(
    caller: Caller, clock: FixedClock, bot: FakeBot
) -> None:
    def answer(tags: Tags) -> bytes:
        if tags.get("Content") == "go":
            caller.send_card("ZhangSan", card(button_selection=SELECTION))
        return b""

    bot.answer = answer
    written = play(caller.platform, clock, "go", "/tap 2 wangwu", "/tap 9")
    assert "[Zhang San(ZhangSan)]   /tap 1  接单" in written
    assert "1 到 2" in written
    assert bot.seen[-1].tags["EventKey"] == "on"
    assert "wangwu" in str(bot.seen[-1].tags["SelectedItems"])


def test_waiting_moves_the_clock_and_nothing_else_does(
    platform: Platform, clock: FixedClock
) -> None:
    before = clock.now
    written = play(platform, clock, "/wait 3 days", "/wait workday", "/wait long")
    assert clock.now == before + timedelta(days=4)
    assert "2026-11-27 09:00" in written
    assert "例如 /wait 3 days" in written


def test_a_member_types_and_reads_under_their_own_name(
    platform: Platform, clock: FixedClock
) -> None:
    written = play(platform, clock, "/staff lisi 我的任务", "/staff nobody hi", "/dance")
    assert "[Li Si(LiSi)] < echo:我的任务" in written
    assert "ZhangSan LiSi" in written
    assert "/dance" in written


def test_media_can_be_sent_and_the_end_of_input_ends_the_chat(
    platform: Platform, clock: FixedClock, bot: FakeBot
) -> None:
    typed = iter(["/photo", "/voice 您好", "/video"])
    written = list[str]()
    chat(platform, lambda: next(typed, None), written.append)
    assert [one.tags["MsgType"] for one in bot.seen[-3:]] == ["image", "voice", "video"]
    assert bot.seen[-2].tags["Recognition"] == "您好"
