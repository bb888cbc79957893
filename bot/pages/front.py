"""The client pages below /m/: what they work with, and what every answer of theirs carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from flask import Response, make_response, render_template, request, url_for

from bot.browsers import content_policy
from bot.clock import Clock
from bot.handlers.turn import Office
from bot.pages.links import Links
from bot.wechat.jssdk import JsSdk
from bot.wechat.oauth import OAuth
from storage.db import Database
from storage.vault import Vault

HERE = Path(str(files(__package__)))

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": content_policy(forms="'self'"),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
# what a page shows is one person's; its style sheet and script are everybody's
PRIVATE = "no-store"
SHARED = timedelta(days=1)


@dataclass(frozen=True)
class Front:
    """What the pages work with."""

    database: Database
    office: Office
    links: Links
    clock: Clock
    # who opens a page, and what a page needs of WeChat's script
    oauth: OAuth
    jssdk: JsSdk

    @cached_property
    def vault(self) -> Vault:
        """What seals a file before the transaction that keeps it."""
        return self.database.run(lambda tx: tx.vault)


class Stop(Exception):
    """The request ends here, with a page that says why and what to do instead."""

    def __init__(self, reason: str, status: int) -> None:
        self.reason, self.status = reason, status
        super().__init__(reason)


def told(front: Front, reason: str, status: int) -> Response:
    """A page that is only a message; the same for every link that opens nothing."""
    agency = front.office.catalog.agency
    page = render_template("message.html", reason=reason, agency=agency)
    return make_response(page, status)


def guarded(response: Response) -> Response:
    """The answer with the headers of every page; what set its own, keeps them."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(url_for("pages.static", filename="")) and response.status_code < 400:
        response.headers["Cache-Control"] = f"public, max-age={int(SHARED.total_seconds())}"
    else:
        response.headers["Cache-Control"] = PRIVATE
    return response
