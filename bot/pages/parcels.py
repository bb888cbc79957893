"""What a form of ours sends: how much, from where, and the files in it, looked at and sealed."""

import threading
from collections.abc import Callable, Iterable, Mapping

from flask import Response, make_response, redirect, request, url_for
from werkzeug.datastructures import FileStorage

from bot.handlers.files.documents import Document, Parcel, Verdict
from bot.media.documents import SUFFIX, examined
from bot.media.flaws import Unusable
from bot.pages.front import Front, Stop
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
# how a refusal is answered; what is not here was taken
STATUS = {Verdict.CLOSED: 409, Verdict.TOO_MANY: 429}

# what is looked at lies in memory several times over
_looking = threading.BoundedSemaphore(2)


def receive(
    front: Front,
    token: str,
    taken: frozenset[str],
    lay: Callable[[Tx, Parcel, Mapping[str, str]], Verdict],
    show: Callable[[str, int], Response],
) -> Response:
    """What the form of a page is answered; `lay` is the one turn of it, `show` the page again.

    `taken` are the kinds of documents that may come beside pictures. `lay` is given the fields
    as well, since a turn may run in another thread than the request.
    """
    check_size()
    check_form(token, front)
    try:
        parcel = parcel_of(front, taken)
    except Unusable as error:
        return show(error.flaw, 415)
    fields = request.form
    verdict = front.database.run(lambda tx: lay(tx, parcel, fields))
    if verdict in STATUS:
        return show(verdict, STATUS[verdict])
    # a form is sent to its page's own address; what is shown there next can be asked for again
    # without sending anything twice
    address = url_for(str(request.endpoint), token=token, said=verdict)
    return make_response(redirect(address, 303))


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


def parcel_of(front: Front, taken: frozenset[str]) -> Parcel:
    """What was sent, looked at and sealed before any transaction; Unusable at the first flaw."""
    sent = [one for one in request.files.getlist("files") if one.filename or one.content_length]
    text = request.form.get("text", "").strip()
    if not sent and not text:
        raise Stop("nothing", 400)
    if len(text) > LONGEST_TEXT:
        raise Stop("too_large", 413)
    with _looking:
        return Parcel(tuple(looked_at(front, sent, taken)), "" if sent else text)


def looked_at(
    front: Front, sent: Iterable[FileStorage], taken: frozenset[str]
) -> Iterable[Document]:
    """Each file as it may be kept: pictures made anew, documents by what they are."""
    for one in sent:
        data = one.stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Stop("too_large", 413)
        ware = examined(data, taken)
        name = file_name(one.filename or "", SUFFIX[ware.content_type])
        yield Document(name, ware.content_type, files.seal(front.vault, ware.data))
