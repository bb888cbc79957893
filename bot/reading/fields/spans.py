"""What was learned of unlabelled details settles what the rules found of them."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from bot.reading.fields.applicants import LED
from bot.reading.fields.businesses import trade_in
from bot.reading.fields.firms import tails
from bot.reading.fields.marks import ROLES, ruled_span, seen
from bot.reading.fields.names import is_full_name, with_dot
from bot.reading.fields.people import called, may_be_name, name_score
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
# an address that is this much of a message is told for its own sake
_MOSTLY = 0.6
_NUMBERED = re.compile(r"[0-9]")
_LEAST_NAME = 1.0
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
_YOURS = re.compile(rf"{any_of(words('matters', 'yours'))}$")
_NEAR = 9
# 测一下 says too little without what it is about
_SHORTEST_NEED = 5
# a surname, and then the name with it
_SURNAMED = re.compile(r"\u59d3(.)(?=\1)")
# 0431-85374567转王经理
_TURNED = re.compile(any_of(words("phones", "turned")))
# what may stand at the head of a value and is no part of it
_LEADS: Mapping[str, re.Pattern[str]] = {
    "need": re.compile(any_of(words("matters", "wished_briefly"))),
    "business": re.compile(any_pattern(words("matters", "trading"))),
    "applicant": LED,
    "contact": _TURNED,
    "position": _TURNED,
}
# a full stop that belongs to a name
_ABBREVIATED = re.compile(r"\b(?:Ltd|Inc|Corp|Co|Pte|Bhd)\.$")
# 某某路, XX公司: an example, or a form nobody filled in
_MADE_UP = re.compile(
    rf"(?<![A-Za-z])[xX\u00d7*]{{2,}}(?![A-Za-z])|{any_of(words('places', 'made_up'))}"
)
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
        return ruled if chosen else _without_a_place(before, ruled)
    if "applicant" in chosen and _is_no_unit(before, chosen["applicant"]):
        del chosen["applicant"]
    _leave_what_you_do(before, chosen)
    _add_ruled(before, ruled, chosen)
    if _asks_for_themselves(before, chosen):
        chosen[SELF] = chosen.pop("contact")
    for role in ("applicant", "address"):
        if role in chosen and _MADE_UP.search(before.text.plain, *chosen[role]):
            del chosen[role]
    return _filled(before, ruled, chosen)


def _leave_what_you_do(before: Findings, chosen: dict[str, Span]) -> None:
    """What the agency is to do is no trade of the client's: it belongs to what is asked for."""
    if "business" not in chosen or not _follows(_YOURS, before, chosen["business"]):
        return
    start, end = chosen.pop("business")
    if "need" in chosen and chosen["need"].start == end:
        chosen["need"] = Span(start, chosen["need"].end)


def _without_a_place(before: Findings, ruled: Findings) -> Findings:
    """The same, but a place that is only spoken of is no address."""
    span = ruled_span(before, ruled, "address")
    if span is None or span[1] - span[0] > len(before.text.plain) * _MOSTLY:
        return ruled
    found = ruled.copy()
    del found.fields["address"]
    return found


def _is_no_unit(before: Findings, span: Span) -> bool:
    """Whether it is a word for a private person, or a firm that supplies, buys or competes."""
    plain = before.text.plain
    private = _PRIVATE.search(plain) is not None and not any(tails(plain, *span))
    return private or _follows(_OTHERS, before, span)


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
    """A span of each role, whole and without what stands around a value."""
    chosen: dict[str, Span] = {}
    for role, places in found.items():
        span = _bare(before, role, *_trimmed(before.text.plain, *_likeliest(before, role, places)))
        named = role not in (SELF, "contact") or _is_called(before, span)
        if named and span.end - span.start >= 2:
            chosen[role] = span
    if not {SELF, "contact"} & chosen.keys():
        position = before.text.plain[slice(*chosen.get("position", (0, 0)))]
        if called(position):
            # the job is read out of what somebody is called
            chosen["contact"] = chosen.pop("position")
    return chosen


def _likeliest(before: Findings, role: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The first place, or the first that looks more like what a role holds than that."""
    plain = before.text.plain
    if role == "applicant":
        return next((one for one in places if any(tails(plain, *one))), places[0])
    if role == "address":
        return next((one for one in places if _NUMBERED.search(plain, *one)), places[0])
    return places[0]


def _bare(before: Findings, role: str, start: int, end: int) -> Span:
    """The whole value, without words before it that are no part of it."""
    plain = before.text.plain
    led = _LEADS.get(role)
    lead = led.match(plain, start, end) if led else None
    return _whole(before, lead.end() if lead else start, end)


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
        role: _bare(before, role, *span)
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


def _is_called(before: Findings, span: Span) -> bool:
    """Whether somebody may be called so; in mere talk only by what looks like a name."""
    said = before.text.plain[slice(*span)]
    if called(said) is not None:
        return True
    return may_be_name(said) and ("phone" in before.fields or name_score(said) >= _LEAST_NAME)


def _trimmed(plain: str, start: int, end: int) -> Span:
    while start < end and plain[start] in _AROUND:
        start += 1
    if start and _SURNAMED.match(plain, start - 1):
        start += 1
    while start < end and plain[end - 1] in _AROUND and not _ABBREVIATED.search(plain, start, end):
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
