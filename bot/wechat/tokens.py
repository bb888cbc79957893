"""The access token of an account: one for all processes, renewed by one of them at a time."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.retry import Failure
from bot.wechat.client import ApiError, Client
from bot.wechat.limits import TOKEN_LIFETIME
from storage import quotas, tokens
from storage.db import Database, Tx
from storage.tokens import Token

# A token this near its end is replaced while it still works. Less than the platform's own
# overlap: asked earlier, stable_token would hand the same token out again.
MARGIN = timedelta(minutes=2)
# Longer than a call may take; then another process tries.
LEASE = timedelta(seconds=15)
# A token refused for good must not eat the day's quota: that happened within one second to
# clients that fetch a new one at each refusal (the daily limit of an account may be 200).
CALLS_PER_MINUTE = 2

_POLL_SECONDS = 0.1
_POLLS = 30

Fetch = Callable[[], tuple[str, timedelta]]


class Tokens:
    """One account's token. `fetch` asks the platform; nothing else here touches the network."""

    def __init__(
        self,
        db: Database,
        name: str,
        fetch: Fetch,
        clock: Clock,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._db, self._name, self._fetch = db, name, fetch
        self._clock, self._sleep = clock, sleep
        self._held: Token | None = None
        self._failed: tuple[datetime, ApiError] | None = None
        self._one_at_a_time = threading.Lock()

    def get(self) -> str:
        """A token that works, as far as is known; ApiError if none can be had now."""
        held = self._held
        if held and self._lasts(held, MARGIN):
            return held.value
        with self._one_at_a_time:
            return self._shared()

    def renew(self, refused: str) -> str:
        """Another token than the one the platform refused, or the same if it insists on it."""
        with self._one_at_a_time:
            if self._held and self._held.value == refused:
                self._held = None
            self._db.run(lambda tx: tokens.drop(tx, self._name, refused))
            return self._shared()

    def _shared(self) -> str:
        """The stored token; fetched anew by whoever gets the lease, awaited by the others."""
        self._remember_failure()
        for _ in range(_POLLS):
            stored, ours = self._db.run(self._look)
            if ours:
                self._held = self._fetched(stored)
                return self._held.value
            if stored:
                self._held = stored
                return stored.value
            self._sleep(_POLL_SECONDS)
        raise ApiError(Failure.AGAIN, None, "another process is still fetching the token")

    def _look(self, tx: Tx) -> tuple[Token | None, bool]:
        """The stored token if it works, and whether it is ours to fetch a new one."""
        now = self._clock()
        stored = tokens.load(tx, self._name)
        if stored and self._lasts(stored, MARGIN):
            return stored, False
        usable = stored if stored and self._lasts(stored, timedelta()) else None
        if not tokens.begin_refresh(tx, self._name, now, LEASE):
            return usable, False
        # PostgreSQL lets a token be stored between the two statements above
        newer = tokens.load(tx, self._name)
        if newer and self._lasts(newer, MARGIN):
            tokens.store(tx, self._name, newer.value, newer.expires_at)
            return newer, False
        if quotas.take(tx, f"token {self._name}", _minute(now), CALLS_PER_MINUTE):
            return usable, True
        if usable:
            return usable, False
        # raised inside the turn, so that the lease is not taken either
        raise ApiError(Failure.WAIT, None, "the token calls of this minute are used up")

    def _fetched(self, usable: Token | None) -> Token:
        now = self._clock()
        try:
            value, lasts = self._fetch()
        except ApiError as error:
            if usable:
                return usable
            self._failed = (now, error)
            raise
        self._db.run(lambda tx: tokens.store(tx, self._name, value, now + lasts))
        return Token(value, now + lasts)

    def _remember_failure(self) -> None:
        """While the lease of a failed fetch runs, nobody need wait to hear the same again."""
        if self._failed is None:
            return
        at, error = self._failed
        # a clock that was put back must not prolong this
        if timedelta() <= self._clock() - at < LEASE:
            raise ApiError(error.failure, error.code, error.detail)
        self._failed = None

    def _lasts(self, token: Token, margin: timedelta) -> bool:
        return token.expires_at - self._clock() > margin


def stable_token(client: Client, app_id: str, secret: str) -> Fetch:
    """How an official account gets its token: the call that does not take it from the others."""
    body = {"grant_type": "client_credential", "appid": app_id, "secret": secret}
    return lambda: _read(client.post("/cgi-bin/stable_token", {}, body))


def wecom_token(client: Client, corp_id: str, secret: str) -> Fetch:
    """How a WeCom app gets its token."""
    params = {"corpid": corp_id, "corpsecret": secret}
    return lambda: _read(client.get("/cgi-bin/gettoken", params))


def _read(answer: dict[str, object]) -> tuple[str, timedelta]:
    value, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(value, str) or not value:
        raise ApiError(Failure.AGAIN, None, "no token in the answer")
    if not isinstance(seconds, int):
        return value, TOKEN_LIFETIME
    return value, timedelta(seconds=seconds)


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
