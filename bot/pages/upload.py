"""The upload page: what is still wanted of one person, and a place for each of it."""

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, render_template, request

from bot.handlers.files import documents
from bot.handlers.files.documents import Parcel, Verdict
from bot.handlers.registering.matters import Matter, matters
from bot.media.documents import MATERIALS, SUFFIX
from bot.pages.front import Front, Stop
from bot.pages.links import Purpose
from bot.pages.parcels import MOST_BYTES, receive
from storage.db import Tx


def add(page: Blueprint, front: Front) -> None:
    """The one address of the page."""

    @page.get("/upload/<token>")
    def upload(token: str) -> Response:
        person_id = owner_of(front, token)
        return shown(front, token, person_id, request.args.get("said", ""), 200)

    @page.post("/upload/<token>")
    def send(token: str) -> Response:
        person_id = owner_of(front, token)
        return receive(
            front,
            token,
            MATERIALS,
            lambda tx, parcel, fields: laid(front, tx, person_id, fields, parcel),
            lambda said, status: shown(front, token, person_id, said, status),
        )


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


def laid(
    front: Front, tx: Tx, person_id: int, fields: Mapping[str, str], parcel: Parcel
) -> Verdict:
    """The one turn of an upload, into the place that the form names."""
    turn = documents.turn_of(tx, front.office, person_id, front.clock())
    if turn is None:
        raise Stop("upload_gone", 404)
    return documents.receive(turn, fields.get("place", ""), fields.get("name", ""), parcel)
