"""A run of words without marks, laid out as the best row of firms, places, people and gaps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.reading.fields.addresses import NUMERAL, SHOP, opens_address
from bot.reading.fields.firms import Firm, firm_of, pointed_at, tails
from bot.reading.fields.people import (
    DEEDS,
    DOTTED,
    MANNERS,
    called,
    job_score,
    name_score,
    titled,
    unused,
)
from bot.reading.fields.regions import starts
from bot.reading.vocabulary import any_of, words

_HAN = r"\u3400-\u9fff"
_HOUSE = any_of(words("places", "house"))
_PLACE_END = re.compile(
    rf"[{NUMERAL}]+{_HOUSE}(?:[0-9\-]{{1,8}}(?![0-9\-]|{_HOUSE}))?"
    rf"|{any_of(words('places', 'exact'))}{SHOP}"
)
_JOB = re.compile(any_of((*words("persons", "jobs"), *words("persons", "job_ends"))))
# ends of jobs and of units within a house; no name in a run ends so
_ONE_ENDS = frozenset(one for one in words("persons", "job_ends") if len(one) == 1)
_NO_NAME_ENDS = (
    *sorted(_ONE_ENDS),
    *words("names", "units"),
    *words("places", "open_end"),
)
# what a gap costs for each character, and a name on either side of one
_GAP, _ALONE, _START = 0.12, 0.9, 0.4
_LONGEST_RUN, _LONGEST_JOB = 90, 9
_LEAST_NAME = 1.4

_LED = 0.2
# what leads to a name: a job, and words that fill no slot
_LEADS = frozenset({"position", ""})
_LEAD = re.compile(any_of((*words("persons", "units"), *words("cues", "in_runs"))))
_WORD, _POINT = 0.3, 0.5
# how much less sure a name is whose last character is in no other
_STRANGE = 0.4
_DOTTED = 3.0
_UNITS = tuple(words("persons", "unit_ends"))

Span = tuple[str, int, int, float]


@dataclass(frozen=True)
class _Row:
    """The best way to the end of what it covers; `gap`: it ends in one."""

    score: float
    spans: tuple[Span, ...] = ()
    gap: bool = False


def lay_out(plain: str, start: int, end: int) -> list[Span]:
    """The spans of the best row; nothing if the run is too long or holds nothing."""
    if end - start > _LONGEST_RUN:
        return []
    by_start: dict[int, list[Span]] = {}
    for span in _spans(plain, start, end):
        by_start.setdefault(span[1], []).append(span)
    rows: dict[int, list[_Row]] = {start: [_Row(0.0)]}
    for at in range(start, end):
        for row in rows.pop(at, ()):
            _advance(rows, at, row, by_start.get(at, ()))
    best = max(rows.get(end, [_Row(0.0)]), key=lambda row: row.score)
    return list(best.spans)


def _advance(rows: dict[int, list[_Row]], at: int, row: _Row, spans: Sequence[Span]) -> None:
    """Every step from a row: one character of a gap, or one of the spans that begin there."""
    cost = _GAP
    if not row.gap:
        cost += _START
        if row.spans and row.spans[-1][0] == "contact":
            cost += _LED if _is_led(row.spans) else _ALONE
    _keep(rows, at + 1, _Row(row.score - cost, row.spans, True))
    taken = {one[0] for one in row.spans}
    for span in spans:
        role, _, stop, score = span
        if role in taken and role:
            continue
        if role == "contact" and row.gap:
            score -= _ALONE
        _keep(rows, stop, _Row(row.score + score, (*row.spans, span)))


def _is_led(spans: tuple[Span, ...]) -> bool:
    """Whether what stands last follows a job, a unit or words of introduction."""
    return len(spans) > 1 and spans[-2][0] in _LEADS and spans[-2][2] == spans[-1][1]


def _keep(rows: dict[int, list[_Row]], at: int, row: _Row) -> None:
    """The best row that ends in a gap there, and the best that does not."""
    others = rows.setdefault(at, [])
    for number, other in enumerate(others):
        if other.gap == row.gap:
            if row.score > other.score:
                others[number] = row
            return
    others.append(row)


def _spans(plain: str, start: int, end: int) -> list[Span]:
    known = [*dict.fromkeys((start, *starts(plain, start, end)))]
    places = _addresses(plain, end, known)
    found = _firms(plain, start, end, {span[2] for span in places})
    found += _addresses(plain, end, sorted({span[2] for span in found} - set(known))) + places
    leads: list[Span] = [("", *one.span(), _WORD) for one in _LEAD.finditer(plain, start, end)]
    found += leads
    borders = {start, *known, *(span[2] for span in found)}
    jobs = _jobs(plain, start, end, borders)
    borders |= {span[1] for span in jobs} | {span[2] for span in jobs} | {end}
    led = {span[2] for span in (*leads, *jobs)}
    return [*found, *jobs, *_names(plain, start, end, borders, led)]


def _firms(plain: str, start: int, end: int, behind: set[int]) -> list[Span]:
    found: list[Span] = []
    pointed = pointed_at(plain, start, end)
    named = starts(plain, start, end)
    begins = [*dict.fromkeys((start, *named, *pointed, *sorted(behind)))]
    for tail in tails(plain, start, end):
        for begin in begins:
            firm: Firm | None = firm_of(plain, begin, tail) if begin < tail.start() else None
            score = firm.score if firm else 0.0
            fresh = begin in behind and _PLACE_END.search(plain, begin, tail.start()) is None
            score += _POINT * (begin in pointed or fresh) + _POINT * (tail.end() in named)
            if firm and score >= 1.5:
                found.append(("applicant", begin, firm.end, score + 0.04 * (firm.end - begin)))
    return found


def _addresses(plain: str, end: int, begins: list[int]) -> list[Span]:
    found: list[Span] = []
    for begin in begins:
        for place in _PLACE_END.finditer(plain, begin, end):
            stop = place.end()
            score = opens_address(plain, begin, stop)
            if stop - begin >= 6 and score >= 1.5:
                found.append(("address", begin, stop, score + 0.04 * (stop - begin)))
    return found


def _jobs(plain: str, start: int, end: int, borders: set[int]) -> list[Span]:
    found: list[Span] = []
    for job in _JOB.finditer(plain, start, end):
        stop = job.end() + (plain[job.end() : job.end() + 1] in _ONE_ENDS)
        for begin in range(max(start, stop - _LONGEST_JOB), job.start() + 1):
            score = job_score(plain[begin:stop])
            if score < 1.3 or plain[stop : stop + 1] in _UNITS or _names_whose(plain, begin, stop):
                continue
            known = begin in borders or begin == job.start()
            known = known and (begin in borders or plain[begin:stop] not in DEEDS)
            named = _ends_name(plain, start, begin)
            if known or named:
                found.append(("position", begin, stop, score + 0.02 * (stop - begin)))
    return found


def _names_whose(plain: str, start: int, end: int) -> bool:
    """Whether a unit and what somebody is called make up the words."""
    return any(
        plain[at - 1] in _UNITS and titled(plain[at:end]) for at in range(start + 2, end - 1)
    )


def _ends_name(plain: str, start: int, at: int) -> bool:
    return any(at - size >= start and name_score(plain[at - size : at]) >= 1.5 for size in (2, 3))


def _names(plain: str, start: int, end: int, borders: set[int], led: set[int]) -> list[Span]:
    found = list(_dotted(plain, start, end, borders))
    named = starts(plain, start, end)
    begins = {
        (begin, begin + size)
        for border in borders
        for size in (2, 3, 4, 5)
        for begin in (border, border - size)
        if start <= begin and begin + size <= end
    }
    for begin, stop in sorted(begins):
        text = plain[begin:stop]
        title = titled(text)
        score = 2.2 if title is not None else name_score(text)
        if begin in named and begin not in led:
            continue
        if score >= _LEAST_NAME and (title or not text.endswith(_NO_NAME_ENDS)):
            both = begin in borders and stop in borders
            score += 0.5 * both + _POINT * (begin in led) - _STRANGE * unused(text[-1])
            found.append(("contact", begin, stop, score))
    return found


def _dotted(plain: str, start: int, end: int, borders: set[int]) -> Iterator[Span]:
    """Names with a dot, up to wherever something else begins."""
    for found in DOTTED.finditer(plain, start, end):
        dot = found.end(1)
        for begin in borders:
            for stop in borders:
                if found.start() <= begin < dot < stop - 1 and stop <= found.end():
                    yield "contact", begin, stop, _DOTTED


def title_in(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The job within what somebody is called, of 王经理 the 经理."""
    title = called(plain[start:end])
    if not title or title in MANNERS or job_score(title) <= 0:
        return None
    return end - len(title), end
