"""What a turn is given: one transaction, and the statements of the two engines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import Connection, Result
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import Executable

from storage.prepared import Plans
from storage.vault import Vault

T = TypeVar("T")
Params = Mapping[str, object] | Sequence[Mapping[str, object]]


class Busy(Exception):
    """The database is locked, full or away; nothing of the turn happened, ask again later."""


class Refused(Exception):
    """The database refused a statement: a bug of ours, told without any value of the row."""


@dataclass(frozen=True)
class Both:
    """One statement in the two dialects, where they have no construct in common."""

    sqlite: Executable
    postgresql: Executable


def upsert(table: Any, build: Callable[[postgresql.Insert], Executable]) -> Both:
    """`build` applied to the INSERT of each dialect: they agree on ON CONFLICT, not on a class."""
    return Both(
        build(cast(postgresql.Insert, sqlite.insert(table))), build(postgresql.insert(table))
    )


class Tx:
    """An open transaction; whoever has one neither commits it nor keeps it."""

    __slots__ = ("_plans", "_postgresql", "connection", "vault")

    def __init__(self, connection: Connection, vault: Vault, plans: Plans | None = None) -> None:
        self.connection = connection
        self.vault = vault
        self._plans = plans
        self._postgresql = connection.dialect.name == "postgresql"

    def execute(self, statement: Executable | Both, params: Params | None = None) -> Result[Any]:
        """Runs one statement with its parameters."""
        if isinstance(statement, Both):
            statement = statement.postgresql if self._postgresql else statement.sqlite
        if self._plans is not None:
            result = self._plans.run(statement, params)
            if result is not None:
                return result
        return self.connection.execute(statement, params)


class Database(Protocol):
    """The one way to the data: a turn runs in a transaction, whole or not at all."""

    @property
    def engine_name(self) -> str:
        """`sqlite` or `postgresql`."""

    def run(self, turn: Callable[[Tx], T]) -> T:
        """The turn's value, after it was committed; its exception, after it was undone; or Busy."""

    def close(self) -> None:
        """Lets the turn in hand finish, refuses the rest, and closes every connection."""


def refuse_nesting() -> RuntimeError:
    """What a turn that tries to start another one is told."""
    return RuntimeError(
        "Database.run was called inside a turn; a turn is one transaction: "
        "pass its tx on instead of starting another"
    )
