"""Access tokens as both platforms issue and judge them (wechat_platform.md 3.1, 5.1)."""

import re
import secrets
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import TOKEN_LIFETIME as LIFETIME
from bot.wechat.limits import TOKEN_OVERLAP as OVERLAP

FORCED_PER_DAY = 20
FORCED_APART = timedelta(seconds=30)
PLAIN_PER_DAY = 2000

_SHAPE = re.compile(r"[A-Za-z0-9_-]{32,512}")


@dataclass
class _Token:
    value: str
    expires: datetime


class Tokens:
    """One family of tokens: valid ones by value, the current one last. Guarded by the lock."""

    def __init__(self, invalid: int) -> None:
        # the code for a token never issued or replaced: 40001 (official), 40014 (WeCom)
        self._invalid = invalid
        self._issued: dict[str, datetime] = {}
        self._current: _Token | None = None

    def issue(self, now: datetime) -> tuple[str, int]:
        """A new token; the one before it lives through the overlap only."""
        if self._current is not None:
            ends = min(self._current.expires, now + OVERLAP)
            self._issued[self._current.value] = ends
        self._current = _Token(secrets.token_urlsafe(96), now + LIFETIME)
        self._issued[self._current.value] = self._current.expires
        return self._current.value, int(LIFETIME.total_seconds())

    def steady(self, now: datetime) -> tuple[str, int]:
        """The same token while it lasts; a new one in the last five minutes."""
        if self._current is None or self._current.expires - now <= OVERLAP:
            return self.issue(now)
        return self._current.value, int((self._current.expires - now).total_seconds())

    def check(self, value: str, now: datetime) -> bool:
        """Whether this family issued it and it lives; expired is 42001, a stranger False."""
        expires = self._issued.get(value)
        if expires is None:
            return False
        if now < expires:
            return True
        raise ApiRefusal(42001 if value == self._last() else self._invalid)

    def revoke(self) -> None:
        """The platform takes every token back before its time, as it may."""
        self._issued.clear()
        self._current = None

    def _last(self) -> str:
        return self._current.value if self._current else ""


class OfficialTokens:
    """Both kinds of an official account; neither invalidates the other."""

    def __init__(self) -> None:
        self.plain, self.stable = Tokens(40001), Tokens(40001)
        self._forced: deque[datetime] = deque(maxlen=FORCED_PER_DAY)
        self._plain_calls: deque[datetime] = deque(maxlen=PLAIN_PER_DAY)

    def issue_plain(self, now: datetime) -> tuple[str, int]:
        """`GET /cgi-bin/token`: a new one at each call, up to the daily quota."""
        _count(self._plain_calls, now, timedelta(days=1), 45009)
        return self.plain.issue(now)

    def issue_stable(self, now: datetime, force: bool) -> tuple[str, int]:
        """`POST /cgi-bin/stable_token`."""
        if not force:
            return self.stable.steady(now)
        if self._forced and now - self._forced[-1] < FORCED_APART:
            return self.stable.steady(now)
        _count(self._forced, now, timedelta(days=1), 45009)
        return self.stable.issue(now)

    def check(self, value: str, now: datetime) -> None:
        """ApiRefusal unless one of the two families issued it and it lives."""
        _shape(value)
        if not (self.stable.check(value, now) or self.plain.check(value, now)):
            raise ApiRefusal(40001)


class WecomTokens:
    """Tokens of one app: repeated calls return the same one while it lasts."""

    def __init__(self) -> None:
        self._tokens = Tokens(40014)

    def issue(self, now: datetime) -> tuple[str, int]:
        """`GET /cgi-bin/gettoken`."""
        return self._tokens.steady(now)

    def check(self, value: str, now: datetime) -> None:
        """ApiRefusal unless it was issued and lives."""
        _shape(value)
        if not self._tokens.check(value, now):
            raise ApiRefusal(40014)

    def revoke(self) -> None:
        """Taken back early."""
        self._tokens.revoke()


def _shape(value: str) -> None:
    if not value:
        raise ApiRefusal(41001)
    if not _SHAPE.fullmatch(value):
        raise ApiRefusal(40014)


def _count(calls: "deque[datetime]", now: datetime, window: timedelta, code: int) -> None:
    if len(calls) == calls.maxlen and now - calls[0] < window:
        raise ApiRefusal(code)
    calls.append(now)
