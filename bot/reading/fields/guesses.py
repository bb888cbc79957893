"""What each piece of a block may be, with how sure it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.fields.introductions import introduced
from bot.reading.fields.matters import trades
from bot.reading.fields.people import TALK, job_score
from bot.reading.fields.pieces import Piece
from bot.reading.fields.readings import Reading, as_matter, as_person, best_of, has, total
from bot.reading.fields.runs import Span, lay_out, title_in
from bot.reading.vocabulary import any_of, words

# what the same words may introduce as well, and whose value stands behind 我姓
_ELSE = {"business": ("position",), "position": ("applicant", "contact")}
_MEANT = {"surname": "contact"}
_JOB = 1.3
# a piece longer than this may hold several values without a mark, if so much is unexplained
_RUN, _LEFT = 7, 2
# a row of values is believed for one of these
_SURE_FIRM, _SURE_PLACE, _SURE_PERSON, _MORE = 3.0, 2.6, 3.6, 0.5
_TAILED = re.compile(any_of(word for word in words("orgs", "tails") if len(word) == 1))
# how much less a reading may be sure that takes words of introduction for what they are
_CUE = 1.0
_AFTER_UNIT = 1.2
# a firm behind one of these is not the one that asks
OTHERS = re.compile(any_of(words("orgs", "others")))


@dataclass(frozen=True)
class Guess:
    """One slot, the span that may fill it, how sure that is, and the number of its piece."""

    role: str
    start: int
    end: int
    score: float
    piece: int


def guesses(plain: str, number: int, piece: Piece) -> Iterator[Guess]:
    """Whatever one piece may be."""
    start, end = piece.start, piece.end
    text = plain[start:end]
    if text in TALK:
        return
    job = job_score(text)
    if job >= _JOB and not has(as_person(plain, start, end, ""), "contact"):
        yield Guess("position", start, end, job, number)
        return
    best = _best(plain, start, end)
    if [one[0] for one in best] == ["contact"] and trades(text) >= 1:
        best = [*best, ("business", start, end, trades(text))]
    others = OTHERS.match(plain, start, end) is not None
    for role, one, other, score in best:
        if score > 0 and not (others and role == "applicant"):
            yield Guess(role, one, other, score, number)


def _best(plain: str, start: int, end: int) -> Reading:
    """The best reading of a piece, with its words of introduction or without."""
    best = best_of(plain, start, end, "")
    begin, role = introduced(plain, start, end)
    if begin > start:
        behind = _behind(plain, begin, end, role)
        best = behind if behind is not None and total(behind) >= total(best) - _CUE else best
    if end - begin > _RUN and _unexplained(plain, begin, end, best) >= _LEFT:
        row = _from_row(plain, begin, end)
        best = row if _tells_more(row, best) else best
    return best


def _behind(plain: str, start: int, end: int, role: str) -> Reading | None:
    """What words of introduction lead to, if it is what they say."""
    for one in (role, *_ELSE.get(role, ())):
        found = best_of(plain, start, end, one)
        if not one or has(found, _MEANT.get(one, one)):
            return found
    return None


def _unexplained(plain: str, start: int, end: int, found: Reading) -> int:
    """How many characters are in no value; a lone matter or a place may still hold others."""
    left = set(range(start, end))
    for _, one, other, _ in found:
        left.difference_update(range(one, other))
    alone = found[0][0] if len(found) == 1 else ""
    if any(role in ("need", "business") and stop - at >= _RUN for role, at, stop, _ in found):
        return len(left) + _LEFT
    holds = alone == "address" and _TAILED.search(plain, start, end)
    return len(left) + (_LEFT if holds or alone in ("need", "business") else 0)


def _tells_more(row: Reading, other: Reading) -> bool:
    """Whether a row of values is to be believed, rather than one reading of all of it."""
    sure = any(
        (role == "applicant" and score >= _SURE_FIRM)
        or (role == "address" and score >= _SURE_PLACE)
        for role, _, _, score in row
    )
    if [one[0] for one in other] == ["address"] and len(row) == 1:
        return False
    people = sum(score for role, _, _, score in row if role in ("contact", "position"))
    return (sure or people >= _SURE_PERSON) and total(row) > total(other) + _MORE


def _led(span: Span, before: Span | None) -> Span:
    """A name is surer right behind a unit of the house or words of introduction."""
    role, start, stop, score = span
    if role == "position" and before and not before[0] and before[2] == start:
        whole = start - before[1] > _LEFT
        return role, before[1] if whole else start, stop, score
    if role != "contact" or before is None or before[0] or before[2] != start:
        return span
    return role, start, stop, score + (_AFTER_UNIT if start - before[1] > 1 else 0.0)


def _from_row(plain: str, start: int, end: int) -> Reading:
    """The best row of spans, with what the gaps between them tell."""
    row = lay_out(plain, start, end)
    found = [_led(one, row[number - 1] if number else None) for number, one in enumerate(row)]
    found = [one for one in found if one[0]]
    rest: Reading = []
    at = start
    for role, one, other, _ in [*row, ("", end, end, 0.0)]:
        if one - at >= _LEFT:
            begin, said = introduced(plain, at, one)
            rest += as_matter(plain, begin, one, said)
        title = title_in(plain, one, other) if role == "contact" else None
        if title:
            rest.append(("position", *title, 2.0))
        at = other
    return [*found, *rest]
