"""What was learned of unlabelled details settles what the rules found of them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.reading.fields.businesses import trade_in
from bot.reading.fields.firms import tails
from bot.reading.fields.marks import ROLES, ruled_span, seen
from bot.reading.fields.names import is_full_name, with_dot
from bot.reading.fields.people import may_be_name, titled
from bot.reading.fields.runs import title_in
from bot.reading.findings import Findings
from bot.reading.learned.sequences import sequences, spans
from bot.reading.vocabulary import any_of, any_pattern, words

# a person who asks in their own name is contact and applicant at once
SELF = "self"
LEARNED_ROLES = (*ROLES, SELF)
# a longer text is a document; who writes one labels it
_LONGEST = 600
# what says who writes, and what says so alone
_TELLING = frozenset({"applicant", "contact", "position", "address"})
_WHO = _TELLING - {"position"}
# what a value has at least
_WORD = re.compile(r"[^\W_]{2}")
# numbers and Latin letters, what they go on with, and what stands between them
_LATIN = re.compile(r"[0-9A-Za-z]")
_GOES_ON = re.compile(r"[0-9A-Za-z]*(?:-[0-9A-Za-z]+)?")
_IN_RUN = re.compile(r"[0-9A-Za-z/.-]")
_INTRODUCES = re.compile(any_pattern(words("persons", "introduces")))
_FIRST_PERSON = re.compile(any_pattern(words("persons", "first_person")))
_EMPLOYED = re.compile(any_pattern(words("persons", "employed")))
_PRIVATE = re.compile(any_pattern(words("persons", "private")))
# that a firm supplies, buys or competes, and that a trade is told
_OTHERS = re.compile(rf"{any_of(words('orgs', 'others'))}[^\n,;\u3002]{{0,4}}$")
_TRADES = re.compile(rf"{any_pattern(words('cues', 'business'))}[: ]?$")
_NEAR = 9
# 测一下 says too little without what it is about
_SHORTEST_NEED = 5
# a surname, and then the name with it
_SURNAMED = re.compile(r"\u59d3(.)(?=\1)")
_AROUND = " \t,;:.\u3001\u3002\uff0c\uff1b\uff1a()[]/|"


class Span(NamedTuple):
    """Where a value stands."""

    start: int
    end: int


def settled(before: Findings, ruled: Findings) -> Findings:
    """What is to be filled from the text: `before` with what was learned, or `ruled` as it is.

    What was learned is right more often; who asks, and whom to ask for, the rules may know alone.
    """
    if len(before.text.plain) > _LONGEST or not _may_tell(before, ruled):
        return ruled
    model = sequences("spans")
    chosen = _chosen(before, spans(model.path(seen(before, ruled)), model.model.labels))
    if "phone" not in before.fields and not chosen.keys() & {*_WHO, SELF}:
        return ruled
    if "applicant" in chosen and _is_no_unit(before, chosen["applicant"]):
        del chosen["applicant"]
    _add_ruled(before, ruled, chosen)
    if _asks_for_themselves(before, chosen):
        chosen[SELF] = chosen.pop("contact")
    return _filled(before, ruled, chosen)


def _is_no_unit(before: Findings, span: Span) -> bool:
    """Whether it is a word for a private person, or a firm that supplies, buys or competes."""
    said = before.text.plain[span.start : span.end]
    return _PRIVATE.fullmatch(said) is not None or _follows(_OTHERS, before, span)


def _asks_for_themselves(before: Findings, chosen: Mapping[str, Span]) -> bool:
    """Whether somebody is named by a full name who wants something, and no place of work is."""
    if not {"contact", "need"} <= chosen.keys() or {"applicant", "position"} & chosen.keys():
        return False
    plain = before.text.plain
    name = before.text.quote(*chosen["contact"])
    if _EMPLOYED.search(plain) or "applicant" in before.fields or any(tails(plain, 0, len(plain))):
        return False
    return is_full_name(name) and title_in(plain, *chosen["contact"]) is None


def _may_tell(before: Findings, ruled: Findings) -> bool:
    """Whether a message says anything of who writes it: most say nothing, and are read at once."""
    if _WORD.search(before.free()) is None:
        return False
    if {"phone", *_TELLING} & ruled.fields.keys() or _TELLING & before.labelled:
        return True
    plain = before.text.plain
    if _INTRODUCES.search(plain):
        return True
    return _FIRST_PERSON.search(plain) is not None and any(tails(plain, 0, len(plain)))


def _chosen(before: Findings, found: Mapping[str, list[tuple[int, int]]]) -> dict[str, Span]:
    """The first span of each role, whole and without what stands around a value."""
    chosen: dict[str, Span] = {}
    for role, places in found.items():
        span = _whole(before, *_trimmed(before.text.plain, *places[0]))
        named = role not in (SELF, "contact") or _is_called(before.text.plain[slice(*span)])
        if named and span.end - span.start >= 2:
            chosen[role] = span
    return chosen


def _add_ruled(before: Findings, ruled: Findings, chosen: dict[str, Span]) -> None:
    """What the rules alone know: who asks, whom to ask for, and a need with what it is about."""
    by_rule = _by_rule(before, ruled)
    person, need = by_rule.get("contact"), chosen.get("need")
    private = _PRIVATE.search(before.text.plain) is not None
    if person is not None and by_rule.get("applicant", person if private else None) == person:
        by_rule.pop("applicant", None)
        if private or "applicant" not in chosen:
            chosen.pop("applicant", None)
            chosen[SELF] = chosen.pop("contact", person)
    elif {"applicant", "contact"} <= by_rule.keys():
        chosen.pop(SELF, None)
    if need is not None and need.end - need.start < _SHORTEST_NEED and "need" in by_rule:
        del chosen["need"]
    for role, span in by_rule.items():
        if role not in chosen and not (role == "contact" and SELF in chosen):
            _put(chosen, role, span)


def _by_rule(before: Findings, ruled: Findings) -> dict[str, Span]:
    """Where the rules found what they are trusted with; a trade only behind words that tell it."""
    found = {
        role: Span(*span)
        for role in ("applicant", "contact", "need", "business")
        if (span := ruled_span(before, ruled, role)) is not None
    }
    if "business" in found and not _follows(_TRADES, before, found["business"]):
        del found["business"]
    if "applicant" in found and trade_in(before.text.plain, *found["applicant"]):
        found["business"] = found.pop("applicant")
    return found


def _put(chosen: dict[str, Span], role: str, span: Span) -> None:
    """Into an empty slot, and none of its characters stays in another."""
    for other in [one for one, at in chosen.items() if _meet(at, span)]:
        del chosen[other]
    chosen[role] = span


def _follows(words_before: re.Pattern[str], before: Findings, span: Span) -> bool:
    """Whether a value stands right behind such words."""
    plain = before.text.plain
    return words_before.search(plain, max(0, span.start - _NEAR), span.start) is not None


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _is_called(said: str) -> bool:
    """Whether somebody may be called so."""
    return may_be_name(said) or titled(said) is not None


def _trimmed(plain: str, start: int, end: int) -> Span:
    while start < end and plain[start] in _AROUND:
        start += 1
    if start and _SURNAMED.match(plain, start - 1):
        start += 1
    while start < end and plain[end - 1] in _AROUND:
        end -= 1
    return Span(start, end)


def _whole(before: Findings, start: int, end: int) -> Span:
    """No number or Latin word is cut, and no bracket left open."""
    free = before.free()
    if start < end and _LATIN.match(free, end - 1):
        run = _GOES_ON.match(free, end)
        end = run.end() if run else end
    while start and _LATIN.match(free, start) and _IN_RUN.match(free, start - 1):
        start -= 1
    if free.startswith(")", end) and "(" in free[start:end] and ")" not in free[start:end]:
        end += 1
    return Span(start, end)


def _filled(before: Findings, ruled: Findings, chosen: Mapping[str, Span]) -> Findings:
    findings = before.copy()
    text = findings.text
    for role in ("applicant", "address", "position", "business"):
        if role in chosen:
            findings.put_span(role, *chosen[role])
    person = chosen.get("contact") or chosen.get(SELF)
    if person is not None:
        findings.put("contact", with_dot(text.quote(*person)))
        findings.take(*person)
        title = title_in(text.plain, *person)
        if title is not None:
            findings.put("position", text.quote(*title))
        if SELF in chosen and "contact" not in chosen:
            findings.put("applicant", findings.fields["contact"])
    need = chosen.get("need")
    findings.asked = (need.start, need.end) if need is not None else before.asked
    told = {"applicant", "contact", "address"} & (findings.fields.keys() - before.fields.keys())
    asks = "need" in findings.labelled or findings.asked is not None
    block = ruled.asks_nothing or "phone" in findings.fields
    findings.asks_nothing = block and bool(told) and not asks
    findings.remarks = ruled.remarks
    return findings
