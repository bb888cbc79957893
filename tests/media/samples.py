"""Bytes as people send them, good and bad."""

import io
import struct
import zipfile
import zlib

from PIL import Image, ImageDraw

Size = tuple[int, int]

# 43.88 north, 125.32 east: a town, and in a photo somebody's home
LATITUDE, LONGITUDE = 2, 4
GPS, ORIENTATION, MAKER = 0x8825, 0x0112, 0x010F


def drawing(size: Size = (800, 600), mode: str = "RGB") -> Image.Image:
    """A sheet with something on it, its left half darker than its right."""
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, size[0] // 2, size[1]), fill=(60, 60, 90))
    for line in range(10, size[1], 20):
        pen.line((10, line, size[0] - 10, line), fill="black", width=2)
    return picture.convert(mode)


def as_bytes(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def photo(size: Size = (800, 600)) -> bytes:
    """A good photo."""
    return as_bytes(drawing(size))


def with_exif(orientation: int = 1) -> bytes:
    """A photo that says where and with what it was taken."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "SECRETCAMERA"
    exif.get_ifd(GPS)[LATITUDE] = (43.0, 52.0, 48.0)
    exif.get_ifd(GPS)[LONGITUDE] = (125.0, 19.0, 12.0)
    return as_bytes(drawing(), exif=exif)


def one_colour(colour: str | tuple[int, int, int], size: Size = (800, 600)) -> bytes:
    """A picture of nothing."""
    return as_bytes(Image.new("RGB", size, colour))


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG."""
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


def bomb(side: int = 30_000) -> bytes:
    """A small PNG that unpacks to 900 million pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(side + 1) * 1000, 9)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", pixels), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def pdf(pages: int = 1) -> bytes:
    """Something a reader of PDF would begin to read."""
    return b"%PDF-1.7\n" + b"1 0 obj<</Type/Page>>endobj\n" * pages + b"%%EOF\n"


def zipped(*names: str) -> bytes:
    """A zip file with these names in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "<x/>")
    return out.getvalue()


def zip_bomb(name: str) -> bytes:
    """A small zip file that would unpack to 300 MB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w") as part:
        for _ in range(300):
            part.write(bytes(1_000_000))
    return out.getvalue()
