"""The parts every side of the platform shares, and the one lock that guards them."""

import itertools
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import RLock

from bot.clock import Clock
from bot.simulator.accounts import Accounts
from bot.simulator.faults import Faults
from bot.simulator.journal import Journal
from bot.simulator.media import Shelf
from bot.simulator.people import People


@dataclass
class Hub:
    """State in memory. `lock` is never held while the bot is being called."""

    accounts: Accounts
    clock: Clock
    people: People
    lock: RLock = field(default_factory=RLock)
    shelf: Shelf = field(default_factory=Shelf)
    journal: Journal = field(default_factory=Journal)
    faults: Faults = field(default_factory=Faults)
    # pushes that an API call caused; they go out after the call was answered
    afterwards: SimpleQueue[Callable[[], object]] = field(default_factory=SimpleQueue)
    # where the platform itself listens; picture addresses begin with it
    url: str = "http://127.0.0.1"

    def __post_init__(self) -> None:
        # a restarted platform must not number its messages as the last one did
        self._ids = itertools.count(secrets.randbits(62))

    def next_msg_id(self) -> int:
        """A 64-bit message id never given before."""
        return next(self._ids)

    def seconds(self) -> int:
        """The present as the XML writes it."""
        return int(self.clock().timestamp())
