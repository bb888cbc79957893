"""The upload page: what is still wanted of one person, and a place for each of it."""

import threading
from collections.abc import Iterable

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage

from bot.handlers.files import documents
from bot.handlers.files.documents import Document, Parcel, Verdict
from bot.handlers.registering.matters import Matter, matters
from bot.media.documents import MATERIALS, SUFFIX, examined
from bot.media.flaws import Unusable
from bot.pages.front import Front, Stop
from bot.pages.links import Purpose
from bot.pages.names import file_name
from storage import files
from storage.db import Tx

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
# several files at once, where no script sends them one by one
MOST_AT_ONCE = 40 * MEGABYTE
# the fields around the files
AROUND = MEGABYTE // 4
LONGEST_TEXT = 10_000
MOST_PARTS = 64
AT_HOME = frozenset({"same-origin", "none"})

# what is looked at lies in memory several times over
_looking = threading.BoundedSemaphore(2)

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
            parcel = parcel_of(front)
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


def check_size() -> None:
    """Nothing of unknown or excessive length is read."""
    length = request.content_length
    if length is None:
        raise Stop("no_length", 411)
    if length > MOST_AT_ONCE + AROUND:
        raise Stop("too_large", 413)
    if request.mimetype != "multipart/form-data":
        raise Stop("refused", 415)
    request.max_content_length = MOST_AT_ONCE + AROUND
    request.max_form_memory_size = AROUND
    request.max_form_parts = MOST_PARTS


def check_form(token: str, front: Front) -> None:
    """The form must be one of this page: by its key, and by where the browser says it stood."""
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in AT_HOME
    if elsewhere or not front.links.is_form_key(token, request.form.get("form_key", "")):
        raise Stop("not_our_form", 403)


def parcel_of(front: Front) -> Parcel:
    """What was sent, looked at and sealed before any transaction; Unusable at the first flaw."""
    sent = [one for one in request.files.getlist("files") if one.filename or one.content_length]
    text = request.form.get("text", "").strip()
    if not sent and not text:
        raise Stop("nothing", 400)
    if len(text) > LONGEST_TEXT:
        raise Stop("too_large", 413)
    with _looking:
        return Parcel(tuple(looked_at(front, sent)), "" if sent else text)


def looked_at(front: Front, sent: Iterable[FileStorage]) -> Iterable[Document]:
    """Each file as it may be kept: pictures made anew, documents by what they are."""
    for one in sent:
        data = one.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Stop("too_large", 413)
        ware = examined(data, MATERIALS)
        name = file_name(one.filename or "", SUFFIX[ware.content_type])
        yield Document(name, ware.content_type, files.seal(front.vault, ware.data))
