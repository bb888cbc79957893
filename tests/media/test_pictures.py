"""Pictures: what was seen stays, what was hidden goes, what shows nothing is refused."""

import io
import random
import time
import tracemalloc

import pytest
from PIL import Image, ImageStat

from bot.media.flaws import Flaw, Unusable
from bot.media.pictures import LONGEST_SIDE, MOST_PIXELS, renewed
from tests.media import samples

GOOD = {
    "jpeg": samples.photo(),
    "png": samples.as_bytes(samples.drawing(), "PNG"),
    "grey": samples.as_bytes(samples.drawing(mode="L")),
    "palette": samples.as_bytes(samples.drawing(mode="P"), "PNG"),
    "black and white": samples.as_bytes(samples.drawing(mode="1"), "PNG"),
    "transparent": samples.as_bytes(samples.drawing(mode="RGBA"), "PNG"),
    "four colours": samples.as_bytes(samples.drawing(mode="CMYK")),
    "progressive": samples.as_bytes(samples.drawing(), progressive=True),
    "webp": samples.as_bytes(samples.drawing(), "WEBP"),
    "gif": samples.as_bytes(samples.drawing(), "GIF"),
    "bmp": samples.as_bytes(samples.drawing(), "BMP"),
}
BAD = {
    "nothing": (b"", Flaw.NOT_A_PICTURE),
    "words": ("这不是图片".encode() * 50, Flaw.NOT_A_PICTURE),
    "a page": (b"<html><body>busy</body></html>", Flaw.NOT_A_PICTURE),
    "a vector drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", Flaw.NOT_A_PICTURE),
    "half a jpeg": (samples.photo()[:4000], Flaw.BROKEN),
    "half a png": (samples.as_bytes(samples.drawing(), "PNG")[:300], Flaw.BROKEN),
    "a head alone": (samples.photo()[:30], Flaw.BROKEN),
    "a stamp": (samples.photo((120, 90)), Flaw.TOO_SMALL),
    "a strip": (samples.photo((2000, 40)), Flaw.TOO_SMALL),
    "a bomb": (samples.bomb(), Flaw.TOO_LARGE),
    "just over": (samples.bomb(7300), Flaw.TOO_LARGE),
    "all white": (samples.one_colour("white"), Flaw.BLANK),
    "all red": (samples.one_colour("red"), Flaw.BLANK),
    "a hand over the lens": (samples.one_colour((9, 9, 12)), Flaw.TOO_DARK),
}


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD.keys())
def test_what_can_be_seen_is_kept_as_a_jpeg(data: bytes) -> None:
    picture = renewed(data)
    with Image.open(io.BytesIO(picture.data)) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (800, 600))
        left, right = kept.crop((20, 20, 380, 580)), kept.crop((420, 20, 780, 580))
        assert brightness(left) + 60 < brightness(right)


def brightness(picture: Image.Image) -> float:
    """How bright it is on the whole."""
    return ImageStat.Stat(picture.convert("L")).mean[0]


@pytest.mark.parametrize(("data", "flaw"), BAD.values(), ids=BAD.keys())
def test_what_shows_nothing_is_refused_with_the_reason(data: bytes, flaw: Flaw) -> None:
    with pytest.raises(Unusable) as refused:
        renewed(data)
    assert refused.value.flaw is flaw


def test_a_photo_no_longer_says_where_it_was_taken() -> None:
    data = samples.with_exif()
    assert Image.open(io.BytesIO(data)).getexif().get_ifd(samples.GPS)
    assert b"SECRETCAMERA" in data
    kept = renewed(data).data
    assert b"Exif" not in kept
    assert b"SECRETCAMERA" not in kept
    assert not Image.open(io.BytesIO(kept)).getexif()


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
    for tail in (b"<script>alert(1)</script>", samples.zipped("xl/workbook.xml")):
        kept = renewed(samples.photo() + tail).data
        assert tail[:20] not in kept


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_stands_upright(orientation: int) -> None:
    picture = renewed(samples.with_exif(orientation))
    sideways = orientation >= 5
    assert (picture.width, picture.height) == ((600, 800) if sideways else (800, 600))


@pytest.mark.parametrize("size", [(6000, 4000), (4000, 6000), (9000, 300)])
def test_a_large_photo_is_shrunk_and_keeps_its_shape(size: tuple[int, int]) -> None:
    picture = renewed(samples.photo(size))
    assert max(picture.width, picture.height) == LONGEST_SIDE
    assert picture.width / picture.height == pytest.approx(size[0] / size[1], rel=0.02)


def test_a_small_photo_is_not_blown_up() -> None:
    picture = renewed(samples.photo((300, 200)))
    assert (picture.width, picture.height) == (300, 200)


def test_a_page_with_a_single_line_is_not_blank() -> None:
    page = Image.new("RGB", (1200, 1600), "white")
    page.paste("black", (100, 700, 900, 712))
    assert renewed(samples.as_bytes(page)).width == 1200


def test_a_bomb_costs_next_to_nothing() -> None:
    bomb = samples.bomb()
    assert len(bomb) < 100_000
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(Unusable):
        renewed(bomb)
    spent, peak = time.perf_counter() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert spent < 0.5
    assert peak < 5_000_000


def test_the_largest_camera_in_use_is_taken() -> None:
    width, height = 8192, 6144
    assert width * height <= MOST_PIXELS
    assert renewed(samples.as_bytes(samples.drawing((width, height)), quality=40)).width == 2560


def test_no_bytes_make_it_fail_otherwise() -> None:
    rolled = random.Random(7)
    whole = list(GOOD.values())
    for _ in range(400):
        data = bytearray(rolled.choice(whole))
        for _ in range(rolled.randrange(1, 30)):
            data[rolled.randrange(len(data))] = rolled.randrange(256)
        cut = rolled.choice((len(data), rolled.randrange(len(data))))
        try:
            picture = renewed(bytes(data[:cut]))
        except Unusable:
            continue
        assert picture.data.startswith(b"\xff\xd8")
