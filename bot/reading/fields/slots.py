"""The value that stands under a label: how far it reaches, and whether it can be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.reading.fields import labels as marks
from bot.reading.fields.addresses import find_address, labelled_address
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.labels import Label
from bot.reading.fields.names import (
    Person,
    find_person,
    find_position,
    may_be_name,
    read_person,
    read_position,
)
from bot.reading.fields.numbers import judge
from bot.reading.fields.phones import PhoneKind, find_phones
from bot.reading.fields.uscc import read_uscc
from bot.reading.reading import Refusal
from bot.reading.vocabulary import any_of, words

_STOP = re.compile(r"[;\u3002|\n]| {2,}|\t")
_STOP_IN_LINES = re.compile(r"[;\u3002|]| {2,}|\t")
_COMMA = re.compile(r"[,\u3001/]")
_GAP = re.compile(r"[ ,;:\t\u3001/|]*")
_DIGITS = re.compile(r"[0-9+(][0-9 .\-()]{4,24}")
_TOKEN = re.compile(r"[^\s,;\u3002|]{1,80}")
_ASKS = re.compile(any_of(words("labels", "asks")))
_SENTENCE = re.compile(r"[\u3002;]")
_COMES = re.compile(any_of((*words("facts", "later_window"), *words("facts", "later_post"))))
_EMPTY = re.compile(any_of(words("labels", "empty")) + r"\s*$")
# right behind a label without any mark: 证书单位同申请人
_SAME = re.compile(rf"{any_of(words('labels', 'same_as'))}(?=$|[\s,;!\u3002\u3400-\u9fff])")
_TOLD = re.compile(
    rf"[0-9](?:[ ]?{any_of(words('aptness', 'measures'))})|{any_of(words('labels', 'invoices'))}"
)
_PUNCTUATION = " ,;!\u3002\n"
_SURE_MARKS = (marks.COLON, marks.LINE)


@dataclass(frozen=True)
class Slot:
    """One value: its span, and its normal form where that differs from the client's words."""

    name: str
    start: int
    end: int
    value: str | None = None
    refusal: Refusal | None = None
    person: Person | None = None


type_of_reader = Callable[[str, int, int, Label], list[Slot]]


def read_slots(field: str, plain: str, start: int, end: int, label: Label) -> list[Slot]:
    """The slots that a label's region fills; none: it was no label, or had no value."""
    start = _GAP.match(plain, start, end).end()  # type: ignore[union-attr]
    if start >= end or _EMPTY.match(plain, start, end):
        return []
    if field.startswith(marks.MATERIAL):
        return _material(field, plain, start, end, label)
    return _READERS[field](plain, start, end, label)


def _phone(plain: str, start: int, end: int, _: Label) -> list[Slot]:
    found = find_phones(plain[start:end])
    if not found:
        digits = _DIGITS.search(plain, start, end)
        if digits is None:
            return []
        refusal = Refusal(digits.group().strip(), judge(digits.group()))
        return [Slot("phone", digits.start(), digits.end(), refusal=refusal)]
    first = next((phone for phone in found if phone.kind is PhoneKind.MOBILE), found[0])
    others = [Slot("", start + p.start, start + p.end) for p in found if p is not first]
    return [Slot("phone", start + first.start, start + first.end, first.value), *others]


def _contact(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    read = read_person if label.mark in _SURE_MARKS else find_person
    person = read(plain, start, end)
    if person is None and label.mark == marks.FIX:
        person = _short_name(plain, start, end)
    if person is None:
        return []
    slots = [Slot("contact", person.start, person.end, person=person)]
    if person.position:
        slots.append(Slot("position", person.end, person.end, person.position))
    return slots


def _short_name(plain: str, start: int, end: int) -> Person | None:
    """Whatever a correction gives as a name, if it is as short as one and no phrase."""
    person = read_person(plain, start, end)
    if person is None or not 2 <= len(person.name) <= 4 or not may_be_name(person.name):
        return None
    return person


def _position(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    span = read_position(plain, start, end)
    if span is None or _asks(plain, *span, label):
        return []
    if label.mark not in (*_SURE_MARKS, marks.FIX) and not find_position(plain, *span):
        return []
    return [Slot("position", *span)]


def _applicant(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    stop = _stop(plain, start, end)
    found = find_applicant(plain, start, stop)
    if label.mark in _SURE_MARKS:
        if found and found.start == start:
            return [
                Slot(
                    "applicant",
                    start,
                    found.end if found.clear else _before_comma(plain, start, stop),
                )
            ]
        return [Slot("applicant", start, _before_comma(plain, start, stop))]
    if found:
        return [Slot("applicant", found.start, found.end)]
    person = find_person(plain, start, stop) if label.mark != marks.NOTHING else None
    return [Slot("applicant", person.start, person.end)] if person else []


def _address(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    stop = _before_phone(plain, start, _stop(plain, start, end, lines=True))
    if label.mark not in _SURE_MARKS:
        found = find_address(plain, start, stop)
        return [Slot("address", found.start, found.end)] if found and found.exact else []
    address = labelled_address(plain, start, stop)
    if address and _goes_on_as_other(plain, address.end, stop):
        stop = address.end
    return [Slot("address", start, stop)]


def _sentence(name: str) -> Callable[[str, int, int, Label], list[Slot]]:
    def read(plain: str, start: int, end: int, label: Label) -> list[Slot]:
        if label.mark == marks.NOTHING or _asks(plain, start, end, label):
            return []
        if not label.opens and label.mark != marks.FIX:
            return []
        stop = end if name == "need" else _stop(plain, start, end)
        return [Slot(name, start, _before_phone(plain, start, stop))]

    return read


def _uscc(plain: str, start: int, end: int, _: Label) -> list[Slot]:
    token = re.compile(r"[0-9A-Za-z][0-9A-Za-z \-]{4,40}").search(plain, start, end)
    if token is None:
        return []
    code = read_uscc(token.group())
    if isinstance(code, Refusal):
        return [Slot("uscc", *token.span(), refusal=code)]
    return [Slot("uscc", *token.span(), code)]


def _noise(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    token = _TOKEN.match(plain, start, end)
    if token is None or (label.mark not in _SURE_MARKS and not token.group()[0].isascii()):
        return []
    return [Slot("", *token.span())]


def _material(field: str, plain: str, start: int, end: int, label: Label) -> list[Slot]:
    same = _SAME.match(plain, start, end)
    told = same or _TOLD.search(plain, start, end)
    if (label.mark == marks.NOTHING and not told) or _asks(plain, start, end, label):
        return []
    stop = same.end() if same else _before_promise(plain, start, end)
    while stop > start and plain[stop - 1] in _PUNCTUATION:
        stop -= 1
    return [Slot(field, start, stop)]


def _before_promise(plain: str, start: int, end: int) -> int:
    """Where a sentence begins that tells how other materials will come."""
    for border in _SENTENCE.finditer(plain, start, end):
        if _COMES.search(plain, border.end(), end):
            return border.start()
    return end


_READERS: Mapping[str, type_of_reader] = {
    "applicant": _applicant,
    "contact": _contact,
    "position": _position,
    "phone": _phone,
    "address": _address,
    "business": _sentence("business"),
    "need": _sentence("need"),
    "uscc": _uscc,
    marks.NOISE: _noise,
}


def _stop(plain: str, start: int, end: int, *, lines: bool = False) -> int:
    """Where a value ends by itself; `lines`: it may go on behind a line end."""
    found = (_STOP_IN_LINES if lines else _STOP).search(plain, start, end)
    return found.start() if found else end


def _before_comma(plain: str, start: int, stop: int) -> int:
    found = _COMMA.search(plain, start, stop)
    return found.start() if found and not plain[start : found.start()].isascii() else stop


def _before_phone(plain: str, start: int, stop: int) -> int:
    found = find_phones(plain[start:stop])
    return start + found[0].start if found else stop


def _goes_on_as_other(plain: str, start: int, stop: int) -> bool:
    """Whether what follows an address is a person or a unit rather than its last words."""
    if not plain[start:stop].strip(" ,"):
        return False
    if plain[start] == ",":
        return True
    return bool(find_person(plain, start, stop) or find_applicant(plain, start, stop))


def _asks(plain: str, start: int, end: int, label: Label) -> bool:
    """Whether a weakly marked value is a question instead."""
    return label.mark not in _SURE_MARKS and _ASKS.search(plain, start, end) is not None
