"""Improvements: opened by a low score or a complaint, seen to by their owner, kept on record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, insert, select, update

from bot.domain.improvements import PREFIX, UNDONE, Improvement, ImprovementState
from bot.domain.surveys import Survey
from storage import cases
from storage.models import ImprovementRow
from storage.turn import Tx

IMPROVEMENTS = ImprovementRow.__table__
NEW = insert(ImprovementRow).returning(ImprovementRow.id)
UNDONE_STATES = tuple(sorted(UNDONE))
BY_NUMBER = select(IMPROVEMENTS).where(IMPROVEMENTS.c.number == bindparam("number"))
OF_OWNER = (
    select(IMPROVEMENTS)
    .where(IMPROVEMENTS.c.owner == bindparam("owner"), IMPROVEMENTS.c.state.in_(UNDONE_STATES))
    .order_by(IMPROVEMENTS.c.due, IMPROVEMENTS.c.id)
    .limit(bindparam("limit"))
)
OF_CASES = (
    select(IMPROVEMENTS)
    .where(IMPROVEMENTS.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(IMPROVEMENTS.c.id)
)
CHANGE = (
    update(ImprovementRow)
    .where(ImprovementRow.id == bindparam("improvement"))
    .values(
        state=bindparam("to_state"),
        facts=bindparam("to_facts"),
        plan=bindparam("to_plan"),
        done_at=bindparam("to_done_at"),
    )
)


def open_one(  # noqa: PLR0913 -- the columns of a new one, each by its name
    tx: Tx,
    *,
    source: str,
    owner: str,
    due: date,
    facts: Mapping[str, object],
    at: datetime,
    case_id: int | None = None,
    survey_id: int | None = None,
    complaint_id: int | None = None,
    confidential: bool = False,
) -> Improvement:
    """A new improvement under its own number."""
    number = cases.next_number(tx, PREFIX, at.date())
    values = {
        "number": number,
        "source": source,
        "case_id": case_id,
        "survey_id": survey_id,
        "owner": owner,
        "confidential": confidential,
        "due": due,
        "opened_at": at,
    }
    row = values | {"state": ImprovementState.OPEN.value, "facts": tx.vault.seal(dict(facts))}
    found = tx.execute(NEW, row | {"complaint_id": complaint_id}).scalar_one()
    given: dict[str, Any] = values
    return Improvement(
        id=found, state=ImprovementState.OPEN, done_at=None, facts=dict(facts), **given
    )


def by_number(tx: Tx, number: str) -> Improvement | None:
    """The improvement with that number."""
    row = tx.execute(BY_NUMBER, {"number": number}).first()
    return None if row is None else as_improvement(tx, row)


def of_survey(tx: Tx, survey: Survey) -> tuple[Improvement, ...]:
    """What one rating led to, newest first."""
    found = of_cases(tx, [survey.case_id]).get(survey.case_id, ())
    return tuple(one for one in reversed(found) if one.survey_id == survey.id)


def of_owner(tx: Tx, owner: str, limit: int = 50) -> tuple[Improvement, ...]:
    """What somebody still has to see to, the most urgent first."""
    rows = tx.execute(OF_OWNER, {"owner": owner, "limit": limit})
    return tuple(as_improvement(tx, row) for row in rows)


def of_cases(tx: Tx, case_ids: Sequence[int]) -> dict[int, tuple[Improvement, ...]]:
    """The improvements that cases led to, oldest first; a case without any is left out."""
    found: dict[int, tuple[Improvement, ...]] = {}
    for row in tx.execute(OF_CASES, {"cases": case_ids}):
        found[row.case_id] = (*found.get(row.case_id, ()), as_improvement(tx, row))
    return found


def save(tx: Tx, found: Improvement) -> None:
    """The improvement as it now stands."""
    values = {
        "to_state": found.state.value,
        "to_facts": tx.vault.seal(dict(found.facts)),
        "to_plan": tx.vault.seal(found.plan) if found.plan else None,
        "to_done_at": found.done_at,
    }
    tx.execute(CHANGE, values | {"improvement": found.id})


def add_facts(tx: Tx, found: Improvement, facts: Mapping[str, object]) -> Improvement:
    """The same, with more known about it."""
    changed = replace(found, facts={**found.facts, **facts})
    save(tx, changed)
    return changed


def as_improvement(tx: Tx, row: Row[Any]) -> Improvement:
    """The value of a stored improvement."""
    return Improvement(
        id=row.id,
        number=row.number,
        source=row.source,
        case_id=row.case_id,
        survey_id=row.survey_id,
        owner=row.owner,
        confidential=row.confidential,
        state=ImprovementState(row.state),
        due=row.due,
        opened_at=row.opened_at,
        done_at=row.done_at,
        facts=cast(Mapping[str, object], tx.vault.open(row.facts)),
        plan="" if row.plan is None else str(tx.vault.open(row.plan)),
    )
