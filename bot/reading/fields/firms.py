"""Firms, shops and institutions in one piece of a block: where a name may end, how sure it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.reading.fields.people import job_score, name_score
from bot.reading.fields.regions import begins_with_region, starts
from bot.reading.vocabulary import any_of, any_run_of, words

_HAN = r"\u3400-\u9fff"
_INDUSTRIES = words("orgs", "industries")
_ENDINGS = (*words("orgs", "tails"), *words("orgs", "strong"), *words("orgs", "weak"))
_ALL = (*_ENDINGS, *_INDUSTRIES)
_MORE = (*words("orgs", "institution"), *words("orgs", "government"))
_TAIL = re.compile(rf"(?<=[{_HAN}A-Za-z)])(?:{any_of((*_ALL, *_MORE))})")
_LEGAL = re.compile(rf"{any_of(words('orgs', 'legal'))}$")
_COMPANY = re.compile(rf"{any_of(words('orgs', 'strong'))}$")
_TRADED = frozenset(_INDUSTRIES)
_LOOSE = frozenset((*words("orgs", "loose_tails"), *_INDUSTRIES))
_NOT_AFTER = frozenset(words("orgs", "not_after_tail"))
_NEVER = re.compile(any_of(words("orgs", "not_in_firms")))
_ENGLISH = re.compile(words("orgs", "english")[0])
_CITIES = (*words("regions", "provinces"), *words("regions", "cities"))
_KNOWN = any_of((*_CITIES, *words("regions", "districts")))
_ADMIN = any_of(words("regions", "admin"))
_TOWN = any_of((*words("regions", "admin"), *words("places", "open_end")))
_REGION = re.compile(rf"{_KNOWN}|[{_HAN}]{{1,6}}?{_TOWN}")
_AFRESH = re.compile(
    rf"{any_of(words('orgs', 'before_name'))}(?={_KNOWN}|[{_HAN}]{{1,4}}?{_ADMIN})"
)
_INNER_LEGAL = re.compile(any_of((*words("orgs", "legal"), *words("orgs", "groups"))))
_PLACE_NEXT = re.compile(
    any_of(
        (
            *words("regions", "admin"),
            *(one for key in ("beside", "towns", "next") for one in words("places", key)),
        )
    )
)
_GOODS = frozenset((*words("orgs", "goods_tails"), *_INDUSTRIES))
_HAN_NEXT = re.compile(rf"(?!{any_of(words('orgs', 'not_linked'))})[{_HAN}]")
_PLATFORM = re.compile(rf"^{any_of(words('orgs', 'platforms'))}")
_POINTED = re.compile(any_of(words("orgs", "pointed")))
_BRAND = re.compile(rf"[{_HAN}]{{2,5}}")
_NO_BRAND = re.compile(any_of((*words("orgs", "not_in_firms"), *words("orgs", "no_brand"))))
# a unit of a house that ends like a firm
_UNITS = tuple(one for one in words("persons", "units") if one[-1] in words("orgs", "unit_ends"))
_STAFF_ENDS = words("persons", "staff_ends")[0]
_STAFF = (one for one in words("persons", "jobs") if len(one) > 1 and one[-1] in _STAFF_ENDS)
_STAFF_NEXT = re.compile(any_of((*words("persons", "units"), *_STAFF)))
# a part of a house that is no firm by its law
_INNER_HOUSE = re.compile(rf"{any_of(words('orgs', 'houses'))}(?=[{_HAN}]{{1,6}}$)")
_PARTS = frozenset(words("orgs", "parts"))
_CITY = re.compile(any_of(_CITIES))
_PLACE_ENDS = (*words("places", "exact"), *words("places", "towns"))
_PLACED = (*_PLACE_ENDS, *words("places", "house"), *words("places", "open_end"))
_HOUSE = re.compile(rf"[0-9A-Za-z]{any_of(words('places', 'house'))}(?:[0-9]{{1,4}}(?![0-9]))?")
_ONLY_TAIL = re.compile(f"{any_run_of((*_ENDINGS, *_MORE))}+")
_DIGIT = re.compile(r"[0-9]")
_SHORTEST, _FULL, _LONGEST = 4, 6, 44
# what a name is less likely that holds another region, and from where on it is another
_ELSEWHERE, _FAR = 1.6, 6
# how much surer a name is behind words that point at it, and with its brand before a region
_AT_PLACE, _BRANDED = 0.8, 1.3


@dataclass(frozen=True)
class Firm:
    """A span that may be the name of a firm; `score` from 1 (hardly) to 4 (nothing else)."""

    start: int
    end: int
    score: float
    tail: int = 0


@lru_cache(maxsize=128)
def firms(plain: str, start: int, end: int) -> tuple[Firm, ...]:
    """Every way to find a firm in a piece; the later its end, the longer the name."""
    return tuple(_firms(plain, start, end))


def _firms(plain: str, start: int, end: int) -> Iterator[Firm]:
    english = _ENGLISH.search(plain, start, end)
    if english:
        yield Firm(*english.span(), 3.0)
        return
    begin = opening(plain, start, end)
    seen = set()
    for tail in _TAIL.finditer(plain, start, end):
        stop = tail.end()
        if stop in seen or _is_inside(plain, stop, end, tail.group()):
            continue
        seen.add(stop)
        first = begin if begin < tail.start() - 1 else start
        for one in dict.fromkeys((first, *_begins(plain, first, tail.start() - 1))):
            firm = firm_of(plain, one, tail)
            if firm and one > start and _POINTED.search(plain, start, one):
                firm = replace(firm, score=firm.score + _AT_PLACE)
            if firm:
                yield firm


def _begins(plain: str, start: int, end: int) -> list[int]:
    """Where a name may begin behind its place: at a region, and behind words that point at it."""
    return [*starts(plain, start, end), *pointed_at(plain, start, end)[-1:]]


def pointed_at(plain: str, start: int, end: int) -> list[int]:
    """Behind words that point at a firm from the place where it stands."""
    return [found.end() for found in _POINTED.finditer(plain, start, end)]


def tails(plain: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Where a name of a firm may end."""
    for tail in _TAIL.finditer(plain, start, end):
        if not _is_inside(plain, tail.end(), end, tail.group()):
            yield tail


def firm_of(plain: str, start: int, tail: re.Match[str]) -> Firm | None:
    """The firm from there to that ending, if it can be one."""
    inner = starts(plain, start + 2, tail.start())
    brand = bool(inner) and _may_be_brand(plain[start : inner[0]])
    score = _score(plain[start : tail.end()], tail.group(), brand)
    if inner and not brand and not begins_with_region(plain, start):
        score -= _ELSEWHERE
    elif inner and not brand and inner[0] - start >= _FAR and ends_place(plain, inner[0]):
        score -= _ELSEWHERE / 2
    score += _BRANDED if brand and score > 0 else 0.0
    return Firm(start, tail.end(), score, tail.start()) if score > 0 else None


def _is_inside(plain: str, stop: int, end: int, tail: str) -> bool:
    """Whether what follows makes another word of a short ending."""
    if _COMPANY.search(tail) or (len(tail) > 1 and _STAFF_NEXT.match(plain, stop, end)):
        return False
    if stop < end and _PLACE_NEXT.match(plain, stop, end):
        return True
    if tail in _GOODS and _HAN_NEXT.match(plain, stop, end):
        return True
    return len(tail) == 1 and stop < end and plain[stop] in _NOT_AFTER


def opening(plain: str, start: int, end: int) -> int:
    """Where a name begins that is glued to an address before it."""
    begin = start
    for house in _HOUSE.finditer(plain, start, end):
        if end - house.end() >= _SHORTEST:
            begin = house.end()
    again = None
    for city in _CITY.finditer(plain, start + 8, end):
        again = city.start() if ends_place(plain, city.start()) else again
    begin = max(begin, again) if again and end - again >= _SHORTEST + 2 else begin
    return opening_afresh(plain, begin, end)


def opening_afresh(plain: str, begin: int, end: int) -> int:
    """Behind the words before the region a name or an address begins with."""
    for found in _AFRESH.finditer(plain, begin, end):
        if found.start() - begin <= 8 and end - found.end() >= _SHORTEST:
            begin = found.end()
    return begin


def ends_place(plain: str, at: int) -> bool:
    """Whether an address may end there."""
    return plain.endswith(_PLACE_ENDS, 0, at)


def _may_be_brand(text: str) -> bool:
    """Whether a name may begin so before the region it is of."""
    known = name_score(text) < 1 and job_score(text) <= 0 and not text.endswith(_PLACED)
    return _BRAND.fullmatch(text) is not None and known and _NO_BRAND.search(text) is None


def _score(name: str, tail: str, brand: bool) -> float:
    """0: no name; `brand`: what it is called stands before its region."""
    legal = _LEGAL.search(name) is not None
    if not _SHORTEST <= len(name) <= _LONGEST or _says_no_name(name, legal):
        return 0.0
    if _INNER_LEGAL.search(name, 0, len(name) - len(tail)):
        return 4.0 if tail in _PARTS or _COMPANY.search(name) else 0.0
    if legal:
        return 4.0 if len(name) > _FULL else 3.0
    if tail in _PARTS and _INNER_HOUSE.search(name):
        return 3.0
    return _loose_score(name, tail, brand or _REGION.match(name) is not None)


def _says_no_name(name: str, legal: bool) -> bool:
    """Whether the words of a name show that it is a sentence, an ending alone or a market."""
    if _NEVER.search(name) or _ONLY_TAIL.fullmatch(name):
        return True
    return not legal and (
        name.endswith(_UNITS) or any(one.search(name) for one in (_DIGIT, _POINTED, _PLATFORM))
    )


def _loose_score(name: str, tail: str, region: bool) -> float:
    """Of a name without a legal ending; where it begins with a region it is surer."""
    full = len(name) >= _FULL
    if tail in _LOOSE:
        # what a firm is in is what others trade in: without a region it may be either
        plain = 0.4 if tail in _TRADED else 1.2 if full else 0.9
        return 2.3 if region and full else plain
    return 3.0 if region else 1.6 if len(name) > _SHORTEST else 1.2
