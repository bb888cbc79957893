"""What the one writer of SQLite survives."""

import multiprocessing
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.sql.compiler import SQLCompiler

from bot.messages import Channel
from storage import inbox, prepared, sqlite
from storage.db import Busy, Tx, open_database
from storage.sqlite import SqliteDatabase
from storage.turnstile import Turnstile
from storage.vault import Vault
from tests.storage.samples import NOW


@pytest.fixture
def path(sqlite_url: str) -> Path:
    """The database file."""
    return Path(str(make_url(sqlite_url).database))


@pytest.fixture
def db(path: Path, vault: Vault) -> Iterator[SqliteDatabase]:
    """The database, opened."""
    database = SqliteDatabase(path, vault)
    yield database
    database.close()


def claim(tx: Tx, key: str) -> bool:
    """Whether the key was new."""
    return inbox.claim(tx, key, Channel.OFFICIAL, NOW) is None


def count(path: Path) -> int:
    """How many messages another process sees."""
    with sqlite3.connect(path) as other:
        (found,) = other.execute("SELECT count(*) FROM inbox").fetchone()
    other.close()
    return int(found)


def sleepy(tx: Tx, key: str, seconds: float = 0.3) -> bool:
    """A turn that holds up the others."""
    time.sleep(seconds)
    return claim(tx, key)


def test_turns_that_wait_together_share_one_commit(db: SqliteDatabase) -> None:
    commits: list[str] = []
    with ThreadPoolExecutor(33) as pool:
        db.run(lambda tx: watch(tx, commits))
        slow = pool.submit(db.run, lambda tx: sleepy(tx, "slow"))
        time.sleep(0.1)
        many = [pool.submit(db.run, lambda tx, n=n: claim(tx, f"k{n}")) for n in range(32)]
        assert slow.result()
        assert all(one.result() for one in many)
    # the watcher's own, the slow turn's, and one or two for the 32
    assert 3 <= len(commits) <= 4


def watch(tx: Tx, commits: list[str]) -> None:
    """Notes each COMMIT of the writer's connection."""
    tracing = sqlite.raw_of(tx.connection)
    tracing.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)


def test_the_database_is_durable_and_refuses_orphans(db: SqliteDatabase) -> None:
    def pragmas(tx: Tx) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert db.run(pragmas) == ["wal", 2, 1]


def test_a_full_disk_is_busy_and_leaves_whole_turns_only(db: SqliteDatabase, path: Path) -> None:
    def shrink(tx: Tx) -> None:
        pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar()
        tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def grow(tx: Tx, key: str) -> None:
        claim(tx, key)
        inbox.record(tx, key, b"x" * 200_000)

    db.run(lambda tx: claim(tx, "before"))
    db.run(shrink)
    with pytest.raises(Busy, match="full"):
        db.run(lambda tx: grow(tx, "much"))
    # the connection was renewed, and the limit with it
    assert db.run(lambda tx: claim(tx, "much"))
    assert count(path) == 2


def test_a_commit_that_fails_fails_every_turn_of_its_batch(
    db: SqliteDatabase, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoCommit:
        """A connection that does everything but commit."""

        in_transaction = True

        def __init__(self, real: sqlite3.Connection) -> None:
            self._real = real

        def execute(self, statement: str) -> object:
            if statement == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return self._real.execute(statement)

    db.run(lambda tx: claim(tx, "before"))
    real = sqlite.raw_of
    with ThreadPoolExecutor(8) as pool:
        slow = pool.submit(db.run, lambda tx: sleepy(tx, "slow"))
        time.sleep(0.1)
        monkeypatch.setattr(sqlite, "raw_of", lambda connection: NoCommit(real(connection)))
        many = [pool.submit(db.run, lambda tx, n=n: claim(tx, f"k{n}")) for n in range(7)]
        assert slow.result()
        for one in many:
            with pytest.raises(Busy, match="I/O"):
                one.result()
    monkeypatch.setattr(sqlite, "raw_of", real)
    assert count(path) == 2
    assert db.run(lambda tx: claim(tx, "k0"))


def test_a_file_that_cannot_be_written_is_busy(vault: Vault, tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path / "missing" / "yizhan.db", vault)
    with pytest.raises(Busy):
        database.run(lambda tx: claim(tx, "one"))
    database.close()


def test_a_read_only_database_is_busy(db: SqliteDatabase, path: Path) -> None:
    def read_only(tx: Tx) -> None:
        tx.connection.exec_driver_sql("PRAGMA query_only=ON")

    db.run(read_only)
    with pytest.raises(Busy, match="readonly"):
        db.run(lambda tx: claim(tx, "one"))
    assert count(path) == 0


def test_somebody_elses_lock_is_busy_and_passes(db: SqliteDatabase, path: Path) -> None:
    db.run(lambda tx: claim(tx, "before"))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy, match=r"locked|in time"):
        db.run(lambda tx: claim(tx, "one"))
    other.execute("ROLLBACK")
    other.close()
    assert db.run(lambda tx: claim(tx, "one"))


def test_a_turn_that_cannot_begin_in_time_is_refused_and_never_runs(
    db: SqliteDatabase, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.5)
    turnstile = Turnstile(path)
    with ThreadPoolExecutor(2) as pool:
        with turnstile:
            # the first turn is the writer's already, the second is still in the queue
            first = pool.submit(db.run, lambda tx: claim(tx, "one"))
            time.sleep(0.1)
            second = pool.submit(db.run, lambda tx: claim(tx, "two"))
            with pytest.raises(Busy, match="in time"):
                second.result()
        assert first.result()
    turnstile.close()
    assert count(path) == 1


def test_closing_refuses_what_is_queued_and_finishes_what_runs(
    db: SqliteDatabase, path: Path
) -> None:
    with ThreadPoolExecutor(9) as pool:
        running = pool.submit(db.run, lambda tx: sleepy(tx, "running"))
        time.sleep(0.1)
        queued = [pool.submit(db.run, lambda tx, n=n: claim(tx, f"k{n}")) for n in range(8)]
        time.sleep(0.05)
        db.close()
        assert running.result()
        fates = [one.exception() is None for one in queued]
    assert count(path) == 1 + sum(fates)
    assert all(isinstance(one.exception(), Busy | None) for one in queued)


def test_nobody_waits_for_ever_for_a_writer_that_died(
    db: SqliteDatabase, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Bug(Exception):
        """An exception nobody foresaw."""

    def die(_job: object, _tx: object, _raw: object) -> None:
        time.sleep(0.2)
        raise Bug

    died = threading.Event()
    monkeypatch.setattr(threading, "excepthook", lambda _args: died.set())
    real = sqlite.run_job
    monkeypatch.setattr(sqlite, "run_job", die)
    with ThreadPoolExecutor(8) as pool:
        waiting = [pool.submit(db.run, lambda tx, n=n: claim(tx, f"k{n}")) for n in range(8)]
        for one in waiting:
            assert isinstance(one.exception(timeout=3), Busy)
    assert died.wait(1)
    monkeypatch.setattr(sqlite, "run_job", real)
    assert db.run(lambda tx: claim(tx, "k0"))
    assert count(path) == 1


def in_child(db: SqliteDatabase, results: "multiprocessing.Queue[bool]", key: str) -> None:
    """Uses the parent's database object in a forked process."""
    results.put(db.run(lambda tx: claim(tx, key)))
    results.put(db.run(lambda tx: claim(tx, key)))


def test_a_forked_process_may_go_on_with_the_same_object(db: SqliteDatabase, path: Path) -> None:
    assert db.run(lambda tx: claim(tx, "parent"))
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    children = [context.Process(target=in_child, args=(db, results, f"c{n}")) for n in range(3)]
    for child in children:
        child.start()
    assert sorted(results.get(timeout=10) for _ in range(6)) == [False] * 3 + [True] * 3
    for child in children:
        child.join(10)
        assert child.exitcode == 0
    assert db.run(lambda tx: claim(tx, "parent again"))
    assert count(path) == 5


def in_another(url: str, keys: list[str], turns: "multiprocessing.Queue[float]") -> None:
    """Opens the same file in a process of its own, and tells the slowest turn."""
    database = open_database(url, Vault(["dGhlIHRlc3RzIGhhdmUgbm90aGluZyB0byBoaWRlISE="], "x"))
    slowest = 0.0
    for key in keys:
        start = time.monotonic()
        database.run(partial(claim, key=key))
        slowest = max(slowest, time.monotonic() - start)
    database.close()
    turns.put(slowest)


def test_processes_take_turns_and_none_of_them_starves(sqlite_url: str, path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    keys = [[f"{who}-{n}" for n in range(200)] for who in range(3)]
    children = [context.Process(target=in_another, args=(sqlite_url, one, results)) for one in keys]
    for child in children:
        child.start()
    assert max(results.get(timeout=30) for _ in children) < 2
    for child in children:
        child.join(10)
    assert count(path) == 600


HANDLES = Path("/proc/self/fd")


def test_no_file_handle_is_left_open(path: Path, vault: Vault) -> None:
    before = len(list(HANDLES.iterdir()))
    for number in range(5):
        database = SqliteDatabase(path, vault)
        database.run(partial(claim, key=f"k{number}"))
        database.close()
    assert len(list(HANDLES.iterdir())) == before


def test_statements_are_compiled_once(db: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    real = prepared.grows

    def look(one: SQLCompiler) -> bool:
        compiled.append(one)
        return real(one)

    monkeypatch.setattr(prepared, "grows", look)
    for number in range(20):
        db.run(partial(claim, key=f"k{number}"))
    assert len(compiled) == 1
