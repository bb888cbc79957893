"""A process beside the test: a worker to be killed, or one of several that share a token.

`python -m tests.faults.child '{"verb": …}'`; it ends when its standard input does.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.clock import SHANGHAI
from bot.wechat.client import ApiError
from storage import quotas
from storage.db import Database, open_database
from storage.vault import Vault
from tests.faults.line import CUSTOM, Way, worker

Order = Mapping[str, Any]


class FastClock:
    """The machine's clock, running so many times as fast from a moment all processes know."""

    def __init__(self, since: float, times: float) -> None:
        self._since, self._times = since, times

    def __call__(self) -> datetime:
        """Now."""
        gone = (time.time() - self._since) * self._times
        return datetime.fromtimestamp(self._since + gone, SHANGHAI)


class Start:
    """The moment at which all of them begin, which the test says once all are ready."""

    def __init__(self) -> None:
        self._known = threading.Event()
        self.at = 0.0
        threading.Thread(target=self._listen, daemon=True).start()

    def wait(self) -> None:
        """Until then."""
        self._known.wait()
        time.sleep(max(0.0, self.at - time.time()))

    def _listen(self) -> None:
        said = sys.stdin.readline()
        if said.strip():
            self.at = float(said)
            self._known.set()
            sys.stdin.read()
        # no process outlives an aborted test
        os._exit(0)


def work(db: Database, clock: FastClock, _start: Start, order: Order) -> None:
    """Delivers for ever."""
    lease = timedelta(seconds=order["lease"])
    delivery = worker(db, Way(**order["way"]), clock, lease, order["threads"])
    tell("ready")
    while True:
        delivery.drain()
        time.sleep(0.02)


def token(db: Database, clock: FastClock, start: Start, order: Order) -> None:
    """Has a token, and calls with it from four threads at the moment it ends."""
    calls = Way(**order["way"]).official_calls(db, clock)
    tell("ready")
    answers: list[str] = []

    def call() -> None:
        start.wait()
        answers.append(ending(lambda: calls.post(CUSTOM, {}, {"touser": "nobody"})))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    tell(json.dumps(answers))


def storm(db: Database, clock: FastClock, start: Start, order: Order) -> None:
    """Calls without a pause until then, whatever the answer."""
    calls = Way(**order["way"]).official_calls(db, clock)
    tell("ready")
    start.wait()
    answers = set()
    while time.time() < start.at + order["lasts"]:
        answers.add(ending(lambda: calls.post(CUSTOM, {}, {"touser": "nobody"})))
        time.sleep(0.01)
    tell(json.dumps(sorted(answers)))


def quota(db: Database, _clock: FastClock, start: Start, order: Order) -> None:
    """Takes from one limit in four threads until nothing is left."""
    window = datetime.fromtimestamp(order["window"], SHANGHAI)
    tell("ready")
    start.wait()
    taken: list[int] = []

    def take() -> None:
        mine = 0
        while db.run(lambda tx: quotas.take(tx, "shared", window, order["limit"])):
            mine += 1
        taken.append(mine)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    tell(json.dumps(sum(taken)))


def ending(call: Callable[[], object]) -> str:
    """How a call ended, in a word."""
    try:
        call()
    except ApiError as error:
        return str(error.code or error.failure)
    return "ok"


def tell(line: str) -> None:
    """A line for the test."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


VERBS = {"work": work, "token": token, "storm": storm, "quota": quota}


def main() -> None:
    """What the first argument orders."""
    order: Order = json.loads(sys.argv[1])
    start = Start()
    db = open_database(order["url"], Vault([order["data_key"]], order["lookup_key"]))
    clock = FastClock(order.get("since", 0.0), order.get("times", 1.0))
    VERBS[order["verb"]](db, clock, start, order)


if __name__ == "__main__":
    main()
