"""The demonstration's clock: how far it was moved on, for every process of the demonstration."""

from datetime import timedelta

from sqlalchemy import bindparam, create_engine, select

from storage.models import MICROSECOND, MovedClockRow
from storage.turn import Tx, upsert

OFFSET = select(MovedClockRow.microseconds)
MOVE = upsert(
    MovedClockRow,
    lambda insert: insert.values(id=1, microseconds=bindparam("forward")).on_conflict_do_update(
        index_elements=["id"],
        set_={"microseconds": MovedClockRow.microseconds + bindparam("forward")},
    ),
)


class Watch:
    """Tells the offset at any time, even inside a turn: it reads beside the one that writes."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")

    def offset(self) -> timedelta:
        """By how much the demonstration is ahead of the world."""
        with self._engine.connect() as connection:
            return timedelta(microseconds=connection.execute(OFFSET).scalar() or 0)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def move(tx: Tx, forward: timedelta) -> None:
    """Moves the clock on; back it cannot go, since what happened has happened."""
    if forward < timedelta():
        raise ValueError("the clock only moves forward")
    tx.execute(MOVE, {"forward": forward // MICROSECOND})
