"""Surveys and improvements: one for each case, read and changed alike on both engines, sealed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from bot.domain.cases import Case, NeedState, NewNeed
from bot.domain.improvements import ImprovementState
from bot.domain.surveys import Lapse, Rated, Scores, Survey, SurveyState
from storage import cases, improvements, surveys
from storage.db import Database, Tx
from tests.storage.samples import NEED, NOW
from tests.storage.test_cases import registered

HOUR = timedelta(hours=1)
LAST_DAY = date(2026, 11, 30)


def needs(*states: NeedState) -> list[NewNeed]:
    """One need in each of these states."""
    return [replace(NEED, state=one) for one in states]


def planned(tx: Tx, case: Case) -> bool:
    """The survey of a case, due in an hour."""
    return surveys.plan(
        tx,
        case_id=case.id,
        person_id=case.person_id,
        staff="zhangsan",
        ended_at=NOW,
        last_day=LAST_DAY,
        next_at=NOW + HOUR,
    )


def stored(tx: Tx, case: Case) -> Survey:
    """The survey of a case."""
    found = surveys.of_case(tx, case.id)
    assert found is not None
    return found


def test_a_case_has_one_survey_ever(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.FINISHED))
        assert planned(tx, case)
        assert not planned(tx, case)
        assert surveys.of_person(tx, case.person_id) == (stored(tx, case),)

    db.run(turn)


def test_a_survey_comes_back_as_it_was_saved(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.FINISHED))
        planned(tx, case)
        found = stored(tx, case)
        assert (found.state, found.scores, found.comment) == (SurveyState.PLANNED, Scores(), "")
        changed = replace(
            found,
            staff="lisi",
            state=SurveyState.RATED,
            reason=Lapse.NO_WAY,
            invited_at=NOW,
            reminded_at=NOW + HOUR,
            rated_at=NOW + 2 * HOUR,
            closes_at=NOW + 3 * HOUR,
            scores=Scores.of({Rated.HONEST: 2, Rated.OVERALL: 5}),
            comment="师傅很专业",
            next_at=None,
        )
        surveys.save(tx, changed)
        assert surveys.lock(tx, found.id) == changed
        assert surveys.of_cases(tx, [case.id]) == {case.id: changed}
        assert surveys.due(tx, NOW + 9 * HOUR) == ()

    db.run(turn)


def test_what_was_said_is_sealed(db: Database) -> None:
    def turn(tx: Tx) -> list[bytes]:
        case = registered(tx, needs(NeedState.FINISHED))
        planned(tx, case)
        surveys.save(tx, replace(stored(tx, case), comment="王师傅要红包"))
        found = improvements.open_one(
            tx,
            source="rating",
            owner="zhangsan",
            due=LAST_DAY,
            facts={"comment": "王师傅要红包"},
            at=NOW,
            case_id=case.id,
        )
        improvements.save(tx, replace(found, plan="已找王师傅谈话"))
        rows = tx.connection.execute(text("SELECT comment FROM surveys")).scalars().all()
        more = tx.connection.execute(text("SELECT facts, plan FROM improvements")).all()
        return [bytes(value) for value in (*rows, *(cell for row in more for cell in row))]

    for value in db.run(turn):
        assert "王师傅".encode() not in value


@pytest.mark.parametrize(
    ("states", "served"),
    [
        ((NeedState.FINISHED,), True),
        ((NeedState.ANSWERED,), True),
        ((NeedState.FINISHED, NeedState.WITHDRAWN), True),
        ((NeedState.FINISHED, NeedState.IN_SERVICE), False),
        ((NeedState.FINISHED, NeedState.TO_SUPPLEMENT), False),
        ((NeedState.WITHDRAWN, NeedState.WITHDRAWN), False),
        ((NeedState.CLOSED,), False),
        ((NeedState.SUBMITTED,), False),
    ],
)
def test_service_is_over_when_nothing_is_open_and_something_was_served(
    db: Database, states: tuple[NeedState, ...], served: bool
) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(*states))
        assert surveys.served(tx) == ((case.id,) if served else ())
        ending = surveys.ending(tx, case.id)
        assert (ending.served and not ending.open) is served
        assert ending.at == NOW

    db.run(turn)


def test_a_case_is_looked_at_once_while_its_survey_waits(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.FINISHED))
        planned(tx, case)
        assert surveys.served(tx) == ()
        assert surveys.due(tx, NOW) == ()
        assert surveys.due(tx, NOW + HOUR) == (stored(tx, case).id,)
        surveys.save(tx, replace(stored(tx, case), next_at=None))
        assert surveys.served(tx) == (case.id,)

    db.run(turn)


def test_the_last_change_of_any_need_is_the_end(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.FINISHED, NeedState.IN_SERVICE))
        later = NOW + 5 * HOUR
        cases.change(tx, case.needs[1], state=NeedState.WITHDRAWN, at=later)
        assert surveys.ending(tx, case.id).at == later

    db.run(turn)


def test_what_was_reopened_is_found_until_it_was_answered(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.FINISHED))
        planned(tx, case)
        assert surveys.reopened(tx) == ()
        cases.change(tx, case.needs[0], state=NeedState.EVALUATING, at=NOW)
        found = stored(tx, case)
        assert surveys.reopened(tx) == (found.id,)
        surveys.save(tx, replace(found, state=SurveyState.RATED))
        assert surveys.reopened(tx) == ()

    db.run(turn)


def test_improvements_are_numbered_listed_by_day_and_kept_when_done(db: Database) -> None:
    def turn(tx: Tx) -> None:
        case = registered(tx, needs(NeedState.CLOSED))
        made = [
            improvements.open_one(
                tx,
                source="rating",
                owner="zhangsan",
                due=LAST_DAY - timedelta(days=days),
                facts={"scores": {"overall": 2}},
                at=NOW,
                case_id=case.id,
            )
            for days in (0, 2)
        ]
        assert [one.number for one in made] == ["GJ20261123-0001", "GJ20261123-0002"]
        assert improvements.of_owner(tx, "zhangsan") == (made[1], made[0])
        assert improvements.of_owner(tx, "lisi") == ()
        done = replace(made[1], state=ImprovementState.DONE, plan="已改", done_at=NOW)
        improvements.save(tx, done)
        assert improvements.of_owner(tx, "zhangsan") == (made[0],)
        assert improvements.by_number(tx, "GJ20261123-0002") == done
        assert improvements.by_number(tx, "GJ20261123-0009") is None
        assert improvements.of_cases(tx, [case.id]) == {case.id: (made[0], done)}
        more = improvements.add_facts(tx, made[0], {"reason": "慢"})
        assert more.facts == {"scores": {"overall": 2}, "reason": "慢"}
        assert improvements.by_number(tx, "GJ20261123-0001") == more

    db.run(turn)
