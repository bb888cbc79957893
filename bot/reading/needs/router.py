"""Where a need belongs: what was learned from examples, and the catalogue's own phrases."""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.learned.grams import grams
from bot.reading.learned.model import learned
from bot.reading.needs.because import deciding_words
from bot.reading.needs.phrases import LONGEST, Phrases
from bot.reading.normalise import normalise
from bot.reading.reading import NeedGuess
from bot.reading.vocabulary import any_of, words

# what was learned counts by so much against the phrases; by a margin of about 1 it is right
_LEARNED = 40.0
# the phrases of an item that was learned of count by this, being among what was learned from
_PHRASES = 0.7
# an item that nothing was learned of stands so far behind the best of those
_UNKNOWN = 0.4
# and needs so much evidence of its phrases to be thought of at all
_FLOOR = 10.0
# what the rest of the message says about a clause
_CONTEXT = 0.25
# ahead of the next category, and of the next item, by this much leaves no doubt
_FIRM, _SURE = 12.0, 3.0
# beside a rival as far off as this, the first one's score is 0.9
_CLEAR = 12.0
# what the very name of an item adds, and how long a text may be that a name of two characters ends
_CALLED, _SHORT = 30.0, 8
# phrases that say so much name their item, whatever is said of it
_NAMED = 14.0
_NONE = "none"

_FILLER = any_of((*words("router", "stop"), *words("router", "filler")))
_VAGUE = re.compile(
    rf"(?:(?:{_FILLER}){{0,8}}{any_of(words('router', 'vague'))}){{1,3}}(?:{_FILLER}){{0,6}}"
)
_LONGEST_VAGUE = 20
# a wish without anything wished for: 还想办
_WISHES = any_of((*words("router", "wishes"), *words("router", "adds")))
_EMPTY = re.compile(rf"(?:{_FILLER}|{_WISHES}){{1,6}}")
_MOST = 4

Scores = Mapping[int, float]


@dataclass(frozen=True)
class Route:
    """How one clause ranks: guesses best first, one per item; `need` when it is one at all.

    `firm`: the category leaves no doubt; `sure`: the item does not either; `lead`: how far the
    first stands above no need at all.
    """

    guesses: tuple[NeedGuess, ...] = ()
    need: bool = False
    firm: bool = False
    sure: bool = False
    lead: float = 0.0

    @property
    def item(self) -> str | None:
        """The item of the first guess."""
        return self.guesses[0].item if self.guesses else None


class Router:
    """Over one catalogue, built once; routing is pure."""

    def __init__(self, catalog: Catalog) -> None:
        self._phrases = Phrases(catalog)
        self._documents = self._phrases.documents
        self._none = len(self._documents) - 1
        self._learned = learned("items")
        # every item there is
        self.items = frozenset(one.item for one in self._documents if one.item)
        # what they are called
        self.names = tuple(item.name for item in catalog.items)
        self._named = {normalise(one.name): number for number, one in enumerate(catalog.items)}
        self._name = re.compile(any_of(self._named))
        self._phrased = _only_once(catalog)

    def route(self, text: str, context: str = "") -> Route:
        """Where one clause belongs; `context` is the whole message it stands in."""
        if _EMPTY.fullmatch(text.strip()) and not _is_vague(text):
            return Route()
        found = self._phrases.features(text)
        own = self._phrases.scores(found)
        scores = self._together(self._learned.scores(grams(text)), own)
        called = self._called(text)
        if called is not None:
            scores[called] += _CALLED
        if context and context != text:
            around = self._phrases.scores(self._phrases.features(context))
            for number, score in around.items():
                scores[number] += _CONTEXT * score
        return self._judged(text, found, scores, own)

    def _called(self, text: str) -> int | None:
        """The item whose very name stands in a text, or which is said in its very words.

        A short name must end a short text.
        """
        said = normalise(text)
        if said in self._phrased:
            return self._phrased[said]
        found = self._name.search(said)
        if found is None:
            return None
        ends = found.end() == len(text) <= _SHORT
        return self._named[found.group()] if ends or len(found.group()) > 3 else None

    def _together(self, learned: Mapping[str, float], own: Scores) -> dict[int, float]:
        """Number of a document -> what was learned of it and what its phrases say."""
        known = (learned.get(one.item or _NONE) for one in self._documents)
        unknown = max(score for score in known if score is not None) - _UNKNOWN
        scores: dict[int, float] = {}
        for number, one in enumerate(self._documents):
            name, phrases = one.item or _NONE, own.get(number, 0.0)
            if name in learned:
                scores[number] = _LEARNED * learned[name] + _PHRASES * phrases
            elif phrases >= _FLOOR:
                scores[number] = _LEARNED * unknown + phrases
            else:
                scores[number] = -math.inf
        return scores

    def _judged(self, text: str, found: Mapping[str, float], scores: Scores, own: Scores) -> Route:
        ranked = sorted(scores, key=lambda number: (-scores[number], number))
        kept = [number for number in ranked if number != self._none][:_MOST]
        if not kept:
            return Route()
        first = kept[0]
        category = self._documents[first].category
        rivals = [number for number in ranked if number not in {first, self._none}]
        others = (n for n in rivals if self._documents[n].category != category)
        vague = _is_vague(text)
        return Route(
            guesses=tuple(self._guesses(text, found, scores, kept)),
            need=vague or ranked[0] != self._none or own.get(first, 0.0) >= _NAMED,
            firm=not vague and _ahead(scores, first, others) >= _FIRM,
            sure=not vague and _ahead(scores, first, iter(rivals)) >= _SURE,
            lead=scores[first] - scores[self._none],
        )

    def _guesses(
        self, text: str, found: Mapping[str, float], scores: Scores, kept: list[int]
    ) -> Iterator[NeedGuess]:
        """The best ones, with the pieces of the text that spoke for the first."""
        because = deciding_words(text[:LONGEST], self._phrases.weights(found, kept[0]))
        for place, number in enumerate(kept):
            document = self._documents[number]
            rival = kept[0] if place else kept[min(1, len(kept) - 1)]
            score = _likelihood(scores[number] - scores[rival])
            yield NeedGuess(text, document.category, document.item, score, () if place else because)


def _only_once(catalog: Catalog) -> Mapping[str, int]:
    """Phrase -> number of the one item that has it."""
    every = [
        (normalise(one), number)
        for number, item in enumerate(catalog.items)
        for one in item.phrases
    ]
    known = Counter(phrase for phrase, _ in every)
    return {phrase: number for phrase, number in every if known[phrase] == 1}


def _is_vague(text: str) -> bool:
    """Whether a wish names no matter at all (想做个检测, 出个报告)."""
    bare = text.strip(" ,\uff0c\u3001\u3002").lower()
    return len(bare) <= _LONGEST_VAGUE and _VAGUE.fullmatch(bare) is not None


def _ahead(scores: Scores, first: int, rivals: Iterator[int]) -> float:
    """How far the first stands above the best rival, which comes first."""
    best = next(rivals, None)
    return math.inf if best is None else scores[first] - scores[best]


def _likelihood(ahead: float) -> float:
    """How likely one is right that stands so far ahead of its rival, or behind it; 0.5 at a tie."""
    return round(1 / (1 + math.exp(-ahead * math.log(9) / _CLEAR)), 3)
