"""The upload page: what is still wanted of one person, and a place for each of it."""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from bot.handlers.files import documents
from bot.handlers.files.documents import Parcel, Verdict
from bot.handlers.registering.matters import Matter, matters
from bot.media.documents import MATERIALS, SUFFIX
from bot.media.flaws import Unusable
from bot.pages.front import Front, Stop
from bot.pages.links import Purpose
from bot.pages.parcels import MOST_BYTES, check_form, check_size, parcel_of
from storage.db import Tx

# how a refusal is answered; what is not here was taken
STATUS = {Verdict.CLOSED: 409, Verdict.TOO_MANY: 429}


def add(page: Blueprint, front: Front) -> None:
    """The one address of the page."""

    @page.get("/upload/<token>")
    def upload(token: str) -> Response:
        person_id = owner_of(front, token)
        return shown(front, token, person_id, request.args.get("said", ""), 200)

    @page.post("/upload/<token>")
    def send(token: str) -> Response:
        person_id = owner_of(front, token)
        check_size()
        check_form(token, front)
        try:
            parcel = parcel_of(front, MATERIALS)
        except Unusable as error:
            return shown(front, token, person_id, error.flaw, 415)
        place, name = request.form.get("place", ""), request.form.get("name", "")
        verdict = front.database.run(lambda tx: laid(front, tx, person_id, (place, name), parcel))
        if verdict in STATUS:
            return shown(front, token, person_id, verdict, STATUS[verdict])
        # what is shown next can be asked for again without sending anything twice
        address = url_for("pages.upload", token=token, said=verdict)
        return make_response(redirect(address, 303))


def owner_of(front: Front, token: str) -> int:
    """Whose page it is; forged, expired and unknown links end alike."""
    opened = front.links.open(Purpose.UPLOAD, token)
    if opened is None or not opened.value.isdecimal():
        raise Stop("upload_gone", 404)
    return int(opened.value)


def shown(front: Front, token: str, person_id: int, said: str, status: int) -> Response:
    """The page as things stand."""

    def found(tx: Tx) -> tuple[Matter, ...] | None:
        turn = documents.turn_of(tx, front.office, person_id, front.clock())
        return None if turn is None else matters(turn)

    list_of = front.database.run(found)
    if list_of is None:
        raise Stop("upload_gone", 404)
    page = render_template(
        "upload.html",
        matters=list_of,
        left=sum(len(one.left) for one in list_of),
        unfinished=any(one.talk or one.case is None for one in list_of),
        said=said,
        agency=front.office.catalog.agency,
        form_key=front.links.form_key(token),
        kinds=",".join(sorted({*SUFFIX.values(), ".jpeg", ".png"})),
        most_bytes=MOST_BYTES,
    )
    return make_response(page, status)


def laid(front: Front, tx: Tx, person_id: int, where: tuple[str, str], parcel: Parcel) -> Verdict:
    """The one turn of an upload."""
    turn = documents.turn_of(tx, front.office, person_id, front.clock())
    if turn is None:
        raise Stop("upload_gone", 404)
    return documents.receive(turn, *where, parcel)
