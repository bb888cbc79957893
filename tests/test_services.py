"""What the tests stand on: the PostgreSQL server, the closed network, the clock."""

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from tests.fixed_clock import FixedClock
from tests.loopback import LeftTheMachine
from tests.postgres import Databases, PostgresServer, libpq

DIE = (
    "import os; from tests.postgres import PostgresServer; server = PostgresServer(); "
    "print(server.folder, server.data, flush=True); os.kill(os.getpid(), 9)"
)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of our own, since it is going to be killed."""
    server = PostgresServer(durable=True)
    yield server
    server.close()


def test_a_killed_test_run_leaves_no_server_behind() -> None:
    """Neither process nor file, though nothing was closed."""
    root = Path(__file__).parent.parent
    run = subprocess.run(
        [sys.executable, "-c", DIE], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == -signal.SIGKILL
    folders = [Path(name) for name in run.stdout.split()]
    assert len(folders) == 2
    deadline = time.monotonic() + 15
    while any(folder.exists() for folder in folders) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(folder.exists() for folder in folders)


def test_a_server_comes_back_with_what_was_committed(server: PostgresServer) -> None:
    """So that tests may pull its plug."""
    with psycopg.connect(libpq(server.url()), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (x int)")
        connection.execute("INSERT INTO kept VALUES (7)")
        server.kill()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    server.start()
    with psycopg.connect(libpq(server.url())) as connection:
        assert connection.execute("SELECT x FROM kept").fetchone() == (7,)


def test_every_test_has_a_database_of_its_own(postgres_databases: Databases) -> None:
    """What one leaves behind, no other finds."""
    with postgres_databases.fresh(migrated=False) as one:
        with psycopg.connect(libpq(one), autocommit=True) as connection:
            connection.execute("CREATE TABLE mine (x int)")
        with postgres_databases.fresh(migrated=False) as other, psycopg.connect(libpq(other)) as c:
            assert c.execute("SELECT to_regclass('mine')").fetchone() == (None,)


@pytest.mark.parametrize(
    ("server_url", "database_url"),
    [
        ("postgres://u:p@127.0.0.1:5/x", "postgresql+psycopg://u:p@127.0.0.1:5/new"),
        ("postgresql+psycopg://u@/x?host=/s", "postgresql+psycopg://u@/new?host=/s"),
    ],
)
def test_an_address_keeps_everything_but_the_database(server_url: str, database_url: str) -> None:
    """TEST_POSTGRES_URL may be written as any tool writes it."""
    assert Databases(server_url).address("new") == database_url


@pytest.mark.parametrize("place", ["http://192.0.2.1/", "http://api.example.com/"])
def test_a_test_cannot_leave_the_machine(place: str) -> None:
    """Not even to ask for a name."""
    with pytest.raises(LeftTheMachine):
        urllib.request.urlopen(place)  # noqa: S310 - that it does not open is the point


def test_loopback_is_open() -> None:
    """Local servers are how everything else is tested."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        socket.create_connection(listening.getsockname()).close()
        socket.create_connection(("localhost", listening.getsockname()[1])).close()


def test_the_clock_stands_until_it_is_moved_on(clock: FixedClock) -> None:
    """And knows no way back."""
    assert clock() == clock.now == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
    assert clock.forward(timedelta(hours=3)) == datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    with pytest.raises(ValueError, match="back"):
        clock.forward(timedelta(seconds=-1))
