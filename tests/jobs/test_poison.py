"""A row that something is wrong with: the others go on, the log tells, and nobody is named."""

import logging
from datetime import timedelta
from functools import partial

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.jobs.desk import PAUSE, Desk, each
from bot.schedule import JOBS, attempt
from storage.db import Busy, Database, Tx
from storage.vault import Vault
from tests.conftest import LOOKUP_KEY
from tests.fixed_clock import FixedClock
from tests.jobs.lives import KEEPER, life
from tests.jobs.office import OFFICE

GONE = "somebody.who.left"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def desk(db: Database, clock: FixedClock) -> Desk:
    """What the jobs work with, on a Monday at nine."""
    return Desk(db, clock, OFFICE, lambda: None)


def looked_at(desk: Desk) -> dict[str, int]:
    """How many rows of the good client a clock still has to look at, and what was sent."""

    def count(tx: Tx) -> dict[str, int]:
        def one(query: str) -> int:
            return int(tx.connection.execute(text(query)).scalar() or 0)

        return {
            "surveys": one("SELECT count(*) FROM surveys WHERE case_id = 4"),
            "reminders": one("SELECT count(*) FROM outbox WHERE key LIKE 'reminder:5:%'"),
            "complaints": one("SELECT count(*) FROM outbox WHERE key LIKE 'voice_unowned:2:%'"),
            "talks": one("SELECT count(*) FROM outbox WHERE key LIKE 'talk_remind:2:%'"),
            "requests": one(
                "SELECT count(*) FROM outbox WHERE key LIKE 'privacy:YS20261101-0002:remind:%'"
            ),
            "left": one("SELECT count(*) FROM people WHERE identity = 'left-2'"),
        }

    return desk.db.run(count)


def a_day(desk: Desk, clock: FixedClock) -> None:
    """A day of clocks."""
    for _ in range(6):
        clock.forward(2 * HOUR)
        for job in JOBS:
            attempt(job, desk)


# what is sealed of the first client
SPOILED = (
    "UPDATE cases SET record = :lost WHERE id IN (1, 2)",
    "UPDATE complaints SET facts = :lost WHERE id = 1",
    "UPDATE privacy_requests SET note = :lost WHERE id = 1",
    "UPDATE people SET progress = :lost WHERE identity IN ('openid-1', 'left-1')",
)


def spoil(tx: Tx) -> None:
    """All of it is under a key that nobody has any more."""
    lost = Vault([Fernet.generate_key().decode()], LOOKUP_KEY).seal("王小明 13804310001")
    for query in SPOILED:
        tx.connection.execute(text(query), {"lost": lost})


def test_a_row_nobody_can_open_holds_up_no_other_and_is_told_without_what_is_in_it(
    desk: Desk, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    for number in (1, 2):
        desk.db.run(partial(life, number=number, keeper=KEEPER))
    desk.db.run(spoil)
    with caplog.at_level(logging.DEBUG):
        a_day(desk, clock)
    found = looked_at(desk)
    assert found.pop("left") == 0
    assert min(found.values()) >= 1, found
    for what in ("survey of case 1", "need not taken up 2", "complaint 1", "talk 1"):
        assert f"{what}: Unopenable" in caplog.text
    assert "job " not in caplog.text
    for secret in ("王小明", "1380431", "openid"):
        assert secret not in caplog.text


def test_whoever_left_the_catalogue_holds_up_nothing_and_a_manager_hears_of_it(
    desk: Desk, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> None:
    for number, keeper in ((1, GONE), (2, KEEPER)):
        desk.db.run(partial(life, number=number, keeper=keeper))
    a_day(desk, clock)
    found = looked_at(desk)
    assert found.pop("left") == 0
    assert min(found.values()) >= 1, found
    assert caplog.messages == []
    query = "SELECT count(*) FROM outbox WHERE key LIKE 'reminder:2:%'"
    assert desk.db.run(lambda tx: tx.connection.execute(text(query)).scalar()) == 2


def test_many_bad_rows_do_not_stand_in_front_of_the_good_ones(
    desk: Desk, clock: FixedClock
) -> None:
    seen: list[int] = []

    def step(_tx: Tx, row: int) -> None:
        if row != 3:
            raise KeyError("王小明")
        seen.append(row)

    put_off: list[tuple[int, object]] = []
    done = each(desk, "row", [1, 2, 3], step, lambda _tx, row, at: put_off.append((row, at)))
    assert (done, seen) == (1, [3])
    assert put_off == [(1, clock() + PAUSE), (2, clock() + PAUSE)]


def test_a_database_that_is_away_ends_the_tick(desk: Desk) -> None:
    def away(_tx: Tx, _row: int) -> None:
        raise Busy

    with pytest.raises(Busy):
        each(desk, "row", [1, 2], away)
