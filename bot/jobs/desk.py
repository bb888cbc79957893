"""What a clock job works with."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.catalog import Catalog, Clocks
from bot.handlers.turn import Office
from storage.db import Database


@dataclass(frozen=True)
class Desk:
    """The data, the time and the office; `wake` has the delivery look for what has come due."""

    db: Database
    clock: Clock
    office: Office
    wake: Callable[[], None]

    @property
    def catalog(self) -> Catalog:
        """The offer."""
        return self.office.catalog

    @property
    def clocks(self) -> Clocks:
        """The agency's own clocks."""
        return self.office.catalog.clocks
