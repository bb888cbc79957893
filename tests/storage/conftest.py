"""A database on each engine, and the values the storage tests are made of."""

from datetime import datetime

import pytest

from bot.clock import SHANGHAI


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
