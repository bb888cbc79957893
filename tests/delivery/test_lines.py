"""Threads and lines: one waits for the database while another waits for the platform."""

import threading
import time
from datetime import timedelta

import pytest

from bot.domain.retry import Failure, SendFailed
from bot.messages import Channel, Push
from storage import outbox
from storage.db import Database, Tx
from storage.models import PushState
from storage.outbox import Row
from tests.delivery.office import Office
from tests.fixed_clock import FixedClock
from tests.storage.samples import push


def staffed(office: Office, count: int) -> None:
    """A text for each of so many members."""
    office.put_staff(
        *(push(f"k{n}", f"staff-{n}", office.clock(), channel=Channel.WECOM) for n in range(count))
    )


def states(office: Office) -> list[tuple[str, int]]:
    """State and attempts of every push."""
    query = "SELECT state, attempts FROM outbox ORDER BY id"
    found = office.db.run(lambda tx: tx.connection.exec_driver_sql(query).all())
    return [(row.state, row.attempts) for row in found]


def test_no_more_are_sent_at_once_than_the_policy_says(db: Database, clock: FixedClock) -> None:
    office = Office(db, clock, workers=2)
    at_once: list[int] = []
    sending = threading.Semaphore(99)

    def send(_push: Push) -> None:
        sending.acquire()
        at_once.append(99 - sending._value)
        time.sleep(0.02)
        sending.release()

    office.staff.act = send
    staffed(office, 12)
    assert office.delivery.drain() == 12
    assert max(at_once) == 2
    office.delivery.stop()


def test_what_was_taken_and_not_sent_is_given_back_when_the_worker_stops(
    db: Database, clock: FixedClock
) -> None:
    office = Office(db, clock, workers=1)
    begun, other_waits = threading.Event(), threading.Event()

    def send(_push: Push) -> None:
        begun.set()
        other_waits.wait(5)

    office.staff.act = send
    staffed(office, 3)
    office.delivery.start()
    office.delivery.wake()
    assert begun.wait(5)
    deadline = time.monotonic() + 5
    while [state for state, _ in states(office)].count("sending") < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    threading.Timer(0.2, other_waits.set).start()
    office.delivery.stop()
    deadline = time.monotonic() + 5
    while ("sending", 1) in states(office):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert sorted(states(office)) == [("pending", 0), ("pending", 0), ("sent", 1)]
    assert len(office.staff.keys) == 1


def test_a_worker_that_was_held_up_for_half_its_lease_asks_once_more_before_it_sends(
    db: Database, clock: FixedClock
) -> None:
    """While it waited for a line, its lease ran out and somebody else took the push."""
    lease = timedelta(seconds=0.4)
    office = Office(db, clock, workers=1, lease=lease)

    def slow(_push: Push) -> None:
        deadline = time.monotonic() + 5
        while [state for state, _ in states(office)].count("sending") < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(lease.total_seconds())
        clock.forward(lease * 2)
        later = clock() + timedelta(minutes=1)
        taken = db.run(lambda tx: outbox.claim(tx, clock(), "another worker", later, 9))
        assert len(taken) == 2

    office.staff.act = slow
    staffed(office, 2)
    office.delivery.drain()
    assert len(office.staff.keys) == 1
    # nor does its late mark count
    assert states(office) == [("sending", 2), ("sending", 2)]
    office.delivery.stop()


def test_a_claim_that_fails_does_not_undo_the_mark_it_shares_a_commit_with(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, calls = outbox.claim, []

    def failing(tx: Tx, *given: object) -> tuple[Row, ...]:
        calls.append(given)
        if len(calls) == 2:
            raise ValueError("a row that cannot be read")
        return claim(tx, *given)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(outbox, "claim", failing)
    office.put_staff(office.to_staff("a"), office.to_staff("b"))
    assert office.delivery.drain() == 2
    assert office.staff.keys == ["a", "b"]
    assert [state for state, _ in states(office)] == [PushState.SENT.value] * 2


def test_what_comes_due_while_others_are_sent_is_not_left_to_one_thread(office: Office) -> None:
    """Everything but one push was sent and the threads had ended; then there is more."""
    together = threading.Barrier(3, timeout=5)

    def send(one: Push) -> None:
        if one.key == "slow":
            staffed(office, 2)
        together.wait()

    office.staff.act = send
    office.put_staff(push("slow", "somebody", office.clock(), channel=Channel.WECOM))
    assert office.delivery.drain() == 3
    assert len(office.staff.keys) == 3


def test_a_send_that_fails_frees_its_line(db: Database, clock: FixedClock) -> None:
    office = Office(db, clock, workers=1)

    def refuse(one: Push) -> None:
        if one.key == "k0":
            raise SendFailed(Failure.AGAIN, None, "away")
        if one.key == "k1":
            raise KeyError(one.key)

    office.staff.act = refuse
    staffed(office, 4)
    assert office.delivery.drain() == 4
    assert office.staff.keys == ["k2", "k3"]
    office.delivery.stop()
