"""Every way in which a call can fail, for every kind of message: none lost, none unduly twice."""

import threading
import time
from datetime import timedelta

import pytest

from bot.domain.retry import Failure
from bot.simulator.faults import ANY, Trouble
from bot.wechat.errors import KF, OFFICIAL
from bot.wechat.errors import WECOM as WECOM_CODES
from storage.models import PushState
from tests.faults.line import PATHS, REPEATABLE, STAFF, FakeLine

WAYS = sorted(PATHS)
TABLES = {"text": OFFICIAL, "template": OFFICIAL, "staff": WECOM_CODES, "service": KF}
# an answer that is no refusal in so many words: what was asked may have been done
VAGUE = tuple(one for one in Trouble if one is not Trouble.CODE)


@pytest.mark.parametrize("done", [False, True], ids=["undone", "done"])
@pytest.mark.parametrize("trouble", VAGUE)
@pytest.mark.parametrize("way", WAYS)
def test_a_push_whose_answer_is_lost_arrives_and_at_most_once_more(
    line: FakeLine, brief: None, way: str, trouble: Trouble, done: bool
) -> None:
    done = done or trouble is Trouble.LOST_ANSWER
    who = STAFF if way == "staff" else "who"
    before = len(line.phone(way, who))
    line.platform.faults.on_call(PATHS[way], trouble, done=done)
    line.put(way, "first", who)
    line.delivery.drain()
    line.put(way, "second", who)
    line.later()
    shown = line.phone(way, who)[before:]
    repeated = 1 if done and way in REPEATABLE else 0
    assert [words.removeprefix("text of ") for words in shown] == [
        *["first"] * (1 + repeated),
        "second",
    ]
    # where it may have been sent twice, the row says so
    assert line.states() == {"first": (PushState.SENT, 1, ""), "second": (PushState.SENT, 0, "")}


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_line_ends_each_call_in_time_and_holds_up_nobody_else(
    line: FakeLine, brief: None, way: str
) -> None:
    before = len(line.phone("text", "bystander"))
    who = STAFF if way == "staff" else "who"
    for trouble in (Trouble.DRIP, Trouble.SILENT):
        line.platform.faults.on_call(PATHS[way], trouble, who=who)
        line.put(way, f"{way} {trouble}", who)
        line.put("text", f"by {trouble}", "bystander")
        began = time.monotonic()
        line.delivery.drain()
        assert time.monotonic() - began < 5
        line.later()
    assert len(line.phone("text", "bystander")) == before + 2
    assert {state for state, _, _ in line.states().values()} == {PushState.SENT}


@pytest.mark.parametrize("way", WAYS)
def test_every_code_of_the_platform_leaves_the_push_sent_once_or_where_staff_see_it(
    line: FakeLine, way: str
) -> None:
    for code, means in TABLES[way].items():
        # what one person's refusal teaches must not colour the next
        who = STAFF if way == "staff" else f"who{code}"
        # the token calls of one minute are few
        line.clock.forward(timedelta(minutes=1))
        key = f"code {code}"
        line.platform.faults.on_call(PATHS[way], Trouble.CODE, code)
        line.put(way, key, who)
        line.delivery.drain()
        line.platform.faults.clear()
        line.later(timedelta(hours=1), 2)
        state, _, reason = line.states()[key]
        arrived = [words for words in line.phone(way, who) if words.endswith(key)]
        assert (state in SEEN[means] and bool(reason)) or state is PushState.SENT, (key, state)
        # what the platform says to have had before need not be on this phone
        assert len(arrived) == (state is PushState.SENT and means is not Failure.DONE), key
        passing = means in {Failure.AGAIN, Failure.REAUTH, Failure.WAIT}
        assert state is PushState.SENT or not passing, key


# beside being sent after all: by another way, or when the fault was mended
SEEN = {
    **dict.fromkeys(Failure, frozenset({PushState.HELD, PushState.FAILED})),
    **dict.fromkeys((Failure.AGAIN, Failure.WAIT, Failure.REAUTH), frozenset[PushState]()),
}


def test_a_fault_meant_for_one_person_meets_nobody_else(line: FakeLine) -> None:
    line.platform.faults.on_call(ANY, Trouble.CODE, 45009, times=9, who="unlucky")
    for who in ("lucky", "unlucky"):
        line.put("text", who, who)
    line.delivery.drain()
    assert line.states()["lucky"][0] is PushState.SENT
    assert line.states()["unlucky"][0] is PushState.PENDING
    line.platform.faults.clear()
    line.later(timedelta(hours=1))
    assert line.states()["unlucky"][0] is PushState.SENT


def test_a_fault_happens_as_often_as_it_was_ordered(line: FakeLine) -> None:
    line.platform.faults.on_call(PATHS["staff"], Trouble.BAD_GATEWAY, times=3)
    line.put("staff", "a", STAFF)
    tries = 0
    while line.states()["a"][0] is not PushState.SENT:
        line.delivery.drain()
        line.clock.forward(timedelta(minutes=1))
        tries += 1
    assert (tries, line.states()["a"]) == (4, (PushState.SENT, 3, ""))


def test_a_platform_that_does_not_answer_holds_no_lock(line: FakeLine, brief: None) -> None:
    """Silence to one caller is no silence to the others: their calls go through meanwhile."""
    line.platform.faults.on_call(PATHS["text"], Trouble.SILENT, who="slow")
    line.put("text", "slow", "slow")
    line.put("text", "quick", "quick")
    worker = threading.Thread(target=line.delivery.drain)
    worker.start()
    deadline = time.monotonic() + 5
    while line.states()["quick"][0] is not PushState.SENT:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    worker.join()
