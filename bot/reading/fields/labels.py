"""Where labels stand in a text, and for which field; names of materials are labels too."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.domain.catalog import Catalog, Material, MaterialKind
from bot.reading.normalise import fold
from bot.reading.vocabulary import any_of, keys, words

FIELDS = ("applicant", "contact", "position", "phone", "address", "business", "need", "uscc")
NOISE = "noise"
MATERIAL = "material:"

_BULLET = (
    r"(?:[\-*\u2022\u00b7\u25cf\u25cb\u25c6\u25a0\u25a1\u25b6\u25ba>\[({\u3010\u300a\u300c#]"
    r"|[0-9]{1,2}[ ]?[.\u3001):\uff0e]|[\u2460-\u2473]|[\(][0-9]{1,2}[\)])"
)
_BORDER = r"(?:^|(?<=[\n,;|/\t\u3002\uff0c\uff1b\u3001!?~ \u3011\]]))"
_VERB = re.compile(any_of(words("corrections", "verbs")))
_OPENING = rf"[ \t]*(?:{_BULLET}[ \t]*){{0,3}}"
_CLOSING = r"[\])}\u3011\u300b\u300d]?"


@dataclass(frozen=True)
class Label:
    """A label found: the fields it names, where it begins, and where its value may begin.

    `mark` is what stood between: a colon, a copula, a gap or nothing; `opens` says whether
    the label begins a line or a part of one.
    """

    fields: tuple[str, ...]
    word: str
    start: int
    end: int
    mark: str
    opens: bool
    corrects: bool = False


_ERROR = any_of(words("corrections", "error"))
_BECOMES = any_of(words("corrections", "becomes"))
_FILLER = rf"{any_of(words('corrections', 'fillers'))}{{0,3}}"
_FIX = (
    rf"{_FILLER}{_ERROR}[\s,;:.!\u3002\u2026]{{0,3}}(?:{_BECOMES}[ :]?)?"
    rf"|[ ,]?{any_of(word for word in words('corrections', 'becomes') if len(word) > 1)}[ :]?"
)

COLON, FIX, COPULA, GAP, LINE, NOTHING = "colon", "fix", "copula", "gap", "line", "nothing"


class Labels:
    """Every label there is, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._fields = _label_table(catalog)
        self._glued = frozenset(words("labels", "glued"))
        label = self.any = any_pattern_spaced(self._fields)
        copula = any_of(words("labels", "copula"))
        own = any_of(
            (
                *words("labels", "own"),
                *words("corrections", "verbs"),
                *words("corrections", "wishes"),
            )
        )
        joint = any_of(words("labels", "joint"))
        self._pattern = re.compile(
            rf"(?P<opens>{_BORDER}{_OPENING}(?P<own>(?:{own}){{1,3}})?)?"
            rf"(?P<label>{label})(?:[ ]{{0,2}}{joint}[ ]{{0,2}}(?P<second>{label}))?"
            rf"{_CLOSING}(?:(?P<colon>[ \t]{{0,8}}[:=]+[ \t]*)|(?P<fix>{_FIX})"
            rf"|(?P<copula>[ ]?{copula}[ ]?)|(?P<gap>[ \t\u3001,]{{1,8}})"
            r"|(?P<line>[ \t]{0,4}(?=\n|$))|)",
        )

    def find(self, plain: str) -> Iterator[Label]:
        """Whatever may be a label, in order; whether it is one depends on its value."""
        position = 0
        while found := self._pattern.search(plain, position):
            start = _own_start(plain, found)
            word = re.sub(r"[ ]", "", found["label"])[start - found.start("label") :]
            if word in self._fields:
                yield self._label(found, word, start)
            position = max(found.end("label"), found.end("second"))

    def _label(self, found: re.Match[str], word: str, start: int) -> Label:
        fields = [*self._fields[word]]
        if found["second"]:
            fields += self._fields[re.sub(r"[ ]", "", found["second"])]
        kept = tuple(dict.fromkeys(fields))
        opens = found["opens"] is not None and start == found.start("label")
        begin = found.start() if opens else start
        corrects = found[FIX] is not None or _VERB.search(found["own"] or "") is not None
        return Label(kept, word, begin, found.end(), _mark(found), opens, corrects)

    def field_of(self, label: str) -> str:
        """The field (or material name) a label stands for."""
        return self._fields[label.replace(" ", "")][0].removeprefix(MATERIAL)

    def may_stand_inside(self, word: str) -> bool:
        """Whether this label is specific enough to be one in the middle of a line."""
        return word in self._glued


def any_pattern_spaced(labels: Iterable[str]) -> str:
    """A pattern for any label, its Han characters possibly set apart by blanks."""
    ordered = sorted(set(labels), key=lambda word: (-len(word), word))
    # one look at the first character saves hundreds of tries wherever no label begins
    begins = "".join(sorted({re.escape(word[0]) for word in ordered}))
    return f"(?:(?=[{begins}])(?:" + "|".join(_spaced(word) for word in ordered) + "))"


def _spaced(word: str) -> str:
    if word.isascii() or len(word) > 6:
        return rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])" if word.isascii() else re.escape(word)
    return "[ ]{0,4}".join(map(re.escape, word))


def _own_start(plain: str, found: re.Match[str]) -> int:
    """Behind the tail of a company name that the label swallowed (`..有限公司地址`)."""
    start = found.start("label")
    for tail in words("orgs", "label_like"):
        before = plain[max(0, start - 2) : start]
        if found["label"].startswith(tail) and before in words("orgs", "before_label_like"):
            return start + len(tail)
    return start


def _mark(found: re.Match[str]) -> str:
    for mark in (COLON, FIX, COPULA, GAP, LINE):
        if found[mark] is not None:
            return mark
    return NOTHING


def _label_table(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Label -> what it may stand for, a field first; which it is, decides what is asked for."""
    table: dict[str, dict[str, None]] = {}
    for field in keys("labels"):
        if field in FIELDS or field == NOISE:
            for label in words("labels", field):
                table.setdefault(label, {})[field] = None
    for material in _materials(catalog):
        for label in map(fold, (material.name, *material.labels, *_short(material))):
            table.setdefault(label, {})[MATERIAL + material.name] = None
    return {label: tuple(meanings) for label, meanings in table.items()}


def _short(material: Material) -> Iterator[str]:
    """What a list that is to be written is called for short."""
    if material.kind is MaterialKind.TYPED:
        yield from (end for end in words("labels", "list_ends") if material.name.endswith(end))


def _materials(catalog: Catalog) -> Iterator[Material]:
    for item in catalog.items:
        yield from item.materials
    yield from catalog.standing
