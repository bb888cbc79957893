"""What is left of a block and no shape explains: a name, a firm or a trade, by where it stands."""

import re
from collections.abc import Iterable

from bot.reading.fields.guesses import OTHERS, Guess
from bot.reading.fields.introductions import introduced
from bot.reading.fields.matters import asks, counts, may_be_trade
from bot.reading.fields.people import TALK, job_score, may_be_name, name_score
from bot.reading.fields.pieces import Piece
from bot.reading.fields.regions import begins_with_region
from bot.reading.vocabulary import any_of, words

_HAN = r"\u3400-\u9fff"
# a name nobody would know as one must stand as near to what is known
_SHORT, _NEAR = re.compile(rf"[{_HAN}]{{2,4}}"), 0.9
# a piece of this shape may name a firm nobody would know as one
_FIRM = re.compile(rf"[{_HAN}A-Za-z0-9&()]{{2,20}}")
_NO_FIRM = re.compile(any_of((*words("orgs", "not_in_firms"), *words("orgs", "no_firm"))))
_UNITS = words("orgs", "no_firm_ends")
_TAIL = re.compile(
    rf"(?<=[{_HAN})]{{2}})(?:{any_of((*words('orgs', 'tails'), *words('orgs', 'industries')))})$"
)
_GOODS = frozenset(words("matters", "goods")[0])
_NAMED = words("names", "surnames")[0]
# a shop that is called by whose it is
_HOUSE_OF = re.compile(
    rf"{words('names', 'familiar')[1]}[{_NAMED}](?=[{_HAN}])"
    rf"|[{_NAMED}][{_HAN}]?{any_of(words('orgs', 'house_of'))}(?=[{_HAN}])"
)
_BRANCH = re.compile(rf"[{_HAN}]\([{_HAN}]{{2,4}}\)")
_SURNAME = 1.0
# a trade less sure than this may be a name after all
_SURE_TRADE = 2.0
_BEHIND = re.compile(rf"{any_of(words('orgs', 'behind_name'))}$")
_POINTED = re.compile(any_of(words("orgs", "pointed")))
# what is shorter must stand first
_SURE_OF_FIRM, _FULL = 0.8, 4


def unusual_name(plain: str, found: list[Piece], chosen: list[Guess]) -> list[Guess]:
    """A piece that is as short as a name and stands beside a telephone or a job, if it is alone."""
    filled = {one.piece: one.role for one in chosen}
    sure = {one.piece for one in chosen if one.score >= _SURE_TRADE}
    best: list[Guess] = []
    first = _first(plain, found)
    for number, piece in enumerate(found):
        text = plain[piece.start : piece.end]
        if (
            filled.get(number, "business") != "business"
            or number in sure
            or ends_label(plain, piece)
            or not _SHORT.fullmatch(text)
            or not may_be_name(text)
        ):
            continue
        near = {filled.get(number - 1), filled.get(number + 1)}
        score = piece.beside + 1.0 * ("position" in near) + 0.5 * ("applicant" in near)
        score += name_score(text) / 4
        score += 0.6 * (number == first and name_score(text) >= _SURNAME)
        if score >= _NEAR and (not best or score > best[0].score):
            best = [Guess("contact", piece.start, piece.end, score, number)]
    return best


def unusual_trade(
    plain: str, found: list[Piece], chosen: list[Guess], known: Iterable[str]
) -> list[Guess]:
    """The one piece of a firm's block that is left and may name what the firm does."""
    roles = {one.role for one in chosen} | set(known)
    if "business" in roles or "contact" not in roles:
        return []
    filled = {one.piece for one in chosen}
    left = [
        Guess("business", piece.start, piece.end, 1.0, number)
        for number, piece in enumerate(found)
        if number not in filled
        and not ends_label(plain, piece)
        and may_be_trade(plain[piece.start : piece.end])
    ]
    return left if len(left) == 1 else []


def unusual_firm(plain: str, found: list[Piece], chosen: list[Guess]) -> list[Guess]:
    """The piece that looks most like what a firm is called, though nothing at its end says so."""
    filled = {one.piece: one.role for one in chosen}
    best: list[Guess] = []
    first = _first(plain, found)
    for number, piece in enumerate(found):
        if filled.get(number, "business") != "business" or ends_label(plain, piece):
            continue
        after = found[number + 1] if number + 1 < len(found) else None
        start, stop, score = _as_firm(plain, piece, first=number == first)
        if stop == start or (after and _begins_need(plain, after)):
            continue
        near = {filled.get(number - 1), filled.get(number + 1)}
        placed = after is not None and begins_with_region(plain, after.start)
        score += 0.5 * (placed or bool(near & {"address", "contact", "position"}))
        if score >= _SURE_OF_FIRM and (not best or score > best[0].score):
            best = [Guess("applicant", start, stop, score, number)]
    return best


def _as_firm(plain: str, piece: Piece, *, first: bool) -> tuple[int, int, float]:
    """The words of a piece that may name a firm, and how much they look like one."""
    start, role = introduced(plain, piece.start, piece.end)
    behind = _BEHIND.search(plain, start, piece.end)
    stop = behind.start() if behind else piece.end
    for pointed in _POINTED.finditer(plain, start, stop - 3):
        start = pointed.end()
    short = stop - start < _FULL and not first and not role
    told = role in ("", "applicant") and not OTHERS.match(plain, piece.start, piece.end)
    if short or not told or not _may_be_firm(plain[start:stop]):
        return start, start, 0.0
    score = _looks(plain, start, stop) + 0.6 * first + 0.4 * piece.beside
    return start, stop, score + 2.0 * (role == "applicant") + 0.6 * (start > piece.start)


def _begins_need(plain: str, after: Piece) -> bool:
    """Whether a piece was cut off before words that go on with a need."""
    return after.gap in ("", " ") and asks(plain[after.start : after.end]) > 0


def _may_be_firm(text: str) -> bool:
    """Whether nothing speaks against the name of a firm."""
    if not _FIRM.fullmatch(text) or text in TALK or text.isascii() or text.isdigit():
        return False
    if _NO_FIRM.search(text) or text.endswith(_UNITS) or job_score(text) > 0:
        return False
    return asks(text) == 0 and not counts(text)


def _looks(plain: str, start: int, end: int) -> float:
    """How much a run of words looks like the name of a firm by its own words."""
    size = end - start
    score = 0.6 * begins_with_region(plain, start) - 0.3 * (size < 4)
    score += 0.7 * (_TAIL.search(plain, start, end) is not None)
    score += 0.8 * (_BRANCH.search(plain, start, end) is not None)
    score += 0.6 * (_HOUSE_OF.match(plain, start, end) is not None)
    return score - 0.3 * (size <= 4 and plain[end - 1] in _GOODS)


def _first(plain: str, found: list[Piece]) -> int:
    """The first piece that is more than a greeting."""
    for number, piece in enumerate(found):
        text = plain[piece.start : piece.end]
        if text not in TALK and not _NO_FIRM.search(text):
            return number
    return -1


def ends_label(plain: str, piece: Piece) -> bool:
    """Whether a colon follows, so that the piece is a label nobody knows."""
    return plain[piece.end : piece.end + 2].strip()[:1] == ":"
