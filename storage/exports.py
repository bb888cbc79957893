"""Cases with their timelines, read page by page so that a long export holds nobody up."""

from collections.abc import Iterator
from datetime import date
from functools import partial

from bot.domain.cases import Case
from storage import cases, events
from storage.events import Event
from storage.turn import Database, Tx

PAGE = 100


def cases_with_events(db: Database, since: date | None) -> Iterator[tuple[Case, tuple[Event, ...]]]:
    """Every case registered from that day on, oldest first; each page is a turn of its own."""
    after = 0
    while found := db.run(partial(page, since=since, after=after)):
        yield from found
        after = found[-1][0].id


def page(tx: Tx, since: date | None, after: int) -> list[tuple[Case, tuple[Event, ...]]]:
    """One page, with two statements more than cases have."""
    some = cases.page(tx, since, after, PAGE)
    timelines = events.of_cases(tx, [case.id for case in some])
    return [(case, timelines.get(case.id, ())) for case in some]
