"""The timeline of each case: kinds and times stay for ever, the values can be erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, insert, select, update

from storage.models import EventRow
from storage.turn import Tx

APPEND = insert(EventRow)
OF_CASES = (
    select(EventRow.__table__)
    .where(EventRow.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(EventRow.case_id, EventRow.id)
)
ERASE = update(EventRow).where(EventRow.case_id == bindparam("case")).values(facts=None)


# need, kind, actor, values: one line of the timeline before it is stored
Line = tuple[int | None, str, str, Mapping[str, object]]


@dataclass(frozen=True)
class Event:
    """Something that happened to a case, or to one of its needs; `erased`: the values are gone."""

    id: int
    case_id: int
    need_id: int | None
    at: datetime
    kind: str
    actor: str
    values: Mapping[str, object]
    erased: bool


def append(  # noqa: PLR0913 -- the columns of a line, all of them needed
    tx: Tx,
    case_id: int,
    need_id: int | None,
    at: datetime,
    kind: str,
    actor: str,
    values: Mapping[str, object],
) -> None:
    """Notes one event."""
    append_many(tx, case_id, at, [(need_id, kind, actor, values)])


def append_many(tx: Tx, case_id: int, at: datetime, lines: Sequence[Line]) -> None:
    """Notes several events of one case, in their order, with one statement."""
    if not lines:
        return
    rows: list[Mapping[str, object]] = [
        {
            "case_id": case_id,
            "need_id": need_id,
            "at": at,
            "kind": kind,
            "actor": actor,
            "facts": tx.vault.seal(dict(values)),
        }
        for need_id, kind, actor, values in lines
    ]
    tx.execute(APPEND, rows)


def of_case(tx: Tx, case_id: int) -> tuple[Event, ...]:
    """What happened to a case, oldest first."""
    return of_cases(tx, [case_id]).get(case_id, ())


def of_cases(tx: Tx, case_ids: Sequence[int]) -> dict[int, tuple[Event, ...]]:
    """The same for several cases; one without events is left out."""
    found: dict[int, tuple[Event, ...]] = {}
    for row in tx.execute(OF_CASES, {"cases": case_ids}):
        found[row.case_id] = (*found.get(row.case_id, ()), as_event(tx, row))
    return found


def as_event(tx: Tx, row: Row[Any]) -> Event:
    """The value of a stored event."""
    erased = row.facts is None
    return Event(
        id=row.id,
        case_id=row.case_id,
        need_id=row.need_id,
        at=row.at,
        kind=row.kind,
        actor=row.actor,
        values={} if erased else cast(dict[str, object], tx.vault.open(row.facts)),
        erased=erased,
    )


def erase_values(tx: Tx, case_id: int) -> None:
    """Forgets what was said and done in a case, but not that and when something was."""
    tx.execute(ERASE, {"case": case_id})
