"""Which clock jobs were taken for which period, and which parts of the system are alive."""

from datetime import datetime

from sqlalchemy import bindparam, select

from storage.models import BeatRow, RunRow
from storage.turn import Tx, upsert

ONCE = upsert(
    RunRow,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["job", "period"]).returning(
        RunRow.job
    ),
)
TAKEN = select(RunRow.job).where(
    RunRow.job == bindparam("which"), RunRow.period == bindparam("when")
)
BEAT = upsert(
    BeatRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["name"], set_={"at": insert.excluded.at}
    ),
)
LAST_BEAT = select(BeatRow.at).where(BeatRow.name == bindparam("part"))


def once(tx: Tx, job: str, period: str) -> bool:
    """True for the first replica that asks for this job and period, and for nobody else ever."""
    return tx.execute(ONCE, {"job": job, "period": period}).first() is not None


def taken(tx: Tx, job: str, period: str) -> bool:
    """Whether some replica has asked for it, as far as this turn can see."""
    return tx.execute(TAKEN, {"which": job, "when": period}).first() is not None


def beat(tx: Tx, name: str, at: datetime) -> None:
    """Notes that a part of the system is alive."""
    tx.execute(BEAT, {"name": name, "at": at})


def last_beat(tx: Tx, name: str) -> datetime | None:
    """When it was last seen alive."""
    at: datetime | None = tx.execute(LAST_BEAT, {"part": name}).scalar()
    return at
