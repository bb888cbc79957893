"""Starting, freezing and killing the processes of `tests.faults.child`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.conftest import DATA_KEY, LOOKUP_KEY
from tests.faults.line import Way

# between the word to begin and the beginning
HEADSTART = 0.4
ROOT = Path(__file__).parents[2]


@dataclass
class Child:
    """One process, in a group of its own."""

    order: dict[str, Any]
    process: subprocess.Popen[str] | None = None
    ready: bool = False

    def start(self) -> None:
        """Start it; `wait` tells when it is there."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.child", json.dumps(self.order)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def line(self) -> str:
        """The next line it says."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def wait(self) -> None:
        """Until it is ready."""
        self.ready = self.ready or self.line() == "ready"
        assert self.ready, f"{self.order['verb']} did not start"

    def begin(self, at: float) -> None:
        """Let it begin at this moment of the machine's clock."""
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(f"{at}\n")
        self.process.stdin.flush()

    def send(self, number: signal.Signals) -> None:
        """Freeze it, or let it go on."""
        assert self.process is not None
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """The whole group, without a goodbye."""
        if self.process is not None:
            self.send(signal.SIGKILL)
            self.process.communicate()
            self.process, self.ready = None, False


@contextmanager
def children(count: int, verb: str, url: str, way: Way, **more: Any) -> Iterator[list[Child]]:
    """So many of them, all ready; killed at the end."""
    keys = {"url": url, "data_key": DATA_KEY, "lookup_key": LOOKUP_KEY}
    order = {"verb": verb, "way": asdict(way), **keys, **more}
    found = [Child(dict(order)) for _ in range(count)]
    try:
        for one in found:
            one.start()
        for one in found:
            one.wait()
        yield found
    finally:
        for one in found:
            one.kill()


def begin(found: Iterable[Child]) -> float:
    """All of them, at one moment, which is told."""
    at = time.time() + HEADSTART
    for one in found:
        one.begin(at)
    return at
