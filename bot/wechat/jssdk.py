"""What a page of ours needs to use WeChat's own script: a ticket, and the values it signs."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import TypedDict

from bot.clock import Clock
from bot.domain.retry import Failure
from bot.wechat.calls import Calls
from bot.wechat.client import ApiError
from bot.wechat.limits import TOKEN_LIFETIME
from bot.wechat.tokens import Fetch, Tokens


class Signed(TypedDict):
    """The values of `wx.config`, named as it names them."""

    appId: str
    timestamp: int
    nonceStr: str
    signature: str


class JsSdk:
    """Signs the addresses of pages; `tickets` keeps the one ticket that all processes share."""

    def __init__(self, app_id: str, tickets: Tokens, clock: Clock) -> None:
        self._app_id, self._tickets, self._clock = app_id, tickets, clock

    def sign(self, url: str) -> Signed:
        """What `wx.config` is given on this page; ApiError if no ticket can be had now.

        May ask the platform: no transaction is open around it.
        """
        nonce, stamp = secrets.token_hex(8), int(self._clock().timestamp())
        proof = signature(self._tickets.get(), nonce, stamp, url)
        return Signed(appId=self._app_id, timestamp=stamp, nonceStr=nonce, signature=proof)


def signature(ticket: str, nonce: str, stamp: int, url: str) -> str:
    """The signature over these four in the platform's order, raw, without the page's `#…`."""
    page = url.partition("#")[0]
    words = f"jsapi_ticket={ticket}&noncestr={nonce}&timestamp={stamp}&url={page}"
    return hashlib.sha1(words.encode(), usedforsecurity=False).hexdigest()


def js_ticket(calls: Calls) -> Fetch:
    """How an account gets the ticket of its pages."""

    def fetch() -> tuple[str, timedelta]:
        return _read(calls.get("/cgi-bin/ticket/getticket", {"type": "jsapi"}))

    return fetch


def _read(answer: Mapping[str, object]) -> tuple[str, timedelta]:
    value, seconds = answer.get("ticket"), answer.get("expires_in")
    if not isinstance(value, str) or not value:
        raise ApiError(Failure.AGAIN, None, "no ticket in the answer")
    return value, timedelta(seconds=seconds) if isinstance(seconds, int) else TOKEN_LIFETIME
