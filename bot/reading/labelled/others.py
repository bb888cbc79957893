"""Lines of a block whose label is none of ours: another's, a need in other words, or a title."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bot.reading.fields.addresses import labelled_address
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.names import find_position
from bot.reading.fields.phones import find_phones
from bot.reading.labelled.contacts import labelled_person
from bot.reading.labelled.meanings import FOREIGN
from bot.reading.labelled.values import is_empty, trimmed
from bot.reading.vocabulary import any_of, any_pattern, words

_LINE = re.compile(
    r"^[^\w\n(]{0,6}(?:[0-9]{1,2}[.\u3001):][ ]?)?"
    r"(?P<label>[\u3400-\u9fff]{2,10}|[A-Za-z][A-Za-z .\-]{1,24})"
    r"(?:\([^()\n]{1,20}\))?[*\"'\u3011\]]{0,2}[ \t]{0,4}(?:[:=|\u2192]|-{2})"
    r"(?P<value>[^\n]{0,400})",
    re.MULTILINE,
)
_NEED = re.compile(rf"{any_of(words('labels', 'other_needs'))}$")
_OTHER = re.compile(rf"{any_of(words('labels', 'others'))}$")
_ASKS_FOR = re.compile(any_pattern(words("values", "asks_for")))
# so many fields make a block in which no line is without a label
_FEWEST = 3
_NONE = re.compile(any_of(words("labels", "no_label")))


@dataclass(frozen=True)
class Other:
    """A line with its label and what may be made of its value; the field may be foreign."""

    field: str
    title: str
    start: int
    end: int
    value: tuple[int, int]


def find_others(plain: str, known: Collection[str]) -> Iterator[Other]:
    """Every line that begins with a word, a colon and a value.

    `known`: the fields that labels of ours give; in a block of several a line like the others is
    somebody else's, unless it may hold what is still missing.
    """
    for found in _LINE.finditer(plain):
        value = trimmed(plain, *found.span("value"))
        if is_empty(plain, *value) or _NONE.match(found["label"]):
            continue
        field = _field_of(found["label"])
        if field == "contact" and (field in known or labelled_person(plain, *value) is None):
            field = FOREIGN
        if field is None and len(known) >= _FEWEST and not _may_be_missed(plain, value, known):
            field = FOREIGN
        if field is not None:
            title = found["label"] if field == "contact" else ""
            yield Other(field, title, found.start(), found.end(), value)


def _field_of(label: str) -> str | None:
    if find_position(label, 0, len(label)):
        return "contact"
    if _NEED.search(label):
        return "need"
    return FOREIGN if _OTHER.search(label) else None


def _may_be_missed(plain: str, value: tuple[int, int], known: Collection[str]) -> bool:
    """Whether it asks for something, or is of a sort that no label gives."""
    said = plain[slice(*value)]
    return bool(
        _ASKS_FOR.search(said)
        or ("phone" not in known and find_phones(said))
        or ("applicant" not in known and find_applicant(plain, *value))
        or ("address" not in known and labelled_address(plain, *value))
    )
