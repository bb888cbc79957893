"""Photos made anew: upright, of a sensible size, without the place they were taken at.

The picture is decoded and written again as a JPEG, so that nothing of the file that came, beside
what can be seen, reaches anybody. Its head says how many pixels it has; a bomb is refused before
one of them is decoded.
"""

import io
import threading
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from bot.media.flaws import Flaw, Unusable

JPEG = "image/jpeg"
# what clients of the channels and browsers send; the first bytes decide, not a name
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
# a 50-megapixel camera is the largest that is common
MOST_PIXELS = 52_000_000
LONGEST_SIDE = 2560
# less shows no document, and no plate that could be read
SHORTEST_SIDE, FEWEST_PIXELS = 64, 40_000
QUALITY = 85
# brightness goes from 0 to 255; of a picture shrunk to this, so that noise is no content
GLANCE = (64, 64)
ONE_COLOUR = 8
DARK = 40

# one at a time: a decoded picture may take 150 MB
_decoding = threading.Lock()
Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept."""

    data: bytes
    width: int
    height: int
    content_type: str = JPEG


def renewed(data: bytes) -> Picture:
    """The picture as it is kept; Unusable if it shows nothing that could be read."""
    with _decoding, warnings.catch_warnings():
        # Pillow warns of much that the eye does not mind, such as odd notes of a camera
        warnings.simplefilter("ignore")
        try:
            with opened(data) as found:
                return written(seen(found))
        except (Image.DecompressionBombError, MemoryError):
            raise Unusable(Flaw.TOO_LARGE) from None
        except UnidentifiedImageError:
            raise Unusable(Flaw.NOT_A_PICTURE) from None
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError):
            # what Pillow raises at a file that begins like a picture and is none
            raise Unusable(Flaw.BROKEN) from None


def opened(data: bytes) -> ImageFile:
    """The picture by its head, its size found fit, not decoded yet."""
    found = Image.open(io.BytesIO(data), formats=FORMATS)
    if found.width * found.height > MOST_PIXELS:
        raise Unusable(Flaw.TOO_LARGE)
    if min(found.size) < SHORTEST_SIDE or found.width * found.height < FEWEST_PIXELS:
        raise Unusable(Flaw.TOO_SMALL)
    return found


def seen(found: ImageFile) -> Image.Image:
    """What is to be seen: decoded, turned upright, in colours on white, shrunk."""
    # a JPEG is decoded at an eighth, a quarter or half of its size if that is enough
    found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    found.load()
    picture = ImageOps.exif_transpose(found)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture.convert("RGBA"))
    picture = picture.convert("RGB")
    judge(picture)
    return picture


def judge(picture: Image.Image) -> None:
    """Unusable if it is all of one colour, or too dark to show anything."""
    glance = picture.convert("L").resize(GLANCE, Image.Resampling.BOX)
    low, high = ImageStat.Stat(glance).extrema[0]
    if high <= DARK:
        raise Unusable(Flaw.TOO_DARK)
    if high - low <= ONE_COLOUR:
        raise Unusable(Flaw.BLANK)


def written(picture: Image.Image) -> Picture:
    """The picture as a new file, with nothing but its pixels."""
    # what came along (place, camera, profile) hangs on the object and would be written again
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Picture(out.getvalue(), *bare.size)
