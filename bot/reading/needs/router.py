"""Where a need belongs: character n-grams and concepts, ranked against the catalogue's phrases."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.needs.features import Features
from bot.reading.reading import NeedGuess
from bot.reading.vocabulary import any_of, keys, words

# BM25: how soon repetition stops to count, and how much a long document is held back
_K1, _B = 2.0, 0.5
# a category's own phrases speak for each of its items, but softly
_CATEGORY = 0.25
# what the rest of the message says about a clause
_CONTEXT = 0.25
# evidence below the floor is chance; from `_CLEAR` on, with the margin, it is sure
_FLOOR, _NAMED_FLOOR, _CLEAR, _MARGIN = 10.0, 7.0, 14.0, 0.16
_HALF_SCORE = 18.0
# a longer clause says no more about where it belongs
_LONGEST = 240
# how much the sound of a clause counts beside its characters, once these leave doubt
_SOUND = 0.7
_NONE = "none"

_FILLER = any_of((*words("router", "stop"), *words("router", "filler")))
_VAGUE = re.compile(
    rf"(?:(?:{_FILLER}){{0,8}}{any_of(words('router', 'vague'))}){{1,3}}(?:{_FILLER}){{0,6}}"
)
_LONGEST_VAGUE = 20
# what a quotation must not be cut from: 8块 in front of 压力表, 0-1.6MPa, 三台
_NUMERAL = r"[\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u51e0\u534a]"
_COUNTED = any_of(words("aptness", "measures"))
_CUT = re.compile(rf"(?:[0-9A-Za-z][0-9A-Za-z.~\-]{{0,11}}|{_NUMERAL}{{1,3}}(?={_COUNTED}))")
_LONGEST_CUT = 12

Scores = Mapping[int, float]


@dataclass(frozen=True)
class Route:
    """How one clause ranks: guesses best first, one per item; `need` when it is one at all.

    `firm`: the category leaves no doubt; `sure`: the item does not either; `named`: a word
    of a known concept stands in it.
    """

    guesses: tuple[NeedGuess, ...] = ()
    need: bool = False
    firm: bool = False
    sure: bool = False
    named: bool = False
    evidence: float = 0.0

    @property
    def item(self) -> str | None:
        """The item of the first guess."""
        return self.guesses[0].item if self.guesses else None


@dataclass(frozen=True)
class _Document:
    """What speaks for one item: its name, phrases and examples, each with its weight."""

    category: str
    item: str | None
    texts: tuple[tuple[str, float], ...]


class _Index:
    """What each feature adds to each document that knows it."""

    def __init__(self, documents: Sequence[_Document], features: Features) -> None:
        self._features = features
        self.impacts = _impacts([_bag(document, features) for document in documents])

    def features(self, text: str) -> dict[str, float]:
        """The features of a query, as the documents were read."""
        return self._features.of(text[:_LONGEST])

    def scores(self, found: Mapping[str, float]) -> dict[int, float]:
        """Document -> how much of the query it explains."""
        scores: dict[int, float] = defaultdict(float)
        for name, count in found.items():
            for number, impact in self.impacts.get(name, ()):
                scores[number] += count * impact
        return scores


class Router:
    """An index over one catalogue, built once; routing is pure."""

    def __init__(self, catalog: Catalog) -> None:
        self._documents = tuple(_documents(catalog))
        self._none = len(self._documents) - 1
        # every item there is
        self.items = frozenset(one.item for one in self._documents if one.item)
        self._written = _Index(self._documents, Features())
        self._heard = _Index(self._documents, Features(by_sound=True))

    def route(self, text: str, context: str = "") -> Route:
        """Where one clause belongs; `context` is the whole message it stands in."""
        found = self._written.features(text)
        own = self._written.scores(found)
        around: Scores = {}
        if context and context != text:
            around = self._written.scores(self._written.features(context))
        route = self._judged(text, found, own, around)
        if route.sure or _is_vague(text):
            return route
        heard = self._judged(text, found, self._with_sounds(text, own), around)
        return heard if heard.sure or not route.need else route

    def _with_sounds(self, text: str, own: Scores) -> Scores:
        """The scores with what the text sounds like: speech turned into text goes wrong so."""
        sounds = self._heard.scores(self._heard.features(text))
        return {n: _SOUND * s + (1 - _SOUND) * own.get(n, 0.0) for n, s in sounds.items()}

    def _judged(self, text: str, found: Mapping[str, float], own: Scores, around: Scores) -> Route:
        scores = {n: own[n] + _CONTEXT * around.get(n, 0.0) for n in own}
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        evidence = max(own.values(), default=0.0)
        kept = [number for number in ranked if number != self._none][:4]
        if not kept:
            return Route()
        first = kept[0]
        margin = _margin(scores, first, (n for n in ranked if n != first))
        category = self._documents[first].category
        others = (n for n in ranked if self._documents[n].category != category)
        apart = _margin(scores, first, others)
        because = self._because(text, found, first)
        guesses = [self._guess(text, first, scores[first], margin, because)]
        guesses += [self._guess(text, number, scores[number], 0.0) for number in kept[1:]]
        vague = _is_vague(text)
        named = any(name[0] == "<" for name in found)
        # beside the name of a known thing less is chance, unless it is as much talk of no need
        weak = named and evidence >= _NAMED_FLOOR and evidence >= 2 * own.get(self._none, 0.0)
        need = vague or (ranked[0] != self._none and (evidence >= _FLOOR or weak))
        clear = need and not vague and evidence >= _CLEAR
        return Route(
            guesses=tuple(guesses),
            need=need,
            firm=clear and apart >= _MARGIN,
            sure=clear and margin >= _MARGIN,
            named=named and evidence >= _FLOOR,
            evidence=evidence,
        )

    def _guess(
        self, text: str, number: int, evidence: float, margin: float, because: tuple[str, ...] = ()
    ) -> NeedGuess:
        document = self._documents[number]
        strength = 1.0 - math.exp(-evidence / _HALF_SCORE)
        clarity = 0.6 + 0.4 * min(1.0, margin / 0.35)
        score = round(strength * clarity, 3)
        return NeedGuess(text, document.category, document.item, score, because)

    def _because(self, text: str, found: Mapping[str, float], winner: int) -> tuple[str, ...]:
        """The pieces of the text that spoke for the winner, in the text's order."""
        weights = {
            name: impact
            for name in found
            if len(name) >= 2
            for number, impact in self._written.impacts.get(name, ())
            if number == winner
        }
        return _runs(text[:_LONGEST], weights)


def _is_vague(text: str) -> bool:
    """Whether a wish names no matter at all (想做个检测, 出个报告)."""
    bare = text.strip(" ,\uff0c\u3001\u3002").lower()
    return len(bare) <= _LONGEST_VAGUE and _VAGUE.fullmatch(bare) is not None


def _margin(scores: Scores, first: int, rivals: Iterator[int]) -> float:
    """How far the first stands above the best rival, which comes first, as a share of its score."""
    best = next(rivals, None)
    return 1.0 if best is None else max(0.0, 1.0 - scores[best] / scores[first])


def _documents(catalog: Catalog) -> Iterator[_Document]:
    """A document for each item, and as the last one what is no need of ours."""
    known = keys("examples")
    for item in catalog.items:
        examples = words("examples", item.id) if item.id in known else ()
        category = catalog.category[item.category]
        own = [(text, 1.0) for text in (item.name, *item.phrases, *examples)]
        shared = [(text, _CATEGORY) for text in (category.name, *category.phrases)]
        yield _Document(item.category, item.id, (*own, *shared))
    yield _Document("", None, tuple((text, 1.0) for text in words("examples", _NONE)))


def _bag(document: _Document, features: Features) -> dict[str, float]:
    bag: dict[str, float] = defaultdict(float)
    for text, weight in document.texts:
        for name, count in features.of(text).items():
            bag[name] += count * weight
    return bag


def _impacts(bags: list[dict[str, float]]) -> dict[str, list[tuple[int, float]]]:
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


def _runs(text: str, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Maximal runs of the text made of weighed grams, the heaviest three, in the text's order."""
    plain = text.lower()
    marks = [0.0] * len(plain)
    for name, weight in weights.items():
        at = plain.find(name)
        while at >= 0:
            for place in range(at, at + len(name)):
                marks[place] += weight
            at = plain.find(name, at + 1)
    runs = [run for run in _stretches(marks) if run[2] - run[1] >= 2]
    heaviest = sorted(sorted(runs, reverse=True)[:3], key=lambda run: run[1])
    return tuple(text[_unbroken(text, start, end) : end] for _, start, end in heaviest)


def _unbroken(text: str, start: int, end: int) -> int:
    """Where a quotation begins that cuts no number in front of it from its words."""
    if text[start].isascii():
        return start
    for begin in range(max(0, start - _LONGEST_CUT), start):
        found = _CUT.match(text, begin, end)
        opens = begin == 0 or not (text[begin - 1].isascii() and text[begin - 1].isalnum())
        if found and opens and found.end() >= start:
            return begin
    return start


def _stretches(marks: list[float]) -> Iterator[tuple[float, int, int]]:
    start = 0
    for place in range(len(marks) + 1):
        if place == len(marks) or not marks[place]:
            if place > start:
                yield sum(marks[start:place]), start, place
            start = place + 1
