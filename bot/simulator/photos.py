"""Pictures and files to send: a good photo, and each way in which one can be useless."""

import io
from collections.abc import Callable, Mapping
from functools import cache

from PIL import Image, ImageDraw

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
SIZE = (480, 360)
GPS, LATITUDE, LONGITUDE = 0x8825, 2, 4


@cache
def good(number: int = 0) -> bytes:
    """A photo of a sheet with lines on it; each number is another photo."""
    return as_jpeg(sheet(number))


def sheet(number: int = 0) -> Image.Image:
    """A sheet as it lies on a desk."""
    picture = Image.new("RGB", SIZE, (120, 90, 60))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 20, 440, 340), fill="white")
    for line in range(50, 320, 22):
        pen.line((60, line, 420 - (line * 7 + number * 31) % 160, line), fill="black", width=4)
    return picture


def as_jpeg(picture: Image.Image, **options: object) -> bytes:
    """The picture as a telephone writes it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def located() -> bytes:
    """A good photo that says where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(GPS)[LATITUDE] = (43.0, 52.0, 48.0)
    exif.get_ifd(GPS)[LONGITUDE] = (125.0, 19.0, 12.0)
    return as_jpeg(sheet(), exif=exif)


def tiny() -> bytes:
    """A thumbnail."""
    return as_jpeg(sheet().resize((60, 45)))


def huge() -> bytes:
    """A small file of far too many pixels."""
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000), 1).save(out, "PNG")
    return out.getvalue()


def dark() -> bytes:
    """A hand over the lens."""
    return as_jpeg(Image.new("RGB", SIZE, (8, 8, 10)))


def blank() -> bytes:
    """A white wall."""
    return as_jpeg(Image.new("RGB", SIZE, "white"))


def document() -> bytes:
    """A PDF of one empty page."""
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


# what a driver names, and what is sent then
PHOTOS: Mapping[str, Callable[[], bytes]] = {
    "": good,
    "broken": lambda: good()[:900],
    "tiny": tiny,
    "huge": huge,
    "dark": dark,
    "blank": blank,
    "located": located,
}
