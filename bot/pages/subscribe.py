"""The page on which a client asks for notices: one tap is one notice, and WeChat's own question."""

import json
import logging

from flask import Blueprint, Response, current_app, make_response, render_template

from bot.messages import Channel
from bot.pages.front import Front, Stop
from bot.pages.links import Purpose
from bot.wechat.client import ApiError
from bot.wechat.limits import NOTICES_ASKED
from storage import consents, people
from storage.db import Tx
from storage.people import Person

log = logging.getLogger(__name__)

# what WeChat's script runs from, and what it is known to load and to lay into the page
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' https://res.wx.qq.com",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: https://res.wx.qq.com",
        "connect-src 'self' https://res.wx.qq.com",
        "frame-src https://*.qq.com",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
# where the page finds a pretended WeChat to ask, in a demonstration alone
PRETENDED = "PRETENDED_WECHAT"


def add(page: Blueprint, front: Front) -> None:
    """The one address of the page."""

    @page.get("/subscribe/<token>")
    def subscribe(token: str) -> Response:
        opened = front.links.open(Purpose.SUBSCRIBE, token)
        if opened is None or not opened.value.isdecimal():
            raise Stop("subscribe_gone", 404)
        return shown(front, token, int(opened.value))


def shown(front: Front, token: str, person_id: int) -> Response:
    """The page as things stand, with what WeChat's script needs."""
    wanted = dict.fromkeys(front.office.account.subscriptions.values())
    templates = tuple(wanted)[:NOTICES_ASKED]
    client, left = front.database.run(lambda tx: found(tx, person_id, templates))
    if client is None or client.channel is not Channel.OFFICIAL or not templates:
        raise Stop("subscribe_gone", 404)
    pretended = str(current_app.config.get(PRETENDED, ""))
    page = render_template(
        "subscribe.html",
        agency=front.office.catalog.agency,
        templates=templates,
        left=left,
        pretended=pretended,
        who=client.identity if pretended else "",
        signed="" if pretended else signed(front, token),
    )
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = POLICY
    return answer


def found(tx: Tx, person_id: int, templates: tuple[str, ...]) -> tuple[Person | None, int]:
    """The client, and how many notices they have asked for and not had yet."""
    client = people.by_id(tx, person_id)
    return client, sum(consents.left(tx, person_id, one) for one in templates)


def signed(front: Front, token: str) -> str:
    """The values of `wx.config` as JSON; Stop if WeChat gives no ticket now."""
    try:
        return json.dumps(front.jssdk.sign(front.links.page(f"subscribe/{token}")))
    except ApiError as error:
        log.warning("no ticket for a page: %s", error.code)
        raise Stop("busy", 503) from None
