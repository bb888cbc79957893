"""A turn is one transaction: whole or not at all, and nobody starts another inside it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import pytest

from bot.messages import Channel
from storage import inbox, people
from storage.db import Busy, Database, Refused, Tx
from storage.people import Act
from tests.storage.samples import NOW


class Oops(Exception):
    """What a failing turn raises."""


def claim(tx: Tx, key: str) -> bool:
    """Whether the key was new."""
    return inbox.claim(tx, key, Channel.OFFICIAL, NOW) is None


def claim_and_fail(tx: Tx, key: str) -> None:
    """Writes something, and then fails."""
    claim(tx, key)
    raise Oops(key)


def test_a_turn_gives_its_value_to_whoever_ran_it(db: Database) -> None:
    assert db.run(lambda tx: claim(tx, "one"))
    assert not db.run(lambda tx: claim(tx, "one"))


def test_a_failing_turn_leaves_nothing_behind_and_raises_its_own_exception(db: Database) -> None:
    with pytest.raises(Oops, match="one"):
        db.run(lambda tx: claim_and_fail(tx, "one"))
    assert db.run(lambda tx: claim(tx, "one"))


def test_a_failing_turn_takes_no_other_turn_with_it(db: Database) -> None:
    def attempt(number: int) -> bool:
        if number % 3:
            return db.run(lambda tx: claim(tx, f"key-{number}"))
        with pytest.raises(Oops):
            db.run(lambda tx: claim_and_fail(tx, f"key-{number}"))
        return False

    with ThreadPoolExecutor(16) as pool:
        done = list(pool.map(attempt, range(90)))
    assert sum(done) == 60
    fresh = [db.run(partial(claim, key=f"key-{number}")) for number in range(90)]
    assert fresh == [number % 3 == 0 for number in range(90)]


def test_a_turn_inside_a_turn_is_refused_with_a_clear_error(db: Database) -> None:
    with pytest.raises(RuntimeError, match="pass its tx on"):
        db.run(lambda _tx: db.run(lambda inner: claim(inner, "one")))
    assert db.run(lambda tx: claim(tx, "one"))


def test_a_closed_database_is_busy(db: Database) -> None:
    db.run(lambda tx: claim(tx, "one"))
    db.close()
    with pytest.raises(Busy):
        db.run(lambda tx: claim(tx, "two"))
    db.close()


def test_two_turns_of_one_person_run_one_after_the_other(db: Database) -> None:
    def count(tx: Tx) -> None:
        person = people.meet(tx, Channel.OFFICIAL, "openid-1", NOW, Act.WROTE)
        seen = int(str(person.progress.get("count", 0)))
        people.save(tx, person.id, {"count": seen + 1})

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda _n: db.run(count), range(120)))
    person = db.run(lambda tx: people.find(tx, Channel.OFFICIAL, "openid-1"))
    assert person is not None
    assert person.progress == {"count": 120}


def test_an_error_of_a_turn_names_no_personal_value(db: Database) -> None:
    def incomplete(tx: Tx) -> None:
        values = {"key": None, "channel": "oa", "at": NOW, "why": "openid-1"}
        tx.execute(inbox.KEEP, values | {"raw": b"13804310001"})

    with pytest.raises(Refused, match="kept_inputs") as caught:
        db.run(incomplete)
    assert "openid-1" not in str(caught.value)
    assert "13804310001" not in str(caught.value)


def test_a_value_the_database_can_never_hold_is_no_reason_to_come_again(db: Database) -> None:
    """Busy would be answered with 503, and the platform would knock with it again and again."""
    endless = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(5_000))
    # only PostgreSQL has a longest key; SQLite takes it
    expected = pytest.raises(Refused) if db.engine_name == "postgresql" else nullcontext()
    with expected:
        db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, endless, NOW, Act.WROTE))
    assert db.run(lambda tx: claim(tx, "one"))


def test_threads_are_answered_in_any_number(db: Database) -> None:
    start = threading.Barrier(64)

    def attempt(number: int) -> bool:
        start.wait()
        return db.run(lambda tx: claim(tx, f"key-{number}"))

    with ThreadPoolExecutor(64) as pool:
        assert all(pool.map(attempt, range(64)))
