"""What the clocks say of a promised time, in the outbox: who, when, once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.domain import workdays
from bot.domain.cases import Need, NeedState
from bot.jobs.desk import Desk
from bot.jobs.milestones import bring_up, recompute
from storage import cases, events, people
from storage.db import Database, Tx
from storage.models import CaseRow, OutboxRow
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import text_of
from tests.jobs.office import OFFICE
from tests.storage.samples import NEED
from tests.storage.test_cases import registered

KEEPER, CLIENT = "liu.min", "openid-1"
MANAGERS = {"zhao.qiming", "gao.yuan"}
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def desk(db: Database, clock: FixedClock) -> Desk:
    """What the jobs work with, on a Monday at nine."""
    return Desk(db, clock, OFFICE, lambda: None)


def put(desk: Desk, days: int = 4, **changes: object) -> Need:
    """A need registered now, promised in so many working days."""
    now = desk.clock()
    found = workdays.due(now.date(), days, {})
    terms: dict[str, Any] = {
        "state": NeedState.IN_SERVICE,
        "item": "calibrate",
        "assignee": KEEPER,
        "due": found.day,
        "promised_from": now.date(),
        "promised_days": days,
        "estimated": found.estimated,
        **changes,
    }
    need = replace(NEED, **terms)
    return desk.db.run(lambda tx: registered(tx, [need], at=now)).needs[0]


def letters(desk: Desk) -> list[tuple[str, str]]:
    """Who was sent what, oldest first."""

    def read(tx: Tx) -> list[tuple[str, str]]:
        columns = (OutboxRow.recipient, OutboxRow.body)
        found = tx.connection.execute(select(*columns).order_by(OutboxRow.id))
        return [(row.recipient, text_of(tx, row.body)) for row in found]

    return desk.db.run(read)


def told(desk: Desk) -> list[str]:
    """To whom, oldest first."""
    return [who for who, _ in letters(desk)]


def until(desk: Desk, clock: FixedClock, end: str) -> None:
    """Time passes in half hours."""
    while clock() < datetime.fromisoformat(end).replace(tzinfo=clock().tzinfo):
        clock.forward(HALF_HOUR)
        bring_up(desk)


def test_staff_first_then_the_client_then_managers_when_the_time_is_over(
    desk: Desk, clock: FixedClock
) -> None:
    put(desk)
    until(desk, clock, "2026-11-25T13:00")
    assert told(desk) == [KEEPER]
    until(desk, clock, "2026-11-25T14:00")
    assert told(desk) == [KEEPER, CLIENT]
    until(desk, clock, "2026-11-27T20:00")
    assert told(desk)[2] == KEEPER
    assert set(told(desk)[3:5]) == MANAGERS
    assert told(desk)[5:] == [CLIENT]
    assert "11月27日" in letters(desk)[-1][1]


def test_any_number_of_replicas_brings_each_point_up_once(desk: Desk, clock: FixedClock) -> None:
    need = put(desk)
    clock.now = clock().replace(day=25, hour=9)
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _n: bring_up(desk), range(8)))
    assert told(desk) == [KEEPER]
    clock.forward(timedelta(hours=6))
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _n: bring_up(desk), range(8)))
    assert told(desk) == [KEEPER, CLIENT]
    kinds = [one.kind for one in desk.db.run(lambda tx: events.of_case(tx, need.case_id))]
    assert kinds == ["reminded_staff", "told_progress"]


def test_a_machine_that_was_off_says_the_last_thing_alone(desk: Desk, clock: FixedClock) -> None:
    put(desk)
    clock.now = clock().replace(month=12, day=21, hour=10)
    for _ in range(3):
        bring_up(desk)
    assert told(desk) == [KEEPER]
    clock.forward(timedelta(hours=6))
    bring_up(desk)
    assert told(desk)[-1] == CLIENT
    assert len(told(desk)) == 2 + len(MANAGERS)


def opt_out(desk: Desk, need: Need) -> None:
    def turn(tx: Tx) -> None:
        case = cases.by_id(tx, need.case_id)
        assert case is not None
        people.opt_out(tx, case.person_id, desk.clock())

    desk.db.run(turn)


def test_who_wants_no_reminders_hears_only_that_a_promise_is_over(
    desk: Desk, clock: FixedClock
) -> None:
    opt_out(desk, put(desk))
    until(desk, clock, "2026-11-27T20:00")
    assert told(desk).count(CLIENT) == 1
    assert told(desk).count(KEEPER) == 2
    assert "原定今天" in letters(desk)[-1][1]


def test_what_is_withdrawn_or_waits_for_the_client_is_not_brought_up_to_staff(
    desk: Desk, clock: FixedClock
) -> None:
    gone, waiting = put(desk), put(desk)
    desk.db.run(lambda tx: cases.change(tx, gone, state=NeedState.WITHDRAWN, at=clock()))
    desk.db.run(
        lambda tx: cases.change(
            tx, waiting, state=NeedState.TO_SUPPLEMENT, wanted=["营业执照"], at=clock()
        )
    )
    until(desk, clock, "2026-12-18T20:00")
    ((who, text),) = letters(desk)
    assert who == CLIENT
    assert "营业执照" in text


def test_a_referral_is_followed_up_by_whoever_was_asked_first(
    desk: Desk, clock: FixedClock
) -> None:
    first = "sun.yue"

    need = put(desk, state=NeedState.REFERRED)
    agent = update(CaseRow).where(CaseRow.id == need.case_id).values(agent=first)
    desk.db.run(lambda tx: tx.connection.execute(agent))
    until(desk, clock, "2026-11-25T10:00")
    assert told(desk) == [first, KEEPER]
    assert "首问责任人" in letters(desk)[0][1]


def publish(monkeypatch: pytest.MonkeyPatch, off: set[date]) -> None:
    """The notice of 2027 is out."""

    def published(day: date) -> bool | None:
        return day.weekday() < workdays.SATURDAY and day not in off

    monkeypatch.setattr(workdays, "published_workday", published)


def guess(monkeypatch: pytest.MonkeyPatch) -> None:
    """No notice for 2027 yet, whatever the installed calendar knows."""
    known = workdays.published_workday

    def published(day: date) -> bool | None:
        return known(day) if day.year < 2027 else None

    monkeypatch.setattr(workdays, "published_workday", published)


def test_a_promise_on_a_guessed_calendar_is_counted_again_when_the_notice_is_out(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(monkeypatch)
    need = put(desk, 30)
    assert (need.due, need.estimated) == (date(2027, 1, 5), True)
    recompute(desk)
    assert letters(desk) == []
    publish(monkeypatch, {date(2027, 1, 1), date(2027, 1, 4)})
    recompute(desk)
    recompute(desk)
    found = desk.db.run(lambda tx: cases.need(tx, need.id))
    assert found is not None
    assert (found[1].due, found[1].estimated) == (date(2027, 1, 6), False)
    assert told(desk) == [CLIENT, KEEPER]
    assert "1月5日 调整为 1月6日" in letters(desk)[0][1]


def test_a_guess_that_was_right_is_only_noted(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    guess(monkeypatch)
    need = put(desk, 30)
    publish(monkeypatch, {date(2027, 1, 1)})
    clock.now = clock().replace(hour=22)
    recompute(desk)
    clock.now = clock().replace(hour=12)
    recompute(desk)
    found = desk.db.run(lambda tx: cases.need(tx, need.id))
    assert found is not None
    assert not found[1].estimated
    assert letters(desk) == []
