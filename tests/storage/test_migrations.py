"""The schema: every revision up and down with data in it, and equal to the models at the end."""

import threading
from collections.abc import Mapping

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from bot.messages import Channel
from storage import cases, inbox, outbox, people, schema
from storage.db import is_current, open_database, upgrade
from storage.models import Base
from storage.vault import Vault
from tests.jobs.lives import life
from tests.storage.samples import NOW, push
from tests.storage.test_cases import registered


def tables(url: str) -> set[str]:
    """What is there."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def test_an_empty_database_is_not_current_and_then_is(empty_url: str) -> None:
    assert not is_current(empty_url)
    upgrade(empty_url)
    assert is_current(empty_url)
    assert tables(empty_url) == {*Base.metadata.tables, "alembic_version"}
    upgrade(empty_url)
    assert is_current(empty_url)


def test_the_migrated_schema_is_the_one_of_the_models(engine_url: str) -> None:
    engine = create_engine(engine_url, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_the_indexes_of_the_models_are_there_with_their_conditions(engine_url: str) -> None:
    engine = create_engine(engine_url, poolclass=NullPool)
    with engine.connect() as connection:
        found = {
            (index["name"], bool(index["dialect_options"]))
            for table in Base.metadata.tables
            for index in inspect(connection).get_indexes(table)
            if not index.get("duplicates_constraint")
        }
    wanted = {
        (index.name, index.dialect_options["sqlite"]["where"] is not None)
        for table in Base.metadata.tables.values()
        for index in table.indexes
    }
    partial = {name for name, where in wanted if where}
    assert {name for name, _where in found} == {name for name, _where in wanted}
    assert partial <= {name for name, where in found if where}


def test_every_revision_goes_down_and_up_again_with_data_in_it(
    engine_url: str, vault: Vault
) -> None:
    script = ScriptDirectory(str(schema.MIGRATIONS))
    database = open_database(engine_url, vault)
    database.run(registered)
    database.close()
    for revision in script.walk_revisions():
        below = revision.down_revision
        schema.downgrade(engine_url, str(below) if below else "base")
        assert not is_current(engine_url)
        upgrade(engine_url)
    assert is_current(engine_url)


FIRST = "0001"


def everything(url: str, only: Mapping[str, set[str]] | None = None) -> dict[str, list[str]]:
    """Every row of every table, of the columns of `only` if given."""
    engine = create_engine(url, poolclass=NullPool)
    found: dict[str, list[str]] = {}
    with engine.connect() as connection:
        seen = inspect(connection)
        for name in sorted(only or set(seen.get_table_names()) - {"alembic_version"}):
            known = {column["name"] for column in seen.get_columns(name)}
            columns = sorted(only[name] if only else known)
            query = f"SELECT {', '.join(columns)} FROM {name}"  # noqa: S608 -- the schema's own names
            rows = connection.exec_driver_sql(query)
            found[name] = sorted(map(repr, (tuple(map(plain, row)) for row in rows)))
    return found


def plain(value: object) -> object:
    """The bytes of what one driver gives as bytes and the other as a view of them."""
    return bytes(value) if isinstance(value, memoryview) else value


def columns_of(url: str) -> dict[str, set[str]]:
    """The columns of each table."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        seen = inspect(connection)
        names = set(seen.get_table_names()) - {"alembic_version"}
        return {name: {one["name"] for one in seen.get_columns(name)} for name in names}


def fill_first(url: str, vault: Vault) -> None:
    """What an office of the first version had: made by this one and taken down to it."""
    database = open_database(url, vault)
    database.run(registered)
    database.run(lambda tx: inbox.claim(tx, "key", Channel.OFFICIAL, NOW))
    database.run(lambda tx: outbox.enqueue(tx, [push("a"), push("b", "openid-2")]))
    database.run(lambda tx: people.save(tx, 1, {"form": "intake"}))
    database.run(lambda tx: people.keep_first(tx, 1, "first words", NOW))
    database.close()
    schema.downgrade(url, FIRST)


def test_the_data_of_the_first_version_goes_up_and_down_unharmed(
    engine_url: str, vault: Vault
) -> None:
    fill_first(engine_url, vault)
    columns, before = columns_of(engine_url), everything(engine_url)
    assert {"people", "cases", "needs", "outbox", "inbox", "counters"} <= {
        name for name, rows in before.items() if rows
    }
    upgrade(engine_url)
    assert everything(engine_url, columns) == before
    database = open_database(engine_url, vault)
    case = database.run(lambda tx: cases.by_number(tx, "JY20261123-0001"))
    person = database.run(lambda tx: people.find(tx, Channel.OFFICIAL, "openid-1"))
    assert case is not None
    assert person is not None
    # as if everything had been asked for then, and nothing had gone wrong
    (need,) = case.needs
    assert (need.options, need.estimated, need.amount) == ((), False, "")
    assert (person.credits.following, person.aside, person.handed_to) == (True, {}, None)
    database.run(lambda tx: life(tx, 9, "zhangsan"))
    database.close()
    schema.downgrade(engine_url, FIRST)
    after = everything(engine_url)
    # numbers have gone on counting
    kept = before.keys() - {"counters"}
    assert [one for one in kept if not set(before[one]) <= set(after[one])] == []
    assert columns_of(engine_url) == columns


def test_replicas_that_start_together_migrate_once(empty_url: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            upgrade(empty_url)
        except BaseException as error:  # noqa: BLE001 -- the test shows it
            failures.append(error)

    replicas = [threading.Thread(target=start) for _ in range(4)]
    for replica in replicas:
        replica.start()
    for replica in replicas:
        replica.join()
    assert failures == []
    assert is_current(empty_url)


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "nonsense"])
def test_an_address_of_another_kind_is_refused_by_name(url: str, vault: Vault) -> None:
    with pytest.raises(ValueError, match="expected sqlite"):
        open_database(url, vault)
