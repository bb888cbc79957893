"""Which item of the catalogue a staff member names: by key, name, a part of it, or a phrase."""

import re
from collections.abc import Callable, Sequence

from bot.domain.catalog import Catalog, Item
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_INTO = re.compile(rf"{any_of(words('commands', 'into'))}\s*")
_MOST = 3
# a single character is a part of too many names
_SHORTEST = 2
# of a phrase, more than a word or two
_MOSTLY = 0.6
# so much of a category's name is said, and its items are meant
_OF = 0.6

Test = Callable[[str, Item], bool]


def find_item(catalog: Catalog, said: str) -> Item | tuple[Item, ...]:
    """The one item that is meant; where none is beyond doubt, the nearest, three at most."""
    texts = tuple(dict.fromkeys(bare(one) for one in (said, _INTO.sub("", said.strip(), count=1))))
    for fits in _TESTS:
        for text in texts:
            hits = tuple(one for one in catalog.items if text and fits(text, one))
            if len(hits) == 1:
                return hits[0]
            if hits:
                return nearest(texts, hits)
    within = {one.id for one in catalog.categories if _overlap(texts, one.name, *one.phrases) > _OF}
    return nearest(texts, [one for one in catalog.items if one.category in within] or catalog.items)


def bare(text: str) -> str:
    """A name without marks and brackets, in one case."""
    return re.sub(r"\W+", "", normalise(text)).lower()


def _is_called(text: str, item: Item) -> bool:
    return text in {item.id, bare(item.name)}


def _is_phrase(text: str, item: Item) -> bool:
    return text in map(bare, item.phrases)


def _is_part(text: str, item: Item) -> bool:
    return len(text) >= _SHORTEST and text in bare(item.name)


def _is_most_of_phrase(text: str, item: Item) -> bool:
    phrases = (bare(one) for one in item.phrases)
    return any(text in one and len(text) > max(_SHORTEST, _MOSTLY * len(one)) for one in phrases)


# what leaves less doubt comes first
_TESTS: tuple[Test, ...] = (_is_called, _is_phrase, _is_part, _is_most_of_phrase)


def nearest(texts: Sequence[str], items: Sequence[Item]) -> tuple[Item, ...]:
    """The items that sound most like it, best first; those that share nothing with it are none."""
    scores = {one.id: _overlap(texts, one.name, *one.phrases) for one in items}
    ranked = sorted(items, key=lambda one: -scores[one.id])
    return tuple(one for one in ranked if scores[one.id] > 0)[:_MOST]


def _overlap(texts: Sequence[str], *names: str) -> float:
    """How much the most alike of them have in common, from 0 to 1."""
    return max(_alike(_pairs(one), _pairs(bare(name))) for one in texts for name in names)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _alike(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
