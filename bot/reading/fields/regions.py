"""Provinces, cities and counties named in a text, by their official names."""

from functools import lru_cache

from bot.reading.vocabulary import words

_NAMES = frozenset(
    (
        *words("regions", "provinces"),
        *words("regions", "cities"),
        *words("regions", "districts"),
        *words("counties", "names"),
    )
)
_BY_FIRST: dict[str, tuple[str, ...]] = {}
for _name in sorted(_NAMES, key=lambda name: (-len(name), name)):
    _BY_FIRST[_name[0]] = (*_BY_FIRST.get(_name[0], ()), _name)
# what may stand between two regions of one address: 吉林省 长春市 朝阳区
_ENDS = (*words("regions", "province_ends"), *words("regions", "admin"), " ")


_BRACKET = "("


@lru_cache(maxsize=64)
def regions(plain: str) -> tuple[tuple[int, int], ...]:
    """Every row of regions, from the largest to the smallest that is named with it."""
    rows: list[tuple[int, int]] = []
    at = 0
    while at < len(plain):
        size = _named_at(plain, at)
        if not size:
            at += 1
            continue
        end = _past_ending(plain, at + size)
        if rows and rows[-1][1] == at:
            rows[-1] = (rows[-1][0], end)
        else:
            rows.append((at, end))
        at = end
    return tuple(rows)


def starts(plain: str, start: int, end: int) -> list[int]:
    """Where a row of regions begins within a span, but for those in brackets."""
    return [
        one
        for one, _ in regions(plain)
        if start <= one < end and (one == 0 or plain[one - 1] != _BRACKET)
    ]


def begins_with_region(plain: str, start: int) -> bool:
    """Whether a region is named right there."""
    return any(one == start for one, _ in regions(plain))


def _named_at(plain: str, at: int) -> int:
    for name in _BY_FIRST.get(plain[at], ()):
        if plain.startswith(name, at):
            return len(name)
    return 0


def _past_ending(plain: str, at: int) -> int:
    return next((at + len(end) for end in _ENDS if plain.startswith(end, at)), at)
