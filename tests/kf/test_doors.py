"""The bell is heard at both addresses; anything else at `/kf` is not for it."""

from typing import Any

import pytest

from bot.messages import Channel
from bot.simulator import tags
from storage.models import KfAccountRow, PersonRow
from tests.kf.counter import WHO, heard, reception
from tests.wechat.sender import Heard, knock, sealed
from tests.world import World


def posted(world: World, path: str, **fields: tags.Value) -> Heard:
    """What a push to that address is answered."""
    door = world.app.doors[path]
    head: dict[str, tags.Value] = {
        "ToUserName": world.platform.accounts.corp.corp_id,
        "CreateTime": int(world.clock().timestamp()),
    }
    inner = tags.write(head | fields)
    return knock(door, sealed(inner, world.clock(), door.envelope).environ(PATH_INFO=path))


def rows(world: World, table: Any) -> int:
    """How many there are."""
    return len(world.database.run(lambda tx: tx.connection.execute(table.__table__.select()).all()))


@pytest.mark.parametrize("path", ["/kf", "/wecom"])
def test_the_bell_is_heard_at_both_addresses(world: World, path: str) -> None:
    world.platform.kf.mute = True
    world.platform.kf.says(WHO, "你好")
    account, token = reception(world).open_kfid, reception(world).token()
    bell = {"MsgType": "event", "Event": "kf_msg_or_event", "OpenKfId": account, "Token": token}
    found = posted(world, path, **bell)
    assert (found.status, found.body) == (200, b"")
    assert len(heard(world)) == 1


def test_a_message_of_staff_at_the_kf_address_is_nobodys(world: World) -> None:
    fields = {"FromUserName": "liu.min", "MsgType": "text", "Content": "待办", "MsgId": "7"}
    found = posted(world, "/kf", **fields)
    assert (found.status, found.body) == (200, b"")
    assert (rows(world, KfAccountRow), rows(world, PersonRow)) == (0, 0)


def test_a_bell_without_an_account_rings_for_nobody(world: World) -> None:
    found = posted(world, "/kf", MsgType="event", Event="kf_msg_or_event", Token="t")
    assert found.status == 200
    assert rows(world, KfAccountRow) == 0


def test_the_console_may_check_the_address(world: World) -> None:
    assert world.platform.verify(Channel.KF) == ""
