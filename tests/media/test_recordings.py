"""Sounds and films: told by their bytes, never opened here, refused with the reason."""

from collections.abc import Callable

import pytest

from bot.media import recordings
from bot.media.flaws import Flaw, Unusable
from bot.media.recordings import AMR, AMR_WB, MP3, MP4, OGG, SILK, film, sound
from bot.simulator.recordings import box, video, voice
from tests.media import samples

MOST = 40_000
REST = bytes(40)
SOUNDS = {
    "amr": (voice(), AMR),
    "wide amr": (b"#!AMR-WB\n" + REST, AMR_WB),
    "silk": (b"\x02#!SILK_V3" + REST, SILK),
    "silk without a mark": (b"#!SILK_V3" + REST, SILK),
    "speex": (b"OggS" + REST, OGG),
    "mp3": (b"ID3" + REST, MP3),
    "bare mp3": (b"\xff\xfb" + REST, MP3),
}
HEAD, TREE, FRAMES = box(b"ftyp", b"mp42"), box(b"moov", REST), box(b"mdat", REST)
LARGE = (1).to_bytes(4) + b"mdat" + (56).to_bytes(8) + REST
TO_THE_END = bytes(4) + b"mdat" + REST
FILMS = {
    "frames last": HEAD + TREE + FRAMES,
    "frames first": HEAD + FRAMES + TREE,
    "a large box": HEAD + TREE + LARGE,
    "to the end": HEAD + TREE + TO_THE_END,
}
REFUSED: dict[str, tuple[Callable[[bytes, int], str], bytes, Flaw]] = {
    "a program": (sound, b"MZ" + REST, Flaw.WRONG_KIND),
    "nothing": (sound, b"", Flaw.WRONG_KIND),
    "a photo as a sound": (sound, samples.photo(), Flaw.WRONG_KIND),
    "a film as a sound": (sound, video(), Flaw.WRONG_KIND),
    "only a head": (sound, voice()[:9], Flaw.BROKEN),
    "a long sound": (sound, voice(60), Flaw.TOO_LARGE),
    "a sound as a film": (film, voice(), Flaw.WRONG_KIND),
    "a page": (film, b"<html><script>alert(1)</script></html>", Flaw.WRONG_KIND),
    "half a film": (film, video()[:600], Flaw.BROKEN),
    "no frames": (film, HEAD + TREE, Flaw.BROKEN),
    "a box of no length": (film, HEAD + (3).to_bytes(4) + b"moov" + FRAMES, Flaw.BROKEN),
    "a box longer than all": (film, HEAD + TREE + b"\xff\xff\xff\xffmdat", Flaw.BROKEN),
    "a large film": (film, HEAD + TREE + box(b"mdat", bytes(MOST)), Flaw.TOO_LARGE),
}


@pytest.mark.parametrize(("data", "kind"), SOUNDS.values(), ids=SOUNDS.keys())
def test_a_sound_is_told_by_how_it_begins(data: bytes, kind: str) -> None:
    assert sound(data, MOST) == kind
    assert kind in recordings.SUFFIX


@pytest.mark.parametrize("data", FILMS.values(), ids=FILMS.keys())
def test_a_film_is_told_by_its_boxes(data: bytes) -> None:
    assert film(data, MOST) == MP4


@pytest.mark.parametrize(("look", "data", "flaw"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_neither_is_refused_with_the_reason(
    look: Callable[[bytes, int], str], data: bytes, flaw: Flaw
) -> None:
    with pytest.raises(Unusable) as refused:
        look(data, MOST)
    assert refused.value.flaw is flaw
