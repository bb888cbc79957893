"""What went over the wire, without secrets and without contents: for tests and the drawer."""

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

KEPT = 500


class Way(StrEnum):
    """PUSH: the platform posted to the bot. CALL: the bot called the platform."""

    PUSH = "push"
    CALL = "call"


@dataclass(frozen=True)
class Trace:
    """One request and how it ended. `result` is a short word; never a body, token or name."""

    id: int
    at: datetime
    way: Way
    what: str
    status: int
    code: int | None
    milliseconds: float
    result: str
    attempt: int = 1


class Journal:
    """The last few hundred traces. Guarded by the platform's lock."""

    def __init__(self, kept: int = KEPT) -> None:
        self._traces: deque[Trace] = deque(maxlen=kept)
        self._count = 0

    def next_id(self) -> int:
        """The number of the next trace."""
        self._count += 1
        return self._count

    def note(self, trace: Trace) -> None:
        """Remember it."""
        self._traces.append(trace)

    def since(self, last: int) -> tuple[Trace, ...]:
        """Traces after this number, oldest first."""
        return tuple(trace for trace in self._traces if trace.id > last)

    def calls(self, what: str) -> tuple[Trace, ...]:
        """Every kept trace of this call."""
        return tuple(trace for trace in self._traces if trace.what == what)
