"""Cases with their timelines, read page by page so that a long export holds nobody up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from sqlalchemy import bindparam, select

from bot.domain.cases import Case
from bot.domain.complaints import Voice
from bot.domain.improvements import Improvement
from bot.domain.surveys import Survey
from storage import cases, complaints, events, improvements, surveys
from storage.events import Event
from storage.models import SHANGHAI, EventRow
from storage.turn import Database, Tx

PAGE = 100
# asked by an operator once in a while: no index is kept for it
HAPPENED = (
    select(EventRow.case_id)
    .where(EventRow.kind == bindparam("kind"), EventRow.at >= bindparam("since"))
    .distinct()
    .order_by(EventRow.case_id)
)


@dataclass(frozen=True)
class Whole:
    """A case with all that hangs on it; who may read it may read everything in it.

    Of the complaints none that is confidential is among them (clause 5.3.2.6).
    """

    case: Case
    events: tuple[Event, ...]
    survey: Survey | None
    improvements: tuple[Improvement, ...]
    complaints: tuple[Voice, ...]


def whole_cases(db: Database, since: date | None) -> Iterator[Whole]:
    """Every case registered from that day on, oldest first; each page is a turn of its own."""
    after = 0
    while found := db.run(partial(page, since=since, after=after)):
        yield from found
        after = found[-1].case.id


def page(tx: Tx, since: date | None, after: int) -> list[Whole]:
    """One page, with one statement more for each thing that hangs on cases."""
    some = cases.page(tx, since, after, PAGE)
    ids = [case.id for case in some]
    timelines, rated = events.of_cases(tx, ids), surveys.of_cases(tx, ids)
    improved, said = improvements.of_cases(tx, ids), complaints.of_cases(tx, ids)
    return [
        Whole(
            case=case,
            events=timelines.get(case.id, ()),
            survey=rated.get(case.id),
            improvements=improved.get(case.id, ()),
            complaints=said.get(case.id, ()),
        )
        for case in some
    ]


def cases_with(
    db: Database, kind: str, since: date | None
) -> Iterator[tuple[Case, tuple[Event, ...]]]:
    """Every case in which that happened from that day on, with its timeline, oldest case first."""
    start = datetime.combine(since or date(2000, 1, 1), time(), SHANGHAI)
    values = {"kind": kind, "since": start}
    found = db.run(lambda tx: tx.execute(HAPPENED, values).scalars().all())
    for first in range(0, len(found), PAGE):
        yield from db.run(partial(timelines, ids=found[first : first + PAGE]))


def timelines(tx: Tx, ids: Sequence[int]) -> list[tuple[Case, tuple[Event, ...]]]:
    """These cases with what happened to them."""
    known = events.of_cases(tx, ids)
    return [(case, known.get(case.id, ())) for case in cases.by_ids(tx, ids)]
