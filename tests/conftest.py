"""What every test may ask for: real databases, a real browser, keys, and a clock.

Nothing here skips. What is missing is a failure that says what to install.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import browser, postgres
from tests.fixed_clock import FixedClock
from tests.loopback import refuse_the_network

if TYPE_CHECKING:
    from storage.db import Database
    from storage.vault import Vault
    from tests.world import World

# keys that are worth nothing, the same in every run so that failures repeat
DATA_KEY = "dGhlIHRlc3RzIGhhdmUgbm90aGluZyB0byBoaWRlISE="
LOOKUP_KEY = "the tests have nothing to look up"


# the same examples in every run; how long one takes depends on who else uses the machine
settings.register_profile("house", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--long` runs the long tests too; `--update-transcripts` rewrites what the bot says."""
    parser.addoption("--long", action="store_true", help="run the tests marked long as well")
    parser.addoption(
        "--update-transcripts", action="store_true", help="rewrite the bot's side of transcripts"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long tests out unless they were asked for: deselected, not skipped."""
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]


@pytest.fixture(autouse=True, scope="session")
def _loopback_only() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        refuse_the_network(patch)
        yield


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at Monday 2026-11-23 09:00 in Shanghai until it is moved on."""
    return FixedClock()


@pytest.fixture(scope="session")
def vault() -> "Vault":
    """A vault with fixed keys."""
    from storage.vault import Vault

    return Vault([DATA_KEY], LOOKUP_KEY)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[postgres.Databases]:
    """Fresh databases on TEST_POSTGRES_URL, or on a server that this run starts and ends."""
    with contextlib.ExitStack() as stack:
        given = os.environ.get("TEST_POSTGRES_URL")
        if not given:
            server = postgres.PostgresServer()
            stack.callback(server.close)
        databases = postgres.Databases(given or server.url())
        stack.callback(databases.close)
        yield databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    from storage.db import upgrade

    path = tmp_path_factory.mktemp("template") / "yizhan.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A fresh migrated SQLite database."""
    path = tmp_path / "yizhan.db"
    for file in sqlite_template.parent.glob("yizhan.db*"):
        shutil.copyfile(file, tmp_path / file.name)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_databases: postgres.Databases) -> Iterator[str]:
    """A fresh migrated PostgreSQL database."""
    with postgres_databases.fresh() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_url(request: pytest.FixtureRequest) -> str:
    """A fresh migrated database, once on each engine we promise."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    url: str = request.getfixturevalue(fixtures[request.param])
    return url


@pytest.fixture
def db(engine_url: str, vault: "Vault") -> "Iterator[Database]":
    """A fresh migrated database, opened, on each engine."""
    from storage.db import open_database

    database = open_database(engine_url, vault)
    yield database
    database.close()


@pytest.fixture
def world(engine_url: str, vault: "Vault", clock: FixedClock) -> "Iterator[World]":
    """A whole office with its pretended platforms, on each engine."""
    from tests.world import open_world

    with open_world(engine_url, vault, clock) as found:
        yield found


@pytest.fixture
def sqlite_world(sqlite_url: str, vault: "Vault", clock: FixedClock) -> "Iterator[World]":
    """The same on SQLite alone, where the engine makes no difference."""
    from tests.world import open_world

    with open_world(sqlite_url, vault, clock) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without any table, once on each engine: for the migrations themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    databases: postgres.Databases = request.getfixturevalue("postgres_databases")
    with databases.fresh(migrated=False) as url:
        yield url


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """A real Chromium."""
    return browser.find_browser()
