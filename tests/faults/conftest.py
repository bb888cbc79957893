"""A line on each engine, and a client that waits less long than the real one."""

from collections.abc import Iterator

import pytest

from bot.wechat import client
from storage.db import Database
from tests.faults.line import FakeLine, open_line
from tests.fixed_clock import FixedClock


@pytest.fixture
def line(db: Database, clock: FixedClock) -> Iterator[FakeLine]:
    """The worker, its gateways, and the platform."""
    with open_line(db, clock) as found:
        yield found


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a second instead of ten."""
    monkeypatch.setattr(client, "READ_SECONDS", 0.3)
    monkeypatch.setattr(client, "WHOLE_SECONDS", 0.5)
