"""SQLite behind one writer thread: turns that wait together share one commit."""

import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage import forks
from storage.prepared import Plans
from storage.turn import Busy, Refused, T, Tx, refuse_nesting
from storage.turnstile import Turnstile
from storage.vault import Vault

BATCH = 64
# WeChat waits five seconds for an answer; a turn that has not begun by then is better refused
PATIENCE = 4.0
GLANCE = 0.25
TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}


class Job:
    """A turn in the queue. Whoever acquires `taken` decides its fate; `done` tells the caller."""

    __slots__ = ("done", "ended", "failure", "taken", "turn", "value")

    def __init__(self, turn: Callable[[Tx], Any]) -> None:
        self.turn = turn
        self.taken = threading.Lock()
        self.done = threading.Lock()
        self.done.acquire()
        self.value: Any = None
        self.failure: BaseException | None = None
        self.ended = False

    def end(self, failure: BaseException | None = None) -> None:
        """Answers the caller; only the first answer counts."""
        if self.ended:
            return
        self.ended = True
        self.failure = failure or self.failure
        self.done.release()


class Broken(Exception):
    """The transaction of the whole batch is lost."""


class Writer(threading.Thread):
    """Owns the one connection; ends when it takes None from its queue."""

    def __init__(self, path: Path, vault: Vault) -> None:
        super().__init__(name="storage-writer", daemon=True)
        self.jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._path, self._vault = path, vault
        self.turnstile = Turnstile(path)
        self._engine = make_engine(path)
        self._plans: Plans | None = None
        self._connection: Connection | None = None
        self._ending = False

    def run(self) -> None:
        """Serves batches until told to end; nobody is left waiting, whatever happens."""
        batch: list[Job] = []
        try:
            while not self._ending:
                batch = self._gather()
                self._serve(batch)
        finally:
            for job in batch:
                job.end(Busy("the storage writer has ended"))
            self._refuse_queued()
            self._hang_up()
            self.turnstile.close()

    def _gather(self) -> list[Job]:
        """Waits for one job, then takes what else is there."""
        batch: list[Job] = []
        job = self.jobs.get()
        while job is not None:
            if job.taken.acquire(blocking=False):
                batch.append(job)
            if len(batch) == BATCH:
                return batch
            try:
                job = self.jobs.get_nowait()
            except Empty:
                return batch
        self._ending = True
        return batch

    def _serve(self, batch: list[Job]) -> None:
        if not batch:
            return
        try:
            with self.turnstile:
                self._commit_together(batch)
        except (Broken, DBAPIError, sqlite3.Error, OSError) as error:
            self._hang_up()
            for job in batch:
                # a turn that failed by itself keeps its own exception
                job.end(None if job.failure else Busy(reason_of(error)))
        for job in batch:
            job.end()

    def _commit_together(self, batch: list[Job]) -> None:
        connection = self._connect()
        raw = raw_of(connection)
        raw.execute("BEGIN IMMEDIATE")
        tx = Tx(connection, self._vault, self._plans)
        for job in batch:
            run_job(job, tx, raw)
        raw.execute("COMMIT")

    def _connect(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._plans = Plans(self._engine.dialect, raw_of(self._connection))
        return self._connection

    def _hang_up(self) -> None:
        """Closes the connection, which undoes whatever was open; the next batch makes a new one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()
        self._engine.dispose()

    def _refuse_queued(self) -> None:
        while True:
            try:
                job = self.jobs.get_nowait()
            except Empty:
                return
            if job is not None and job.taken.acquire(blocking=False):
                job.end(Busy("the database is being closed"))


def run_job(job: Job, tx: Tx, raw: sqlite3.Connection) -> None:
    """One turn in its own savepoint; it raises only if the whole transaction is lost."""
    raw.execute("SAVEPOINT turn")
    try:
        job.value = job.turn(tx)
    except BaseException as error:
        job.failure = told(error)
        if not raw.in_transaction:
            # SQLite undoes everything by itself when the disk is full
            raise Broken(reason_of(error)) from error
        raw.execute("ROLLBACK TO turn")
    raw.execute("RELEASE turn")


def told(error: BaseException) -> BaseException:
    """What the caller gets: SQLite has one exception for a file and a statement at fault."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(cause, sqlite3.Error):
        return error
    code = getattr(cause, "sqlite_errorcode", 0)
    return Busy(str(cause)) if code & 0xFF in TROUBLE else Refused(str(cause))


def reason_of(error: BaseException) -> str:
    """The driver's words without the statement and its parameters, which may be personal."""
    return str(error.orig) if isinstance(error, DBAPIError) else str(error)


def raw_of(connection: Connection) -> sqlite3.Connection:
    """The driver's connection, for the transaction statements SQLAlchemy would send its own way."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def make_engine(path: Path) -> Engine:
    """An engine that leaves BEGIN and COMMIT to us."""
    engine = create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        connect_args={"isolation_level": None, "timeout": 2.0, "cached_statements": 512},
    )

    @event.listens_for(engine, "connect")
    def set_up(raw: sqlite3.Connection, _record: object) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            raw.execute(f"PRAGMA {pragma}").close()

    return engine


# what a forked child inherited and must neither use nor close: closing may delete the
# write-ahead log under the parent
_inherited: list[Writer] = []


class SqliteDatabase:
    """Turns from any thread, run one after the other by the writer of this process."""

    engine_name = "sqlite"

    def __init__(self, path: Path, vault: Vault) -> None:
        self._path, self._vault = path, vault
        self._gate = threading.Lock()
        self._writer: Writer | None = None
        self._closed = False
        forks.watch(self)

    def run(self, turn: Callable[[Tx], T]) -> T:
        """See `Database.run`; waits no longer than PATIENCE for the turn to begin."""
        job = Job(turn)
        writer = self._enqueue(job)
        self._wait(job, writer)
        if job.failure is not None:
            raise job.failure
        value: T = job.value
        return value

    def close(self) -> None:
        """See `Database.close`."""
        with self._gate:
            self._closed = True
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.jobs.put(None)
        if writer is not None:
            writer.join(timeout=5)

    def _enqueue(self, job: Job) -> Writer:
        if threading.current_thread() is self._writer:
            raise refuse_nesting()
        with self._gate:
            if self._closed:
                raise Busy("the database is closed")
            if self._writer is None or not self._writer.is_alive():
                self._writer = Writer(self._path, self._vault)
                self._writer.start()
            self._writer.jobs.put(job)
            return self._writer

    def _wait(self, job: Job, writer: Writer) -> None:
        give_up = time.monotonic() + PATIENCE
        while not job.done.acquire(timeout=GLANCE):
            late = time.monotonic() > give_up
            if (late or not writer.is_alive()) and job.taken.acquire(blocking=False):
                raise Busy("the database did not come to this turn in time")
            if not writer.is_alive() and not job.done.acquire(timeout=GLANCE):
                raise Busy("the storage writer has died")

    def after_fork(self) -> None:
        """In the child: the parent's thread does not exist here; start anew when used."""
        if self._writer is not None:
            self._writer.turnstile.close()
            _inherited.append(self._writer)
        self._writer = None
        self._gate = threading.Lock()
