"""The worker: each push once and in order, and never silently lost."""

import sqlite3
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy.engine import make_url

from bot.delivery import Policy
from bot.domain.retry import Failure
from bot.errand import Claimed, Errands
from bot.messages import Channel, Push
from bot.wechat.limits import AccountType, Way
from storage import outbox
from storage.db import Database, open_database
from storage.outbox import Waiting
from storage.people import Act
from storage.vault import Vault
from tests.delivery.office import Office, refuse
from tests.fixed_clock import FixedClock
from tests.storage.samples import push


def test_everything_that_is_due_is_sent_once_in_order(office: Office) -> None:
    office.client(Act.WROTE)
    office.put("one", "two", "three")
    office.put_staff(office.to_staff("staff"))
    assert office.delivery.drain() == 4
    assert office.clients.keys == ["one", "two", "three"]
    assert office.staff.sent == [("staff", Way.WECOM)]
    assert office.delivery.drain() == 0
    assert office.waiting() == Waiting(0, None, 0, 0, 0)
    assert office.db.run(lambda tx: outbox.code_of(tx, "staff")) == "code of staff"


def test_a_pass_can_be_limited(office: Office) -> None:
    office.put_staff(*(office.to_staff(f"s{n}") for n in range(5)))
    assert office.delivery.drain(limit=3) == 3
    assert office.staff.keys == ["s0", "s1", "s2"]


def test_no_transaction_is_open_while_something_is_sent(office: Office) -> None:
    office.staff.act = lambda _push: office.db.run(lambda tx: outbox.waiting(tx, office.clock()))
    office.put_staff(office.to_staff("a"))
    office.delivery.drain()
    assert office.staff.keys == ["a"]


def test_several_persons_are_served_at_once(db: Database, clock: FixedClock) -> None:
    office = Office(db, clock, workers=4)
    together = threading.Barrier(4, timeout=5)
    office.clients.act = lambda _push: together.wait()
    for n in range(4):
        office.client(Act.WROTE, f"openid-{n}")
        office.put(f"key-{n}", to=f"openid-{n}")
    assert office.delivery.drain() == 4
    assert len(office.clients.sent) == 4
    office.delivery.stop()


@pytest.mark.parametrize("failure", [Failure.AGAIN, Failure.REAUTH, Failure.WAIT, Failure.ALARM])
def test_a_passing_failure_is_tried_again_later_and_holds_back_what_follows(
    office: Office, failure: Failure
) -> None:
    office.staff.act = refuse(failure, -1, "busy")
    office.put_staff(office.to_staff("a"), office.to_staff("b"))
    assert office.delivery.drain() == 1
    assert office.delivery.drain() == 0
    office.staff.act = lambda _push: None
    office.clock.forward(timedelta(minutes=2))
    office.delivery.drain()
    assert office.staff.keys == ["a", "b"]


def test_a_bug_of_the_gateway_loses_nothing(office: Office) -> None:
    def bug(_push: Push) -> None:
        raise KeyError("13804310001")

    office.staff.act = bug
    office.put_staff(office.to_staff("a"))
    office.delivery.drain()
    assert office.why() == ["again (None): KeyError"]
    assert office.waiting().due == 1


def test_a_lease_that_is_half_over_is_renewed_and_one_that_is_lost_is_not_sent(
    office: Office,
) -> None:
    errands = Errands(Policy(AccountType.CERTIFIED), office.clock)
    office.put_staff(office.to_staff("a"))
    until = office.clock() + timedelta(seconds=60)
    (row,) = office.db.run(lambda tx: outbox.claim(tx, office.clock(), "first", until, 1))
    office.clock.forward(timedelta(seconds=31))
    assert office.db.run(lambda tx: errands.prepare(tx, Claimed(row, "first"))) is not None
    office.clock.forward(timedelta(seconds=59))
    assert office.db.run(lambda tx: outbox.claim(tx, office.clock(), "second", until, 1)) == ()
    office.clock.forward(timedelta(seconds=2))
    later = office.clock() + timedelta(seconds=60)
    assert office.db.run(lambda tx: outbox.claim(tx, office.clock(), "second", later, 1))
    assert office.db.run(lambda tx: errands.prepare(tx, Claimed(row, "first"))) is None


def test_a_mark_waits_for_a_locked_database_rather_than_send_twice(
    sqlite_url: str, vault: Vault, clock: FixedClock
) -> None:
    database = open_database(sqlite_url, vault)
    office = Office(database, clock)
    other = sqlite3.connect(
        str(make_url(sqlite_url).database), isolation_level=None, check_same_thread=False
    )

    def lock_for_a_while(_push: Push) -> None:
        other.execute("BEGIN IMMEDIATE")
        threading.Timer(2.5, other.execute, ["ROLLBACK"]).start()

    office.staff.act = lock_for_a_while
    office.put_staff(office.to_staff("a"))
    assert office.delivery.drain() == 1
    assert office.staff.keys == ["a"]
    assert office.waiting() == Waiting(0, None, 0, 0, 0)
    other.close()
    office.delivery.stop()
    database.close()


def test_the_platform_is_away_for_three_days_and_nothing_is_lost(office: Office) -> None:
    office.client(Act.WROTE)
    office.staff.act = office.clients.act = refuse(Failure.AGAIN, None, "connection refused")
    office.put_staff(*(office.to_staff(f"s{n}") for n in range(3)))
    office.put("client")
    office.put("stale", to="openid-2", expires=office.clock() + timedelta(hours=1))
    office.client(Act.WROTE, "openid-2")
    attempts = 0
    for _ in range(72 * 2):
        office.clock.forward(timedelta(minutes=30))
        attempts += office.delivery.drain()
    assert attempts < 1000
    assert office.waiting().due == 3
    office.staff.act = office.clients.act = lambda _push: None
    for _ in range(3):
        office.clock.forward(timedelta(minutes=30))
        office.delivery.drain()
    assert office.staff.keys == ["s0", "s1", "s2"]
    # 48 hours after their message the client can no longer be written to: held, not lost
    assert office.waiting() == Waiting(0, None, 1, 0, 1)


def test_stopping_finishes_what_is_being_sent_and_takes_nothing_more(
    db: Database, clock: FixedClock
) -> None:
    office = Office(db, clock, workers=1)
    begun = threading.Event()

    def slow(_push: Push) -> None:
        begun.set()
        time.sleep(0.3)

    office.staff.act = slow
    office.put_staff(office.to_staff("a"), office.to_staff("b"))
    office.delivery.start()
    office.delivery.wake()
    assert begun.wait(5)
    office.delivery.stop()
    assert office.staff.keys == ["a"]
    query = "SELECT state FROM outbox ORDER BY id"
    states = db.run(lambda tx: list(tx.connection.exec_driver_sql(query).scalars()))
    assert states == ["sent", "pending"]


def test_the_worker_in_the_background_sends_when_woken(office: Office) -> None:
    office.delivery.start()
    arrived = threading.Event()
    office.staff.act = lambda _push: arrived.set()
    office.put_staff(office.to_staff("a"))
    office.delivery.wake()
    assert arrived.wait(5)


def test_two_workers_share_the_work_and_send_each_push_once(
    db: Database, clock: FixedClock
) -> None:
    offices = [Office(db, clock) for _ in range(3)]
    for office in offices:
        office.staff.act = lambda _push: time.sleep(0.005)
    many = [push(f"k{n}", f"staff-{n % 30}", clock(), channel=Channel.WECOM) for n in range(120)]
    db.run(lambda tx: outbox.enqueue(tx, many))
    threads = [threading.Thread(target=office.delivery.drain) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = [key for office in offices for key in office.staff.keys]
    assert sorted(sent) == sorted(one.key for one in many)
    for office in offices:
        office.delivery.stop()
