"""Taps that no phone of ours would send: whatever they name, nothing moves and nothing breaks."""

import secrets

import pytest
from sqlalchemy import select

from bot.domain.cases import NeedState
from bot.wechat.envelope import Envelope
from bot.wechat.xml import document
from storage.models import KeptRow
from tests.handlers.desk.book import COLLEAGUE, KEEPER, client_of, look, put
from tests.wechat.sender import Heard, knock, sealed
from tests.world import World

TASKS = (
    "",
    "assign",
    "assign-1",
    "assign-x-y",
    "assign-1-7",
    "assign-2-1",
    "assign-²-¹",
    "assign-٣-١",
    "assign--1--1",
    f"assign-{'9' * 18}-1",
    f"assign-{'9' * 5000}-1",
    f"assign-1-{'9' * 40}",
    "assign-1-1'; DROP TABLE needs; --",
    "{{7*7}}-1-1",
)
TICKS = ("²", "-1", "٣", "9" * 5000, "", "0'", "{{7*7}}")


def tap(world: World, staff: str, task: str, key: str, *ticked: str) -> Heard:
    """The tap as the platform would sign it, whatever it names."""
    corp = world.platform.accounts.corp
    envelope, now = Envelope(corp.token, corp.aes_key, corp.corp_id), world.clock()
    event = document(
        [
            ("ToUserName", corp.corp_id),
            ("FromUserName", staff),
            ("CreateTime", int(now.timestamp())),
            ("MsgType", "event"),
            ("Event", "template_card_event"),
            ("EventKey", key),
            ("TaskId", task),
            ("ResponseCode", secrets.token_hex(8)),
        ]
    )
    chosen = "".join(f"<OptionId><![CDATA[{one}]]></OptionId>" for one in ticked)
    item = f"<QuestionKey>wanted</QuestionKey><OptionIds>{chosen}</OptionIds>"
    boxes = f"<SelectedItems><SelectedItem>{item}</SelectedItem></SelectedItems></xml>"
    inner = event.replace(b"</xml>", boxes.encode()) if ticked else event
    return knock(world.app.doors["/wecom"], sealed(inner, now, envelope).environ())


def failed(world: World) -> list[str]:
    """Why turns failed."""
    return list(world.database.run(lambda tx: tx.execute(select(KeptRow.why)).scalars().all()))


def test_a_task_id_of_nobody_moves_nothing_and_is_answered(world: World) -> None:
    number = put(world, NeedState.SUBMITTED)
    for task in TASKS:
        before = look(world, number)
        assert tap(world, KEEPER, task, "take").status == 200
        after = look(world, number)
        assert after.need == before.need, task
        assert after.since(before), task
    assert failed(world) == []


@pytest.mark.parametrize("key", ["explode", "finish", "reopen", "reroute", "", "{{7*7}}", "TAKE"])
def test_a_button_that_the_card_does_not_have_moves_nothing(world: World, key: str) -> None:
    number = put(world, NeedState.SUBMITTED)
    before = look(world, number)
    task = f"assign-{before.need.id}-{before.need.version}"
    assert tap(world, KEEPER, task, key).status == 200
    assert look(world, number).need == before.need
    assert failed(world) == []


def test_a_card_in_another_hand_moves_nothing(world: World) -> None:
    number = put(world, NeedState.SUBMITTED)
    before = look(world, number)
    task = f"assign-{before.need.id}-{before.need.version}"
    for other in (COLLEAGUE, "mallory", client_of(number)):
        assert tap(world, other, task, "take").status == 200
    assert look(world, number).need == before.need


def test_ticks_that_no_box_has_are_asked_for_again(world: World) -> None:
    number = put(world, NeedState.EVALUATING)
    before = look(world, number)
    task = f"wanted-{before.need.id}-{before.need.version}"
    for one in TICKS:
        assert tap(world, KEEPER, task, "supplement", one).status == 200
    assert look(world, number).need == before.need
    assert failed(world) == []
