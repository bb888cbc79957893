"""Documents, by their first bytes: kept to the byte, since a signature may cover them."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass

from bot.media import pictures
from bot.media.flaws import Flaw, Unusable

PDF = "application/pdf"
OFD = "application/ofd"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# readers of PDF look for its head within the first kilobyte
PDF_HEAD = 1024
# what a zipped document must hold to be that document
PARTS: Mapping[str, str] = {"OFD.xml": OFD, "word/document.xml": WORD, "xl/workbook.xml": SHEET}

SUFFIX: Mapping[str, str] = {
    PDF: ".pdf",
    OFD: ".ofd",
    WORD: ".docx",
    SHEET: ".xlsx",
    pictures.JPEG: ".jpg",
}

# what each kind of file may be beside a picture
CERTIFICATES = frozenset({PDF, OFD})
MATERIALS = frozenset({PDF, OFD, WORD, SHEET})


@dataclass(frozen=True)
class Ware:
    """Bytes that may be kept, and what they are."""

    data: bytes
    content_type: str


def examined(data: bytes, taken: frozenset[str]) -> Ware:
    """The document as it came, or the picture made anew; Unusable says why it is neither."""
    kind = document_of(data)
    if kind is None:
        try:
            picture = pictures.renewed(data)
        except Unusable as error:
            if error.flaw is Flaw.NOT_A_PICTURE:
                raise Unusable(Flaw.WRONG_KIND if taken else error.flaw) from None
            raise
        return Ware(picture.data, picture.content_type)
    if kind not in taken:
        raise Unusable(Flaw.WRONG_KIND)
    return Ware(data, kind)


def document_of(data: bytes) -> str | None:
    """What document the bytes are; None if they are none that we know."""
    if b"%PDF-" in data[:PDF_HEAD]:
        return PDF
    return zipped(data) if data.startswith(b"PK\x03\x04") else None


def zipped(data: bytes) -> str | None:
    """What document a zip file is, by the names in it; nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            names = frozenset(found.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unusable(Flaw.BROKEN) from None
    return next((kind for part, kind in PARTS.items() if part in names), None)
