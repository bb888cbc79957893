"""The hand-over page: a staff member chooses the document that the client of one need is sent."""

from flask import Blueprint, Response, make_response, render_template, request

from bot.handlers.files import documents, handing_over
from bot.handlers.files.certificates import Ordered
from bot.handlers.files.documents import Parcel, Verdict
from bot.handlers.turn import Turn
from bot.media.documents import CERTIFICATES, SUFFIX
from bot.media.pictures import JPEG
from bot.pages.front import Front, Stop
from bot.pages.links import Errand, Purpose
from bot.pages.parcels import MOST_BYTES, receive
from storage.db import Tx

KINDS = ",".join(sorted({*(SUFFIX[kind] for kind in {*CERTIFICATES, JPEG}), ".jpeg", ".png"}))


def add(page: Blueprint, front: Front) -> None:
    """The one address of the page."""

    @page.get("/hand-over/<token>")
    def hand_over(token: str) -> Response:
        return shown(front, token, errand_of(front, token), request.args.get("said", ""), 200)

    @page.post("/hand-over/<token>")
    def hand(token: str) -> Response:
        errand = errand_of(front, token)
        return receive(
            front,
            token,
            CERTIFICATES,
            lambda tx, parcel, _: handed(front, tx, errand, parcel),
            lambda said, status: shown(front, token, errand, said, status),
        )


def errand_of(front: Front, token: str) -> Errand:
    """What is to be handed over by whom; forged, expired and unknown links end alike."""
    opened = front.links.open(Purpose.HAND_OVER, token)
    errand = None if opened is None else Errand.of(opened.value)
    if errand is None:
        raise Stop("hand-over_gone", 404)
    return errand


def started(front: Front, tx: Tx, errand: Errand) -> tuple[Turn, Ordered]:
    """A turn of the staff member's, and the order as things stand; Stop if it is not theirs."""
    turn = documents.turn_of(tx, front.office, errand.staff, front.clock())
    order = None if turn is None else handing_over.ordered(turn, errand.need, errand.title)
    if turn is None or order is None:
        raise Stop("hand-over_gone", 404)
    return turn, order


def shown(front: Front, token: str, errand: Errand, said: str, status: int) -> Response:
    """The page as things stand; of the client it shows nothing but the number."""

    def found(tx: Tx) -> tuple[Ordered, int]:
        turn, order = started(front, tx, errand)
        return order, len(handing_over.sent(turn, order))

    order, count = front.database.run(found)
    page = render_template(
        "hand_over.html",
        number=order.case.number,
        item=front.office.catalog.service(order.need).name,
        title=order.title,
        count=count,
        said=said,
        agency=front.office.catalog.agency,
        form_key=front.links.form_key(token),
        kinds=KINDS,
        most_bytes=MOST_BYTES,
    )
    return make_response(page, status)


def handed(front: Front, tx: Tx, errand: Errand, parcel: Parcel) -> Verdict:
    """The one turn of it."""
    return handing_over.receive(*started(front, tx, errand), parcel)
