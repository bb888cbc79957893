"""The needs of one message: its clauses, where each belongs, and which of them are one need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, pairwise

from bot.reading.learned.grams import grams
from bot.reading.learned.model import learned
from bot.reading.needs.router import Route, Router
from bot.reading.needs.systems import each_system
from bot.reading.normalise import Text, normalise
from bot.reading.reading import NeedGuess
from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "router"
_UNIT = re.compile(r"[^\n;\u3002!?\t]+")
_CONNECTOR = re.compile(
    rf"(?<=.){any_pattern(words(_FILE, 'strong_connectors'))}"
    rf"|(?<=[, ]){any_of(words(_FILE, 'opening_connectors'))}"
)
_OPENER = re.compile(any_pattern(words(_FILE, "openers")))
_COMMA = re.compile(r"[,\u3001 ]+")
_JOINT = re.compile(rf"(?<=..){any_of(words(_FILE, 'weak_connectors'))}(?=..)")
_ADDS = re.compile(any_of(words(_FILE, "adds")))
_NEVER = re.compile(any_pattern((*words(_FILE, "never_forms"), any_of(words(_FILE, "never")))))
_EVERYDAY = re.compile(any_of(words(_FILE, "everyday")))
_ELSEWHERE = re.compile(any_of(words(_FILE, "elsewhere")))
_PARTS = re.compile(r"[,\uff0c]+")
_HOLLOW = re.compile(any_pattern(words(_FILE, "hollow")))
_DEPARTMENT = re.compile(any_pattern(words("router", "departments")))
_TRADE = re.compile(any_of(words(_FILE, "trade")), re.IGNORECASE)
# no message has more needs than this, and no client writes more clauses about them
# how far each part must stand above no need at all, where the message sounds like several needs
# and where it does not; and from where on it does, or hardly can
_LEAD, _LEAD_ALONE, _SURELY, _SEVERAL, _HARDLY = 10.0, 48.0, 0.0, -0.5, -1.0
_MOST_UNITS, _MOST_BORDERS, _MOST_NEEDS, _LONGEST = 12, 6, 6, 1200
# what is longer tells a story, and is not taken apart at every comma
_STORY = 400


@dataclass(frozen=True)
class Clause:
    """A part of the message, and where it belongs; `apart`: its first word opens another matter."""

    start: int
    end: int
    route: Route
    apart: bool = False


@dataclass(frozen=True)
class Needs:
    """All needs, best guess each; `second` is for the first of them.

    `sure` if each item is; `firm` if at least each category is.
    """

    guesses: tuple[NeedGuess, ...] = ()
    sure: bool = False
    firm: bool = False
    second: NeedGuess | None = None


class NeedFinder:
    """Finds the needs in the free characters of a message."""

    def __init__(self, router: Router) -> None:
        self._router = router
        self._model = learned("several")
        self._names = re.compile(any_of(normalise(name) for name in router.names))

    def find(
        self, text: Text, free: str, hint: str = "", *, asked: bool = False, wanted: bool = False
    ) -> Needs:
        """The needs, best guess each.

        `hint` is what else the message says of the client; `asked`: a label says that all of it
        is a need; `wanted`: something is asked for, whatever it may be.
        """
        free = _NEVER.sub(lambda found: " " * len(found.group()), free[:_LONGEST])
        units = [unit for unit in _units(free) if not _ELSEWHERE.search(free, *unit)][:_MOST_UNITS]
        if not units:
            return Needs()
        said = " ".join(free[start:end].strip() for start, end in units)
        several = self._several(said)
        clauses = [
            clause
            for start, end in units
            for clause in self._split(free, start, end, f"{hint} {said}".strip(), several)
            if _asks(free, clause) or (asked and clause.route.guesses)
        ]
        groups = _groups(clauses)
        least = _LEAD if several > _SEVERAL else _LEAD_ALONE
        if len(groups) > 1 and not all(_stands_alone(group, least) for group in groups):
            groups = [sorted(chain.from_iterable(groups), key=lambda one: one.start)]
        if len(groups) <= 1 and several > _SURELY:
            groups = self._torn(free, units) or groups
        if len(groups) <= 1:
            groups = self._as_one(groups, units, said, wanted=wanted)
        needs = _needs(text, groups)
        return replace(needs, guesses=each_system(needs.guesses, self._router.items)[:_MOST_NEEDS])

    def _torn(self, free: str, units: list[tuple[int, int]]) -> list[list[Clause]]:
        """Two needs of a message that surely has two: torn where both stand out the most."""
        start, end = units[0][0], units[-1][1]
        borders = [(left[1], right[0]) for left, right in pairwise(units)]
        borders += [border.span() for border in self._borders(free, start, end)]
        best: list[list[Clause]] = []
        most = 0.0
        for left, right in borders:
            one = Clause(start, left, self._router.route(free[start:left].strip()))
            other = Clause(right, end, self._router.route(free[right:end].strip()))
            least = min(one.route.lead, other.route.lead)
            if one.route.item != other.route.item and least > most:
                best, most = [[one], [other]], least
        return best

    def _borders(self, free: str, start: int, end: int) -> list[re.Match[str]]:
        """Where a unit may fall apart; the name of an item stays whole."""
        whole = [found.span() for found in self._names.finditer(free, start, end)]
        borders = chain(_COMMA.finditer(free, start, end), _JOINT.finditer(free, start, end))
        apart = (
            one for one in borders if not any(a < one.end() and one.start() < b for a, b in whole)
        )
        return list(islice(apart, _MOST_BORDERS))

    def _several(self, said: str) -> float:
        """How much a message sounds like more than one need; above 0 it rather does."""
        if len(said) > _STORY:
            return _HARDLY
        scores = self._model.scores(grams(said))
        return scores["several"] - scores["one"]

    def _as_one(
        self,
        groups: list[list[Clause]],
        units: list[tuple[int, int]],
        said: str,
        *,
        wanted: bool,
    ) -> list[list[Clause]]:
        """One matter told in several clauses is judged by all of them together."""
        if groups and len(units) == 1 and len(groups[0]) == 1:
            return groups
        whole = self._router.route(said)
        if not (whole.need or (wanted and whole.guesses)):
            return groups
        if groups:
            return [_led_by(whole, groups[0])]
        return [[Clause(units[0][0], units[-1][1], whole)]]

    def _split(
        self, free: str, start: int, end: int, context: str, several: float
    ) -> Iterator[Clause]:
        """One unit as one clause, or as two where both halves stand on their own."""
        halves = self._halves(free, start, end, several) if several > _HARDLY else None
        if halves is None:
            yield self._clause(free, start, end, context)
            return
        left, right = halves
        yield self._clause(free, start, left, "")
        yield from self._split(free, right, end, context, several)

    def _clause(self, free: str, start: int, end: int, context: str) -> Clause:
        said = free[start:end].strip()
        route = self._router.route(said)
        if context and not route.firm:
            # what stands around it must not drown what is clear by itself
            route = self._router.route(said, context)
        return Clause(start, end, route, _opens_another(said))

    def _halves(self, free: str, start: int, end: int, several: float) -> tuple[int, int] | None:
        """Where a unit falls apart into two needs: at 和, or at a comma with a word that adds."""
        for border in self._borders(free, start, end):
            left, right = free[start : border.start()], free[border.end() : end]
            if several <= _SEVERAL and not _may_part(border.group(), left, right):
                continue
            one, other = self._router.route(left), self._router.route(right)
            if one.firm and other.firm and one.item != other.item:
                return border.start(), border.end()
        return None


def _asks(free: str, clause: Clause) -> bool:
    """Whether a clause is a need; a thing of every day must be one of the trade as well."""
    route = clause.route
    text = free[clause.start : clause.end]
    trade = _TRADE.search(text) is not None
    if _DEPARTMENT.fullmatch(text.strip(" ,")):
        return False
    return route.need and not (_EVERYDAY.search(text) and not trade and not route.sure)


def _opens_another(said: str) -> bool:
    """Whether a clause begins with a word that adds (顺便) and names a matter of the trade."""
    return _OPENER.match(said) is not None and _TRADE.search(said) is not None


def _may_part(border: str, left: str, right: str) -> bool:
    """Whether two parts can be two needs at all, before they are routed."""
    if len(left.strip()) < 2 or len(right.strip()) < 2:
        return False
    if _COMMA.fullmatch(border) and not border.strip(" ,"):
        return _ADDS.search(right) is not None
    return _TRADE.search(left) is not None and _TRADE.search(right) is not None


def _units(free: str) -> Iterator[tuple[int, int]]:
    """Sentences and lines, cut again before every word that opens another matter."""
    for found in _UNIT.finditer(free):
        cuts = [c.start() for c in _CONNECTOR.finditer(free, *found.span())]
        borders = [found.start(), *cuts, found.end()]
        for start, end in pairwise(borders):
            if free[start:end].strip(" ,"):
                yield start, end


def _groups(clauses: list[Clause]) -> list[list[Clause]]:
    """Clauses of one item together; an unsure clause joins the one before it."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        home = next((g for g in groups if g[0].route.item == clause.route.item), None)
        if home is None and groups and not (clause.route.firm or clause.apart):
            home = groups[-1]
        if home is None:
            groups.append([clause])
        else:
            home.append(clause)
    if len(groups) > 1 and not (groups[0][0].route.firm or groups[1][0].apart):
        first = groups.pop(0)
        groups[0] = [*first, *groups[0]]
    return groups


def _stands_alone(group: list[Clause], least: float) -> bool:
    """Whether a part of a message is a need of its own, whatever the rest asks for."""
    return any(clause.route.firm and clause.route.lead >= least for clause in group)


def _led_by(route: Route, group: list[Clause]) -> list[Clause]:
    """The group with its best clause's route replaced."""
    best = max(group, key=_evidence)
    return [replace(one, route=route) if one is best else one for one in group]


def _needs(text: Text, groups: list[list[Clause]]) -> Needs:
    if not groups:
        return Needs()
    guesses = tuple(_guess(text, group) for group in groups[:_MOST_NEEDS])
    best = [max(group, key=_evidence).route for group in groups]
    sure, firm = all(route.sure for route in best), all(route.firm for route in best)
    return Needs(guesses, sure, firm, best[0].guesses[1] if len(best[0].guesses) > 1 else None)


def _guess(text: Text, group: list[Clause]) -> NeedGuess:
    """The best clause's guess, with the words of the whole group in their order."""
    best = max(group, key=_evidence)
    ordered = sorted(group, key=lambda clause: clause.start)
    said = "\uff0c".join(_trimmed(text, clause) for clause in ordered)
    return replace(best.route.guesses[0], text=said)


def _trimmed(text: Text, clause: Clause) -> str:
    """The client's words of a clause, without hollow parts before and behind the matter."""
    said = text.quote(clause.start, clause.end)
    parts = [part for part in _PARTS.split(said) if part]
    kept = [n for n, part in enumerate(parts) if not _HOLLOW.fullmatch(part.strip())]
    if not kept:
        return said
    begin = said.find(parts[kept[0]])
    end = said.rfind(parts[kept[-1]]) + len(parts[kept[-1]])
    return said[begin:end].strip(" ,\uff0c\u3001;\uff1b:\uff1a\u3002")


def _evidence(clause: Clause) -> tuple[bool, float]:
    return clause.route.sure, clause.route.lead
