"""What is never stored, and never logged: identity and card numbers, places, people's words."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import conversation
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel
from storage.vault import Vault
from tests.everything_stored import everything
from tests.fixed_clock import FixedClock
from tests.transcript import replay
from tests.world import World, open_world

ID, CARD = "220102199001011234", "6222020200001234562"
SECRETS = (ID, CARD, ID[4:15], CARD[2:14])
WHO = "oclient"
# a client from the first word to the end of a case, with such a number in every message
ALL_THE_WAY = (
    f"你好，我身份证{ID}",
    f"8块压力表要校准，我的身份证号：{ID}",
    f"联系人王小明，身份证{ID}",
    "同意",
    f"个人，王小明{ID}，13804310001，长春市南关区人民大街100号，卡号{CARD}",
    f"计量器具清单：压力表8块 {ID}\n证书单位：同申请人",
    f"开票信息 {CARD}",
    f"税号是{ID}",
    "确认",
    f"改地址 长春市南关区人民大街200号 {ID}",
    f"我要投诉，态度太差了，身份证{ID}",
    f"投诉补充：卡号{CARD}",
    f"提个意见：别再问我要{ID}",
    f"删除我的信息 {ID}",
    f"人工 我的身份证{ID[:6]} {ID[6:14]} {ID[14:]}",
    f"再说一遍 {ID}",
    "进度",
)
STORIES = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


def leaks(world: World) -> list[str]:
    """Where such a number is stored after all."""
    lines = everything(world.database).splitlines()
    return [line[:60] for line in lines if any(secret in line for secret in SECRETS)]


def test_no_identity_or_card_number_is_stored_whatever_the_talk_is_about(world: World) -> None:
    for words in ALL_THE_WAY:
        reply = world.say(WHO, words)
        world.deliver()
        world.clock.forward(timedelta(minutes=1))
        assert leaks(world) == []
        assert not any(secret in reply for secret in SECRETS)
        if ID in words or CARD in words:
            assert "已打码" in reply


def test_nor_when_staff_type_it_or_a_turn_fails(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.order("liu.min", f"登记 个人 王小明 {ID} 13804310001 8块压力表要校准 卡号{CARD}")
    world.order("liu.min", f"身份证 {ID}")
    assert leaks(world) == []

    def breaks(_turn: Turn) -> Answer:
        raise RuntimeError

    monkeypatch.setitem(conversation.HANDLERS, Channel.OFFICIAL, (breaks,))
    assert "已保存" in world.say(WHO, f"帮帮我 {ID}")
    assert leaks(world) == []
    assert "帮帮我" in everything(world.database)


PLACE = {
    "Location_X": "43.887654",
    "Location_Y": "125.323456",
    "Label": "长春市南关区人民大街100号",
}
AT = {"Latitude": "43.887654", "Longitude": "125.323456", "Precision": "65.000000"}


def test_coordinates_are_never_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    platform = world.platform

    def send() -> None:
        platform.client_sends(WHO, "location", PLACE)
        platform.client_event(WHO, "LOCATION", AT)
        world.clock.forward(timedelta(minutes=1))
        assert not any(part in everything(world.database) for part in ("43.887", "125.323"))

    send()
    world.say(WHO, "8块压力表要校准")
    send()
    world.say(WHO, "同意")
    send()
    assert "人民大街100号" in everything(world.database)

    def breaks(_turn: Turn) -> Answer:
        raise RuntimeError

    monkeypatch.setitem(conversation.HANDLERS, Channel.OFFICIAL, (breaks,))
    send()
    assert "kept_inputs.raw" in everything(world.database)


class Listener(logging.Handler):
    """Keeps every line that anybody logs, traceback and all."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log() -> Iterator[list[str]]:
    """Everything that is logged, of all loggers, from DEBUG on."""
    listener, root = Listener(), logging.getLogger()
    # the engine and the network of the tests' own pretended platform are not the product's
    level = root.level
    root.addHandler(listener)
    root.setLevel(logging.DEBUG)
    yield listener.lines
    root.removeHandler(listener)
    root.setLevel(level)


def said_by_clients(story: str) -> set[str]:
    """What the clients of a transcript typed, word for word, as far as it says anything."""
    lines = [line for line in story.splitlines() if line.startswith((">", "| ", "@"))]
    words = {part for line in lines for part in line.lstrip(">|@ ").split() if len(part) > 3}
    return {word for word in words if not word.isascii() or word.isdigit()}


PERSONAL = ("孟丽", "王小明", "13804310001", "人民大街")


# one in fifteen, as different from each other as stories are
@pytest.mark.parametrize("story", STORIES[::15], ids=lambda path: path.stem)
def test_no_log_line_of_a_whole_conversation_says_who_or_what(
    story: Path, sqlite_url: str, vault: Vault, clock: FixedClock, log: list[str]
) -> None:
    written = story.read_text(encoding="utf-8")
    with open_world(sqlite_url, vault, clock) as world:
        replay(written, world)
    assert log
    forbidden = {*said_by_clients(written), *PERSONAL, WHO}
    told = [(line[:80], word) for line in log for word in forbidden if word in line]
    assert told == []


def test_not_even_a_turn_that_fails_logs_what_was_said(
    world: World, log: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(turn: Turn) -> Answer:
        raise ValueError(turn.inbound.text)

    monkeypatch.setitem(conversation.HANDLERS, Channel.OFFICIAL, (breaks,))
    world.say(WHO, "王小明，13804310001，人民大街")
    assert any("turn failed" in line for line in log)
    assert [line for line in log if any(word in line for word in (*PERSONAL, WHO))] == []
