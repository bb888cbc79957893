"""Brings a database to the newest schema, or says whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from storage.turn import Busy
from storage.turnstile import Turnstile

if TYPE_CHECKING:
    from alembic.config import Config

# any number, as long as it is ours: two replicas that start together must not both migrate
ADVISORY_LOCK = 7_214_902_611
MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str, revision: str = "head") -> None:
    """Runs the migrations that are missing, alone, in one transaction."""
    # Alembic takes half a second to import, and a running bot never needs it
    from alembic import command

    with _alone(make_url(url)) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(url: str, revision: str) -> None:
    """Takes migrations back; what only the newer schema can hold is lost."""
    from alembic import command

    with _alone(make_url(url)) as connection:
        command.downgrade(_config(connection), revision)


def is_current(url: str) -> bool:
    """Whether no migration is missing."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    with _connected(make_url(url)) as connection:
        found = MigrationContext.configure(connection).get_current_heads()
        wanted = ScriptDirectory.from_config(_config(connection)).get_heads()
        return set(found) == set(wanted)


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    # SQLite: our own BEGIN, because the driver would commit before each change of a table
    ours = {"isolation_level": None} if url.get_backend_name() == "sqlite" else {}
    engine = create_engine(url, poolclass=NullPool, connect_args=ours)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        # the driver's text may name the host and the user
        raise Busy("the database is locked or away") from error
    finally:
        engine.dispose()


@contextmanager
def _alone(url: URL) -> Iterator[Connection]:
    sqlite = url.get_backend_name() == "sqlite"
    turnstile = Turnstile(Path(url.database or "")) if sqlite else None
    with turnstile or nullcontext(), _connected(url) as connection:
        if sqlite:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ADVISORY_LOCK})
        yield connection
        connection.commit()
    if turnstile:
        turnstile.close()
