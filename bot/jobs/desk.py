"""What a clock job works with, and how it goes through many rows."""

import logging
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.catalog import Catalog, Clocks
from bot.handlers.turn import Office
from storage.db import Busy, Database, Refused, Tx
from storage.vault import Unopenable

log = logging.getLogger(__name__)

# a row that something is wrong with is looked at again so much later, and stands in nobody's way
PAUSE = timedelta(hours=1)
# whose words are ours, whatever is in the row
SPEAKABLE = (Refused, Unopenable)

Step = Callable[[Tx, int], None]
PutOff = Callable[[Tx, int, datetime], None]


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


def each(
    desk: Desk, what: str, rows: Iterable[int], step: Step, put_off: PutOff | None = None
) -> int:
    """One step for each row, in a turn of its own; how many went well.

    What is wrong with one holds up no other: it is told in a line of the log, and `put_off`, so
    that however many of them there are, they do not stand in front of the others for ever.
    """
    done = 0
    for row in rows:
        try:
            desk.db.run(of_row(step, row))
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 -- the others must not wait for it
            log.warning("%s %d: %s", what, row, told(error))
            if put_off is not None:
                desk.db.run(of_row(put_off, row, desk.clock() + PAUSE))
        else:
            done += 1
    return done


def of_row(step: Callable[..., None], *values: object) -> Callable[[Tx], None]:
    """The step as a turn."""
    return lambda tx: step(tx, *values)


def told(error: Exception) -> str:
    """A failure in words that hold nothing of anybody: its kind and place, never its message."""
    if isinstance(error, SPEAKABLE):
        return f"{type(error).__name__}: {error}"
    origin = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {origin.name}, line {origin.lineno}"
