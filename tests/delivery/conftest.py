"""A database on each engine, and an office to send from."""

from collections.abc import Iterator

import pytest

from storage.db import Database
from tests.delivery.office import Office
from tests.fixed_clock import FixedClock


@pytest.fixture
def office(db: Database, clock: FixedClock) -> Iterator[Office]:
    """An office whose account may do everything."""
    found = Office(db, clock)
    yield found
    found.delivery.stop()
