"""A block without labels: of all that its pieces may be, the assignment that fits together."""

import re

from bot.reading.fields.guesses import Guess, guesses
from bot.reading.fields.introductions import introduced
from bot.reading.fields.leftovers import ends_label, unusual_firm, unusual_name, unusual_trade
from bot.reading.fields.matters import asks, bare_need, wishes
from bot.reading.fields.names import with_dot
from bot.reading.fields.people import titled
from bot.reading.fields.pieces import Piece, pieces
from bot.reading.findings import Findings
from bot.reading.vocabulary import any_pattern, words

# words of somebody who works somewhere
_HOUSE = re.compile(any_pattern(words("persons", "employed")))

# a slot stays empty below this
_LEAST = {
    "applicant": 1.5,
    "contact": 1.3,
    "position": 1.4,
    "address": 1.5,
    "business": 1.0,
    "need": 1.0,
}
_TOLD = 2.0
# so many labels make a form; in one, a trade under none must be surer
_FORM, _IN_FORM = 3, 1.4
_WHO = frozenset({"applicant", "contact", "position", "address"})
# what is as short as this may be added to a need behind a comma
_ADDED = 14
# the least of a thing before a wish, and what may stand before it
_THING, _LONGEST_THING, _OF = 2, 10, words("cues", "links")[0]
_BETWEEN = _OF + " ,"
# and to a trade what is sure to be goods, or as short as this
_GOODS, _SHORT = 1.0, 4
# a firm that a private person names must be introduced, or it is a place
_PRIVATE = re.compile(any_pattern(words("persons", "private")))
_SURE_OF_FIRM = 4.6
# what needs no telephone beside it
_SURE = {"applicant": 3.4, "address": 2.4, "contact": 2.0, "position": 2.4}
_MOST_PIECES = 14


def read_block(findings: Findings) -> None:
    """Fill what is still empty from the pieces of a block."""
    found = pieces(findings.free(), findings.taken)
    plain = findings.text.plain
    made = [guess for number, one in enumerate(found) for guess in guesses(plain, number, one)]
    placed = [_in_place(guess, made, found) for guess in made]
    chosen = _assigned(findings, placed, found)
    named = "contact" in findings.fields or any(one.role == "contact" for one in chosen)
    if not named and "phone" in findings.fields and not _is_form(findings):
        name = unusual_name(plain, found, chosen)
        chosen = [one for one in chosen if not name or one.piece != name[0].piece] + name
    chosen = _with_leftovers(findings, found, chosen)
    for guess in chosen:
        if guess.role not in ("need", "business"):
            _put(findings, guess)
    for role in ("need", "business"):
        _put_matter(findings, role, chosen, made, found)
    told = {guess.role for guess in chosen} & {"applicant", "contact", "address"}
    asks_for = "need" in findings.labelled or findings.asked is not None
    findings.asks_nothing = bool(told) and not asks_for
    _speak_for_themselves(findings)


def _with_leftovers(findings: Findings, found: list[Piece], chosen: list[Guess]) -> list[Guess]:
    """With the firm, else the trade, that only its place among the others tells."""
    plain = findings.text.plain
    if "phone" not in findings.fields or _is_form(findings):
        return chosen
    if "applicant" in findings.fields or any(one.role == "applicant" for one in chosen):
        return chosen + unusual_trade(plain, found, chosen, findings.fields)
    if _PRIVATE.search(plain) or not chosen:
        return chosen
    firm = unusual_firm(plain, found, chosen)
    return [one for one in chosen if not firm or one.piece != firm[0].piece] + firm


def _in_place(guess: Guess, made: list[Guess], found: list[Piece]) -> Guess:
    """A name gains by what stands beside it, a trade by a firm in the block."""
    extra = 0.0
    if guess.role in ("contact", "position"):
        near = [
            one
            for one in made
            if one.role in ("applicant", "position", "contact")
            and one.role != guess.role
            and abs(one.piece - guess.piece) == 1
        ]
        extra = 0.6 * any(one.score >= 1.5 for one in near)
        extra += 0.6 if found[guess.piece].beside else 0.0
    elif guess.role == "business":
        extra = 0.3
    return Guess(guess.role, guess.start, guess.end, guess.score + extra, guess.piece)


def _assigned(findings: Findings, made: list[Guess], found: list[Piece]) -> list[Guess]:
    """The surest first; each slot once, each character once."""
    chosen: list[Guess] = []
    least = _least(findings, made)
    for guess in sorted(made, key=lambda one: (-one.score, one.start)):
        if guess.role in findings.fields or guess.score < least[guess.role]:
            continue
        if guess.role == "business" and ends_label(findings.text.plain, found[guess.piece]):
            continue
        if not any(one.role == guess.role or _excludes(one, guess) for one in chosen):
            chosen.append(guess)
    return chosen


def _least(findings: Findings, made: list[Guess]) -> dict[str, float]:
    """Below what a slot of this message stays empty."""
    least = dict(_LEAST)
    firm = "applicant" in findings.fields or any(
        one.role == "applicant" and one.score >= _LEAST["applicant"] for one in made
    )
    if not firm:
        least["business"] = _TOLD
    if _PRIVATE.search(findings.text.plain):
        least["applicant"] = _SURE_OF_FIRM
    if _is_form(findings):
        # who labels most of it labels all of it
        least["business"] = max(least["business"], _IN_FORM)
    return least


def _is_form(findings: Findings) -> bool:
    return len(findings.labelled & _LEAST.keys()) >= _FORM


def _excludes(one: Guess, other: Guess) -> bool:
    """Whether two guesses want the same characters; a title is part of what somebody is called."""
    if {one.role, other.role} == {"contact", "position"} and one.end == other.end:
        return one.piece != other.piece or one.start == other.start
    return one.start < other.end and other.start < one.end


def tells_who(findings: Findings) -> bool:
    """Whether a text without a telephone gives at least two values that can be nothing else."""
    found = pieces(findings.free(), findings.taken)
    if not 2 <= len(found) <= _MOST_PIECES:
        return False
    plain = findings.text.plain
    sure = {
        guess.role
        for number, one in enumerate(found)
        for guess in guesses(plain, number, one)
        if guess.score >= _SURE.get(guess.role, 9.0) and not asks(plain[one.start : one.end])
    }
    return len(sure) >= 2


def _put(findings: Findings, guess: Guess) -> None:
    findings.take(guess.start, guess.end)
    said = findings.text.quote(guess.start, guess.end)
    findings.put(guess.role, with_dot(said) if guess.role == "contact" else said)


def _speak_for_themselves(findings: Findings) -> None:
    """Who asks for something, and names nobody and no place of work, asks in their own name."""
    fields = findings.fields
    name = fields.get("contact", "")
    if {"applicant", "position"} & fields.keys() or _is_form(findings):
        return
    plain = findings.text.plain
    wished = "contact" not in findings.labelled and wishes(plain)
    if "phone" not in fields or (findings.asked is None and not wished):
        return
    if len(name) > 1 and titled(name) is None and not _HOUSE.search(plain):
        findings.put("applicant", name)


def _put_matter(
    findings: Findings, role: str, chosen: list[Guess], made: list[Guess], found: list[Piece]
) -> None:
    """A need or a trade, with the pieces beside it that go on with it."""
    plain = findings.text.plain
    core = next((one for one in chosen if one.role == role), None)
    if core is None:
        return
    filled = {one.piece for one in chosen if one is not core}
    same = {
        one.piece: one
        for one in made
        if one.role == role and one.piece not in filled and (role == "need" or _goes_with(one))
    }
    start, end, first, last = core.start, core.end, core.piece, core.piece
    while first - 1 in same and _joins(found[first].gap):
        first -= 1
        start = same[first].start
    while last + 1 in same and _joins(found[last + 1].gap):
        last += 1
        end = same[last].end
    if role != "need":
        findings.put_span(role, start, end)
        return
    if found[first].gap == "" and first > 0:
        start = _thing_before(plain, found[first - 1], start, chosen)
    end = _with_more(found, last, end, [*chosen, *made])
    start += bare_need(plain[start:end])
    findings.asked = (start, end)


def _goes_with(trade: Guess) -> bool:
    """Whether words beside a trade may be more of it: some goods, or anything short."""
    return trade.score >= _GOODS or trade.end - trade.start <= _SHORT


def _joins(gap: str) -> bool:
    return set(gap) <= set(" ,\u3001")


def _thing_before(plain: str, piece: Piece, start: int, chosen: list[Guess]) -> int:
    """Where the thing begins that stands right before the words of a wish, else the wish itself."""
    ends = [one.end for one in chosen if piece.start <= one.start and one.end <= piece.end]
    begin, role = (max(ends), "") if ends else introduced(plain, piece.start, piece.end)
    while begin < piece.end and plain[begin] in _BETWEEN:
        begin += 1
    if role or not _THING <= piece.end - begin <= _LONGEST_THING or plain[piece.end - 1] == _OF:
        return start
    return begin


def _with_more(found: list[Piece], last: int, end: int, guessed: list[Guess]) -> int:
    """The end of a need with what a comma adds to it, unless that is a value of its own."""
    others = {one.piece for one in guessed if one.role in _WHO and one.score >= _LEAST[one.role]}
    if last + 1 < len(found) and last + 1 not in others and found[last + 1].gap == ",":
        more = found[last + 1]
        return more.end if more.end - more.start <= _ADDED else end
    return end
