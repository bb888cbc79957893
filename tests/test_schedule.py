"""The clock jobs: each period once over all replicas, nothing missed while off, no broken tick."""

import logging
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import system_now
from bot.domain.cases import Case, NeedState
from bot.handlers.turn import Office
from bot.jobs.acceptance import remind_unaccepted
from bot.jobs.desk import Desk
from bot.jobs.housekeeping import purge
from bot.messages import Channel
from bot.pages.links import Links
from bot.reading.concerns.faqs import Faqs
from bot.reading.reader import Reader
from bot.render import Renderer, load_texts
from bot.schedule import JOBS, Job, Schedule, attempt, every
from storage import cases, inbox, outbox, people, quotas, runs
from storage.db import Database, Tx
from storage.people import Act
from tests.fixed_clock import FixedClock
from tests.storage.samples import NEED, push
from tests.storage.test_cases import registered
from tests.world import shipped_catalog

KEEPER, MANAGERS = "liu.min", ("zhao.qiming", "gao.yuan")
CATALOG = shipped_catalog()
LINKS = Links("", "nobody opens a page in these tests", system_now)
OFFICE = Office(CATALOG, Reader(CATALOG), Faqs(CATALOG), Renderer(load_texts()), LINKS)


def a_case(tx: Tx, at: datetime) -> Case:
    """A case that waits for its keeper."""
    return registered(tx, [replace(NEED, item="calibrate", assignee=KEEPER)], at=at)


@pytest.fixture
def desk(db: Database, clock: FixedClock) -> Desk:
    """What the jobs work with."""
    return Desk(db, clock, OFFICE, lambda: None)


def run_all(desk: Desk) -> None:
    """One tick of every job."""
    for job in JOBS:
        job.run(desk)


def reminded(desk: Desk) -> list[str]:
    """On which days somebody was reminded, each time of the keeper and of all managers."""
    query = "SELECT key FROM outbox ORDER BY id"
    keys = desk.db.run(lambda tx: list(tx.connection.exec_driver_sql(query).scalars()))
    days = Counter(key.split(":")[3] for key in keys if key.startswith("reminder:"))
    assert set(days.values()) <= {1 + len(MANAGERS)}
    return sorted(days)


def test_a_need_nobody_takes_up_is_brought_up_once_a_day_by_any_number_of_replicas(
    desk: Desk, clock: FixedClock
) -> None:
    (need,) = desk.db.run(lambda tx: a_case(tx, clock())).needs
    run_all(desk)
    assert reminded(desk) == []
    clock.forward(timedelta(hours=1, seconds=1))
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _n: remind_unaccepted(desk), range(8)))
    assert reminded(desk) == ["20261123"]
    clock.forward(timedelta(days=1))
    run_all(desk)
    assert reminded(desk) == ["20261123", "20261124"]
    desk.db.run(lambda tx: cases.change(tx, need, state=NeedState.EVALUATING))
    clock.forward(timedelta(days=1))
    run_all(desk)
    assert len(reminded(desk)) == 2


def test_a_reminder_that_night_forbids_comes_in_the_morning(desk: Desk, clock: FixedClock) -> None:
    desk.db.run(lambda tx: a_case(tx, clock()))
    clock.forward(timedelta(hours=12))
    run_all(desk)
    assert reminded(desk) == []
    clock.forward(timedelta(hours=13))
    run_all(desk)
    assert len(reminded(desk)) == 1


def test_three_days_off_miss_nothing_and_say_it_once(desk: Desk, clock: FixedClock) -> None:
    desk.db.run(lambda tx: a_case(tx, clock()))
    clock.forward(timedelta(days=3, hours=1))
    for _tick in range(3):
        run_all(desk)
    assert len(reminded(desk)) == 1


def fill(tx: Tx, clock: FixedClock) -> None:
    """One of everything that is to be forgotten some day."""
    person = people.meet(tx, Channel.OFFICIAL, "openid-1", clock(), Act.WROTE)
    people.keep_first(tx, person.id, "first words", clock())
    people.save(tx, person.id, {"draft": 1})
    inbox.claim(tx, "key", Channel.OFFICIAL, clock())
    inbox.keep(tx, "kept", Channel.OFFICIAL, b"raw", "why", clock())
    quotas.take(tx, "scope", clock(), 1)


def left(tx: Tx, clock: FixedClock) -> set[str]:
    """What of it is still there."""
    person = people.find(tx, Channel.OFFICIAL, "openid-1")
    assert person is not None
    found = {
        "first words": person.first_words is not None,
        "draft": bool(person.progress),
        "message": inbox.claim(tx, "key", Channel.OFFICIAL, clock()) is not None,
        "input": bool(inbox.kept(tx)),
    }
    return {name for name, there in found.items() if there}


def test_everything_is_forgotten_in_its_time_and_not_before(desk: Desk, clock: FixedClock) -> None:
    desk.db.run(lambda tx: fill(tx, clock))
    everything = {"first words", "draft", "message", "input"}
    for days, gone in [
        (0.99, set()),
        (0.02, {"first words"}),
        (29, {"first words"}),
        (2, {"first words", "draft"}),
        (140, {"first words", "draft"}),
    ]:
        clock.forward(timedelta(days=days))
        run_all(desk)
        assert desk.db.run(lambda tx: left(tx, clock)) == everything - gone
    clock.forward(timedelta(days=10))
    run_all(desk)
    assert desk.db.run(lambda tx: left(tx, clock)) == set()


def test_a_large_inbox_is_purged_in_slices(
    desk: Desk, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(tx: Tx) -> None:
        for number in range(25):
            inbox.claim(tx, f"key-{number}", Channel.OFFICIAL, clock())

    desk.db.run(many)
    monkeypatch.setattr("bot.jobs.housekeeping.SLICE", 10)
    clock.forward(timedelta(days=181))
    purge(desk)
    assert desk.db.run(lambda tx: inbox.purge(tx, clock())) == 0


def test_held_pushes_expire_and_the_clock_shows_that_it_runs(desk: Desk, clock: FixedClock) -> None:
    def hold(tx: Tx) -> None:
        outbox.enqueue(tx, [push("a", due=clock(), expires=clock() + timedelta(hours=1))])
        (row,) = outbox.claim(tx, clock(), "token", clock() + timedelta(minutes=1), 1)
        outbox.mark_held(tx, row.id, "token", clock(), "no")

    desk.db.run(hold)
    clock.forward(timedelta(hours=1))
    run_all(desk)
    assert desk.db.run(lambda tx: outbox.waiting(tx, clock())).failed == 1
    assert desk.db.run(lambda tx: runs.last_beat(tx, "schedule")) == clock()


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 3, 0, tzinfo=UTC), "2026-12-31"),
        (datetime(2028, 2, 29, 3, 0, tzinfo=UTC), "2028-02-29"),
        (datetime(2026, 12, 30, 23, 30, tzinfo=UTC), None),
        (datetime(2026, 12, 31, 1, 45, tzinfo=UTC), "2026-12-31"),
    ],
)
def test_days_are_shanghais_wherever_the_machine_stands(
    db: Database, moment: datetime, day: str | None
) -> None:
    clock = FixedClock(moment)
    desk = Desk(db, clock, OFFICE, lambda: None)
    db.run(lambda tx: a_case(tx, moment - timedelta(hours=2)))
    run_all(desk)
    assert reminded(desk) == ([day.replace("-", "")] if day else [])


def test_the_schedule_runs_every_job_at_once_and_ticks_the_worker_each_second(
    db: Database, clock: FixedClock
) -> None:
    ticks = threading.Semaphore(0)
    desk = Desk(db, clock, OFFICE, ticks.release)
    schedule = Schedule(desk)
    schedule.start()
    assert all(ticks.acquire(timeout=5) for _ in range(2))
    schedule.stop()
    assert db.run(lambda tx: runs.last_beat(tx, "schedule")) == clock()


def test_a_job_that_fails_is_told_in_a_line_without_personal_data_and_runs_again(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_desk: Desk) -> None:
        raise KeyError("13804310001")

    job = Job("broken", every(seconds=1), fail)
    with caplog.at_level(logging.DEBUG):
        attempt(job, desk)
    assert "job broken: KeyError" in caplog.text
    assert "1380431" not in caplog.text


def test_every_job_has_a_name_of_its_own_and_our_time_zone() -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert {str(job.trigger.timezone) for job in JOBS} == {"Asia/Shanghai"}


def test_a_moved_clock_runs_every_job_at_once(desk: Desk) -> None:
    done = threading.Semaphore(0)
    slow = Job("slow", every(hours=1), lambda _: done.release())
    schedule = Schedule(desk, [slow])
    schedule.start()
    try:
        assert done.acquire(timeout=10)
        schedule.hurry()
        assert done.acquire(timeout=10)
    finally:
        schedule.stop()
