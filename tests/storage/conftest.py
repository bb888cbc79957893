"""A database on each engine, and the values the storage tests are made of."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.clock import SHANGHAI
from storage.db import Database, open_database
from storage.vault import Vault


@pytest.fixture
def db(engine_url: str, vault: Vault) -> Iterator[Database]:
    """A fresh migrated database, opened."""
    database = open_database(engine_url, vault)
    yield database
    database.close()


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
