"""Wishes about one's own data, each under a number until it is carried out; the log of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.domain.privacy import RequestState
from storage.models import PrivacyRequestRow
from storage.turn import Tx


@dataclass(frozen=True)
class Request:
    """One request. `next_at` is when a clock looks at it again, which it does while it is open."""

    id: int
    number: str
    person_id: int
    wish: str
    state: RequestState
    owner: str
    at: datetime
    due: date
    done_at: datetime | None
    note: Mapping[str, object]
    next_at: datetime | None


REQUESTS = PrivacyRequestRow.__table__
NEW = insert(PrivacyRequestRow).returning(REQUESTS)
BY_NUMBER = select(REQUESTS).where(REQUESTS.c.number == bindparam("wanted")).with_for_update()
LOCK = select(REQUESTS).where(REQUESTS.c.id == bindparam("request")).with_for_update()
# whatever a clock still looks at, in the small index of those
WATCHED = REQUESTS.c.next_at.is_not(None)
OPEN = REQUESTS.c.state == RequestState.OPEN.value
ALL_OPEN = select(REQUESTS).where(WATCHED, OPEN).order_by(REQUESTS.c.id)
OF_PERSON = (
    select(REQUESTS)
    .where(REQUESTS.c.person_id == bindparam("person"))
    .order_by(REQUESTS.c.id.desc())
    .limit(bindparam("limit"))
)
DUE = (
    select(REQUESTS.c.id)
    .where(REQUESTS.c.next_at <= bindparam("now"))
    .order_by(REQUESTS.c.next_at)
    .limit(bindparam("limit"))
)
OURS = update(PrivacyRequestRow).where(PrivacyRequestRow.id == bindparam("request"))
LOOK = OURS.values(next_at=bindparam("later", type_=REQUESTS.c.next_at.type))
CLOSE = OURS.where(PrivacyRequestRow.state == RequestState.OPEN.value).values(
    state=bindparam("to_state"),
    done_at=bindparam("ended"),
    note=bindparam("sealed"),
    next_at=bindparam("later", type_=REQUESTS.c.next_at.type),
)
OLDEST = (
    select(PrivacyRequestRow.id)
    .where(PrivacyRequestRow.at < bindparam("before"), PrivacyRequestRow.next_at.is_(None))
    .where(PrivacyRequestRow.done_at < bindparam("before"))
    .order_by(PrivacyRequestRow.at)
    .limit(bindparam("limit"))
)
PURGE = (
    delete(PrivacyRequestRow)
    .where(PrivacyRequestRow.id.in_(OLDEST))
    .returning(PrivacyRequestRow.person_id)
)


def open_request(  # noqa: PLR0913 -- the columns of an open request, each by its name
    tx: Tx,
    *,
    number: str,
    person_id: int,
    wish: str,
    owner: str,
    at: datetime,
    due: date,
    next_at: datetime,
    note: Mapping[str, object],
) -> Request:
    """Keeps a new request, which nobody can overlook from then on."""
    values = {
        "number": number,
        "person_id": person_id,
        "wish": wish,
        "state": RequestState.OPEN.value,
        "owner": owner,
        "at": at,
        "due": due,
        "next_at": next_at,
        "note": tx.vault.seal(dict(note)),
    }
    return as_request(tx, tx.execute(NEW, values).one())


def log(tx: Tx, number: str, person_id: int, wish: str, at: datetime) -> None:
    """Notes that something was forgotten, or wished and done, without anybody's asking staff."""
    values = {
        "number": number,
        "person_id": person_id,
        "wish": wish,
        "state": RequestState.DONE.value,
        "owner": "system",
        "at": at,
        "due": at.date(),
        "done_at": at,
        "next_at": None,
        "note": None,
    }
    tx.execute(NEW, values)


def by_number(tx: Tx, number: str) -> Request | None:
    """The request with that number; nobody else can change it until the turn ends."""
    row = tx.execute(BY_NUMBER, {"wanted": number}).first()
    return None if row is None else as_request(tx, row)


def lock(tx: Tx, request_id: int) -> Request | None:
    """The same under our own number."""
    row = tx.execute(LOCK, {"request": request_id}).first()
    return None if row is None else as_request(tx, row)


def of_person(tx: Tx, person_id: int, limit: int = 20) -> tuple[Request, ...]:
    """What a person wished, newest first."""
    found = tx.execute(OF_PERSON, {"person": person_id, "limit": limit})
    return tuple(as_request(tx, row) for row in found)


def open_of(tx: Tx, person_id: int) -> tuple[Request, ...]:
    """The requests of a person that are still to be carried out, newest first."""
    return tuple(one for one in of_person(tx, person_id) if one.state is RequestState.OPEN)


def all_open(tx: Tx) -> tuple[Request, ...]:
    """Every request still to be carried out, oldest first."""
    return tuple(as_request(tx, row) for row in tx.execute(ALL_OPEN))


def due(tx: Tx, now: datetime, limit: int = 100) -> tuple[int, ...]:
    """The ids of requests that a clock has to look at."""
    return tuple(tx.execute(DUE, {"now": now, "limit": limit}).scalars())


def look(tx: Tx, request_id: int, next_at: datetime | None) -> None:
    """When a clock looks again; None: it need not any more."""
    tx.execute(LOOK, {"request": request_id, "later": next_at})


def close(
    tx: Tx,
    request: Request,
    state: RequestState,
    at: datetime,
    *,
    note: Mapping[str, object],
    next_at: datetime | None = None,
) -> None:
    """Ends a request; `next_at`: when to see whether the person has been told."""
    values = {
        "request": request.id,
        "to_state": state.value,
        "ended": at,
        "sealed": tx.vault.seal({**request.note, **note}),
        "later": next_at,
    }
    tx.execute(CLOSE, values)


def purge(tx: Tx, before: datetime, limit: int) -> tuple[int, ...]:
    """Forgets requests that ended before that moment; whose they were."""
    return tuple(tx.execute(PURGE, {"before": before, "limit": limit}).scalars())


def as_request(tx: Tx, row: Row[Any]) -> Request:
    """The value of a stored request."""
    note = cast(Mapping[str, object], tx.vault.open(row.note)) if row.note else {}
    return Request(
        id=row.id,
        number=row.number,
        person_id=row.person_id,
        wish=row.wish,
        state=RequestState(row.state),
        owner=row.owner,
        at=row.at,
        due=row.due,
        done_at=row.done_at,
        note=note,
        next_at=row.next_at,
    )
