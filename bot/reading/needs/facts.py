"""Facts said in words: the conditions of the catalogue, and what is promised for later."""

import re
from collections.abc import Iterable, Iterator

from bot.domain.catalog import Catalog, Condition, MaterialKind, MaterialNote
from bot.reading.normalise import fold
from bot.reading.vocabulary import any_of, any_run_of, keys, words

_FILE = "facts"
_NEGATED = re.compile(rf"{any_of(words(_FILE, 'negations'))}.{{0,2}}$")
_ASKED = re.compile(rf"[^\n,;\u3002]{{0,12}}?(?:{any_of(words(_FILE, 'questions'))})")
_YES, _NO = any_of(words(_FILE, "yes")), any_of(words(_FILE, "no"))
_HEAD = re.compile(rf"^{any_of(words(_FILE, 'question_heads'))}")
_NOTE = re.compile(r"[(\uff08].*")
_WAYS = {
    "post": re.compile(any_of(words(_FILE, "later_post"))),
    "window": re.compile(any_of(words(_FILE, "later_window"))),
    "": re.compile(any_of(words(_FILE, "later"))),
}
_REST = any_run_of(
    word
    for key in ("everything", "promise_fillers", "later", "later_window", "later_post")
    for word in words(_FILE, key)
)
_PROMISE = re.compile(rf"(?:{_REST}|[ ,])+")
_MARKS = " ,.!~\u3001"
_CLAUSE = re.compile(r"[^\n;\u3002!?]+")
_PIECE = re.compile(r"[^,\uff0c]+")
_TAILS = words(_FILE, "material_tails")
_LONGEST = 3000
# 回头补, 窗口交: a shorter one is no promise
_SHORTEST_PROMISE, _LONGEST_PROMISE = 3, 40


class Facts:
    """Which conditions a text decides, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        said = dict(_said(catalog.conditions))
        self._said = said
        self._phrase = re.compile(any_of(said)) if said else None
        forms = {core: one.id for one in catalog.conditions for core in _cores(one)}
        self._forms = forms
        self._form = re.compile(
            rf"(?P<core>{any_of(forms)})[ ]?[:?][ ]?(?:(?P<no>{_NO})|(?P<yes>{_YES}))"
            r"(?=[\s,;\u3002]|$)"
        )

    def read(self, plain: str) -> dict[str, bool]:
        """Condition -> what the text says of it; what it asks is not said."""
        facts: dict[str, bool] = {}
        disputed: set[str] = set()
        text = plain[:_LONGEST]
        for found in self._phrase.finditer(text) if self._phrase else ():
            if _ASKED.match(text, found.end()):
                continue
            condition, value = self._said[found.group()]
            if value and _NEGATED.search(text[max(0, found.start() - 6) : found.start()]):
                value = False
            if facts.setdefault(condition, value) is not value:
                disputed.add(condition)
        for found in self._form.finditer(text) if self._forms else ():
            facts[self._forms[found["core"]]] = found["no"] is None
        return {condition: facts[condition] for condition in facts if condition not in disputed}

    def without_denials(self, plain: str) -> str:
        """The text with every phrase blanked out that denies a fact: it asks for nothing."""
        if self._phrase is None:
            return plain
        return self._phrase.sub(self._blank_denial, plain)

    def _blank_denial(self, found: re.Match[str]) -> str:
        _, value = self._said[found.group()]
        before = found.string[max(0, found.start() - 6) : found.start()]
        denied = not value or _NEGATED.search(before) is not None
        return " " * len(found.group()) if denied else found.group()


class Later:
    """Which materials a text promises for another day or another way, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._names = _aliases(_called(catalog))
        # what is brought is meant by its own name: 样品 is not also 样品信息
        brought = (one for item in catalog.items for one in item.materials)
        self._names |= {
            fold(one.name): {one.name} for one in brought if one.kind is MaterialKind.BRING
        }
        self._name = re.compile(any_of(self._names)) if self._names else None

    def read(self, plain: str) -> tuple[dict[str, str], str | None]:
        """The catalogue names of those materials with the way they will come, and the way that
        all of them will, where none is named; the way is `window`, `post` or not said.
        """
        found: dict[str, str] = {}
        everything: str | None = None
        for clause in _CLAUSE.finditer(plain[:_LONGEST]):
            way = _way(clause.group())
            if way is None:
                continue
            named = self._in_clause(clause.group(), way)
            found.update(named)
            if not named and is_promise(clause.group()):
                everything = way
        return found, everything

    def _in_clause(self, clause: str, way: str) -> dict[str, str]:
        """The materials of a clause, each with the way told with it or behind it."""
        found: dict[str, str] = {}
        waiting: list[str] = []
        for piece in _PIECE.finditer(clause):
            names = self._name.finditer(piece.group()) if self._name else ()
            waiting += [one for name in names for one in sorted(self._names[name.group()])]
            told = _way(piece.group())
            if told is not None:
                way = told
                found.update(dict.fromkeys(waiting, way))
                waiting = []
        return found | dict.fromkeys(waiting, way)


def _way(clause: str) -> str | None:
    """How it will come; None if the clause promises nothing."""
    return next((way for way, pattern in _WAYS.items() if pattern.search(clause)), None)


def is_promise(clause: str) -> bool:
    """Whether a clause is a promise and nothing else: 材料都窗口交, 到时候一起带过去, 回头补."""
    bare = clause.strip(_MARKS)
    fits = _SHORTEST_PROMISE <= len(bare) <= _LONGEST_PROMISE
    return fits and _PROMISE.fullmatch(bare) is not None


def _said(conditions: Iterable[Condition]) -> Iterator[tuple[str, tuple[str, bool]]]:
    for condition in conditions:
        for phrase in condition.yes:
            yield fold(phrase), (condition.id, True)
        for phrase in condition.no:
            yield fold(phrase), (condition.id, False)


def _cores(condition: Condition) -> Iterator[str]:
    """The question as a form prints it: 是否为进口产品？ -> 进口产品, 是否为进口产品."""
    question = _NOTE.sub("", condition.question.rstrip("?\uff1f"))
    if len(question) <= 20:
        yield question
        core = _HEAD.sub("", question)
        if len(core) >= 2:
            yield core
    if condition.id in keys(_FILE):
        yield from words(_FILE, condition.id)


def _called(catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Every material, also one that stands in for another: its name, and what it is called."""
    for item in catalog.items:
        for material in (*item.materials, *catalog.standing):
            yield from ((material.name, said) for said in (material.name, *material.labels))
    for rule in catalog.substitutes:
        if rule.to is not None:
            note = catalog.materials.get(rule.to, MaterialNote())
            yield from ((rule.to, said) for said in (rule.to, *note.labels))


def _aliases(called: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """What people call a material -> its names: with and without 复印件 and the like."""
    table: dict[str, set[str]] = {}
    for name, said in called:
        table.setdefault(fold(said), set()).add(name)
        for tail in _TAILS:
            short = fold(said).removesuffix(tail)
            if short != fold(said) and len(short) >= 4:
                table.setdefault(short, set()).add(name)
        # people say the end of a long name: 布局图, 工艺流程图
        for begin in range(2, len(said) - 2):
            table.setdefault(fold(said)[begin:], set()).add(name)
    return table
