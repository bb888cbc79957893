"""The schema: every revision up and down with data in it, and equal to the models at the end."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.pool import NullPool

from storage import schema
from storage.db import is_current, open_database, upgrade
from storage.models import Base
from storage.vault import Vault
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
