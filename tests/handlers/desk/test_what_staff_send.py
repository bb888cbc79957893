"""Whatever a staff member sends in WeCom is answered, whether it can be read or not."""

import pytest

from bot.wechat.envelope import Envelope
from bot.wechat.xml import document, fields, leaves
from tests.handlers.desk.book import KEEPER
from tests.wechat.sender import Heard, knock, sealed
from tests.world import World


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


def send(world: World, who: str, kind: str, *tags: tuple[str, str]) -> Heard:
    """A message of any kind, as the platform would sign it."""
    corp = world.platform.accounts.corp
    head = [("ToUserName", corp.corp_id), ("FromUserName", who), ("MsgType", kind), *tags]
    inner = document([*head, ("CreateTime", int(world.clock().timestamp()))])
    envelope = envelope_of(world)
    return knock(world.app.doors["/wecom"], sealed(inner, world.clock(), envelope).environ())


def envelope_of(world: World) -> Envelope:
    """The staff app's."""
    corp = world.platform.accounts.corp
    return Envelope(corp.token, corp.aes_key, corp.corp_id)


def said(world: World, heard: Heard) -> str:
    """The text of the passive reply."""
    return fields(leaves(envelope_of(world).decrypt(fields(leaves(heard.body))["Encrypt"])))[
        "Content"
    ]


@pytest.mark.parametrize("kind", ["voice", "video", "location", "link", "hologram", "text"])
def test_staff_are_told_what_can_be_typed_when_it_was_something_else(
    world: World, kind: str
) -> None:
    assert "待办" in said(world, send(world, KEEPER, kind, ("MediaId", "m")))
    assert "服务人员名单" in said(world, send(world, "mallory", kind, ("MediaId", "m")))


def test_staff_are_told_how_a_picture_becomes_a_certificate(world: World) -> None:
    assert "证书 编号" in said(world, send(world, KEEPER, "image", ("MediaId", "m")))
    assert "服务人员名单" in said(world, send(world, "mallory", "image", ("MediaId", "m")))


def test_opening_the_chat_is_not_answered(world: World) -> None:
    heard = send(world, KEEPER, "event", ("Event", "enter_agent"))
    assert (heard.status, heard.body) == (200, b"")
