"""PostgreSQL: each turn is one transaction on a pooled connection."""

import threading
from collections.abc import Callable

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage import forks
from storage.turn import Busy, Refused, T, Tx, refuse_nesting
from storage.vault import Vault

# a turn must end, well or badly, while WeChat still waits for the answer
SESSION = (
    "-c lock_timeout=4000 -c statement_timeout=10000 -c idle_in_transaction_session_timeout=15000"
)


class PostgresDatabase:
    """READ COMMITTED and row locks; nothing here relies on a stronger isolation."""

    engine_name = "postgresql"

    def __init__(self, url: str, vault: Vault) -> None:
        self._vault = vault
        self._inside = threading.local()
        self._closed = False
        forks.watch(self)
        self._engine = create_engine(
            url,
            # none on top: those would be opened and closed again at every busy moment
            pool_size=16,
            max_overflow=0,
            pool_timeout=4,
            hide_parameters=True,
            isolation_level="READ COMMITTED",
            connect_args={"connect_timeout": 3, "options": SESSION},
        )

    def run(self, turn: Callable[[Tx], T]) -> T:
        """See `Database.run`."""
        if getattr(self._inside, "turn", False):
            raise refuse_nesting()
        if self._closed:
            raise Busy("the database is closed")
        self._inside.turn = True
        try:
            with self._engine.begin() as connection:
                return turn(Tx(connection, self._vault))
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            kind = Refused if too_much(error) else Busy
            raise kind(reason_of(error)) from None
        except DBAPIError as error:
            # the server went away in mid-statement: psycopg names that in several ways
            kind = Busy if error.connection_invalidated else Refused
            raise kind(reason_of(error)) from None
        finally:
            self._inside.turn = False

    def close(self) -> None:
        """See `Database.close`."""
        self._closed = True
        self._engine.dispose()

    def after_fork(self) -> None:
        """In the child: the connections are the parent's; forget them without a goodbye."""
        self._engine.dispose(close=False)


def too_much(error: Exception) -> bool:
    """Whether a value is beyond what the server can hold (class 54): coming again is no help."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", "")).startswith("54")


def reason_of(error: Exception) -> str:
    """What failed and where, but not the server's text: it quotes the row, which is personal."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    place = getattr(cause, "diag", None)
    names = [
        getattr(place, name, None) for name in ("table_name", "column_name", "constraint_name")
    ]
    return " ".join([type(cause).__name__, *(str(name) for name in names if name)])
