"""A material for the person in charge, and a document for the client, each by its own link."""

from dataclasses import dataclass
from io import BytesIO

from flask import Blueprint, Response, request, send_file

from bot.domain.files import FilePurpose, FileState
from bot.handlers.turn import CLIENT
from bot.media import documents, recordings
from bot.media.pictures import JPEG
from bot.pages.front import Front, Stop
from bot.pages.links import Opened, Purpose
from bot.pages.names import file_name
from storage import events, files, runs
from storage.db import Tx
from storage.files import File

# whatever a document holds, it runs nothing and reaches nobody
ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
STAFF = "staff"
SUFFIXES = {**documents.SUFFIX, **recordings.SUFFIX}


@dataclass(frozen=True)
class Door:
    """Which files a link opens, and how its use is noted on the case."""

    purpose: Purpose
    files: frozenset[FilePurpose]
    noted: str
    actor: str


MATERIAL = Door(
    Purpose.FILE,
    frozenset({FilePurpose.MATERIAL, FilePurpose.COMPLAINT, FilePurpose.CERTIFICATE}),
    "file_opened",
    STAFF,
)
CERTIFICATE = Door(
    Purpose.CERTIFICATE, frozenset({FilePurpose.CERTIFICATE}), "certificate_opened", CLIENT
)


def add(page: Blueprint, front: Front) -> None:
    """Both addresses."""

    @page.get("/file/<token>")
    def file(token: str) -> Response:
        return handed(front, MATERIAL, token)

    @page.get("/certificate/<token>")
    def certificate(token: str) -> Response:
        return handed(front, CERTIFICATE, token)


def handed(front: Front, door: Door, token: str) -> Response:
    """The file; forged, expired and unknown links end alike."""
    opened = front.links.open(door.purpose, token)
    if opened is None:
        raise Stop(f"{door.purpose}_gone", 404)
    # a HEAD only asks; the turn runs elsewhere, where there is no request
    noted = request.method == "GET"
    file, blob = front.database.run(lambda tx: taken_out(front, tx, door, opened, noted=noted))
    return sent(file, front.vault.open_bytes(blob), inline=file.content_type == JPEG)


def taken_out(
    front: Front, tx: Tx, door: Door, opened: Opened, *, noted: bool
) -> tuple[File, bytes]:
    """The file still sealed, its case told; Stop if there is none, or none any more."""
    file = files.by_key(tx, opened.value)
    if file is None or file.purpose not in door.files:
        raise Stop(f"{door.purpose}_gone", 404)
    blob = files.read_sealed(tx, file.id) if file.state is FileState.STORED else None
    if blob is None:
        raise Stop("erased" if file.state is FileState.ERASED else "not_here", 410)
    if noted:
        note(front, tx, door, file, opened)
    return file, blob


def note(front: Front, tx: Tx, door: Door, file: File, opened: Opened) -> None:
    """One line on the case for the first use of each link: which file, by a link of when."""
    made = opened.made_at.isoformat(timespec="seconds")
    if file.case_id is None or not runs.once(tx, door.noted, f"{file.id} {made}"):
        return
    values = {"title": file.title or "", "link_of": made}
    events.append(tx, file.case_id, file.need_id, front.clock(), door.noted, door.actor, values)


def sent(file: File, data: bytes, *, inline: bool) -> Response:
    """The bytes under a type of ours and a safe name; only our own pictures are shown in place."""
    kind = file.content_type or "application/octet-stream"
    suffix = SUFFIXES.get(kind, ".bin")
    name = file_name(file.filename or "", suffix) or file_name(
        f"{file.title or file.sort}.", suffix
    )
    response = send_file(
        BytesIO(data),
        mimetype=kind,
        as_attachment=not inline,
        download_name=name or f"file{suffix}",
        etag=False,
    )
    response.headers["Content-Security-Policy"] = ALONE
    return response
