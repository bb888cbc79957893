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
        self._database = database
        self._files: tuple[IO[bytes], IO[bytes]] | None = None

    def __enter__(self) -> None:
        waiting, inside = self._open()
        fcntl.flock(waiting, fcntl.LOCK_EX)
        try:
            fcntl.flock(inside, fcntl.LOCK_EX)
        finally:
            fcntl.flock(waiting, fcntl.LOCK_UN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        fcntl.flock(self._open()[1], fcntl.LOCK_UN)

    def close(self) -> None:
        """Lets go of both files; in a forked child that leaves the parent's locks as they are."""
        files, self._files = self._files, None
        for file in files or ():
            file.close()

    def _open(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._files is None:
            name = self._database.name
            self._files = (
                self._database.with_name(f"{name}.next").open("ab"),
                self._database.with_name(f"{name}.lock").open("ab"),
            )
        return self._files
