"""Every clock in four processes at once, and killed at any statement: the same as in one."""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Result, text

from bot.clock import SHANGHAI
from bot.jobs.desk import Desk
from bot.schedule import JOBS, attempt
from storage.db import Database, Tx, open_database, upgrade
from storage.turn import Tx as Turn
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.jobs.lives import live
from tests.jobs.office import OFFICE
from tests.storage.samples import NOW

REPLICAS, LIVES = 4, 6
# the hour after, the next morning, a weekend off, the fifth working day, a month, half a year
TICKS = tuple(
    datetime(*when, tzinfo=SHANGHAI)
    for when in (
        (2026, 11, 23, 11, 10),
        (2026, 11, 24, 10, 1),
        (2026, 11, 26, 9, 30),
        (2026, 11, 30, 9, 0),
        (2026, 12, 1, 16, 0),
        (2027, 1, 4, 10, 0),
        (2027, 6, 1, 10, 0),
    )
)
# what there is, without what is random or sealed
EFFECTS = (
    "SELECT key, channel, purpose, due, expires, state FROM outbox",
    "SELECT case_id, state, reason, invited_at, reminded_at, closes_at, next_at FROM surveys",
    "SELECT need_id, mark, version, reminded_at, closed_at FROM milestones",
    "SELECT id, staff, ended_at, ended_by, next_at FROM handovers",
    "SELECT number, state, closed_at, next_at FROM complaints",
    "SELECT number, state, wish, due, done_at, next_at FROM privacy_requests",
    "SELECT case_id, need_id, kind, actor, at FROM events",
    "SELECT id, state, assignee, version, due FROM needs",
    "SELECT id, state, case_id FROM files",
    "SELECT count(*), following, handed_to, opted_out_at, left_at FROM people"
    " GROUP BY following, handed_to, opted_out_at, left_at",
)
# everything that was due has arrived
ARRIVED = (
    "UPDATE outbox SET state = 'sent', sent_at = due, next_at = NULL WHERE next_at IS NOT NULL"
)


SURVEY = re.compile(r"survey:\d+:")


class Killed(BaseException):
    """The process is gone."""


@pytest.fixture
def expected(tmp_path: Path, vault: Vault) -> Sequence[Counter[str]]:
    """What a single process leaves behind at each tick."""
    url = f"sqlite:///{tmp_path / 'alone.db'}"
    upgrade(url)
    database, clock = open_database(url, vault), FixedClock(NOW)
    live(database, LIVES)
    seen = []
    for tick in TICKS:
        clock.now = tick
        settle(database, clock)
        seen.append(effects(database))
        deliver(database)
    database.close()
    return seen


def settle(database: Database, clock: FixedClock) -> None:
    """A few ticks at the same moment; after them there is nothing left to do."""
    desk = Desk(database, clock, OFFICE, lambda: None)
    for _ in range(3):
        for job in JOBS:
            attempt(job, desk)


def deliver(database: Database) -> None:
    """What is on its way arrives."""
    database.run(lambda tx: tx.connection.execute(text(ARRIVED)))


def effects(database: Database) -> Counter[str]:
    """Everything the jobs may have done."""

    def read(tx: Tx) -> Counter[str]:
        found: Counter[str] = Counter()
        for query in EFFECTS:
            table = query.partition(" FROM ")[2].split()[0]
            rows = tx.connection.execute(text(query)).all()
            lines = (f"{table} {tuple(map(plain, row))}" for row in rows)
            # a sequence of PostgreSQL leaves numbers out where an insert met its like
            found.update(SURVEY.sub("survey:", line) for line in lines)
        return found

    return database.run(read)


def plain(value: object) -> object:
    """The same on both engines: one keeps moments as numbers and days as words."""
    if isinstance(value, datetime):
        return round(value.timestamp() * 1_000_000)
    return str(value) if hasattr(value, "isoformat") else int(value) if value in {0, 1} else value


def test_four_processes_do_what_one_does(
    engine_url: str,
    vault: Vault,
    expected: Sequence[Counter[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = FixedClock(NOW)
    databases = [open_database(engine_url, vault) for _ in range(REPLICAS)]
    live(databases[0], LIVES)

    def replica(database: Database) -> None:
        desk = Desk(database, clock, OFFICE, lambda: None)
        for job in random.Random(id(database)).sample(JOBS, len(JOBS)):
            attempt(job, desk)

    with ThreadPoolExecutor(REPLICAS) as pool:
        for tick, wanted in zip(TICKS, expected, strict=True):
            clock.now = tick
            list(pool.map(replica, databases * 2))
            settle(databases[0], clock)
            assert effects(databases[0]) == wanted
            deliver(databases[0])
    assert [line for line in caplog.messages if "Busy" not in line] == []
    for database in databases:
        database.close()


@contextmanager
def dying(after: int) -> Iterator[None]:
    """The process is killed at that statement."""
    left, execute = after, Turn.execute

    def mortal(self: Turn, *args: Any) -> Result[object]:
        nonlocal left
        left -= 1
        if left <= 0:
            raise Killed
        return execute(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Turn, "execute", mortal)
        yield


def test_jobs_killed_at_any_statement_lose_nothing_and_double_nothing(
    db: Database, expected: Sequence[Counter[str]], caplog: pytest.LogCaptureFixture
) -> None:
    clock, dice = FixedClock(NOW), random.Random(20261123)
    desk = Desk(db, clock, OFFICE, lambda: None)
    live(db, LIVES)
    for tick, wanted in zip(TICKS, expected, strict=True):
        clock.now = tick
        for job in JOBS:
            kill_often(job.run, desk, dice)
        settle(db, clock)
        assert effects(db) == wanted
        deliver(db)
    assert caplog.messages == []


def kill_often(job: Callable[[Desk], None], desk: Desk, dice: random.Random) -> None:
    """A job killed a few times, always a little later."""
    for after in sorted(dice.sample(range(1, 60), 6)):
        with dying(after):
            try:
                job(desk)
            except Killed:
                continue
        return


def test_the_ticks_are_in_order() -> None:
    assert all(one < other for one, other in pairwise((NOW, *TICKS)))
