"""Talks that a staff member has taken over from the assistant, and when clocks look at them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from storage.models import HandoverRow
from storage.turn import Tx


@dataclass(frozen=True)
class Handover:
    """One talk: whose, about which case, with whom, and who said something last and when.

    `asked_at` is the first of the client's words that nobody has answered yet.
    """

    id: int
    person_id: int
    case_id: int | None
    staff: str
    opened_at: datetime
    answered_at: datetime | None
    asked_at: datetime
    ended_at: datetime | None
    ended_by: str | None

    @property
    def unanswered(self) -> bool:
        """Whether the client said something after the last answer."""
        return self.answered_at is None or self.answered_at < self.asked_at

    @property
    def last(self) -> datetime:
        """When either of the two last said something."""
        return max(self.asked_at, self.answered_at or self.asked_at)


TALKS = HandoverRow.__table__
OPEN = TALKS.c.ended_at.is_(None)
NEW = insert(HandoverRow).returning(HandoverRow.id)
BY_ID = select(TALKS).where(TALKS.c.id == bindparam("talk"))
OF_PERSON = (
    select(TALKS)
    .where(TALKS.c.person_id == bindparam("person"), OPEN)
    .order_by(TALKS.c.id.desc())
    .limit(1)
)
# every open talk is looked at by a clock, so the small index of those finds them
ALL_OPEN = select(TALKS).where(TALKS.c.next_at.is_not(None), OPEN)
OF_STAFF = ALL_OPEN.where(TALKS.c.staff == bindparam("who")).order_by(TALKS.c.id)
EVERY = ALL_OPEN.order_by(TALKS.c.id)
LOADS = (
    select(TALKS.c.staff, func.count().label("open_talks"))
    .where(TALKS.c.next_at.is_not(None), OPEN)
    .group_by(TALKS.c.staff)
)
DUE = (
    select(TALKS.c.id)
    .where(TALKS.c.next_at <= bindparam("now"), OPEN)
    .order_by(TALKS.c.next_at)
    .limit(bindparam("limit"))
)
OURS = update(HandoverRow).where(
    HandoverRow.id == bindparam("talk"), HandoverRow.ended_at.is_(None)
)
LATER = bindparam("later", type_=TALKS.c.next_at.type)
ASKED = OURS.values(asked_at=bindparam("at"), next_at=LATER)
ANSWERED = OURS.values(answered_at=bindparam("at"), next_at=LATER)
GIVE = OURS.values(staff=bindparam("to"), asked_at=bindparam("at"), next_at=LATER)
LOOK = OURS.values(next_at=LATER)
END = OURS.values(ended_at=bindparam("at"), ended_by=bindparam("by"), next_at=None).returning(
    HandoverRow.id
)


def begin(
    tx: Tx, person_id: int, case_id: int | None, staff: str, at: datetime, next_at: datetime
) -> Handover:
    """A new talk; the person must have no open one."""
    values = {
        "person_id": person_id,
        "case_id": case_id,
        "staff": staff,
        "opened_at": at,
        "asked_at": at,
        "next_at": next_at,
    }
    talk_id = tx.execute(NEW, values).scalar_one()
    return Handover(talk_id, person_id, case_id, staff, at, None, at, None, None)


def by_id(tx: Tx, talk_id: int) -> Handover | None:
    """The talk under our own number, ended or not."""
    row = tx.execute(BY_ID, {"talk": talk_id}).first()
    return None if row is None else as_handover(row)


def of_person(tx: Tx, person_id: int) -> Handover | None:
    """The person's open talk."""
    row = tx.execute(OF_PERSON, {"person": person_id}).first()
    return None if row is None else as_handover(row)


def open_all(tx: Tx) -> tuple[Handover, ...]:
    """Every open talk, oldest first."""
    return tuple(as_handover(row) for row in tx.execute(EVERY))


def of_staff(tx: Tx, staff: str) -> tuple[Handover, ...]:
    """A staff member's open talks, oldest first."""
    return tuple(as_handover(row) for row in tx.execute(OF_STAFF, {"who": staff}))


def open_loads(tx: Tx) -> dict[str, int]:
    """How many open talks each staff member has."""
    return {row.staff: row.open_talks for row in tx.execute(LOADS)}


def due(tx: Tx, now: datetime, limit: int = 200) -> tuple[int, ...]:
    """The ids of open talks that a clock has to look at."""
    return tuple(tx.execute(DUE, {"now": now, "limit": limit}).scalars())


def asked(tx: Tx, talk_id: int, at: datetime, next_at: datetime) -> None:
    """The client said something."""
    tx.execute(ASKED, {"talk": talk_id, "at": at, "later": next_at})


def answered(tx: Tx, talk_id: int, at: datetime, next_at: datetime) -> None:
    """The staff member said something."""
    tx.execute(ANSWERED, {"talk": talk_id, "at": at, "later": next_at})


def give(tx: Tx, talk_id: int, staff: str, at: datetime, next_at: datetime) -> None:
    """Another staff member has the talk from now on, and its clocks begin anew."""
    tx.execute(GIVE, {"talk": talk_id, "to": staff, "at": at, "later": next_at})


def look(tx: Tx, talk_id: int, next_at: datetime) -> None:
    """When a clock looks again."""
    tx.execute(LOOK, {"talk": talk_id, "later": next_at})


def end(tx: Tx, talk_id: int, by: str, at: datetime) -> bool:
    """The assistant has the talk back; False: somebody ended it before."""
    return tx.execute(END, {"talk": talk_id, "by": by, "at": at}).first() is not None


def as_handover(row: Row[Any]) -> Handover:
    """The value of a stored talk."""
    return Handover(
        id=row.id,
        person_id=row.person_id,
        case_id=row.case_id,
        staff=row.staff,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )
