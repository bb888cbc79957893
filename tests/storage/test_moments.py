"""Values that the two engines must give back the same."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError

from storage.db import Database, Tx
from storage.models import SHANGHAI, BeatRow, CounterRow

NEW_YORK = ZoneInfo("America/New_York")

MOMENTS = [
    datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI),
    datetime(2026, 12, 31, 16, 0, tzinfo=UTC),
    datetime(2028, 2, 29, 23, 59, 59, 999999, tzinfo=SHANGHAI),
    datetime(2026, 11, 1, 1, 30, fold=0, tzinfo=NEW_YORK),
    datetime(2026, 11, 1, 1, 30, fold=1, tzinfo=NEW_YORK),
    datetime(1969, 12, 31, 23, 59, 59, 1, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=-11))),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_a_moment_comes_back_to_the_microsecond_in_shanghai(db: Database, moment: datetime) -> None:
    def turn(tx: Tx) -> datetime:
        tx.execute(insert(BeatRow), {"name": "x", "at": moment})
        found: datetime = tx.execute(select(BeatRow.at)).scalar_one()
        return found

    found = db.run(turn)
    assert found.astimezone(UTC) == moment.astimezone(UTC)
    assert found.tzinfo is SHANGHAI
    assert found == moment.astimezone(SHANGHAI)


def test_moments_are_compared_as_moments(db: Database) -> None:
    def turn(tx: Tx) -> list[datetime]:
        for number, moment in enumerate(MOMENTS):
            tx.execute(insert(BeatRow), {"name": str(number), "at": moment})
        return list(tx.execute(select(BeatRow.at).order_by(BeatRow.at)).scalars())

    ordered = sorted(moment.astimezone(UTC) for moment in MOMENTS)
    assert db.run(turn) == ordered


def test_a_naive_moment_is_refused(db: Database) -> None:
    def turn(tx: Tx) -> None:
        tx.execute(insert(BeatRow), {"name": "x", "at": datetime(2026, 11, 23, 9, 0)})  # noqa: DTZ001 -- is refused

    with pytest.raises((StatementError, ValueError), match="naive"):
        db.run(turn)


def test_a_day_comes_back_as_a_day(db: Database) -> None:
    def turn(tx: Tx) -> date:
        day = date(2028, 2, 29)
        tx.execute(insert(CounterRow), {"prefix": "JY", "day": day, "value": 1})
        found: date = tx.execute(select(CounterRow.day)).scalar_one()
        return found

    assert db.run(turn) == date(2028, 2, 29)
