"""Sounds and films, told by their first bytes and kept to the byte: people alone open them.

Nothing here decodes them, so that nothing in them can do harm here.
"""

from collections.abc import Iterator, Mapping

from bot.media.flaws import Flaw, Unusable

AMR, AMR_WB, SILK = "audio/amr", "audio/amr-wb", "audio/silk"
OGG, MP3 = "audio/ogg", "audio/mpeg"
MP4 = "video/mp4"

SUFFIX: Mapping[str, str] = {
    AMR: ".amr",
    AMR_WB: ".awb",
    SILK: ".silk",
    OGG: ".ogg",
    MP3: ".mp3",
    MP4: ".mp4",
}

# how each begins; a speex file of the platform lies in an Ogg one
HEADS: Mapping[bytes, str] = {
    b"#!AMR-WB\n": AMR_WB,
    b"#!AMR\n": AMR,
    b"#!SILK": SILK,
    b"\x02#!SILK": SILK,
    b"OggS": OGG,
    b"ID3": MP3,
    b"\xff\xfb": MP3,
    b"\xff\xf3": MP3,
}
# a head and less than one frame of sound
LEAST_SOUND = 20
# a box of an MP4: its length and its name; the large form has its length behind them
BOX, LARGE_BOX = 8, 16


def sound(data: bytes, most: int) -> str:
    """What sound the bytes are; Unusable if they are none, or nothing is in it."""
    kind = next((kind for head, kind in HEADS.items() if data.startswith(head)), None)
    if kind is None:
        raise Unusable(Flaw.WRONG_KIND)
    if len(data) > most:
        raise Unusable(Flaw.TOO_LARGE)
    if len(data) < LEAST_SOUND:
        raise Unusable(Flaw.BROKEN)
    return kind


def film(data: bytes, most: int) -> str:
    """What film the bytes are; Unusable if they are none, or it did not come whole."""
    if data[4:8] != b"ftyp":
        raise Unusable(Flaw.WRONG_KIND)
    if len(data) > most:
        raise Unusable(Flaw.TOO_LARGE)
    if not {b"moov", b"mdat"} <= set(boxes(data)):
        raise Unusable(Flaw.BROKEN)
    return MP4


def boxes(data: bytes) -> Iterator[bytes]:
    """The names of the outermost boxes that came whole."""
    at = 0
    while at + BOX <= len(data):
        size, name = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(data[at + BOX : at + LARGE_BOX])
        elif size == 0:
            # the last one may reach to the end
            size = len(data) - at
        at += size
        if size < BOX or at > len(data):
            return
        yield name
