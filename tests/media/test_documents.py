"""Documents: kept to the byte where their kind is taken, else refused with the reason."""

import pytest

from bot.media import documents
from bot.media.documents import CERTIFICATES, MATERIALS, OFD, PDF, SHEET, WORD, examined
from bot.media.flaws import Flaw, Unusable
from tests.media import samples

KEPT = {
    "pdf": (samples.pdf(), PDF),
    "pdf behind a mark": (b"\xef\xbb\xbf\r\n" + samples.pdf(), PDF),
    "ofd": (samples.zipped("OFD.xml", "Doc_0/Document.xml"), OFD),
    "word": (samples.zipped("[Content_Types].xml", "word/document.xml"), WORD),
    "sheet": (samples.zipped("[Content_Types].xml", "xl/workbook.xml"), SHEET),
}
REFUSED = {
    "a program": (b"MZ\x90\x00" + bytes(200), MATERIALS, Flaw.WRONG_KIND),
    "words": ("报告".encode() * 20, MATERIALS, Flaw.WRONG_KIND),
    "any zip": (samples.zipped("photo.jpg"), MATERIALS, Flaw.WRONG_KIND),
    "a broken zip": (samples.zipped("OFD.xml")[:-30], MATERIALS, Flaw.BROKEN),
    "a bomb": (samples.zip_bomb("word/document.xml"), MATERIALS, Flaw.TOO_LARGE),
    "a sheet as a certificate": (samples.zipped("xl/workbook.xml"), CERTIFICATES, Flaw.WRONG_KIND),
    "half a photo": (samples.photo()[:4000], CERTIFICATES, Flaw.BROKEN),
    "a pdf as a photo": (samples.pdf(), frozenset[str](), Flaw.WRONG_KIND),
    "words as a photo": (b"nothing to see", frozenset[str](), Flaw.NOT_A_PICTURE),
}


@pytest.mark.parametrize(("data", "kind"), KEPT.values(), ids=KEPT.keys())
def test_a_document_is_kept_to_the_byte(data: bytes, kind: str) -> None:
    ware = examined(data, MATERIALS)
    assert (ware.data, ware.content_type) == (data, kind)
    assert kind in documents.SUFFIX


def test_a_picture_among_documents_is_made_anew() -> None:
    ware = examined(samples.with_exif(), CERTIFICATES)
    assert ware.content_type == "image/jpeg"
    assert b"SECRETCAMERA" not in ware.data


@pytest.mark.parametrize(("data", "taken", "flaw"), REFUSED.values(), ids=REFUSED.keys())
def test_anything_else_is_refused(data: bytes, taken: frozenset[str], flaw: Flaw) -> None:
    with pytest.raises(Unusable) as refused:
        examined(data, taken)
    assert refused.value.flaw is flaw
