"""Ratings: planned once for each case, moved by clocks and by the client, read with the case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, case, func, select, text, update

from bot.domain.cases import OPEN
from bot.domain.surveys import Lapse, Rated, Scores, Survey, SurveyState
from storage.models import EPOCH, NeedRow, SurveyRow
from storage.turn import Tx, upsert

SURVEYS, NEEDS = SurveyRow.__table__, NeedRow.__table__
WAITING = (SurveyState.PLANNED.value, SurveyState.INVITED.value)
UNDONE = tuple(sorted(OPEN))


@dataclass(frozen=True)
class Ending:
    """How the needs of a case stand: the last change of any of them, and whether it was over."""

    at: datetime
    open: bool
    served: bool


def an_open_need(case_id: Any) -> Any:
    """Whether some need of that case is still worked on."""
    other = NEEDS.alias("other")
    # by their states and not by `open`, whose index would be read for each case anew
    return select(other.c.id).where(other.c.case_id == case_id, other.c.state.in_(UNDONE)).exists()


PLAN = upsert(
    SurveyRow,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["case_id"]).returning(
        SurveyRow.id
    ),
)
# the condition is the one of its index, word for word
SERVED = (
    select(NEEDS.c.case_id)
    .where(text("needs.state IN ('answered', 'finished')"), ~an_open_need(NEEDS.c.case_id))
    .where(
        ~select(SURVEYS.c.id)
        .where(SURVEYS.c.case_id == NEEDS.c.case_id, SURVEYS.c.next_at.is_not(None))
        .exists()
    )
    .where(NEEDS.c.case_id > bindparam("after"))
    .distinct()
    .order_by(NEEDS.c.case_id)
    .limit(bindparam("limit"))
)
REOPENED = (
    select(SURVEYS.c.id)
    .where(SURVEYS.c.next_at > bindparam("ever"), SURVEYS.c.state.in_(WAITING))
    .where(an_open_need(SURVEYS.c.case_id))
    .order_by(SURVEYS.c.next_at, SURVEYS.c.id)
)
DUE = (
    select(SURVEYS.c.id)
    .where(SURVEYS.c.next_at <= bindparam("now"))
    .order_by(SURVEYS.c.next_at, SURVEYS.c.id)
    .limit(bindparam("limit"))
)
ENDING = select(
    func.max(NEEDS.c.since, type_=NEEDS.c.since.type).label("at"),
    func.sum(case((NEEDS.c.open, 1), else_=0)).label("still_open"),
    func.sum(case((NEEDS.c.state.in_(("answered", "finished")), 1), else_=0)).label("served"),
).where(NEEDS.c.case_id == bindparam("case"))
BY_ID = select(SURVEYS).where(SURVEYS.c.id == bindparam("survey"))
LOCK = BY_ID.with_for_update()
HOLD = select(SURVEYS).where(SURVEYS.c.case_id == bindparam("case")).with_for_update()
LOOK = (
    update(SurveyRow)
    .where(SurveyRow.id == bindparam("survey"), SurveyRow.next_at.is_not(None))
    .values(next_at=bindparam("later", type_=SURVEYS.c.next_at.type))
)
OF_CASES = select(SURVEYS).where(SURVEYS.c.case_id.in_(bindparam("cases", expanding=True)))
OF_PERSON = (
    select(SURVEYS)
    .where(SURVEYS.c.person_id == bindparam("person"))
    .order_by(SURVEYS.c.id.desc())
    .limit(bindparam("limit"))
)
CHANGE = (
    update(SurveyRow)
    .where(SurveyRow.id == bindparam("survey"))
    .values(
        staff=bindparam("to_staff"),
        state=bindparam("to_state"),
        reason=bindparam("to_reason"),
        ended_at=bindparam("to_ended_at"),
        last_day=bindparam("to_last_day"),
        invited_at=bindparam("to_invited_at"),
        reminded_at=bindparam("to_reminded_at"),
        rated_at=bindparam("to_rated_at"),
        closes_at=bindparam("to_closes_at"),
        professional=bindparam("to_professional"),
        timely=bindparam("to_timely"),
        honest=bindparam("to_honest"),
        overall=bindparam("to_overall"),
        comment=bindparam("to_comment"),
        next_at=bindparam("to_next_at"),
    )
)


def plan(  # noqa: PLR0913 -- the columns of a planned survey, each by its name
    tx: Tx,
    *,
    case_id: int,
    person_id: int,
    staff: str,
    ended_at: datetime,
    last_day: date,
    next_at: datetime,
) -> bool:
    """Plans the one invitation of a case; False if it ever had one."""
    values = {"case_id": case_id, "person_id": person_id, "staff": staff, "ended_at": ended_at}
    values |= {"state": SurveyState.PLANNED.value, "last_day": last_day, "next_at": next_at}
    return tx.execute(PLAN, values).first() is not None


def served(tx: Tx, after: int = 0, limit: int = 100) -> tuple[int, ...]:
    """Cases whose service is over and whose rating no clock looks at, from id `after` on."""
    return tuple(tx.execute(SERVED, {"after": after, "limit": limit}).scalars())


def reopened(tx: Tx) -> tuple[int, ...]:
    """Surveys not answered yet whose case is worked on again."""
    return tuple(tx.execute(REOPENED, {"ever": EPOCH}).scalars())


def due(tx: Tx, now: datetime, limit: int = 100) -> tuple[int, ...]:
    """Surveys whose time has come, the longest waiting first."""
    return tuple(tx.execute(DUE, {"now": now, "limit": limit}).scalars())


def ending(tx: Tx, case_id: int) -> Ending:
    """How the service of a case ended, or that it has not."""
    row = tx.execute(ENDING, {"case": case_id}).one()
    return Ending(row.at, bool(row.still_open), bool(row.served))


def lock(tx: Tx, survey_id: int) -> Survey | None:
    """The survey; nobody else changes it until the turn ends."""
    row = tx.execute(LOCK, {"survey": survey_id}).first()
    return None if row is None else as_survey(tx, row)


def held(tx: Tx, case_id: int) -> Survey | None:
    """The survey of a case, if it has one; nobody else changes it until the turn ends."""
    row = tx.execute(HOLD, {"case": case_id}).first()
    return None if row is None else as_survey(tx, row)


def look(tx: Tx, survey_id: int, next_at: datetime) -> None:
    """When a clock looks at it again, of those it looks at."""
    tx.execute(LOOK, {"survey": survey_id, "later": next_at})


def of_case(tx: Tx, case_id: int) -> Survey | None:
    """The survey of a case, if service was ever over."""
    return of_cases(tx, [case_id]).get(case_id)


def of_cases(tx: Tx, case_ids: Sequence[int]) -> dict[int, Survey]:
    """The same for several cases."""
    return {row.case_id: as_survey(tx, row) for row in tx.execute(OF_CASES, {"cases": case_ids})}


def of_person(tx: Tx, person_id: int, limit: int = 20) -> tuple[Survey, ...]:
    """The surveys of a person, newest first."""
    found = tx.execute(OF_PERSON, {"person": person_id, "limit": limit})
    return tuple(as_survey(tx, row) for row in found)


def save(tx: Tx, survey: Survey) -> None:
    """The survey as it now stands; the caller holds it locked."""
    values: dict[str, object] = {
        "staff": survey.staff,
        "state": survey.state.value,
        "reason": survey.reason.value if survey.reason else None,
        "ended_at": survey.ended_at,
        "last_day": survey.last_day,
        "invited_at": survey.invited_at,
        "reminded_at": survey.reminded_at,
        "rated_at": survey.rated_at,
        "closes_at": survey.closes_at,
        **vars(survey.scores),
        "comment": tx.vault.seal(survey.comment) if survey.comment else None,
        "next_at": survey.next_at,
    }
    params = {f"to_{key}": value for key, value in values.items()}
    tx.execute(CHANGE, params | {"survey": survey.id})


def as_survey(tx: Tx, row: Row[Any]) -> Survey:
    """The value of a stored survey."""
    found = cast(Mapping[str, Any], row._mapping)
    return Survey(
        id=row.id,
        case_id=row.case_id,
        person_id=row.person_id,
        staff=row.staff,
        state=SurveyState(row.state),
        reason=Lapse(row.reason) if row.reason else None,
        ended_at=row.ended_at,
        last_day=row.last_day,
        invited_at=row.invited_at,
        reminded_at=row.reminded_at,
        rated_at=row.rated_at,
        closes_at=row.closes_at,
        scores=Scores(**{str(item): found[item] for item in Rated}),
        comment="" if row.comment is None else str(tx.vault.open(row.comment)),
        next_at=row.next_at,
    )
