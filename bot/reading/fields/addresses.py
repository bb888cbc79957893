"""Postal addresses: where one stands in a line, and how far it reaches."""

import re
from dataclasses import dataclass

from bot.reading.vocabulary import any_of, words

_HAN = r"[\u3400-\u9fff]"
_PROVINCE = rf"{any_of(words('regions', 'provinces'))}{any_of(words('regions', 'province_ends'))}?"
_CITY = any_of(words("regions", "cities"))
_REGION = rf"(?:{_PROVINCE}|{_CITY}|{any_of(words('regions', 'districts'))})"
_ADMIN = any_of(words("regions", "admin"))
_WAY = any_of(words("regions", "way"))
_PLACE = any_of(words("regions", "place"))
_INNER = r"[\u3400-\u9fffA-Za-z0-9#\u00b7\-\"]"
_NUMBER = r"[0-9A-Za-z\u7532\u4e59\u4e19\u4e01\u4e00-\u4e03\u516b\u4e5d\u5341][0-9A-Za-z\-#]{0,11}"
# 长春市 朝阳区, then 工农大路, then 123号A座3楼. A blank may stand before the first two and before
# a number; behind a number it begins something else.
_ADMINS = rf"(?:[ ,]?{_HAN}{{1,7}}?{_ADMIN}){{0,5}}"
_WAYS = rf"(?:[ ,]?{_HAN}{{1,12}}?{_WAY}){{0,5}}"
_DETAILS = (
    rf"(?:[ ,]?{_NUMBER}[ ]?(?:{_PLACE}|{_WAY})|{_INNER}{{1,14}}?(?:{_PLACE}|{_WAY})){{0,10}}"
)
_BESIDE = any_of(words("places", "beside"))
_TAIL = (
    rf"(?:{_BESIDE})?"
    r"(?:[ \-]?[0-9A-Za-z]{1,6}(?:-[0-9A-Za-z]{1,6}){0,3}(?![0-9A-Za-z\-]))?(?:\([^()\n]{1,30}\))?"
)
_START = rf"(?:{_REGION}{_ADMIN}?[ ,]?){{1,4}}|(?<!{_HAN}){_HAN}{{1,6}}?{_ADMIN}(?!{_ADMIN})"
_ADDRESS = re.compile(
    rf"(?P<region>{_START})(?P<admins>{_ADMINS})(?P<units>{_WAYS}{_DETAILS}){_TAIL}"
)
_BARE = re.compile(rf"(?P<units>(?:[ ,]?{_HAN}{{1,12}}?{_WAY}){{1,5}}{_DETAILS}){_TAIL}")
# a place that ends like an administrative unit
_ESTATE = re.compile(any_of(words("regions", "estate")))
_DETAIL = re.compile(rf"[0-9A-Za-z](?:{_PLACE}|{_WAY}|#)|{_WAY}|{_PLACE}")
_NUMBERED = re.compile(rf"[0-9A-Za-z][ ]?{_PLACE}(?:[ ]?{_NUMBER}{_PLACE}){{0,6}}{_TAIL}")
_BY_REGION = re.compile(_REGION)
_HOUSE = re.compile(rf"[ ]?[0-9A-Za-z\-]{{1,8}}{_PLACE}")
_INTRO = re.compile(any_of(words("regions", "intro")))
_NEVER = re.compile(any_of(words("regions", "not_address")))
_SHORTEST = 5


@dataclass(frozen=True)
class Address:
    """The span of an address; `exact` when it reaches a street, a village or a building.

    `number_end` is behind its first house number, or None if it has none: what is glued to
    an address begins there.
    """

    start: int
    end: int
    exact: bool
    number_end: int | None


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


def labelled_address(plain: str, start: int, end: int) -> Address | None:
    """The address a labelled value begins with, if it begins with an exact one."""
    found = _ADDRESS.match(plain, start, end) or _BARE.match(plain, start, end)
    address = _judge(found) if found else None
    return address if address and address.exact else None


def continued(plain: str, start: int, end: int, limit: int) -> int:
    """The end of an address whose second half stands on the next line, else of its own line."""
    if end >= limit:
        return end
    line_end = plain.find("\n", end + 1, limit)
    stop = limit if line_end < 0 else line_end
    if labelled_address(plain, start, end):
        # a way without a house number, and the number on the next line
        house = _HOUSE.match(plain, end + 1, stop)
        return (
            stop
            if house and not plain[end - 1].isascii() and not _NUMBERED.search(plain, start, end)
            else end
        )
    rest = _BARE.match(plain, end + 1, stop)
    whole = rest is not None and rest.end() >= end + len(plain[end:stop].rstrip())
    return stop if whole else end


def _judge(found: re.Match[str]) -> Address:
    units = found["units"]
    estate = _ESTATE.search(found.groupdict().get("admins") or "")
    exact = bool(_DETAIL.search(units) or estate) and len(found.group()) >= _SHORTEST
    exact = exact and not _NEVER.search(found.group())
    end = found.start() + len(found.group().rstrip(" ,-"))
    number = _NUMBERED.search(found.string, found.start("units"), found.end())
    return Address(found.start(), end, exact, number.end() if number else None)


def _opens(plain: str, start: int, at: int) -> bool:
    """Whether an address may begin here: at the head of the piece, or behind an introduction."""
    before = plain[start:at].rstrip(" :,")
    if before and at - start > len(before) and _BY_REGION.match(plain, at):
        return True
    return not before or _INTRO.search(before[-6:]) is not None or not before[-1:].isalnum()


def _past_intro(plain: str, start: int, end: int) -> int:
    found = _INTRO.match(plain, start, end)
    return found.end() if found else start


_LOCAL = re.compile(
    rf"(?:{_REGION}|{_HAN}{{1,7}}?(?:{_ADMIN}|{any_of(words('places', 'open_end'))}))"
    rf"(?:{_ADMIN})?"
)
NUMERAL = r"0-9A-Za-z\u7532\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341"
# the number of a shop or a room behind the place it is in
_ENDED = 0.3
SHOP = (
    r"(?:[A-Z]?[0-9]{1,4}(?:-[0-9]{1,4}){0,2}"
    rf"(?![0-9\-]|[ ]?{any_of(words('places', 'house'))}))?"
)
_SPEAKS = re.compile(any_of((*words("places", "never"), *words("places", "speaks"))))
_GROUNDS = tuple(one for one in words("regions", "place") if len(one) > 1)
_EXACT_END = re.compile(
    rf"[{NUMERAL}]+(?:{any_of(words('places', 'house'))})(?:[0-9A-Za-z\-]+)?"
    rf"|{any_of((*words('places', 'exact'), *words('places', 'beside'), *_GROUNDS))}{SHOP}"
)
_ADMINISTERED = re.compile(rf"{_HAN}{{1,5}}?{_ADMIN}{_HAN}")
_PARTS = re.compile(rf"{_ADMIN}|{any_of((*words('places', 'exact'), *words('places', 'towns')))}")
_HOUSE_NUMBER = re.compile(
    rf"[{NUMERAL}]+[ ]?{any_of(words('places', 'house'))}|[KG][0-9]+|[0-9]+$"
)


def opens_address(plain: str, start: int, end: int) -> float:
    """How much a whole piece of a block looks like an address: 0 (not at all) to 4."""
    if _LOCAL.match(plain, start, end) is None:
        return 0.0
    parts = len({found.end() for found in _PARTS.finditer(plain, start, end)})
    score = min(parts, 4) * 0.6
    if _HOUSE_NUMBER.search(plain, start, end):
        score += 1.2
    known = _BY_REGION.match(plain, start, end) is not None
    score += 0.5 if known else 0.0
    score += _ENDED if _EXACT_END.search(plain, max(start, end - 2), end) and parts >= 2 else 0.0
    return score if parts >= 2 or (parts and known) else 0.0


def names_region(plain: str, start: int, end: int) -> bool:
    """Whether a piece begins with a region, by its name or by its ending."""
    return (
        _BY_REGION.match(plain, start, end) is not None
        or _ADMINISTERED.match(plain, start, end) is not None
    )


def last_place(plain: str, start: int, end: int) -> int:
    """Behind the last word of a piece that ends a part of an address."""
    last = start
    for found in _EXACT_END.finditer(plain, start, end):
        if last > start and goes_on_speaking(plain, last, found.start()):
            break
        last = found.end()
    return last


def goes_on_speaking(plain: str, start: int, end: int) -> bool:
    """Whether words behind a place begin a sentence about something else."""
    return _SPEAKS.search(plain, start, end) is not None
