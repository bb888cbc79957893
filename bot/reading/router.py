"""Where a need belongs: character n-grams and concepts, weighed against the catalogue's phrases."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.features import features
from bot.reading.reading import NeedGuess

# a longer clause says no more about where it belongs
_LONGEST = 200
_ENOUGH = 0.16
_MARGIN = 1.25
_NAME_WEIGHT = 1.0


@dataclass(frozen=True)
class _Phrase:
    """One phrase of the catalogue and what it speaks for."""

    item: str | None
    category: str
    text: str
    weight: float = 1.0


@dataclass(frozen=True)
class Route:
    """How one clause ranks: guesses best first, at most one per item, and whether the first is sure."""

    guesses: tuple[NeedGuess, ...]
    sure: bool

    @property
    def best(self) -> NeedGuess | None:
        """The first guess."""
        return self.guesses[0] if self.guesses else None


class Router:
    """An index over one catalogue, built once; `route` is pure."""

    def __init__(self, catalog: Catalog) -> None:
        self._phrases = tuple(_phrases(catalog))
        vectors = [features(phrase.text) for phrase in self._phrases]
        self._idf = _idf(self._phrases, vectors)
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, vector in enumerate(vectors):
            self._index(number, vector)

    def _index(self, number: int, vector: Mapping[str, float]) -> None:
        weights = {name: count * self._idf[name] for name, count in vector.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        for name, weight in weights.items():
            self._postings[name].append((number, weight / norm))

    def route(self, text: str) -> Route:
        """The catalogue items a clause may mean, best first."""
        vector = features(text[:_LONGEST])
        weights = {
            name: count * self._idf[name] for name, count in vector.items() if name in self._idf
        }
        if not weights:
            return Route((), sure=False)
        scores = self._scores(weights, _strange(vector, self._idf))
        best = self._best_per_item(scores)
        guesses = tuple(
            NeedGuess(text, phrase.category, phrase.item, round(score, 4), ())
            for score, phrase in best[:4]
        )
        if not guesses:
            return Route((), sure=False)
        explained = (self._because(text, weights, best[0][1]), *((),) * (len(guesses) - 1))
        told = tuple(
            NeedGuess(g.text, g.category, g.item, g.score, why)
            for g, why in zip(guesses, explained, strict=True)
        )
        return Route(told, sure=_is_sure(told))

    def _scores(self, weights: Mapping[str, float], strange: float) -> dict[int, float]:
        norm = math.sqrt(sum(w * w for w in weights.values()) + strange) or 1.0
        scores: dict[int, float] = defaultdict(float)
        for name, weight in weights.items():
            for number, stored in self._postings[name]:
                scores[number] += weight * stored
        return {number: score / norm for number, score in scores.items()}

    def _best_per_item(self, scores: Mapping[int, float]) -> list[tuple[float, _Phrase]]:
        """The best phrase of each item, lifted by the next two of the same item."""
        by_item: dict[tuple[str, str | None], list[tuple[float, int]]] = defaultdict(list)
        for number, score in scores.items():
            phrase = self._phrases[number]
            by_item[phrase.category, phrase.item].append((score * phrase.weight, number))
        ranked = []
        for found in by_item.values():
            found.sort(reverse=True)
            lifted = found[0][0] + 0.25 * sum(score for score, _ in found[1:4])
            ranked.append((min(1.0, lifted / 1.4), self._phrases[found[0][1]]))
        ranked.sort(key=lambda pair: pair[0], reverse=True)
        return _items_first(ranked)

    def _because(self, text: str, weights: Mapping[str, float], winner: _Phrase) -> tuple[str, ...]:
        """The longest pieces of the text that the winner's phrases share with it."""
        shared = {
            name
            for name in weights
            if len(name) >= 2 and name[0] != "<"
            for number, _ in self._postings[name]
            if self._phrases[number].item == winner.item
            and self._phrases[number].category == winner.category
        }
        return _covered(text, shared, weights)


def _phrases(catalog: Catalog) -> Iterator[_Phrase]:
    for category in catalog.categories:
        yield _Phrase(None, category.id, category.name, 0.7)
        for phrase in category.phrases:
            yield _Phrase(None, category.id, phrase, 0.8)
    for item in catalog.items:
        yield _Phrase(item.id, item.category, item.name, _NAME_WEIGHT)
        for phrase in item.phrases:
            yield _Phrase(item.id, item.category, phrase)


def _idf(phrases: tuple[_Phrase, ...], vectors: list[dict[str, float]]) -> dict[str, float]:
    """How much a feature tells: the fewer items use it, the more."""
    items: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for phrase, vector in zip(phrases, vectors, strict=True):
        for name in vector:
            items[name].add((phrase.category, phrase.item))
    total = len({(phrase.category, phrase.item) for phrase in phrases})
    return {name: math.log(1 + total / len(users)) for name, users in items.items()}


def _strange(vector: Mapping[str, float], idf: Mapping[str, float]) -> float:
    """The weight of what no phrase knows: a text full of it is about something else."""
    unknown = sum(1 for name in vector if name not in idf and len(name) == 2)
    return 1.5 * unknown


def _items_first(ranked: list[tuple[float, _Phrase]]) -> list[tuple[float, _Phrase]]:
    """A category's own phrase lifts its best item; alone it stands as a category without item."""
    seen: dict[str, float] = {}
    for score, phrase in ranked:
        if phrase.item is None:
            seen[phrase.category] = max(score, seen.get(phrase.category, 0.0))
    lifted = [
        (min(1.0, score + 0.15 * seen.get(phrase.category, 0.0)), phrase)
        for score, phrase in ranked
        if phrase.item is not None or _alone(phrase, ranked, score)
    ]
    lifted.sort(key=lambda pair: pair[0], reverse=True)
    return lifted


def _alone(own: _Phrase, ranked: list[tuple[float, _Phrase]], score: float) -> bool:
    return not any(
        other >= score * 0.5 and phrase.category == own.category and phrase.item is not None
        for other, phrase in ranked
    )


def _covered(text: str, shared: set[str], weights: Mapping[str, float]) -> tuple[str, ...]:
    """Maximal runs of the text made of shared grams, the heaviest three, in the text's order."""
    plain = text.lower()
    marks = [0.0] * len(plain)
    for name in shared:
        at = plain.find(name)
        while at >= 0:
            for place in range(at, at + len(name)):
                marks[place] += weights[name]
            at = plain.find(name, at + 1)
    runs: list[tuple[float, int, int]] = []
    start = None
    for place in range(len(plain) + 1):
        if place < len(plain) and marks[place]:
            start = place if start is None else start
        elif start is not None:
            runs.append((sum(marks[start:place]), start, place))
            start = None
    heaviest = sorted(sorted(runs, reverse=True)[:3], key=lambda run: run[1])
    return tuple(text[start:end] for _, start, end in heaviest if end - start >= 2)


def _is_sure(guesses: tuple[NeedGuess, ...]) -> bool:
    """Whether the first guess stands clear of the next one."""
    first = guesses[0]
    if first.item is None or first.score < _ENOUGH:
        return False
    rivals = [g.score for g in guesses[1:] if g.item is not None]
    return not rivals or first.score >= _MARGIN * rivals[0]
