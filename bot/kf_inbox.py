"""Pulls 微信客服 messages with no transaction open, then runs one turn for each.

A bell only notes that there is something to read. The cursor moves in the transaction of a
page's last turn: whoever dies before that reads the page again and finds its messages claimed.
A slow poll hears what a lost bell would have told.
"""

import logging
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Protocol

from bot.background import Background
from bot.clock import Clock
from bot.conversation import Beside, Conversation, both, nothing
from bot.domain.retry import Again, Failure, SendFailed, decide
from bot.messages import Channel, Inbound, Kind
from bot.wechat.codec import KF_BELL
from bot.wechat.kf import STAFFED, Message, Page
from bot.wechat.kf_messages import NotForUs, decode, keepable
from storage import inbox, kf_accounts, people
from storage.db import Busy, Database, Tx
from storage.kf_accounts import KfAccount

log = logging.getLogger(__name__)

# twice what a call and the turns of a page take; nothing but speed depends on it
LEASE = timedelta(seconds=60)
# without a bell the platform limits how often it is asked, and does not say how (W:94670)
POLL = timedelta(minutes=5)
# at the very first start older messages are the past of somebody else's answers
STALE = timedelta(minutes=10)


class Service(Protocol):
    """The account's API, as far as reading goes."""

    def page(self, open_kfid: str, cursor: str, token: str) -> Page:
        """What was written since the cursor, or SendFailed."""

    def state(self, identity: str) -> int:
        """The state of a client's session, or SendFailed."""


@dataclass
class Reading:
    """One account while it is read: where we are, and whether it is still ours."""

    account: KfAccount
    ours: bool = True
    # whose sessions were asked after
    asked: set[str] = field(default_factory=set)


class KfInbox(Background):
    """Reads every account that has something to read, one after the other."""

    def __init__(
        self,
        conversation: Conversation,
        service: Service,
        clock: Clock,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__("kf_inbox", 1)
        self._conversation, self._service = conversation, service
        self._db, self._clock, self._wake = conversation.database, clock, wake

    def drain(self) -> int:
        """Reads until no account is due; how many messages there were."""
        read = 0
        while not self._stopping.is_set():
            account = self._claim()
            if account is None:
                break
            read += self._read(Reading(account))
        return read

    def _claim(self) -> KfAccount | None:
        now, lease = self._clock(), secrets.token_hex(8)
        until = now + LEASE
        try:
            return self._db.run(lambda tx: kf_accounts.claim(tx, now, lease, until))
        except Busy:
            # nothing was taken; the next tick asks again
            return None

    def _read(self, reading: Reading) -> int:
        """All pages of an account; how many messages they had."""
        read, more = 0, True
        try:
            while more and reading.ours:
                before = reading.account
                page = self._service.page(before.open_kfid, before.cursor or "", before.token)
                self._take(reading, page)
                self._wake()
                read += len(page.items)
                # a cursor that stands still would be asked for ever
                more = page.more and (bool(page.items) or page.cursor != before.cursor)
        except SendFailed as failure:
            self._later(reading.account, failure)
            return read
        later = self._clock() + POLL
        self._db.run(lambda tx: kf_accounts.finish(tx, reading.account, later))
        return read

    def _take(self, reading: Reading, page: Page) -> None:
        """A turn for each message; the cursor goes with the last of them."""
        account, now = reading.account, self._clock()
        caught_up = account.caught_up or not page.more
        cursor = page.cursor or account.cursor or ""

        def moved(tx: Tx) -> None:
            reading.ours = kf_accounts.move(tx, account, cursor, caught_up, now + LEASE)

        *early, last = page.items or (None,)
        for item in early:
            self._one(reading, item, nothing)
        self._one(reading, last, moved)
        reading.account = replace(account, cursor=cursor, caught_up=caught_up)

    def _one(self, reading: Reading, item: Message | None, beside: Beside) -> None:
        """One message: answered, or of before our time and only noted."""
        account, now = reading.account, self._clock()
        if item is None:
            self._db.run(beside)
            return
        try:
            inbound = decode(item, account.open_kfid)
        except NotForUs as strange:
            log.warning("kf sent what is no message: %s", strange)
            why = str(strange)
            self._db.run(both(lambda tx: keep(tx, item, why, now), beside))
            return
        if not account.caught_up and inbound.at < now - STALE:
            self._db.run(both(lambda tx: inbox.claim(tx, inbound.key, Channel.KF, now), beside))
            return
        self._look_who_speaks(reading, inbound)
        self._conversation.answer(inbound, keepable(item), beside)

    def _look_who_speaks(self, reading: Reading, inbound: Inbound) -> None:
        """Asks whether a servicer still has the session: it may have ended without a word."""
        who = (Channel.KF, inbound.person)
        if inbound.kind is Kind.EVENT or inbound.person in reading.asked:
            return
        person = self._db.run(lambda tx: people.find(tx, *who))
        if person is None or not person.credits.staffed:
            return
        reading.asked.add(inbound.person)
        try:
            state = self._service.state(inbound.person)
        except SendFailed as failure:
            log.warning("whose session it is could not be asked: %s", failure)
            return
        if state not in STAFFED:
            self._db.run(lambda tx: people.note_session(tx, who, None, ""))

    def _later(self, account: KfAccount, failure: SendFailed) -> None:
        """When the account is asked again; a cursor that is refused is forgotten."""
        now = self._clock()
        log.warning("kf cannot be read: %s", failure)
        decision = decide(failure.failure, account.attempts, now, random.random())
        later = decision.at if isinstance(decision, Again) else now + POLL

        def put_off(tx: Tx) -> None:
            if failure.failure is Failure.NEVER and account.cursor:
                kf_accounts.forget_cursor(tx, account)
            kf_accounts.put_off(tx, account, later)

        self._db.run(put_off)


def keep(tx: Tx, item: Message, why: str, now: datetime) -> None:
    """What nobody can read is sealed for staff, once."""
    raw = keepable(item)
    key = blake2b(raw, digest_size=16).hexdigest()
    if inbox.claim(tx, key, Channel.KF, now) is None:
        inbox.keep(tx, key, Channel.KF, raw, why, now)


@dataclass(frozen=True)
class Bell:
    """What a callback of 微信客服 does: it notes that there is something to read."""

    database: Database
    clock: Clock

    def ring(self, inbound: Inbound, _raw: bytes) -> bytes | None:
        """Nothing is read in the request, and nothing answered."""
        event = inbound.event
        account = event.details.get("OpenKfId", "") if event else ""
        if event is None or event.name != KF_BELL or not account:
            log.warning("kf heard what is no bell")
            return None
        token, now = event.details.get("Token", ""), self.clock()
        self.database.run(lambda tx: kf_accounts.ring(tx, account, token, now))
        return None
