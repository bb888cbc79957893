"""Postal addresses: how far one reaches in a line, and whether a free piece of text is one."""

import re
from dataclasses import dataclass

from bot.reading.vocabulary import any_of, words

_HAN = r"[\u3400-\u9fff]"
_PROVINCE = rf"{any_of(words('regions', 'provinces'))}{any_of(words('regions', 'province_ends'))}?"
_CITY = rf"{any_of(words('regions', 'cities'))}"
_REGION = rf"(?:{_PROVINCE}|{_CITY}|{any_of(words('regions', 'districts'))})"
_ADMIN = any_of(words("regions", "admin"))
_WAY = any_of(words("regions", "way"))
_PLACE = any_of(words("regions", "place"))
_INNER = r"[\u3400-\u9fffA-Za-z0-9#\u00b7\-\"]"
_NUMBER = r"[0-9A-Za-z\u7532\u4e59\u4e19\u4e01][0-9A-Za-z\-#]{0,11}"
_UNIT = rf"(?:[ ,]?(?:{_NUMBER}(?:{_PLACE}|{_WAY})|{_INNER}{{1,14}}?(?:{_ADMIN}|{_WAY}|{_PLACE})))"
_TAIL = (
    r"(?:[ \-]?[0-9A-Za-z]{1,6}(?:-[0-9A-Za-z]{1,6}){0,3}(?![0-9A-Za-z\-]))?(?:\([^()\n]{1,30}\))?"
)
_ADDRESS = re.compile(
    rf"(?P<region>(?:{_REGION}{_ADMIN}?[ ,]?){{1,4}}|(?<!{_HAN}){_HAN}{{1,6}}?{_ADMIN}(?!{_ADMIN}))"
    rf"(?P<units>{_UNIT}{{0,12}}){_TAIL}"
)
_BARE = re.compile(rf"(?P<units>{_UNIT}{{2,12}}){_TAIL}")
_DETAIL = re.compile(rf"[0-9A-Za-z](?:{_PLACE}|{_WAY}|#)|{_WAY}|{_PLACE}")
_NUMBERED = re.compile(rf"[0-9A-Za-z](?:{_PLACE})")
_INTRO = re.compile(rf"{any_of(words('regions', 'intro'))}")
_NEVER = re.compile(any_of(words("regions", "not_address")))
_SHORTEST = 5


@dataclass(frozen=True)
class Address:
    """The span of an address; `exact` when it reaches a street, a village or a building."""

    start: int
    end: int
    exact: bool
    numbered: bool


def find_address(plain: str, start: int, end: int) -> Address | None:
    """The address that begins in this piece of text, behind an introduction if there is one."""
    begin = _past_intro(plain, start, end)
    for found in _ADDRESS.finditer(plain, begin, end):
        address = _judge(found)
        if address.exact and _opens(plain, begin, address.start):
            return address
    bare = _BARE.match(plain, begin, end)
    if bare and _NUMBERED.search(bare.group()) and not _NEVER.search(bare.group()):
        return _judge(bare)
    return None


def address_end(plain: str, start: int, end: int) -> int:
    """Where a labelled address stops, if something that is none follows it on the line."""
    found = _ADDRESS.match(plain, start, end) or _BARE.match(plain, start, end)
    return found.end() if found else start


def is_address(piece: str) -> bool:
    """Whether a piece of text is an address and nothing else."""
    found = find_address(piece, 0, len(piece))
    return found is not None and found.start <= 1 and found.end >= len(piece.rstrip()) - 1


def _judge(found: re.Match[str]) -> Address:
    units = found["units"]
    exact = bool(_DETAIL.search(units)) and len(found.group()) >= _SHORTEST
    exact = exact and not _NEVER.search(found.group())
    end = found.start() + len(found.group().rstrip(" ,-"))
    return Address(found.start(), end, exact, bool(_NUMBERED.search(units)))


def _opens(plain: str, start: int, at: int) -> bool:
    """Whether an address may begin here: at the head of the piece, or behind an introduction."""
    before = plain[start:at].rstrip(" :,")
    return not before or _INTRO.search(before[-6:]) is not None or not before[-1:].isalnum()


def _past_intro(plain: str, start: int, end: int) -> int:
    found = _INTRO.match(plain, start, end)
    return found.end() if found else start
