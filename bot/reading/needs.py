"""The needs of one message: its clauses, where each belongs, and which of them are one need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.reading.normalise import Text
from bot.reading.reading import NeedGuess
from bot.reading.router import Route, Router
from bot.reading.vocabulary import any_of, words

_STRONG = any_of(words("router", "strong_connectors"))
_WEAK = any_of(words("router", "weak_connectors"))
_CLAUSE = re.compile(rf"[^\n,;\u3002\uff0c\uff1b\uff01\uff1f!?\t]+")
_NEVER = re.compile(any_of(words("router", "never")))
_TRADE = re.compile(any_of(words("router", "trade")), re.IGNORECASE)
_CONNECTOR = re.compile(rf"(?<=.){_STRONG}")
_JOINT = re.compile(rf"(?<=..)(?:{_WEAK}|\u3001)(?=..)")
_FLOOR, _CLEAR = 0.2, 0.3
# no message has more needs than this, and no client writes more clauses about them
_MOST_CLAUSES, _MOST_NEEDS = 24, 6


@dataclass(frozen=True)
class Clause:
    """A part of the message, and where it belongs."""

    start: int
    end: int
    route: Route


@dataclass(frozen=True)
class Needs:
    """All needs, best guess each; `sure` if each is; `second` for the first of them."""

    guesses: tuple[NeedGuess, ...] = ()
    sure: bool = False
    second: NeedGuess | None = None


def find_needs(text: Text, free: str, router: Router, *, asked: bool = False) -> Needs:
    """What is asked for in the free characters; `asked`: a label says that they ask."""
    clauses = [c for c in _clauses(free, router) if _is_need(free, c) or (asked and c.route.best)]
    if not clauses:
        return Needs()
    groups = _groups(clauses)
    guesses = tuple(_guess(text, group, free) for group in groups)
    first = groups[0][0].route
    sure = all(any(clause.route.sure for clause in group) for group in groups)
    second = first.guesses[1] if len(first.guesses) > 1 else None
    return Needs(guesses[:_MOST_NEEDS], sure, second)


def _clauses(free: str, router: Router) -> Iterator[Clause]:
    count = 0
    for found in _CLAUSE.finditer(free):
        if not found.group().strip():
            continue
        for start, end in _split(free, *found.span(), router):
            yield Clause(start, end, router.route(free[start:end]))
            count += 1
            if count >= _MOST_CLAUSES:
                return


def _split(free: str, start: int, end: int, router: Router) -> list[tuple[int, int]]:
    """One clause, cut before every strong connector, and at 和 where both halves stand alone."""
    cuts = [found.start() for found in _CONNECTOR.finditer(free, start, end)]
    borders = [start, *cuts, end]
    pieces = list(zip(borders, borders[1:], strict=False))
    return [part for piece in pieces for part in _halves(free, *piece, router)]


def _halves(free: str, start: int, end: int, router: Router) -> list[tuple[int, int]]:
    for found in _JOINT.finditer(free, start, end):
        left, right = (
            router.route(free[start : found.start()]),
            router.route(free[found.end() : end]),
        )
        if (
            left.sure
            and right.sure
            and left.best
            and right.best
            and left.best.item != right.best.item
        ):
            if _TRADE.search(free, start, found.start()) and _TRADE.search(free, found.end(), end):
                return [(start, found.start()), (found.end(), end)]
    return [(start, end)]


def _is_need(free: str, clause: Clause) -> bool:
    """Whether a clause asks for something we do, rather than brushing one of its words."""
    best = clause.route.best
    text = _NEVER.sub(" ", free[clause.start : clause.end])
    if best is None or best.score < _FLOOR:
        return False
    if text != free[clause.start : clause.end] and not _TRADE.search(text):
        return False
    return best.score >= _CLEAR or _TRADE.search(text) is not None


def _groups(clauses: list[Clause]) -> list[list[Clause]]:
    """Clauses of one item together; an unsure clause joins the one before it."""
    groups: list[list[Clause]] = []
    for clause in clauses:
        home = next((group for group in groups if _same(group[0], clause)), None)
        if (
            home is None
            and groups
            and not (clause.route.sure and clause.route.guesses[0].score >= _CLEAR)
        ):
            home = groups[-1]
        if home is None:
            groups.append([clause])
        else:
            home.append(clause)
    return groups


def _same(one: Clause, other: Clause) -> bool:
    first, second = one.route.guesses[0], other.route.guesses[0]
    return first.item == second.item and first.category == second.category


def _guess(text: Text, group: list[Clause], free: str) -> NeedGuess:
    """The best clause's guess, with the words of the whole group."""
    best = max(group, key=lambda clause: clause.route.guesses[0].score)
    said = "\uff0c".join(text.quote(clause.start, clause.end) for clause in group)
    return replace(best.route.guesses[0], text=said)
