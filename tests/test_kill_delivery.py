"""Workers killed and frozen while they send: no push is lost, and hardly one comes twice.

A worker that dies between the platform's yes and its own mark leaves the push to be sent again:
one at most for each of its threads. Templates, staff messages and 微信客服 carry a key by which
the platform drops the repeat, so that nobody sees it.
"""

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest

from bot.clock import system_now
from bot.delivery import THREADS_TO_A_LINE
from bot.simulator import broken_wires
from bot.simulator.faults import Trouble
from bot.wechat.limits import WINDOWS, Grant
from storage import outbox
from storage.db import Database
from storage.models import PushState
from tests.faults.children import Child, children
from tests.faults.line import CUSTOM, TEMPLATE, Line, platform_for

# of the five messages a client may get, which repeats use up
WORKERS, THREADS, EACH = 3, 4, 3
# each thread may have sent something that it has not marked yet
IN_HAND = THREADS * THREADS_TO_A_LINE
# a worker that dies holds its pushes as long; longer than any pause of a busy machine
LEASE = 6.0
WAYS = ("text", "template", "staff", "service")
# so many are on their way at any time: every kill is one under load
BACKLOG = 150
PATIENCE = 90.0
MOST = WINDOWS[Grant.WROTE].count
CALLS = {"text": CUSTOM, "template": TEMPLATE}


@dataclass
class Post:
    """Persons who are told three things each, in order, until it is over."""

    line: Line
    over: threading.Event = field(default_factory=threading.Event)
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def feed(self) -> None:
        """One person after the other, and never many more than can be sent."""
        number = 0
        while not self.over.is_set():
            if self.waiting() > BACKLOG:
                time.sleep(0.02)
                continue
            for way in WAYS:
                self.tell(way, f"{way}{number}")
            number += 1

    def tell(self, way: str, who: str) -> None:
        """All pushes to a new person, in one transaction."""
        if way == "staff":
            with self.line.platform.hub.lock:
                self.line.platform.hub.people.hire(who, who)
        keys = [f"{who}.{count}" for count in range(EACH)]
        self.line.put_all(way, keys, who)
        self.told[way, who] = keys

    def waiting(self) -> int:
        """How many are on their way."""
        later = system_now() + timedelta(days=1)
        return self.line.db.run(lambda tx: outbox.waiting(tx, later)).due

    def finish(self) -> None:
        """Everything is sent."""
        deadline = time.monotonic() + PATIENCE
        while self.waiting():
            assert time.monotonic() < deadline, f"{self.waiting()} pushes are stuck"
            time.sleep(0.1)

    def arrived(self, way: str, who: str) -> list[str]:
        """What that person was shown, in order, by key."""
        return [words.removeprefix("text of ") for words in self.line.phone(way, who)]


def repeats(post: Post) -> Counter[str]:
    """How often something was shown once more, by way; AssertionError if anything was lost."""
    found: Counter[str] = Counter()
    states = post.line.states()
    for (way, who), keys in post.told.items():
        shown = post.arrived(way, who)
        # the platform counts a repeat as well: what is too much then waits where staff see it
        held = [key for key in keys if states[key][0] is PushState.HELD and len(shown) >= MOST]
        expected = [key for key in keys if key not in held]
        assert list(dict.fromkeys(shown)) == expected, f"{way} {who}: {shown}"
        assert {states[key][0] for key in expected} <= {PushState.SENT}
        found[way] += len(shown) - len(expected)
    return found


@contextmanager
def office(
    db: Database, url: str, workers: int = WORKERS, threads: int = THREADS, lease: float = LEASE
) -> Iterator[tuple[Post, list[Child]]]:
    """Workers in processes of their own, and the platform they call."""
    with platform_for(system_now, {}) as (platform, way):
        line = Line(db, system_now, way, platform)
        given = {"lease": lease, "threads": threads}
        with children(workers, "work", url, way, **given) as found:
            yield Post(line), found
        line.delivery.stop()


def kill_often(db: Database, url: str, kills: int) -> None:
    """The load, the kills, and then the truth."""
    dice = Random(20261123)
    with office(db, url) as (post, workers):
        feeding = threading.Thread(target=post.feed)
        feeding.start()
        try:
            for number in range(kills):
                # while one comes up again, the others work
                one = workers[number % len(workers)]
                one.wait()
                time.sleep(dice.uniform(0.1, 0.6))
                one.kill()
                one.start()
        finally:
            post.over.set()
            feeding.join()
        post.finish()
        found = repeats(post)
    assert found["text"] <= kills * IN_HAND
    assert (found["template"], found["staff"], found["service"]) == (0, 0, 0)
    assert len(post.told) * EACH >= kills * 8


def test_five_workers_killed_while_they_send_lose_nothing(db: Database, engine_url: str) -> None:
    kill_often(db, engine_url, 5)


@pytest.mark.long
def test_forty_workers_killed_while_they_send_lose_nothing(db: Database, engine_url: str) -> None:
    kill_often(db, engine_url, 40)


def test_workers_frozen_past_their_lease_repeat_what_was_in_hand_at_most(
    db: Database, engine_url: str
) -> None:
    """A frozen worker cannot know that it was: what it was about to write goes out when it wakes.

    So the bound is the same as for a kill, one push for each thread; and nothing that another
    worker did meanwhile is undone.
    """
    freezes, lease = 3, 2.0
    dice = Random(7)
    with office(db, engine_url, workers=2, lease=lease) as (post, workers):
        feeding = threading.Thread(target=post.feed)
        feeding.start()
        try:
            for _ in range(freezes):
                one = dice.choice(workers)
                time.sleep(dice.uniform(0.1, 0.5))
                freeze(db, one)
                time.sleep(lease * 2)
                one.send(signal.SIGCONT)
        finally:
            post.over.set()
            feeding.join()
        post.finish()
        found = repeats(post)
    assert found["text"] <= freezes * IN_HAND
    assert (found["template"], found["staff"], found["service"]) == (0, 0, 0)


@pytest.mark.parametrize(("way", "shown"), [("text", 2), ("template", 1)])
def test_a_worker_that_wakes_too_late_changes_nothing_that_was_done_meanwhile(
    db: Database, engine_url: str, way: str, shown: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frozen after its message was taken: the other one sends again, and its word stands."""
    lease = 2.0
    monkeypatch.setattr(broken_wires, "PATIENCE", lease)
    with office(db, engine_url, workers=2, threads=1, lease=lease) as (post, (late, other)):
        faults = post.line.platform.faults
        freeze(db, other)
        faults.on_call(CALLS[way], Trouble.SILENT, done=True)
        post.line.put(way, "first", "who")
        wait_for(lambda: post.arrived(way, "who") == ["first"])
        freeze(db, late)
        other.send(signal.SIGCONT)
        post.finish()
        before = post.line.states()
        freeze(db, other)
        late.send(signal.SIGCONT)
        # it hears that nobody answered, and would have it sent again
        post.line.put(way, "second", "who")
        post.finish()
        assert post.arrived(way, "who") == ["first"] * shown + ["second"]
        assert post.line.states()["first"] == before["first"] == (PushState.SENT, 1, "")
        other.send(signal.SIGCONT)


def freeze(db: Database, one: Child) -> None:
    """Stopped, but not amid a transaction: SQLite has one writer, whom all would wait for."""
    while True:
        one.send(signal.SIGSTOP)
        probe = threading.Thread(target=db.run, args=(lambda tx: outbox.waiting(tx, system_now()),))
        probe.start()
        probe.join(1.0)
        if not probe.is_alive():
            return
        one.send(signal.SIGCONT)
        probe.join()
        time.sleep(0.05)


def wait_for(true: Callable[[], bool]) -> None:
    """Until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)
