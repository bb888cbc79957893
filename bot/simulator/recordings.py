"""Sounds and films to send: good ones, and each way in which one can be useless."""

from collections.abc import Callable, Mapping
from functools import cache

AMR, MP4 = "audio/amr", "video/mp4"

# AMR at 12.2 kbit/s: 50 frames a second, each a byte of its mode and 31 of sound
FRAME, PER_SECOND = b"\x3c" + bytes(31), 50


@cache
def voice(seconds: int = 3) -> bytes:
    """A voice message of so many seconds, in which nobody says a thing."""
    return b"#!AMR\n" + FRAME * PER_SECOND * seconds


@cache
def video() -> bytes:
    """The boxes of an MP4 without a picture in them."""
    return box(b"ftyp", b"mp42" + bytes(8)) + box(b"moov", bytes(200)) + box(b"mdat", bytes(4000))


def box(name: bytes, inside: bytes) -> bytes:
    """One box of an MP4."""
    return (len(inside) + 8).to_bytes(4) + name + inside


# what a driver names, and what is sent then
VOICES: Mapping[str, Callable[[], bytes]] = {
    "": voice,
    "broken": lambda: voice()[:9],
    "strange": lambda: b"MZ" + bytes(300),
}
VIDEOS: Mapping[str, Callable[[], bytes]] = {
    "": video,
    "broken": lambda: video()[:600],
    "strange": lambda: b"MZ" + bytes(300),
}
