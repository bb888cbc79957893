"""The outbox worker: takes pushes that are due, sends each with no transaction open, marks it.

Any number of processes may run one. A crash repeats at most what was in flight, one push for
each thread; `storage.outbox` says how the repeat is kept from the person.
"""

import logging
import random
import secrets
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime
from typing import Protocol, TypeVar

from bot.background import Background
from bot.clock import Clock
from bot.domain.retry import Failure, SendFailed, Sent
from bot.errand import Claimed, Errands, Policy, Ready
from bot.messages import Channel, Push
from bot.wechat.limits import Way
from storage import outbox
from storage.db import Busy, Database, Tx

__all__ = ["Delivery", "Gateway", "Policy"]

T = TypeVar("T")
# a turn that writes down what became of a push
Mark = Callable[[Tx], object]
log = logging.getLogger(__name__)

# while one waits for the platform, the other waits for the database: commits cost no sending time
THREADS_TO_A_LINE = 2
# how long threads that found nothing wait, while others are still sending, until they look again
GLANCE = 0.2


class Gateway(Protocol):
    """A platform account that messages can be sent through."""

    def send(self, push: Push, way: Way) -> Sent:
        """Sends it that way, or raises SendFailed."""


def nothing(_tx: Tx) -> None:
    """The turn before has written it down."""


def put_back(tx: Tx, claimed: Claimed, now: datetime) -> None:
    """A push that was taken and not sent: at once for whoever is next."""
    row = claimed.row
    outbox.mark_retry(tx, row.id, claimed.token, now, row.reason, counted=False)


class Budget:
    """How many pushes one pass may still take, shared by its threads."""

    def __init__(self, limit: int | None) -> None:
        self._left = sys.maxsize if limit is None else limit
        self._lock = threading.Lock()
        self.taken = 0

    def reserve(self, count: int) -> int:
        """So many, or as many as are left; `settle` says how many of them were used."""
        with self._lock:
            granted = min(count, self._left)
            self._left -= granted
            return granted

    def settle(self, reserved: int, taken: int) -> None:
        """Of those reserved, so many were taken."""
        with self._lock:
            self._left += reserved - taken
            self.taken += taken


class Delivery(Background):
    """Sends what is due, each person's oldest first, several persons at a time."""

    def __init__(
        self, db: Database, gateways: Mapping[Channel, Gateway], clock: Clock, policy: Policy
    ) -> None:
        self._threads = policy.workers * THREADS_TO_A_LINE
        super().__init__("delivery", self._threads)
        self._lines = threading.BoundedSemaphore(policy.workers)
        self._db, self._gateways, self._clock, self._policy = db, gateways, clock, policy
        self._errands = Errands(policy, clock)

    def drain(self, limit: int | None = None) -> int:
        """Sends until nothing is due, or `limit` pushes were taken; how many were taken."""
        running: set[Future[None]] = set()
        budget = Budget(limit)
        while True:
            claimed = self._claim(budget, self._threads - len(running))
            running |= {self._pool.submit(self._serve_on, one, budget) for one in claimed}
            if not running:
                return budget.taken
            # a thread that finds nothing more ends; what comes due meanwhile needs it again
            idle = len(running) < self._threads
            running = wait(running, GLANCE if idle else None, FIRST_COMPLETED).not_done

    def _claim(self, budget: Budget, free: int) -> list[Claimed]:
        wanted, found = budget.reserve(free), list[Claimed]()
        try:
            found = self._db.run(lambda tx: self._take(tx, wanted)) if wanted else found
        except Busy:
            # nothing was taken; the next tick asks again
            log.debug("the database is busy")
        budget.settle(wanted, len(found))
        return found

    def _take(self, tx: Tx, wanted: int) -> list[Claimed]:
        """So many pushes, if they are due and we go on."""
        if not wanted or self._stopping.is_set():
            return []
        now, token = self._clock(), secrets.token_hex(8)
        rows = outbox.claim(tx, now, token, now + self._policy.lease, wanted)
        return [Claimed(row, token) for row in rows]

    def _serve_on(self, claimed: Claimed, budget: Budget) -> None:
        """One thread: a push, and then whichever is next, claimed as the last one is marked."""
        following: Claimed | None = claimed
        while following is not None:
            following = self._attempt(following, budget)

    def _attempt(self, claimed: Claimed, budget: Budget) -> Claimed | None:
        """One push, whatever happens, and the next; unmarked, its lease runs out and it is due."""
        try:
            return self._marked(self._served(claimed), budget)
        except Exception as error:  # noqa: BLE001 -- the others go on
            log.warning("push %d has no mark: %s", claimed.row.id, type(error).__name__)
            return None

    def _served(self, claimed: Claimed) -> Mark:
        """What is to be written down of a push that was sent, or could not be sent now.

        A process that was frozen or starved asks once more: after a turn half of the lease is
        left at least, and once that is gone somebody else may have the push.
        """
        while True:
            began = time.monotonic()
            ready = self._patiently(lambda tx: self._errands.prepare(tx, claimed))
            if ready is None:
                return nothing
            with self._lines:
                if self._stopping.is_set():
                    return lambda tx: put_back(tx, claimed, self._clock())
                if time.monotonic() - began < self._policy.lease.total_seconds() / 2:
                    return self._sent(ready)

    def _sent(self, ready: Ready) -> Mark:
        """Sends with no transaction open; the turn that writes down what became of it."""
        try:
            sent = self._gateways[ready.push.channel].send(ready.push, ready.way.way)
        except SendFailed as failure:
            trouble = failure
        except Exception as error:  # noqa: BLE001 -- a gateway's bug must not lose the push
            trouble = SendFailed(Failure.AGAIN, None, type(error).__name__)
        else:
            return lambda tx: self._errands.arrived(tx, ready, sent)
        return lambda tx: self._errands.failed(tx, ready, trouble)

    def _marked(self, mark: Mark, budget: Budget) -> Claimed | None:
        """Marks one push and claims the next in one commit; the mark does not hang on the claim."""
        wanted, found = budget.reserve(1), list[Claimed]()

        def both(tx: Tx) -> list[Claimed]:
            mark(tx)
            return self._take(tx, wanted)

        try:
            found = self._patiently(both)
        except Busy:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever is next, this one was sent
            log.warning("the next push cannot be taken: %s", type(error).__name__)
            self._patiently(mark)
        finally:
            budget.settle(wanted, len(found))
        return found[0] if found else None

    def _patiently(self, turn: Callable[[Tx], T]) -> T:
        """Runs a turn, however often it takes, while the lease lasts: a lost mark sends twice."""
        give_up = time.monotonic() + self._policy.lease.total_seconds() / 2
        while True:
            try:
                return self._db.run(turn)
            except Busy:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1 + random.random() / 5)
