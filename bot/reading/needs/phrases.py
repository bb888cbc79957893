"""How much the catalogue's own phrases speak for each of its items: character n-grams, BM25."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.needs.features import Features
from bot.reading.vocabulary import keys, words

# BM25: how soon repetition stops to count, and how much a long document is held back
_K1, _B = 2.0, 0.5
# a category's own phrases speak for each of its items, but softly
_CATEGORY = 0.25
# a longer clause says no more about where it belongs
LONGEST = 240
# the document of what is no need of ours
_NONE = "none"

Impacts = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True)
class Document:
    """What speaks for one item (None: for no need at all), each text with its weight."""

    category: str
    item: str | None
    texts: tuple[tuple[str, float], ...]


class Phrases:
    """What each feature of a text adds to each document; the last one is of no need."""

    def __init__(self, catalog: Catalog) -> None:
        self._features = Features()
        self.documents = tuple(_documents(catalog))
        self._impacts = _impacts([_bag(one, self._features) for one in self.documents])

    def features(self, text: str) -> dict[str, float]:
        """The features of a query, as the documents were read."""
        return self._features.of(text[:LONGEST])

    def scores(self, found: Mapping[str, float]) -> dict[int, float]:
        """Number of a document -> how much of the query it explains."""
        scores: dict[int, float] = defaultdict(float)
        for name, count in found.items():
            for number, impact in self._impacts.get(name, ()):
                scores[number] += count * impact
        return scores

    def weights(self, found: Mapping[str, float], winner: int) -> dict[str, float]:
        """What each feature of two characters and more says for one document."""
        return {
            name: impact
            for name in found
            if len(name) >= 2
            for number, impact in self._impacts.get(name, ())
            if number == winner
        }


def _documents(catalog: Catalog) -> Iterator[Document]:
    known = keys("examples")
    for item in catalog.items:
        examples = words("examples", item.id) if item.id in known else ()
        category = catalog.category[item.category]
        own = [(text, 1.0) for text in (item.name, *item.phrases, *examples)]
        shared = [(text, _CATEGORY) for text in (category.name, *category.phrases)]
        yield Document(item.category, item.id, (*own, *shared))
    yield Document("", None, tuple((text, 1.0) for text in words("examples", _NONE)))


def _bag(document: Document, features: Features) -> dict[str, float]:
    bag: dict[str, float] = defaultdict(float)
    for text, weight in document.texts:
        for name, count in features.of(text).items():
            bag[name] += count * weight
    return bag


def _impacts(bags: list[dict[str, float]]) -> Impacts:
    """Feature -> what it adds to each item that knows it."""
    holders: dict[str, float] = defaultdict(float)
    for bag in bags:
        for name, count in bag.items():
            holders[name] += min(1.0, count)
    lengths = [sum(bag.values()) for bag in bags]
    average = sum(lengths) / len(lengths)
    impacts: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, bag in enumerate(bags):
        damping = _K1 * (1 - _B + _B * lengths[number] / average)
        for name, count in bag.items():
            idf = math.log(1 + len(bags) / max(1.0, holders[name]))
            impacts[name].append((number, idf * count * (_K1 + 1) / (count + damping)))
    return dict(impacts)
