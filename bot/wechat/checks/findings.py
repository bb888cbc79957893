"""What a check works with, and what it tells."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import requests

from bot.clock import Clock
from bot.config import Settings
from bot.domain.catalog import Catalog
from bot.domain.retry import SendFailed
from bot.messages import Say
from bot.wechat.calls import Calls
from bot.wechat.explained import Platform, explain
from bot.wechat.tokens import Fetch
from storage.db import Database

# how long our own address and the platforms may take
PATIENCE = (3, 7)
# where the platforms name the address that called them
ADDRESS = re.compile(r"(?:invalid ip|requestIP:?|from ip:?)\s*([0-9A-Fa-f.:]*[0-9A-Fa-f])")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be: the sentence `doctor/<fault>`, and what it shows.

    `advice`: an office may well want it so.
    """

    fault: str
    values: Mapping[str, object] = field(default_factory=dict)
    advice: bool = False

    def say(self) -> Say:
        """Found, expected, which page of which console, what to do."""
        return Say(f"doctor/{self.fault}", self.values)


@dataclass(frozen=True)
class Patient:
    """The set-up that is looked at. `menu`: the catalogue's, as the platform writes it.

    `is_current`: whether the schema of the database is the one this version needs.
    """

    settings: Settings
    catalog: Catalog
    database: Database
    clock: Clock
    is_current: Callable[[], bool]
    official: Calls
    wecom: Calls
    kf: Calls
    official_token: Fetch
    wecom_token: Fetch
    kf_token: Fetch
    menu: Sequence[Mapping[str, Any]] = ()


Check = Callable[[Patient], Iterator[Finding]]


def refused(platform: Platform, error: SendFailed) -> Finding:
    """What a platform, or the way to it, answered, in words."""
    if error.code is None:
        return Finding("away", {"platform": platform, "detail": error.detail})
    known = explain(platform, error.code)
    found = ADDRESS.search(error.detail)
    values = {
        "code": error.code,
        "detail": error.detail,
        "address": found[1] if found else "",
        "means": known.means if known else "",
        "where": known.where if known else "",
        "do": known.do if known else "",
    }
    return Finding("refused", values)


def knock(url: str, query: Mapping[str, str] | None = None) -> requests.Response | str:
    """What an address answers to a GET; the kind of failure where nobody does."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            return session.get(url, params=query, timeout=PATIENCE, allow_redirects=False)
        except requests.RequestException as error:
            return type(error).__name__
