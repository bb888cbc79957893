"""Every message is answered once: over pages, crashes, lost cursors, lost bells and two pullers."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from bot.conversation import Conversation
from bot.health import readiness
from bot.kf_inbox import LEASE, POLL, KfInbox, Reading
from bot.messages import Channel, Inbound
from bot.simulator.faults import PushTrouble, Trouble
from storage import kf_accounts
from tests.kf.counter import WHO, account, heard, reception, says, set_account
from tests.world import World

SYNC = "/cgi-bin/kf/sync_msg"
HOUR = timedelta(hours=1)


def calls(world: World, path: str = SYNC) -> int:
    """How often the office made that call."""
    traces = world.platform.journal.since(0)
    return sum(one.what.endswith(path) for one in traces)


def puller(world: World, conversation: Conversation | None = None) -> KfInbox:
    """Another process that reads the same account."""
    app = world.app
    return KfInbox(conversation or app.conversation, app.customer_service, world.clock)


class Died(BaseException):
    """The process is gone in the middle of a page."""


class Mortal(Conversation):
    """A conversation whose process dies after so many turns."""

    turns = 0

    def answer(self, inbound: Inbound, raw: bytes, *rest: Any) -> bytes | None:
        """Answers, or dies."""
        if self.turns <= 0:
            raise Died
        object.__setattr__(self, "turns", self.turns - 1)
        return super().answer(inbound, raw, *rest)


def mortal(world: World, turns: int) -> Mortal:
    """A conversation with so many turns to live."""
    whole = world.app.conversation
    found = Mortal(whole.database, whole.office, whole.clock, whole.encode)
    object.__setattr__(found, "turns", turns)
    return found


def test_a_bell_reads_nothing_in_the_request(world: World) -> None:
    done = world.platform.kf.says(WHO, "你好")
    assert (done.status, done.attempts) == (200, 1)
    assert calls(world) == 0
    assert len(heard(world)) == 1


def test_every_page_is_read(world: World) -> None:
    reception(world).page_size = 1
    world.platform.kf.mute = True
    for number in range(4):
        world.platform.kf.says(WHO, f"谢谢{number}" if number else "你好")
    world.platform.kf.mute = False
    assert len(says(world, "谢谢")) == 5
    assert calls(world) == 5
    assert account(world).caught_up


def test_an_empty_page_with_more_behind_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(world, "你好")
    whole, service = world.app.customer_service.page, world.app.customer_service
    gaps = iter([True, False])

    def page(open_kfid: str, cursor: str, token: str) -> Any:
        found = whole(open_kfid, cursor, token)
        if not next(gaps, False):
            return found
        return type(found)((), f"{cursor}", True) if not cursor else type(found)((), "4gw0", True)

    monkeypatch.setattr(service, "page", page)
    # the cursor moved although nothing was on the page, so the next one is asked for
    assert len(says(world, "谢谢")) == 1


def test_a_message_that_comes_twice_is_answered_once(world: World) -> None:
    says(world, "你好")
    reception(world).log.append(dict(reception(world).log[0]))
    world.platform.kf.ring()
    assert heard(world) == []


def test_a_bell_that_rings_twice_is_harmless(world: World) -> None:
    world.platform.faults.on_push(Channel.KF, PushTrouble.REPEATED)
    world.platform.faults.on_push(Channel.KF, PushTrouble.UNHEARD)
    assert len(says(world, "你好")) == 1
    assert len(says(world, "谢谢")) == 1


def test_a_lost_bell_is_made_up_for_by_the_clock(world: World) -> None:
    says(world, "你好")
    world.platform.faults.on_push(Channel.KF, PushTrouble.LOST)
    assert says(world, "谢谢") == []
    world.clock.forward(POLL)
    assert len(heard(world)) == 1


def test_an_old_token_is_left_out(world: World) -> None:
    says(world, "你好")
    world.platform.kf.says(WHO, "谢谢")
    world.clock.forward(timedelta(minutes=11))
    assert len(heard(world)) == 1


def test_a_lost_cursor_answers_nothing_again(world: World) -> None:
    says(world, "你好")
    says(world, "谢谢")
    set_account(world, cursor=None)
    assert len(says(world, "谢谢")) == 1


def test_a_cursor_that_is_refused_is_forgotten(world: World) -> None:
    says(world, "你好")
    set_account(world, cursor="4gw999")
    assert says(world, "谢谢") == []
    assert account(world).cursor is None
    world.clock.forward(POLL)
    assert len(heard(world)) == 1


def test_at_the_first_start_the_past_is_noted_and_not_answered(world: World) -> None:
    world.platform.kf.mute = True
    reception(world).page_size = 1
    world.platform.kf.says(WHO, "昨天的问题")
    world.platform.kf.says(WHO, "还有一个")
    world.clock.forward(HOUR)
    world.platform.kf.mute = False
    assert len(says(world, "你好")) == 1
    # what was noted is known for ever, also to somebody who lost the cursor
    set_account(world, cursor=None)
    assert len(says(world, "谢谢")) == 1


def test_after_an_outage_everything_is_answered(world: World) -> None:
    says(world, "你好")
    world.platform.kf.mute = True
    world.platform.kf.says(WHO, "谢谢")
    world.clock.forward(5 * HOUR)
    assert len(heard(world)) == 1


def test_a_platform_that_is_away_is_asked_again(world: World) -> None:
    world.platform.faults.on_call(SYNC, Trouble.BAD_GATEWAY, times=2)
    assert says(world, "你好") == []
    world.clock.forward(timedelta(seconds=2))
    assert heard(world) == []
    world.clock.forward(timedelta(seconds=4))
    assert len(heard(world)) == 1
    assert account(world).attempts == 0


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_crash_in_the_middle_of_a_page_loses_and_doubles_nothing(
    world: World, turns: int
) -> None:
    says(world, "你好")
    world.platform.kf.mute = True
    for number in range(2):
        world.platform.kf.says(WHO, f"谢谢{number}")
    world.platform.kf.mute = False
    world.platform.kf.says(WHO, "谢谢")
    before = account(world).cursor
    with pytest.raises(Died):
        puller(world, mortal(world, turns)).drain()
    assert account(world).cursor == before
    # its lease holds others off, and runs out
    assert len(heard(world)) == turns
    world.clock.forward(LEASE)
    assert len(heard(world)) == 3 - turns
    assert account(world).cursor == "4gw4"


def test_a_crash_before_the_commit_undoes_the_turn_with_the_cursor(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(world, "你好")
    world.platform.kf.says(WHO, "谢谢")
    before = account(world).cursor

    def die(*_given: object) -> bool:
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(kf_accounts, "move", die)
        with pytest.raises(Died):
            puller(world).drain()
    assert account(world).cursor == before
    assert heard(world) == []
    world.clock.forward(LEASE)
    assert len(heard(world)) == 1


def test_two_pullers_read_an_account_one_at_a_time(world: World) -> None:
    says(world, "你好")
    world.platform.kf.mute = True
    for number in range(20):
        world.platform.kf.says(f"{WHO}{number}", "谢谢")
    world.platform.kf.mute = False
    world.platform.kf.says(WHO, "谢谢")
    threads = [Thread(target=puller(world).drain) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(heard(world)) == 1
    assert all(len(heard(world, f"{WHO}{number}")) == 1 for number in range(20))


def test_a_puller_that_slept_moves_no_cursor(world: World) -> None:
    says(world, "你好")
    world.platform.kf.says(WHO, "谢谢")
    late = puller(world)
    claimed = late._claim()
    assert claimed is not None
    page = world.app.customer_service.page(claimed.open_kfid, claimed.cursor or "", "")
    world.clock.forward(LEASE)
    assert len(says(world, "谢谢")) == 1 + 1
    after = account(world).cursor
    reading = Reading(claimed)
    late._take(reading, page)
    assert not reading.ours
    assert account(world).cursor == after
    assert heard(world) == []


def test_a_bell_during_a_pull_is_heard(world: World) -> None:
    says(world, "你好")
    world.platform.kf.says(WHO, "谢谢")
    late = puller(world)
    claimed = late._claim()
    assert claimed is not None
    world.platform.kf.ring()
    late._read(Reading(claimed))
    assert account(world).next_at <= world.clock()


def test_an_account_that_cannot_be_read_is_an_alarm(world: World) -> None:
    says(world, "你好")
    assert "kf_unread" not in alarms(world)
    world.platform.faults.on_call(SYNC, Trouble.CODE, 60011, times=9)
    world.platform.kf.says(WHO, "谢谢")
    for _ in range(4):
        assert heard(world) == []
        world.clock.forward(HOUR)
    assert alarms(world)["kf_unread"] == 1
    world.platform.faults.take_call(SYNC)
    for _ in range(5):
        world.clock.forward(HOUR)
        world.deliver()
    assert "kf_unread" not in alarms(world)


def alarms(world: World) -> Any:
    """What `/readyz` complains of."""
    return readiness(world.database, world.clock(), world.app.alarms)["alarms"]
