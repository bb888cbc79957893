"""The value that stands under a label: what of it fills a slot, and whether it can be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.reading.fields import labels as marks
from bot.reading.fields.addresses import Address, find_address, labelled_address
from bot.reading.fields.applicants import behind_lead, find_applicant
from bot.reading.fields.labels import Label
from bot.reading.fields.names import Person, find_person, find_position
from bot.reading.fields.numbers import judge
from bot.reading.fields.phones import Phone, PhoneKind, find_phones
from bot.reading.fields.uscc import read_uscc
from bot.reading.labelled.contacts import labelled_person, short_name
from bot.reading.labelled.meanings import FOREIGN, MATERIAL, NOISE
from bot.reading.labelled.values import before_postcode, is_empty, is_same, lead, stop_of, trimmed
from bot.reading.reading import Refusal
from bot.reading.vocabulary import any_of, any_pattern, words

_COMMA = re.compile(r"[,\u3001/]")
_LEGAL_TAIL = re.compile(r"[ ]?(?:Ltd|Inc|LLC|Limited|GmbH|Corp|S\.A|PLC|L\.L\.C)", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9+(][0-9 .\-()]{4,24}")
_TOKEN = re.compile(r"[^\s,;\u3002|]{1,80}")
_ASKS = re.compile(any_of(words("values", "asks")))
_DENIES = re.compile(any_of(words("values", "denies")))
_SENTENCE = re.compile(r"[\u3002;]")
_COMES = re.compile(any_of((*words("facts", "later_window"), *words("facts", "later_post"))))
# right behind a label without any mark: 证书单位同申请人
_SAME = re.compile(rf"{any_of(words('labels', 'same_as'))}(?=$|[\s,;!\u3002\u3400-\u9fff])")
_TOLD = re.compile(
    rf"[0-9](?:[ ]?{any_of(words('aptness', 'measures'))})|{any_of(words('labels', 'invoices'))}"
)
_PUNCTUATION = " ,;!\u3002\n"
# no value of these is longer, and what follows it need not be looked through for it
_SHORT_FIELDS = frozenset({"applicant", "contact", "position", "phone", "address", "uscc"})
_LONGEST = 160
_NOBODY = frozenset(words("values", "nobody"))
_SELF = frozenset(words("values", "self"))
# a label that is none of ours, behind a need; the boxes of a form
_NEXT = re.compile(r"(?:[;\u3002]| {2,}|\t)[ ]?(?=[\u3400-\u9fff]{2,6}:)")
# 鳙鱼；小龙虾 is one value; behind it a sentence begins
_BUSINESS_END = re.compile(
    r"[|\n\u3002]|(?:;| {2,}|\t)[ ]?"
    rf"(?={any_of(words('values', 'talk'))}|[\u3400-\u9fff]{{2,8}}[:=])"
)
_UNTICKED = re.compile("[\u25a1\u2610\u25cb]")
_TICKED = re.compile(
    "[\u2611\u2612\u2713\u2714\u221a\u25a0\u25cf\u2705](?P<said>[^\u25a1\u2610\u25cb\u2611\u2612\u2713\u2714"
    "\u221a\u25a0\u25cf\u2705\n]{1,40})"
)
_ASKS_FOR = re.compile(any_pattern(words("values", "asks_for")))
_HAN = re.compile(r"[\u3400-\u9fff]")
# 买春花, 库尔班·艾力, Jason Xu
_NAME = re.compile(
    r"[\u3400-\u9fff]{2,4}|[\u3400-\u9fff]+\u00b7[\u3400-\u9fff]+|[A-Za-z.]+ [A-Za-z]+"
)
_POSITION_END = re.compile(r"[,;\u3002|\n\t]| {2,}|[ ]?(?=[0-9+]{3})")
_TALK = re.compile(rf"[ ,;!\u3002]+{any_of(words('values', 'talk'))}")
_PLACE = re.compile(rf"[0-9]|{any_of((*words('regions', 'place'), *words('regions', 'way')))}")
_LONGEST_POSITION = 40
_LONGEST_TOLD_POSITION = 8
_UNITS, _SHORT = words("names", "units"), 5
# between a label and a number without a mark: a name, or nothing
_BEFORE_NUMBER = 4
# the units that may go on behind a legal ending: ..有限公司检测中心
_UNIT_ENDS = [end for key in ("weak", "institution", "branch") for end in words("orgs", key)]
_PART_OF_UNIT = re.compile(rf"[\u3400-\u9fff()]{{0,12}}{any_of(_UNIT_ENDS)}(?=$|[\s,;(])")
# 电话又换了，改成139…
_CHANGED = re.compile(
    any_of(word for key in ("error", "becomes") for word in words("corrections", key) if word[1:])
)
EITHER, SELF, REMARK = "either", "self", "remark"


@dataclass(frozen=True)
class Slot:
    """One value: its span, and its normal form where that differs from the client's words.

    `late`: it counts only where no other label gives the same field.
    """

    name: str
    start: int
    end: int
    value: str | None = None
    refusal: Refusal | None = None
    person: Person | None = None
    mobile: bool = False
    late: bool = False


type_of_reader = Callable[[str, int, int, Label], list[Slot]]


def read_slots(field: str, plain: str, start: int, end: int, label: Label) -> list[Slot]:
    """The slots that a label's region fills; none: it was no label, or had no value."""
    if field.startswith(MATERIAL):
        start = lead(plain, start, end)
        empty = is_empty(plain, start, end)
        return [] if empty else _material(field, plain, start, end, label)
    if field in _SHORT_FIELDS:
        end = min(end, lead(plain, start, end) + _LONGEST)
    start, end = trimmed(plain, start, end)
    if is_empty(plain, start, end):
        return []
    if field != "contact" and is_same(plain, start, end):
        return []
    return _READERS[field](plain, start, end, label)


def _phone(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    found = find_phones(plain[start:end].replace("_", " "))
    if label.mark == marks.NOTHING and not _touches(plain, start, end, found):
        return []
    if not found:
        digits = _DIGITS.search(plain, start, end)
        if digits is None:
            return []
        refusal = Refusal(digits.group().strip(), judge(digits.group()))
        return [Slot("phone", digits.start(), digits.end(), refusal=refusal)]
    first = next((phone for phone in found if phone.kind is PhoneKind.MOBILE), found[0])
    others = [Slot("", start + p.start, start + p.end) for p in found if p is not first]
    mobile = first.kind is PhoneKind.MOBILE
    span = start + first.start, start + first.end
    return [Slot("phone", *span, first.value, mobile=mobile), *others]


def _touches(plain: str, start: int, end: int, found: tuple[Phone, ...]) -> bool:
    """Whether a number follows its label at once, or behind no more than a name."""
    if found:
        between = plain[start : start + found[0].start]
        return len(between) <= _BEFORE_NUMBER or _CHANGED.search(between) is not None
    return _DIGITS.match(plain, start, end) is not None


def _contact(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    if label.sure:
        span = trimmed(plain, start, stop_of(plain, start, end))
        if plain[slice(*span)] in _SELF:
            return [Slot(SELF, *span)]
        person = labelled_person(plain, *trimmed(plain, start, end))
    else:
        person = find_person(plain, start, end)
    if person is None and label.mark == marks.FIX:
        person = short_name(plain, start, end)
    return [] if person is None else _of_person(person)


def _of_person(person: Person) -> list[Slot]:
    stop = person.at + len(person.name)
    latin = re.search(r"[^\W\d_]", _HAN.sub("", person.name)) is not None
    slots = [
        Slot(
            "contact",
            person.at if latin else person.start,
            stop if latin else person.end,
            person=None if latin else person,
        )
    ]
    if person.position:
        slots.append(Slot("position", person.end, person.end, person.position))
    return slots


def _position(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    span = trimmed(plain, start, _position_end(plain, start, end))
    said = plain[slice(*span)]
    if not said or len(said) > _LONGEST_POSITION or is_empty(plain, *span):
        return []
    if label.sure or label.mark == marks.FIX:
        return [] if label.mark == marks.FIX and _ASKS.search(said) else [Slot("position", *span)]
    told = label.mark == marks.COPULA and len(said) <= _LONGEST_TOLD_POSITION
    if (told and not _ASKS.search(said) and not _DENIES.match(said)) or find_position(plain, *span):
        return [Slot("position", *span)]
    return []


def _position_end(plain: str, start: int, end: int) -> int:
    """To the next mark; over a blank only to more of a title (`设备科 科长`, `General Manager`)."""
    found = _POSITION_END.search(plain, start, end)
    stop = found.start() if found else end
    blank = plain.find(" ", start, stop)
    while 0 <= blank < stop:
        border = plain.find(" ", blank + 1, stop)
        border = stop if border < 0 else border
        more = plain[blank + 1 : border]
        latin = more.isascii() and plain[blank - 1].isascii()
        if not latin and not _goes_on_as_title(plain[start:blank], more):
            return blank
        blank = border
    return stop


def _goes_on_as_title(said: str, more: str) -> bool:
    """质量部 副部长, 设备科 科长."""
    return find_position(more, 0, len(more)) or (said.endswith(_UNITS) and len(more) <= _SHORT)


def _applicant(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    stop = stop_of(plain, start, end, lines=True)
    if label.sure:
        return _labelled_applicant(plain, start, _before_phone(plain, start, stop), label)
    found = find_applicant(plain, start, stop)
    if found:
        return [Slot("applicant", behind_lead(plain, found.start, found.end), found.end)]
    person = find_person(plain, start, stop) if label.mark != marks.NOTHING else None
    return [Slot("applicant", person.start, person.end)] if person else []


def _labelled_applicant(plain: str, start: int, stop: int, label: Label) -> list[Slot]:
    found = find_applicant(plain, start, stop)
    if found and found.start == start and found.clear:
        more = _PART_OF_UNIT.match(plain, found.end, stop)
        stop = more.end() if more else found.end
    else:
        stop = _before_comma(plain, start, stop)
    span = trimmed(plain, behind_lead(plain, start, stop), stop)
    said = plain[slice(*span)]
    if said in _NOBODY or is_empty(plain, *span):
        return []
    name = EITHER if label.meaning.either and not found and _NAME.fullmatch(said) else "applicant"
    return [Slot(name, *span)]


def _address(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    stop = _before_phone(plain, start, stop_of(plain, start, end, lines=True))
    if not label.sure:
        found = find_address(plain, start, stop)
        return [Slot("address", found.start, found.end)] if found and found.exact else []
    address = labelled_address(plain, start, stop)
    if address and _goes_on_as_other(plain, address, stop):
        stop = address.end
    talk = _TALK.search(plain, address.end if address else start + 1, stop)
    stop = talk.start() if talk else stop
    span = trimmed(plain, start, stop)
    if _HAN.search(plain, *span):
        span = trimmed(plain, start, before_postcode(plain, *span))
    return [] if is_empty(plain, *span) else [Slot("address", *span)]


def _business(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    if not _may_run(plain, start, end, label):
        return []
    found = _BUSINESS_END.search(plain, start, end)
    stop = found.start() if found else end
    return _words_of("business", plain, start, stop)


def _need(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    if not _may_run(plain, start, end, label):
        return []
    if label.meaning.remark and not _ASKS_FOR.search(plain, start, end):
        return [Slot(REMARK, start, end)] if label.sure else []
    other = _NEXT.search(plain, start, end)
    end = other.start() if other else end
    return _ticked(plain, start, end) or _words_of("need", plain, start, end)


def _ticked(plain: str, start: int, end: int) -> list[Slot]:
    """The choices that are ticked of a form's; they count less than what is said in words."""
    if not _UNTICKED.search(plain, start, end):
        return []
    spans = [found.span("said") for found in _TICKED.finditer(plain, start, end)]
    said = "\u3001".join(plain[slice(*span)].strip() for span in spans)
    return [Slot("need", start, end, said, late=True)] if said else [Slot("", start, end)]


def _words_of(name: str, plain: str, start: int, stop: int) -> list[Slot]:
    span = trimmed(plain, start, _before_phone(plain, start, stop))
    return [] if is_empty(plain, *span) else [Slot(name, *span)]


def _may_run(plain: str, start: int, end: int, label: Label) -> bool:
    """Whether free words may follow this label."""
    if label.mark == marks.NOTHING or _asks(plain, start, end, label):
        return False
    return label.opens or label.mark in (marks.FIX, marks.COLON)


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
    if token is None or (not label.sure and not token.group()[0].isascii()):
        return []
    number = next(iter(find_phones(plain[start:end])), None)
    if number and number.start == 0:
        return [Slot("", start, max(start + number.end, token.end()))]
    return [Slot("", *token.span())]


def _foreign(_: str, start: int, end: int, label: Label) -> list[Slot]:
    return [Slot("", start, end)] if label.sure else []


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
    "business": _business,
    "need": _need,
    "uscc": _uscc,
    NOISE: _noise,
    FOREIGN: _foreign,
}


def _before_comma(plain: str, start: int, stop: int) -> int:
    for found in _COMMA.finditer(plain, start, stop):
        if not plain[start : found.start()].isascii() and not _LEGAL_TAIL.match(plain, found.end()):
            return found.start()
    return stop


def _before_phone(plain: str, start: int, stop: int) -> int:
    found = find_phones(plain[start:stop])
    return start + found[0].start if found else stop


def _goes_on_as_other(plain: str, address: Address, stop: int) -> bool:
    """Whether what follows an address is a person or a unit rather than its last words."""
    tail = plain[address.end : stop]
    if not tail.strip(" ,"):
        return False
    at = address.end
    if find_applicant(plain, at, stop):
        return True
    if tail[0] == ",":
        return _PLACE.search(tail) is None
    # ..123号张三; but ..联丰村涂家垄
    glued = tail[0] != " " and address.number_end != at
    return not glued and find_person(plain, at, stop) is not None


def _asks(plain: str, start: int, end: int, label: Label) -> bool:
    """Whether a weakly marked value is a question instead."""
    return not label.sure and _ASKS.search(plain, start, end) is not None
