"""PostgreSQL: each turn is one transaction on a pooled connection."""

import threading
from collections.abc import Callable

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.turn import Busy, T, Tx, refuse_nesting
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
        self._engine = create_engine(
            url,
            pool_size=8,
            max_overflow=8,
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
            raise Busy(reason_of(error)) from None
        except DBAPIError as error:
            # the server went away in mid-statement: psycopg names that in several ways
            if error.connection_invalidated:
                raise Busy(reason_of(error)) from None
            raise
        finally:
            self._inside.turn = False

    def close(self) -> None:
        """See `Database.close`."""
        self._closed = True
        self._engine.dispose()


def reason_of(error: Exception) -> str:
    """The kind of failure alone: the server's text may quote a row, and rows are personal."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return type(cause).__name__
