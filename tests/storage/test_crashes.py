"""What `kill -9` leaves behind: nothing confirmed is lost, and a repeat is rare and bounded."""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import system_now
from bot.messages import Channel
from storage import cases, outbox
from storage.db import Database, Tx, open_database
from storage.vault import Vault
from tests.storage.crash_child import LEASE
from tests.storage.samples import NOW, push

ROOT = Path(__file__).parents[2]
FOR_EVER = timedelta(days=9999)
PAST = NOW - timedelta(days=30)


class Children:
    """Processes of our own, none of which outlives the test."""

    def __init__(self, url: str, book: Path) -> None:
        self.url, self.book = url, book
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, what: str, pause: float, workers: int) -> subprocess.Popen[bytes]:
        """One more; returns when it has begun to write."""
        before = self.book.stat().st_size
        arguments = [what, self.url, str(self.book), str(pause), str(workers)]
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.storage.crash_child", *arguments], cwd=ROOT
        )
        self.running.append(child)
        patiently(lambda: self.book.stat().st_size > before or child.poll() is not None)
        assert child.poll() is None
        return child

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        """No goodbye."""
        child.send_signal(signal.SIGKILL)
        child.wait()
        self.running.remove(child)

    def lines(self) -> list[str]:
        """What all of them wrote."""
        return self.book.read_text().splitlines()


def patiently(done: object, seconds: float = 25) -> None:
    """Waits until it is so."""
    assert callable(done)
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, "it took too long"
        time.sleep(0.02)


@pytest.fixture
def children(engine_url: str, tmp_path: Path) -> Iterator[Children]:
    """The processes of one test."""
    book = tmp_path / "book"
    book.touch()
    found = Children(engine_url, book)
    yield found
    for child in list(found.running):
        found.kill(child)


def on_their_way(db: Database) -> int:
    """How many pushes are neither sent nor parked."""
    return db.run(lambda tx: outbox.waiting(tx, system_now() + FOR_EVER)).due


def test_no_push_is_lost_when_workers_are_killed_and_repeats_are_bounded(
    db: Database, children: Children
) -> None:
    persons, each, workers, kills = 40, 5, 3, 5
    keys = [f"{person}:{number}" for person in range(persons) for number in range(each)]
    pushes = [push(key, key.partition(":")[0], PAST, channel=Channel.WECOM) for key in keys]
    db.run(lambda tx: outbox.enqueue(tx, pushes))
    dice = random.Random(20261122)
    for _worker in range(2):
        children.start("deliver", 0.1, workers)
    for _kill in range(kills):
        time.sleep(dice.uniform(0.1, 0.5))
        children.kill(dice.choice(children.running))
        children.start("deliver", 0.1, workers)
    patiently(lambda: on_their_way(db) == 0)
    sent = [line for line in children.lines() if line != "ready"]
    assert set(sent) == set(keys)
    assert len(sent) - len(keys) <= kills * workers
    first = list(dict.fromkeys(sent))
    for person in range(persons):
        mine = [key for key in first if key.startswith(f"{person}:")]
        assert mine == [f"{person}:{number}" for number in range(each)]


def test_a_worker_that_slept_through_its_lease_changes_nothing(
    db: Database, children: Children
) -> None:
    db.run(lambda tx: outbox.enqueue(tx, [push("a", "zhangsan", PAST, channel=Channel.WECOM)]))
    sleeper = children.start("deliver", 1.0, 1)
    patiently(lambda: "a" in children.lines())
    sleeper.send_signal(signal.SIGSTOP)
    time.sleep(LEASE.total_seconds())
    children.start("deliver", 0.0, 1)
    patiently(lambda: on_their_way(db) == 0)
    sleeper.send_signal(signal.SIGCONT)
    time.sleep(1.5)
    assert Counter(children.lines())["a"] == 2
    assert on_their_way(db) == 0


def registered(tx: Tx) -> tuple[set[str], set[str]]:
    """The numbers of all cases, and those that have their outbox row."""
    numbers = {case.number for case in cases.page(tx, None, 0, 10_000)}
    rows = []
    while found := outbox.claim(tx, NOW, "check", NOW + FOR_EVER, 1):
        outbox.mark_sent(tx, found[0].id, "check", NOW)
        rows += [row.push.key.removeprefix("card:") for row in found]
    return numbers, set(rows)


def test_nothing_confirmed_is_lost_when_a_process_is_killed(
    engine_url: str, vault: Vault, children: Children
) -> None:
    dice = random.Random(20261123)
    for _round in range(5):
        child = children.start("register", 0, 4)
        time.sleep(dice.uniform(0.02, 0.3))
        children.kill(child)
    database = open_database(engine_url, vault)
    numbers, carded = database.run(registered)
    confirmed = [line for line in children.lines() if line != "busy"]
    assert len(confirmed) > 20
    assert len(confirmed) == len(set(confirmed))
    assert set(confirmed) <= numbers
    assert numbers == carded
    # killed between commit and answer: told nobody, at most one for each thread and kill
    assert len(numbers) - len(confirmed) <= 5 * 4
    if database.engine_name == "sqlite":
        check = "PRAGMA integrity_check"
        assert database.run(lambda tx: tx.connection.exec_driver_sql(check).scalar()) == "ok"
    database.close()
