"""A free text cut into pieces, none of which holds two values unless they are written as one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.fields.regions import starts
from bot.reading.vocabulary import any_of, any_pattern, words

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PICTURES = "\u2000-\u2bff\u3000\ufe0f\U0001f000-\U0001faff"
# a blank between two Latin words belongs to both; between anything else it separates
_BORDER = re.compile(
    rf"[\n\t,;:|/\\()\[\]{{}}<>=~^*_\"!?\u3002\u3010\u3011\u300a-\u300f\u2026{_PICTURES}]+"
    rf"|(?<![A-Za-z.]) +| +(?![A-Za-z])|-{{2,}}|(?<=[{_HAN}])-(?=[{_HAN}\n])|^-|(?<=\n)-"
    r"|(?<![0-9A-Za-z])#|#(?![0-9\u680b\u697c\u5e62\u5ba4\u5382\u5e93])"
)
_NUMERAL = r"\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
_BULLET = re.compile(
    rf"[ ]*(?:[0-9]{{1,2}}[.\u3001](?![0-9])|[{_NUMERAL}]{{1,2}}\u3001"
    r"|[\u2460-\u2473\-*\u00b7\u2022]){1,3}"
)
_CUT = re.compile(rf"(?<=[{_HAN}0-9A-Za-z])(?:{any_pattern(words('cues', 'cut'))})")
# the second half of an address behind a blank
_GOES_ON = re.compile(
    rf"[{_HAN}]{{1,7}}{any_of(words('places', 'goes_on'))}"
    rf"|[0-9]{{1,5}}{any_of(words('places', 'number'))}"
)
_OPEN_END = tuple(words("places", "open_end"))
_ENDS = any_of((*words("orgs", "strong"), *words("orgs", "industries")))
_FULL_SPAN = re.compile(
    rf"\([{_HAN}]{{2,10}}\)(?=[{_HAN}]{{0,16}}{_ENDS})"
    rf"|(?<=[{_HAN}]{{4}})\({any_of(words('regions', 'cities'))}\)(?=\n|$)"
)
_ENGLISH = re.compile(words("orgs", "english")[0])
_BEFORE_NUMBER = re.compile(rf"{any_of(words('cues', 'before_number'))}$")
_AT = words("places", "at")[0]
_NEEDS_PLACE = frozenset(words("places", "needs_place")[0])
_AROUND = " .\u3001-+'&%\u00b7\u2022#"
# a text of more pieces than this is a document
MOST = 60
# and a run longer than this is a text that somebody wrote without marks
LONGEST = 120


@dataclass(frozen=True)
class Piece:
    """A run of words, and whether what was understood already stands right before or behind it."""

    start: int
    end: int
    line: int
    beside: bool = False
    gap: str = ""


def pieces(free: str, taken: list[tuple[int, int]]) -> list[Piece]:
    """The pieces of a text in which everything understood is blanked out as line ends."""
    found: list[Piece] = []
    for start, end in _runs(free):
        for one, other in _split(free, start, end):
            begin, stop = _trimmed(free, one, other)
            beside = _touches(free, begin, stop, taken)
            spoken = _BEFORE_NUMBER.search(free, begin, stop) if beside else None
            if spoken and spoken.start() - begin >= 2:
                stop = spoken.start()
            if begin < stop <= begin + LONGEST:
                gap = free[found[-1].end : begin] if found else "\n"
                piece = Piece(begin, stop, free.count("\n", 0, begin), beside, gap)
                if found and _continues(free, found[-1], piece):
                    piece = Piece(found[-1].start, stop, piece.line, beside, found[-1].gap)
                    found.pop()
                found.append(piece)
                if len(found) >= MOST:
                    return found
    return found


def _runs(free: str) -> Iterator[tuple[int, int]]:
    position = 0
    kept = [one.span() for pattern in (_FULL_SPAN, _ENGLISH) for one in pattern.finditer(free)]
    for border in _BORDER.finditer(free):
        inside = next((end for start, end in kept if start <= border.start() < end), None)
        if inside is not None and inside >= border.end():
            continue
        stop = border.start() if inside is None else inside
        if stop > position:
            yield position, stop
        position = border.end()
    if position < len(free):
        yield position, len(free)


def _split(free: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Before words that open another value; at the comma of lists only beside what is known."""
    bullet = _BULLET.match(free, start, end)
    if bullet and (start == 0 or free[start - 1] in "\n ,;("):
        start = bullet.end()
    borders = [cut.start() for cut in _CUT.finditer(free, start, end)]
    if free[end - 1 : end] == "\u3001" or free[start : start + 1] == "\u3001":
        borders += [n for n in range(start, end) if free[n] == "\u3001"]
    borders += _before_places(free, start, end)
    for border in sorted(set(borders)):
        yield start, border
        start = border
    yield start, end


def _before_places(free: str, start: int, end: int) -> Iterator[int]:
    """Where a run goes on with the place it is at; not behind a word that needs one."""
    for region in starts(free, start + 3, end):
        if free[region - 1] == _AT and free[region - 2] not in _NEEDS_PLACE:
            yield region - 1


def _trimmed(free: str, start: int, end: int) -> tuple[int, int]:
    while start < end and free[start] in _AROUND:
        start += 1
    while start < end and free[end - 1] in _AROUND:
        end -= 1
    return start, end


def _touches(free: str, start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    for one, other in taken:
        if 0 <= start - other <= 3 and not free[other:start].strip(" ,;:\n()\u3001"):
            return True
        if 0 <= one - end <= 3 and not free[end:one].strip(" ,;:\n()\u3001"):
            return True
    return False


def _continues(free: str, before: Piece, piece: Piece) -> bool:
    """Whether a blank stands within an address."""
    if piece.gap != " " or not free.startswith(_OPEN_END, before.end - 1):
        return False
    return _GOES_ON.match(free, piece.start, piece.end) is not None
