"""Asks the platforms who is behind a chat, so that one human has one history.

Only an agency with 微信客服 has more than one chat with anybody, so nobody is asked before its
first bell has rung. A chat is asked after once; what the platform says is kept as a keyed hash.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.background import Background
from bot.clock import Clock
from bot.domain.retry import Failure, SendFailed
from bot.messages import Channel
from storage import humans, kf_accounts
from storage.db import Busy, Database, Tx

log = logging.getLogger(__name__)

# chats of one round: one call each on the official account, one for all on 微信客服
ROUND = 20
# a platform that does not answer, or does not grant the call, is left alone for so long
PAUSE = timedelta(minutes=10)


class Register(Protocol):
    """A platform account that knows the unionid of who writes to it."""

    def unionids(self, identities: Sequence[str]) -> Mapping[str, str]:
        """The unionid by identity, as far as there is one; or SendFailed."""


class Linking(Background):
    """Asks after chats that nobody has asked after."""

    def __init__(self, db: Database, registers: Mapping[Channel, Register], clock: Clock) -> None:
        super().__init__("linking", 1)
        self._db, self._registers, self._clock = db, registers, clock
        self._not_before: dict[Channel, datetime] = {}

    def drain(self) -> int:
        """Asks until everybody was asked after; how many chats that were."""
        asked = 0
        for channel, register in self._registers.items():
            while not self._stopping.is_set() and (found := self._round(channel, register)):
                asked += found
        return asked

    def _round(self, channel: Channel, register: Register) -> int:
        now = self._clock()
        if now < self._not_before.get(channel, now):
            return 0
        try:
            known = self._db.run(kf_accounts.anything)
            rows = self._db.run(lambda tx: humans.unmarked(tx, channel, ROUND)) if known else ()
            if not rows:
                return 0
            found = register.unionids([identity for _, identity in rows])
        except Busy:
            return 0
        except SendFailed as failure:
            log.warning("who is behind chats of %s cannot be asked: %s", channel, failure)
            self._not_before[channel] = now + PAUSE
            if failure.failure is not Failure.NEVER:
                return 0
            found = {}

        def marked(tx: Tx) -> None:
            for person_id, identity in rows:
                humans.mark(tx, person_id, found.get(identity, ""))

        self._db.run(marked)
        return len(rows)
