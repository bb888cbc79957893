"""The outbox worker: takes pushes that are due, sends each with no transaction open, marks it.

Any number of processes may run one. A crash repeats at most what was in flight, one push for
each thread; `storage.outbox` says how the repeat is kept from the person.
"""

import logging
import random
import secrets
import time
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
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
log = logging.getLogger(__name__)


class Gateway(Protocol):
    """A platform account that messages can be sent through."""

    def send(self, push: Push, way: Way) -> Sent:
        """Sends it that way, or raises SendFailed."""


class Delivery(Background):
    """Sends what is due, each person's oldest first, several persons at a time."""

    def __init__(
        self, db: Database, gateways: Mapping[Channel, Gateway], clock: Clock, policy: Policy
    ) -> None:
        super().__init__("delivery", policy.workers)
        self._db, self._gateways, self._clock, self._policy = db, gateways, clock, policy
        self._errands = Errands(policy, clock)

    def drain(self, limit: int | None = None) -> int:
        """Sends until nothing is due, or `limit` pushes were taken; how many were taken."""
        running: set[Future[None]] = set()
        taken = 0
        while True:
            free = self._policy.workers - len(running)
            wanted = free if limit is None else min(free, limit - taken)
            claimed = self._claim(wanted) if wanted and not self._stopping.is_set() else []
            taken += len(claimed)
            running |= {self._pool.submit(self._attempt, one) for one in claimed}
            if not running:
                return taken
            running = wait(running, return_when=FIRST_COMPLETED).not_done

    def _claim(self, count: int) -> list[Claimed]:
        now, token = self._clock(), secrets.token_hex(8)
        until = now + self._policy.lease
        try:
            rows = self._db.run(lambda tx: outbox.claim(tx, now, token, until, count))
        except Busy:
            # nothing was taken; the next tick asks again
            return []
        return [Claimed(row, token) for row in rows]

    def _attempt(self, claimed: Claimed) -> None:
        """One push, whatever happens; without a mark its lease runs out and it is taken again."""
        try:
            ready = self._patiently(lambda tx: self._errands.prepare(tx, claimed))
            if ready is not None:
                self._send(ready)
        except Exception as error:  # noqa: BLE001 -- the others go on
            log.warning("push %d has no mark: %s", claimed.row.id, type(error).__name__)

    def _send(self, ready: Ready) -> None:
        """Sends with no transaction open, and writes down what became of it."""
        try:
            sent = self._gateways[ready.push.channel].send(ready.push, ready.way.way)
        except SendFailed as failure:
            trouble = failure
        except Exception as error:  # noqa: BLE001 -- a gateway's bug must not lose the push
            trouble = SendFailed(Failure.AGAIN, None, type(error).__name__)
        else:
            self._patiently(lambda tx: self._errands.arrived(tx, ready, sent))
            return
        self._patiently(lambda tx: self._errands.failed(tx, ready, trouble))

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
