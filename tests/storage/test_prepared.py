"""A prepared statement answers as SQLAlchemy would, and what cannot be prepared is left to it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, bindparam, func, insert, literal, select, update
from sqlalchemy.engine import Result
from sqlalchemy.exc import StatementError

from storage import prepared
from storage.db import Tx
from storage.models import Base, BeatRow, PersonRow
from storage.prepared import Plans
from storage.sqlite import make_engine, raw_of
from storage.vault import Vault
from tests.storage.samples import NOW

BEAT = insert(BeatRow).returning(BeatRow.name, BeatRow.at)
BEATS = select(BeatRow.name, BeatRow.at, literal(True).label("yes")).order_by(BeatRow.name)
LATER = update(BeatRow).where(BeatRow.name == bindparam("who")).values(at=bindparam("to"))
NAMED = select(BeatRow.name).where(BeatRow.name.in_(bindparam("names", expanding=True)))
PEOPLE = select(func.count().label("all")).select_from(PersonRow)


@pytest.fixture
def tx(tmp_path: Path, vault: Vault) -> Iterator[Tx]:
    """A transaction on an empty database, with plans."""
    engine = make_engine(tmp_path / "one.db")
    Base.metadata.create_all(engine)
    with engine.connect() as connection:
        yield Tx(connection, vault, Plans(engine.dialect, raw_of(connection)))
    engine.dispose()


def plain(tx: Tx) -> Tx:
    """The same transaction without plans."""
    return Tx(tx.connection, tx.vault)


def was_prepared(result: Result[Any]) -> bool:
    """Whether SQLAlchemy's own cursor had no part in it."""
    return not hasattr(result, "cursor")


def test_rows_come_back_converted_and_by_name(tx: Tx) -> None:
    given = tx.execute(BEAT, {"name": "a", "at": NOW})
    assert was_prepared(given)
    row = given.one()
    assert (row.name, row.at) == ("a", NOW)
    (beat,) = tx.execute(BEATS)
    assert (beat.name, beat.at, beat.yes) == ("a", NOW, True)
    assert [beat] == plain(tx).execute(BEATS).all()
    assert tx.execute(PEOPLE).scalar_one() == 0
    assert list(tx.execute(BEATS).scalars()) == ["a"]


def test_a_statement_that_returns_nothing_is_carried_out(tx: Tx) -> None:
    tx.execute(BEAT, {"name": "a", "at": NOW})
    later = NOW.replace(year=2027)
    assert tx.execute(LATER, {"who": "a", "to": later}).all() == []
    assert tx.execute(BEATS).one().at == later


def test_several_rows_go_in_at_once_and_one_in_a_list_is_one(tx: Tx) -> None:
    tx.execute(insert(BeatRow), [{"name": name, "at": NOW} for name in "abc"])
    tx.execute(insert(BeatRow), [{"name": "d", "at": NOW}])
    assert [row.name for row in tx.execute(BEATS)] == ["a", "b", "c", "d"]
    returned = tx.execute(BEAT, [{"name": name, "at": NOW} for name in "ef"])
    assert not was_prepared(returned)
    assert sorted(returned.scalars()) == ["e", "f"]


def test_rows_that_are_not_alike_are_refused(tx: Tx) -> None:
    with pytest.raises(StatementError, match="'at'"):
        tx.execute(insert(BeatRow), [{"name": "a", "at": NOW}, {"name": "b"}])


def test_the_same_statement_with_other_parameters_is_another_one(tx: Tx) -> None:
    keep = insert(PersonRow).returning(PersonRow.wrote_sent, PersonRow.following)
    person = {"channel": "oa", "identity": "a", "met_at": NOW, "seen_on": NOW.date()}
    assert tx.execute(keep, person).one() == (0, True)
    more = person | {"identity": "b", "wrote_sent": 3, "following": False}
    assert tx.execute(keep, more).one() == (3, False)


@pytest.mark.parametrize("names", [[], ["a"], ["a", "b", "c"]])
def test_a_list_of_any_length_is_left_to_sqlalchemy(tx: Tx, names: list[str]) -> None:
    tx.execute(insert(BeatRow), [{"name": name, "at": NOW} for name in "abd"])
    found = tx.execute(NAMED, {"names": names})
    assert not was_prepared(found)
    assert sorted(found.scalars()) == [name for name in names if name in "abd"]


def test_a_missing_parameter_is_named(tx: Tx) -> None:
    with pytest.raises(StatementError, match="'to'"):
        tx.execute(LATER, {"who": "a"})


def test_statements_made_anew_each_time_do_not_pile_up(
    tx: Tx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "MOST", 3)

    def fresh(number: int) -> Select[Any]:
        return select(literal(number).label("it"))

    found = [tx.execute(fresh(number)) for number in range(5)]
    assert [was_prepared(one) for one in found] == [True, True, True, False, False]
    assert [one.scalar() for one in found] == [0, 1, 2, 3, 4]
