"""The door to the data: open a database by its address, and keep its schema up to date."""

from pathlib import Path

from sqlalchemy.engine import make_url

from storage import schema
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase
from storage.turn import Both, Busy, Database, Refused, Tx
from storage.vault import Vault

__all__ = ["Both", "Busy", "Database", "Refused", "Tx", "is_current", "open_database", "upgrade"]

is_current = schema.is_current
upgrade = schema.upgrade


def open_database(url: str, vault: Vault) -> Database:
    """The database behind `sqlite:///file` or `postgresql+psycopg://…`; connects later."""
    kind = url.partition(":")[0].partition("+")[0]
    if kind == "sqlite" and (file := make_url(url).database):
        return SqliteDatabase(Path(file), vault)
    if kind == "postgresql":
        return PostgresDatabase(url, vault)
    # without the address itself: it may hold a password
    raise ValueError(
        f"the database address begins with {kind[:20]!r}; "
        "expected sqlite:///path/to/file or postgresql+psycopg://user:password@host/name"
    )
