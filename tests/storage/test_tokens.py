"""Tokens, quotas, clock jobs, the movable clock: whoever asks first gets it, in any process."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from storage import moved_clock, quotas, runs, tokens
from storage.db import Database, Tx
from storage.tokens import Token
from tests.storage.samples import NOW

LEASE = timedelta(seconds=10)
EXPIRY = NOW + timedelta(hours=2)


def granted(db: Database, turn: Callable[[Tx], bool], times: int = 32) -> int:
    """How many of many threads at once were told yes."""
    with ThreadPoolExecutor(16) as pool:
        return sum(pool.map(lambda _n: db.run(turn), range(times)))


def test_one_of_many_refreshes_a_token_until_it_is_stored_or_the_lease_is_over(
    db: Database,
) -> None:
    assert granted(db, lambda tx: tokens.begin_refresh(tx, "oa", NOW, LEASE)) == 1
    assert granted(db, lambda tx: tokens.begin_refresh(tx, "wecom", NOW, LEASE)) == 1
    later = NOW + LEASE
    assert granted(db, lambda tx: tokens.begin_refresh(tx, "oa", later, LEASE)) == 1
    db.run(lambda tx: tokens.store(tx, "oa", "secret", EXPIRY))
    assert db.run(lambda tx: tokens.load(tx, "oa")) == Token("secret", EXPIRY)
    assert db.run(lambda tx: tokens.load(tx, "wecom")) is None
    assert granted(db, lambda tx: tokens.begin_refresh(tx, "oa", later, LEASE)) == 1


def test_a_token_can_be_stored_without_a_refresh_and_replaced(db: Database) -> None:
    for value in ("one", "two"):
        db.run(partial(tokens.store, name="oa", value=value, expires_at=EXPIRY))
    assert db.run(lambda tx: tokens.load(tx, "oa")) == Token("two", EXPIRY)


def test_a_refused_token_is_dropped_unless_another_is_there_by_now(db: Database) -> None:
    db.run(lambda tx: tokens.store(tx, "oa", "new", EXPIRY))
    db.run(lambda tx: tokens.drop(tx, "oa", "old"))
    assert db.run(lambda tx: tokens.load(tx, "oa")) == Token("new", EXPIRY)
    db.run(lambda tx: tokens.drop(tx, "oa", "new"))
    assert db.run(lambda tx: tokens.load(tx, "oa")) is None


def test_a_quota_is_never_exceeded_and_begins_anew_with_each_window(db: Database) -> None:
    assert granted(db, lambda tx: quotas.take(tx, "oa", NOW, 20), 100) == 20
    assert granted(db, lambda tx: quotas.take(tx, "oa", EXPIRY, 20), 30) == 20
    assert granted(db, lambda tx: quotas.take(tx, "wecom", NOW, 1), 5) == 1
    assert db.run(lambda tx: quotas.purge(tx, EXPIRY)) == 2
    assert not db.run(lambda tx: quotas.take(tx, "oa", EXPIRY, 20))


def test_a_job_runs_once_for_each_period(db: Database) -> None:
    assert granted(db, lambda tx: runs.once(tx, "survey", "2026-11-22")) == 1
    assert granted(db, lambda tx: runs.once(tx, "survey", "2026-11-23")) == 1
    assert granted(db, lambda tx: runs.once(tx, "report", "2026-11-23")) == 1


def test_signs_of_life_are_kept_by_part(db: Database) -> None:
    assert db.run(lambda tx: runs.last_beat(tx, "schedule")) is None
    for at in (NOW, EXPIRY):
        db.run(partial(runs.beat, name="schedule", at=at))
    assert db.run(lambda tx: runs.last_beat(tx, "schedule")) == EXPIRY


def test_the_demonstrations_clock_moves_forward_only(db: Database, engine_url: str) -> None:
    watch = moved_clock.Watch(engine_url)
    assert watch.offset() == timedelta()
    for step in (timedelta(days=400), timedelta(microseconds=7)):
        db.run(partial(moved_clock.move, forward=step))
    # inside a turn, too: what is being written is no concern of whoever asks the time
    assert db.run(lambda _: watch.offset()) == timedelta(days=400, microseconds=7)
    watch.close()
    with pytest.raises(ValueError, match="forward"):
        db.run(lambda tx: moved_clock.move(tx, timedelta(seconds=-1)))
