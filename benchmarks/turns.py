"""Turns per second of a whole encrypted intake, beside a bare echo in the same run.

Every round measures both servers at every number of connections, one right after the other and
the other one held still; the figures are medians over the rounds. A tenth of all messages comes
twice, the second while the first is being answered. The bound is the ratio at 16 connections.
"""

import argparse
import json
import multiprocessing
import os
import platform
import re
import signal
import sys
import tempfile
from argparse import RawDescriptionHelpFormatter as RawDescription
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

import yaml
from load import Figures, Line, Task, play
from sealing import Account
from servers import ROOT, Server, echo, yizhan

BOUND, BOUND_AT = 0.20, 16
MEMORY_AFTER = 10_000
# Rounds from which on a result is written to results/: fewer are off by a factor of two.
WORTH_KEEPING = 4
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """Both servers at one number of connections, each figure the median of the rounds."""

    connections: int
    ratio: float
    turns_per_second: float
    echo_per_second: float
    p50_ms: float
    p99_ms: float
    echo_p50_ms: float
    echo_p99_ms: float


@dataclass(frozen=True)
class Memory:
    """Resident megabytes of all processes of `serve`."""

    at_start: float
    turns: int
    after: float


class Bench:
    """Both servers up, and a process that plays the clients."""

    def __init__(self, ours: Server, bare: Server, players: ProcessPoolExecutor) -> None:
        self.ours, self.bare, self.players = ours, bare, players
        self.script = script()
        self.found: dict[tuple[str, int], list[Figures]] = {}
        self.turns = self.faults = 0

    def round(self, connections: int, seconds: float) -> None:
        """One measurement of each."""
        with self.ours.held_still():
            lines = tuple(Line(line.say, "^echo: ") for line in self.script)
            self.measure("echo", self.bare, lines, connections, seconds)
        with self.bare.held_still():
            self.measure("yizhan", self.ours, self.script, connections, seconds)

    def measure(
        self, name: str, server: Server, lines: tuple[Line, ...], connections: int, seconds: float
    ) -> None:
        """One measurement, kept and shown; what was answered wrongly is counted."""
        ours = server is self.ours
        task = Task(server.port, Account(), lines, connections, seconds, repeats=ours)
        found = self.players.submit(play, task).result()
        self.found.setdefault((name, connections), []).append(found)
        self.turns += found.turns if ours else 0
        self.faults += found.faults
        print(
            f"  {name:6} {connections:3} connections: {found.rate:7.1f}/s  p50 {found.p50:6.1f}"
            f"  p99 {found.p99:6.1f} ms  {found.retries} retries, {found.faults} wrong",
            *found.examples,
            sep="\n    ",
            flush=True,
        )

    def row(self, connections: int) -> Row:
        """The medians at one number of connections."""
        ours, bare = self.found["yizhan", connections], self.found["echo", connections]
        ratios = [one.rate / other.rate for one, other in zip(ours, bare, strict=True)]
        return Row(
            connections,
            ratio=round(median(ratios), 3),
            turns_per_second=round(median(one.rate for one in ours), 1),
            echo_per_second=round(median(one.rate for one in bare), 1),
            p50_ms=round(median(one.p50 for one in ours), 1),
            p99_ms=round(median(one.p99 for one in ours), 1),
            echo_p50_ms=round(median(one.p50 for one in bare), 1),
            echo_p99_ms=round(median(one.p99 for one in bare), 1),
        )


def script() -> tuple[Line, ...]:
    """What every client says."""
    lines = yaml.safe_load((HERE / "full_intake.yaml").read_text(encoding="utf-8"))
    return tuple(Line(line["say"].strip(), line["reply"]) for line in lines)


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Everything started, and stopped at the end."""
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(1, mp_context=spawn) as players,
        echo(Account(), folder) as bare,
        yizhan(Account(), folder) as ours,
    ):
        yield Bench(ours, bare, players)


def run(rounds: int, seconds: float, connections: Sequence[int]) -> dict[str, Any]:
    """All rounds, then the memory; everything that was found."""
    data = ROOT / "data"
    data.mkdir(exist_ok=True)
    # beside the data of a real office: a temporary folder may lie in memory, where commits are free
    with tempfile.TemporaryDirectory(dir=data, prefix="turns") as folder, bench(Path(folder)) as it:
        at_start, load = it.ours.megabytes(), round(os.getloadavg()[0], 1)
        print("warming up")
        it.round(BOUND_AT, min(seconds, 2.0))
        it.found.clear()
        for number in range(1, rounds + 1):
            print(f"round {number} of {rounds}")
            for one in connections:
                it.round(one, seconds)
        rows = [it.row(one) for one in connections]
        while it.turns < MEMORY_AFTER and rounds >= WORTH_KEEPING:
            it.round(BOUND_AT, seconds)
        memory = Memory(round(at_start), it.turns, round(it.ours.megabytes()))
        return {
            "date": f"{datetime.now().astimezone():%Y-%m-%d}",
            "machine": machine(),
            "load": load,
            "rounds": rounds,
            "seconds": seconds,
            "rows": [asdict(one) for one in rows],
            "memory_mb": asdict(memory),
            "wrong_answers": it.faults,
        }


def machine() -> dict[str, object]:
    """What the figures depend on."""
    cpus = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*: (.*)", cpus)
    return {
        "cpu": model[1] if model else platform.processor(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        **{name: version(name) for name in ("granian", "gunicorn", "sqlalchemy")},
    }


def table(found: dict[str, Any]) -> str:
    """The result as a page."""
    about = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    lines = [
        f"# Turns, {found['date']}",
        "",
        f"{about}. Load before the start {found['load']}.",
        f"{found['rounds']} rounds of {found['seconds']:g} s, medians; a tenth of all",
        f"messages sent twice; {found['wrong_answers']} wrong answers. `yizhan serve` on SQLite,",
        "synchronous=FULL, beside a bare Flask + wechatpy echo (gunicorn gthread 2 × 8).",
        "",
        "| connections | × echo | turns/s | echo/s | p50 ms | p99 ms | echo p50 | echo p99 |",
        "|---|---|---|---|---|---|---|---|",
        *("| " + " | ".join(str(one) for one in row.values()) + " |" for row in found["rows"]),
        "",
        "Memory of all processes of `serve`: {at_start} MB at the start, {after} MB after {turns}"
        " turns.".format(**found["memory_mb"]),
    ]
    return "\n".join(lines) + "\n"


def write(found: dict[str, Any]) -> None:
    """Keeps the result beside the others."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    path = folder / f"turns-{found['date']}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(table(found), encoding="utf-8")


def main() -> int:
    """1 if the bound was missed, or anything was answered wrongly."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RawDescription)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 16, 64])
    given = parser.parse_args()
    # asked to end, end as after an error: with everything stopped that was started
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    found = run(given.rounds, given.seconds, given.connections)
    print("\n" + table(found))
    if given.rounds >= WORTH_KEEPING:
        write(found)
    slow = any(row["connections"] == BOUND_AT and row["ratio"] < BOUND for row in found["rows"])
    return 1 if slow or found["wrong_answers"] else 0


if __name__ == "__main__":
    sys.exit(main())
