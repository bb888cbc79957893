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

# what runs when such a document is opened
MACROS = "vbaproject.bin"
# how a zip ends: where its list is and how long, perhaps a comment behind it
END, BIG_END = b"PK\x05\x06", b"PK\x06\x07"
LONGEST_TAIL, LONGEST_LIST = 66_000, 1_000_000
# what a document may take up once it is opened, by its own account; more is a bomb
MOST_UNPACKED = 200_000_000

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
    """What document a zip file is, by the names in it; nothing is unpacked, nothing may run."""
    if not listed_briefly(data):
        raise Unusable(Flaw.WRONG_KIND)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as found:
            parts = found.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Unusable(Flaw.BROKEN) from None
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable(Flaw.TOO_LARGE)
    names = frozenset(part.filename for part in parts)
    if any(name.lower().endswith(MACROS) for name in names):
        raise Unusable(Flaw.WRONG_KIND)
    return next((kind for part, kind in PARTS.items() if part in names), None)


def listed_briefly(data: bytes) -> bool:
    """Whether the list of what is in a zip is short, so that reading it takes no memory."""
    tail = data[-LONGEST_TAIL:]
    end = tail.rfind(END)
    if end < 0:
        # no list at all: broken, as reading it will show
        return True
    # the large form of the list is for archives, not for documents
    if BIG_END in tail:
        return False
    return int.from_bytes(tail[end + 12 : end + 16], "little") <= LONGEST_LIST
