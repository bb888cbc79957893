"""Values without a label: only what can be nothing else; a wrong fill is worse than a miss."""

import re

from bot.reading.fields.addresses import Address, find_address
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.block import read_block, tells_who
from bot.reading.fields.businesses import find_business, trade_in
from bot.reading.fields.names import (
    find_person,
    find_position,
    is_full_name,
    is_unmistakable,
    looks_like_name,
)
from bot.reading.fields.numbers import judge
from bot.reading.fields.phones import PhoneKind, find_phones
from bot.reading.fields.spans import settled
from bot.reading.fields.uscc import find_uscc, looks_like_id, read_uscc
from bot.reading.findings import Findings
from bot.reading.reading import Reason, Refusal
from bot.reading.vocabulary import any_of, words

_PIECE = re.compile(r"[^\n,;\u3002\uff0c\uff1b\uff01\uff1f!?\t|]+")
_SMALL = re.compile(r"[^\s/\u3001]+")
_PART = re.compile(r"[^\s,;\u3002\uff0c/\u3001]+")
_ID = re.compile(r"(?<![0-9A-Za-z])(?:[0-9]{17}|[0-9]{3}\*{11}[0-9]{3})[0-9Xx](?![0-9A-Za-z])")
# a message that is nothing but a code, with a slip in it
_CODE_ONLY = re.compile(r"(?=(?:[^0-9]*[0-9]){10})[0-9A-Za-z](?:[ \-]?[0-9A-Za-z]){17}")
_SLIPS = (Reason.BAD_CHECK, Reason.BAD_CHAR, Reason.BAD_PREFIX, Reason.BAD_REGION)
_ATTEMPT = re.compile(r"(?<![0-9A-Za-z.\-])(?:1[3-9][0-9]{8}|1[3-9][0-9]{10})(?![0-9A-Za-z.\-])")
# a local number without its area code, standing alone
_LOCAL = re.compile(r"(?<![^\s,;:\u3001\u3400-\u9fff])[2-9][0-9]{6,7}(?![^\s,;\u3001\u3002])")
_NUMBER_ONLY = re.compile(r"\s*(?:[+(]?[0-9][0-9 .\-()/]{5,24})\s*")
_RUNS_ON = re.compile(any_of(words("regions", "runs_on")))
_NAMED = re.compile(rf"{any_of(words('names', 'named'))}[ :]?")
_SPOKEN_TO = re.compile(rf"[ ,:!]{{1,2}}{any_of(words('names', 'spoken_to'))}")
# a block longer than this in pieces is a document
_MOST_PIECES = 150
_SHORTEST_BLOCK = 10
# labels of contact data
_TELLING = frozenset({"applicant", "contact", "position", "address", "business"})


def read_free(findings: Findings) -> Findings:
    """Fill what is still empty from the characters that are still free."""
    return settled(*by_rules(findings))


def by_rules(findings: Findings) -> tuple[Findings, Findings]:
    """With codes and telephones alone, and with all that the rules find."""
    _codes(findings)
    _phones(findings)
    ruled = findings.copy()
    _by_shape(ruled)
    return findings, ruled


def _by_shape(findings: Findings) -> None:
    if _is_block(findings):
        read_block(findings)
        # what a sentence says of whose it is needs no shape
        read = _address if "applicant" in findings.fields else _sentence
        for start, end in _pieces(findings.free()):
            read(findings, start, end)
        return
    for start, end in _pieces(findings.free()):
        _sentence(findings, start, end)
    for start, end in _pieces(findings.free()):
        _person(findings, start, end)
    _name_and_position(findings)
    if {"phone", "applicant"} & findings.fields.keys():
        _trade(findings)


def _is_block(findings: Findings) -> bool:
    """Whether a message gives contact data, so that a name need not be introduced."""
    if "phone" in findings.fields or _TELLING & findings.labelled:
        return True
    return len(findings.text.plain) >= _SHORTEST_BLOCK and tells_who(findings)


def _codes(findings: Findings) -> None:
    plain = findings.free()
    for found in _ID.finditer(plain):
        if looks_like_id(found.group()):
            findings.take(*found.span())
            findings.refuse("uscc", Refusal(found.group(), Reason.LOOKS_LIKE_ID))
    code = find_uscc(findings.free())
    if code:
        value, start, end = code
        findings.put("uscc", value)
        findings.take(start, end)
        return
    bare = findings.free().strip()
    refused = read_uscc(bare) if _CODE_ONLY.fullmatch(bare) else None
    if isinstance(refused, Refusal) and refused.reason in _SLIPS:
        findings.take(0, len(plain))
        findings.refuse("uscc", refused)


def _phones(findings: Findings) -> None:
    plain = findings.free()
    found = find_phones(plain)
    for phone in found:
        findings.take(phone.start, phone.end)
    if found:
        first = next((phone for phone in found if phone.kind is PhoneKind.MOBILE), found[0])
        findings.put("phone", first.value)
        return
    attempt = _NUMBER_ONLY.fullmatch(plain) or _ATTEMPT.search(plain) or _LOCAL.search(plain)
    if attempt is None or "uscc" in findings.refused:
        return
    reason = judge(attempt.group())
    if attempt.re is not _LOCAL or reason is Reason.MISSING_AREA_CODE:
        findings.take(*attempt.span())
        findings.refuse("phone", Refusal(attempt.group().strip(), reason))


def _pieces(free: str) -> list[tuple[int, int]]:
    spans = []
    for found in _PIECE.finditer(free):
        start, end = found.span()
        while start < end and free[start] in " :":
            start += 1
        if end - start >= 2:
            spans.append((start, end))
    return spans[:_MOST_PIECES]


def _sentence(findings: Findings, start: int, end: int) -> None:
    """Unit, address and business of one piece, in the order that keeps them apart."""
    plain = findings.text.plain
    if "business" not in findings.fields:
        business = find_business(plain, start, end)
        if business:
            findings.put_span("business", *business)
            _sentence(findings, business[1], end)
            end = business[0]
    if "applicant" not in findings.fields:
        applicant = find_applicant(plain, start, end, block="phone" in findings.fields)
        if applicant:
            findings.put_span("applicant", applicant.start, applicant.end)
            _address(findings, start, applicant.start)
            start = applicant.end
    _address(findings, start, end)


def _address(findings: Findings, start: int, end: int) -> None:
    if "address" in findings.fields or end - start < 4:
        return
    address = find_address(findings.text.plain, start, end)
    if address and address.exact and not _told_of(findings.text.plain, address, start):
        findings.put_span("address", address.start, address.end)


def _told_of(plain: str, address: Address, start: int) -> bool:
    """Whether a sentence only speaks of a place: no number in it, and the words run on."""
    said = plain[address.start : address.end]
    if address.start > start or any(char.isdigit() for char in said):
        return False
    return _RUNS_ON.match(plain, address.end) is not None


def _person(findings: Findings, start: int, end: int) -> None:
    """A name, where the rest of the message makes it one; a position only beside a name."""
    plain = findings.text.plain
    named = _last_named(plain, start, end)
    if named is not None:
        _put_person(findings, named, end)
    if not _may_name_a_person(findings, start, end):
        return
    for small in _SMALL.finditer(plain, start, end):
        if "contact" not in findings.fields:
            _put_person(findings, *small.span())
        elif "position" not in findings.fields and find_position(plain, *small.span()):
            findings.put_span("position", *small.span())


def _trade(findings: Findings) -> None:
    """In a block with other values, words that are the name of a trade and nothing else."""
    plain = findings.text.plain
    for start, end in _pieces(findings.free()):
        for small in ((start, end), *(one.span() for one in _SMALL.finditer(plain, start, end))):
            trade = trade_in(plain, *small) if "business" not in findings.fields else None
            if trade is not None:
                findings.put_span("business", *trade)


def _name_and_position(findings: Findings) -> None:
    """A message that is a name and a position and nothing else."""
    plain = findings.text.plain
    words_left = [one.span() for one in _PART.finditer(plain)] if not findings.fields else []
    if len(words_left) != 2:
        return
    name, position = words_left
    if looks_like_name(plain[slice(*name)]) and find_position(plain, *position):
        findings.put_span("contact", *name)
        findings.put_span("position", *position)


def _may_name_a_person(findings: Findings, start: int, end: int) -> bool:
    """In a block with other values any clear name; alone only one that can be nothing else."""
    if {"phone", "address", "applicant", "contact"} & set(findings.fields):
        return True
    piece = findings.text.plain[start:end].strip()
    return findings.text.plain.strip() == piece and is_unmistakable(piece)


def _last_named(plain: str, start: int, end: int) -> int | None:
    """Behind the last word that says that a name follows (`我是…的学生陆遥`)."""
    last = None
    for found in _NAMED.finditer(plain, start, end):
        last = found.end()
    return last


def _put_person(findings: Findings, start: int, end: int) -> None:
    person = find_person(findings.text.plain, start, end)
    if person is None or "contact" in findings.fields:
        return
    if _SPOKEN_TO.match(findings.text.plain, person.end) and not is_full_name(person.name):
        return
    findings.put("contact", person.quoted(findings.text))
    findings.take(person.start, person.end)
    if person.position:
        findings.put("position", person.position)
