"""Which points of its way each need has reached, and which needs the clocks have to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, or_, select, update

from bot.domain.cases import NeedState
from bot.domain.milestones import Mark, Reached, Standing
from storage.models import CaseRow, MilestoneRow, NeedRow
from storage.turn import Tx, upsert

SEEN = (
    NeedRow.id,
    NeedRow.state,
    NeedRow.version,
    NeedRow.since,
    NeedRow.promised_from,
    NeedRow.promised_days,
    NeedRow.due,
    NeedRow.assignee,
    CaseRow.agent,
)
IS_OPEN = NeedRow.open == bindparam("open", True)
WATCHED = (
    select(*SEEN)
    .join_from(NeedRow, CaseRow, CaseRow.id == NeedRow.case_id)
    .where(
        IS_OPEN,
        or_(
            NeedRow.promised_from < bindparam("today"),
            NeedRow.due <= bindparam("today"),
            NeedRow.since < bindparam("before"),
            NeedRow.state == NeedState.EVALUATING.value,
        ),
    )
    .where(NeedRow.id > bindparam("after"))
    .order_by(NeedRow.id)
    .limit(bindparam("limit"))
)
ONE = (
    select(*SEEN)
    .join_from(NeedRow, CaseRow, CaseRow.id == NeedRow.case_id)
    .where(NeedRow.id == bindparam("need"))
)
KNOWN = (
    select(MilestoneRow.__table__)
    .where(MilestoneRow.need_id.in_(bindparam("needs", expanding=True)))
    .order_by(MilestoneRow.id)
)
REACH = upsert(
    MilestoneRow,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["need_id", "mark"]).returning(
        MilestoneRow.id
    ),
)
CLOSE = (
    update(MilestoneRow)
    .where(MilestoneRow.need_id == bindparam("need"), MilestoneRow.mark == bindparam("key"))
    .where(MilestoneRow.closed_at.is_(None))
    .values(closed_at=bindparam("at"))
    .returning(MilestoneRow.id)
)
RESTART = delete(MilestoneRow).where(
    MilestoneRow.need_id == bindparam("need"),
    MilestoneRow.mark.in_([Mark.HALF.value, Mark.FULL.value]),
)
GUESSED = (
    select(NeedRow.id, NeedRow.promised_from, NeedRow.promised_days, NeedRow.due)
    .where(IS_OPEN, NeedRow.estimated == bindparam("guessed", True))
    .order_by(NeedRow.id)
)


@dataclass(frozen=True)
class Watched:
    """An open need as the clock sees it, who has it, who was asked first, and what was said."""

    need_id: int
    standing: Standing
    assignee: str
    agent: str
    known: tuple[Reached, ...]


@dataclass(frozen=True)
class Guess:
    """A promise that stands on a calendar which was not published when it was made."""

    need_id: int
    start: date
    days: int
    due: date


def watched(
    tx: Tx, today: date, before: datetime, after: int = 0, limit: int = 500
) -> tuple[Watched, ...]:
    """Open needs promised before today or standing still since `before`, from id `after` on."""
    values = {"today": today, "before": before, "after": after, "limit": limit}
    return with_known(tx, tx.execute(WATCHED, values).all())


def one(tx: Tx, need_id: int) -> Watched | None:
    """The same of one need, in whatever state."""
    return next(iter(with_known(tx, tx.execute(ONE, {"need": need_id}).all())), None)


def with_known(tx: Tx, rows: Sequence[Row[Any]]) -> tuple[Watched, ...]:
    """The needs of a result with the points they have reached."""
    known: dict[int, tuple[Reached, ...]] = {}
    ids = [row.id for row in rows]
    for row in tx.execute(KNOWN, {"needs": ids}) if ids else ():
        found = Reached(row.mark, row.version, row.reminded_at, row.closed_at)
        known[row.need_id] = (*known.get(row.need_id, ()), found)
    return tuple(as_watched(row, known.get(row.id, ())) for row in rows)


def as_watched(row: Row[Any], known: tuple[Reached, ...]) -> Watched:
    """The value of one row."""
    standing = Standing(
        state=NeedState(row.state),
        version=row.version,
        since=row.since,
        start=row.promised_from,
        days=row.promised_days,
        due=row.due,
    )
    return Watched(row.id, standing, row.assignee, row.agent, known)


def reach(tx: Tx, need_id: int, key: str, version: int, at: datetime) -> bool:
    """Notes that the need came to this point; False if somebody noted it before."""
    values = {"need_id": need_id, "mark": key, "version": version, "reminded_at": at}
    return tx.execute(REACH, values).first() is not None


def close(tx: Tx, need_id: int, key: str, at: datetime) -> bool:
    """Notes that the client was told, or need not be; False if somebody noted it before."""
    return tx.execute(CLOSE, {"need": need_id, "key": key, "at": at}).first() is not None


def restart(tx: Tx, need_id: int) -> None:
    """Forgets the points of a promise that another one has taken the place of."""
    tx.execute(RESTART, {"need": need_id})


def guessed(tx: Tx) -> tuple[Guess, ...]:
    """Open needs whose promise is estimated, oldest first."""
    found = tx.execute(GUESSED)
    return tuple(Guess(row.id, row.promised_from, row.promised_days, row.due) for row in found)
