"""我的办理: whoever opens it in WeChat sees their own cases, and nobody else's.

The address holds nothing, so it may stand in the menu and be passed on. Who opens it is asked
of the platform once; the browser then keeps a signed cookie for half an hour.
"""

import hmac
import logging
import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.handlers.files import documents
from bot.handlers.progress import own
from bot.messages import Channel
from bot.pages.front import Front, Stop
from bot.pages.links import VALID, Purpose
from bot.wechat.client import ApiError
from bot.wechat.oauth import Snapshot, StaleCode
from storage import cases, people
from storage.db import Tx

log = logging.getLogger(__name__)

# who it is, and what was sent along to the platform and must come back
VISITOR, JOURNEY = "mine", "mine_journey"
MOST_CASES = 10
# a code that is refused again is not the way there any more
MOST_JOURNEYS = 2


def add(page: Blueprint, front: Front) -> None:
    """The page, and where the platform sends people back to."""

    @page.get("/mine")
    def mine() -> Response:
        visitor = front.links.open(Purpose.MINE, request.cookies.get(VISITOR, ""))
        if visitor is None:
            return sent_away(front, 1)
        return shown(front, visitor.value)

    @page.get("/mine/back")
    def mine_back() -> Response:
        return come_back(front)


def sent_away(front: Front, journey: int) -> Response:
    """To the platform, with a word that only this browser can bring back."""
    back = front.links.page("mine/back")
    if not back:
        raise Stop("mine_closed", 503)
    word = secrets.token_hex(16)
    answer = make_response(redirect(front.oauth.start(back, word)))
    keep(front, answer, JOURNEY, front.links.token(Purpose.JOURNEY, f"{journey}.{word}"))
    return answer


def come_back(front: Front) -> Response:
    """With the code of whoever it is; the code is asked once, and a stale one begins again."""
    journey, word = journey_of(front)
    code, state = request.args.get("code", ""), request.args.get("state", "")
    if not word or not hmac.compare_digest(word.encode(), state.encode(errors="replace")):
        # 后退 and 刷新 come here again after the word was used
        if front.links.open(Purpose.MINE, request.cookies.get(VISITOR, "")) is not None:
            return make_response(redirect(url_for("pages.mine")))
        raise Stop("mine_not_yours", 403)
    try:
        openid = front.oauth.visitor(code)
    except StaleCode:
        if journey >= MOST_JOURNEYS:
            raise Stop("mine_again", 403) from None
        return sent_away(front, journey + 1)
    except Snapshot:
        raise Stop("mine_snapshot", 403) from None
    except ApiError as error:
        log.warning("a visitor could not be told: %s", error.code)
        raise Stop("mine_away", 503) from None
    answer = make_response(redirect(url_for("pages.mine")))
    keep(front, answer, VISITOR, front.links.token(Purpose.MINE, openid))
    answer.delete_cookie(JOURNEY, path=url_for("pages.mine"))
    return answer


def journey_of(front: Front) -> tuple[int, str]:
    """Which journey this browser is on, and the word it was sent with; "" if it is on none."""
    opened = front.links.open(Purpose.JOURNEY, request.cookies.get(JOURNEY, ""))
    if opened is None:
        return 0, ""
    number, _, word = opened.value.partition(".")
    return int(number), word


def keep(front: Front, answer: Response, name: str, value: str) -> None:
    """A cookie for this page alone, which no script and no other site's form can use."""
    answer.set_cookie(
        name,
        value,
        path=url_for("pages.mine"),
        max_age=VALID[Purpose.MINE if name == VISITOR else Purpose.JOURNEY],
        secure=front.links.page("mine").startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def shown(front: Front, openid: str) -> Response:
    """The newest cases as things stand; who never wrote to us has none."""
    rows, upload = front.database.run(lambda tx: found(front, tx, openid))
    page = render_template(
        "mine.html", cases=rows, upload=upload, agency=front.office.catalog.agency
    )
    return make_response(page)


def found(front: Front, tx: Tx, openid: str) -> tuple[list[dict[str, object]], str]:
    """Each case with its lines, and where this person sends what is missing."""
    person = people.find(tx, Channel.OFFICIAL, openid)
    turn = documents.turn_of(tx, front.office, person.id, front.clock()) if person else None
    if turn is None:
        return [], ""
    newest = cases.of_person(tx, turn.person.id, MOST_CASES)
    label = front.office.renderer.label
    listed = [
        {
            "number": case.number,
            "on": case.registered_at,
            "rows": [
                {**row, "state": label(str(row["state"]))}
                for row in own.rows_of(turn, case, theirs=True)
            ],
        }
        for case in newest
    ]
    return listed, front.links.upload(turn.person.id)
