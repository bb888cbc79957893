"""The unified social credit code of GB 32100-2015: read, or refused with a reason."""

import re
import string
from collections.abc import Iterator
from dataclasses import dataclass

from bot.reading.fields.phones import find_phones
from bot.reading.normalise import clean, fold
from bot.reading.reading import Reason, Refusal
from bot.reading.vocabulary import any_of, words

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_AUTHORITIES = frozenset("123456789ANY")
_ID = re.compile(
    r"[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]"
)
# as it is shown, and as it comes from whoever masked it before it was read
_MASKED_ID = re.compile(r"[1-9][0-9]{2}\*{11}[0-9]{3}[0-9X]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
# one code as people type it, in groups or in one piece, with what stands beside it
_TOKEN = re.compile(r"[0-9A-Za-z](?:[ .\-]{0,2}[0-9A-Za-z*#]){5,59}")
_PIECE = re.compile(r"[0-9A-Za-z*#]+")
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{18}|[0-9A-Za-z]{2,8}(?:[ \-][0-9A-Za-z]{2,8}){1,8})"
    r"(?![0-9A-Za-z])"
)
_ORGANISATION = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
_TAIL = re.compile(r"[0-9][ .\-]{1,2}$")
_CARD = re.compile(r"62(?:[0-9]{14}|[0-9]{17})")
_OTHER = re.compile(
    rf"{any_of(words('phones', 'other_numbers'))}(?:{any_of(words('phones', 'between'))})?[ :]*$",
    re.IGNORECASE,
)
_IDENTITY = re.compile(any_of(words("privacy", "identity")))
_LENGTH, _OLD_LENGTH, _LONGEST, _LABEL = 18, 15, 400, 12
# fewer digits make a word
_FEWEST_DIGITS = 5
_LATIN = string.ascii_letters + " "


def check_character(body: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def read_uscc(text: str) -> str | Refusal:
    """The code a text holds, in capitals without gaps, or why it holds none."""
    said = fold(clean(text))[:_LONGEST]
    found = list(_candidates(said))
    # a code may go on behind the end of a line, if that makes it whole
    joined = list(_candidates(said.replace("\n", ""))) if "\n" in said else []
    for one in (*found, *joined):
        if len(one.code) == _LENGTH and _refuse(one, said) is None:
            return one.code
    if not found:
        return Refusal(said[:40], Reason.NOT_USCC)
    refused = _refuse(max(found, key=lambda one: _weight(one, said)), said)
    return refused or Refusal(said[:40], Reason.NOT_USCC)


def find_uscc(text: str) -> tuple[str, int, int] | None:
    """The first valid code in running text, and where it stands."""
    for found in _IN_TEXT.finditer(fold(text)):
        for one in _groups(found.group(), found.start()):
            if len(one.code) == _LENGTH and _refuse(one, "") is None:
                return one.code, one.start, one.end
    return None


@dataclass(frozen=True)
class _Candidate:
    """Characters that may be a code: in capitals without gaps, and as they stand."""

    code: str
    start: int
    end: int
    raw: str


def _candidates(said: str) -> Iterator[_Candidate]:
    """Every run of letters and digits, and every part of one that gaps set off."""
    for token in _TOKEN.finditer(said):
        yield from _groups(token.group(), token.start())


def _groups(token: str, at: int) -> Iterator[_Candidate]:
    """The whole, every piece, and pieces side by side that make the length of a code."""
    spans = [found.span() for found in _PIECE.finditer(token)]
    for first in range(len(spans)):
        length = 0
        for last in range(first, len(spans)):
            length += spans[last][1] - spans[last][0]
            if last == first or length in (_LENGTH, _OLD_LENGTH):
                yield _candidate(token, at, spans[first : last + 1])
            if length > _LENGTH:
                break
    if len(spans) > 1:
        yield _candidate(token, at, spans)


def _candidate(token: str, at: int, spans: list[tuple[int, int]]) -> _Candidate:
    start, end = spans[0][0], spans[-1][1]
    code = "".join(token[a:b] for a, b in spans).upper()
    return _Candidate(code, at + start, at + end, token[start:end])


def _weight(one: _Candidate, said: str) -> tuple[bool, bool, bool, int]:
    """How likely it is what was meant by a code, of several that are none."""
    digits = _count(one.code)
    full = len(one.code) == _LENGTH and digits >= _FEWEST_DIGITS
    return full, _is_identity(one, said), _is_old(one, said), len(one.code)


def looks_like_id(code: str) -> bool:
    """Whether it has the shape of an identity number and is no valid credit code."""
    code = code.upper()
    if _MASKED_ID.fullmatch(code):
        return True
    if not _ID.fullmatch(code):
        return False
    return has_id_check(code) or check_character(code[:17]) != code[17]


def has_id_check(code: str) -> bool:
    """Whether eighteen digits end in the check character of an identity number."""
    total = sum(int(c) * weight for c, weight in zip(code[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == code[17]


def _refuse(one: _Candidate, said: str) -> Refusal | None:
    """The first reason against the code, in the order in which it helps the client."""
    code = one.code
    if _is_identity(one, said):
        return Refusal(code[:40], Reason.LOOKS_LIKE_ID)
    if len(code) != _LENGTH:
        return Refusal(code[:40], _wrong_length(one, said))
    return _refuse_characters(code)


def _refuse_characters(code: str) -> Refusal | None:
    """The first of its eighteen characters that cannot stand where it does."""
    if _count(code) < _FEWEST_DIGITS:
        return Refusal(code, Reason.NOT_USCC)
    strange = "".join(dict.fromkeys(c for c in code if c not in ALPHABET))
    if strange:
        return Refusal(code, Reason.BAD_CHAR, strange)
    if code[0] not in _AUTHORITIES:
        return Refusal(code, Reason.BAD_PREFIX, code[0])
    if not code[2:8].isdigit():
        return Refusal(code, Reason.BAD_REGION, code[2:8])
    if check_character(code[:17]) != code[17]:
        return Refusal(code, Reason.BAD_CHECK)
    return None


def _is_identity(one: _Candidate, said: str) -> bool:
    """An identity number by its form; by its label also one of fifteen digits or with a slip."""
    if len(one.code) == _LENGTH:
        return looks_like_id(one.code)
    digits = len(one.code) >= _OLD_LENGTH and one.code.rstrip("X").isdigit()
    return digits and _IDENTITY.search(_before(one, said)) is not None


def _is_old(one: _Candidate, said: str) -> bool:
    """The number of a licence or an organisation from before there was one code for both."""
    code, digits = one.code, _count(one.code)
    if len(code) == _OLD_LENGTH and digits == _OLD_LENGTH:
        return one.raw == code or not find_phones(said)
    if not _ORGANISATION.fullmatch(one.raw.upper()) or _TAIL.search(said, 0, one.start):
        return False
    return digits >= 6 or (digits >= 2 and ("-" in one.raw or code.startswith("MA")))


def _wrong_length(one: _Candidate, said: str) -> Reason:
    """Another number altogether, one of the numbers of old, or this one with a slip."""
    if _is_old(one, said) and not _OTHER.search(_before(one, said)):
        return Reason.OLD_NUMBER
    if len(one.code) < 10 or _count(one.code) < _FEWEST_DIGITS or find_phones(said):
        return Reason.NOT_USCC
    if one.code[:2].isalpha() or _CARD.fullmatch(one.code) or _OTHER.search(_before(one, said)):
        return Reason.NOT_USCC
    return Reason.BAD_LENGTH


def _before(one: _Candidate, said: str) -> str:
    """The label in front; letters that touch the digits belong to it."""
    letters = len(one.raw) - len(one.raw.lstrip(_LATIN))
    return said[max(0, one.start - _LABEL) : one.start + letters]


def _count(code: str) -> int:
    return sum(c.isdigit() for c in code)
