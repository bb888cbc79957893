"""One writer at a time over the processes that share a SQLite file, in the order they came."""

import fcntl
from pathlib import Path
from types import TracebackType
from typing import IO


class Turnstile:
    """Two file locks: whoever waits for the second holds the first.

    With one lock alone, a busy process that lets go and asks again gets it before the
    process that has been waiting, which then starves.
    """

    def __init__(self, database: Path) -> None:
        self._inside: IO[bytes] = database.with_name(f"{database.name}.lock").open("ab")
        self._next: IO[bytes] = database.with_name(f"{database.name}.next").open("ab")

    def __enter__(self) -> None:
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._inside, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        fcntl.flock(self._inside, fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go of both files."""
        self._inside.close()
        self._next.close()
