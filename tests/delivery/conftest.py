"""A database on each engine, and an office to send from."""

from collections.abc import Iterator

import pytest

from storage.db import Database, open_database
from storage.vault import Vault
from tests.delivery.office import Office
from tests.fixed_clock import FixedClock


@pytest.fixture
def db(engine_url: str, vault: Vault) -> Iterator[Database]:
    """A fresh migrated database, opened."""
    database = open_database(engine_url, vault)
    yield database
    database.close()


@pytest.fixture
def office(db: Database, clock: FixedClock) -> Iterator[Office]:
    """An office whose account may do everything."""
    found = Office(db, clock)
    yield found
    found.delivery.stop()
