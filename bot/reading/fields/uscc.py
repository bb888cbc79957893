"""The unified social credit code of GB 32100-2015: read, or refused with a reason."""

import re

from bot.reading.fields.phones import find_phones
from bot.reading.normalise import clean, fold
from bot.reading.reading import Reason, Refusal

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
# one code as people type it, in groups or in one piece
_TOKEN = re.compile(r"[0-9A-Za-z](?:[ \-]{0,2}[0-9A-Za-z*#]){5,40}")
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{18}|[0-9A-Za-z]{2,8}(?:[ \-][0-9A-Za-z]{2,8}){1,8})"
    r"(?![0-9A-Za-z])"
)
_GAPS = re.compile(r"[ \-]")


def check_character(body: str) -> str:
    """The eighteenth character that belongs to the first seventeen."""
    total = sum(ALPHABET.index(c) * weight for c, weight in zip(body, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def read_uscc(text: str) -> str | Refusal:
    """The code a text holds, in capitals without gaps, or why it holds none."""
    said = fold(clean(text))[:200]
    tokens = [_GAPS.sub("", token).upper() for token in _TOKEN.findall(said)]
    if not tokens:
        return Refusal(said[:40], Reason.NOT_USCC)
    code = max(tokens, key=lambda token: (len(token) == 18, len(token)))
    refused = _refuse(code, said)
    return refused or code


def find_uscc(text: str) -> tuple[str, int, int] | None:
    """The first valid code in running text, and where it stands."""
    for found in _IN_TEXT.finditer(fold(text)):
        code = _GAPS.sub("", found.group()).upper()
        if len(code) == 18 and _refuse(code, code) is None:
            return code, found.start(), found.end()
    return None


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


def _refuse(code: str, said: str) -> Refusal | None:
    """The first reason against the code, in the order in which it helps the client."""
    if len(code) != 18:
        return Refusal(code[:40], _wrong_length(code, said))
    if looks_like_id(code):
        return Refusal(code, Reason.LOOKS_LIKE_ID)
    return _refuse_characters(code)


def _refuse_characters(code: str) -> Refusal | None:
    """The first of its eighteen characters that cannot stand where it does."""
    strange = "".join(dict.fromkeys(c for c in code if c not in ALPHABET))
    if strange:
        digits = sum(c.isdigit() for c in code)
        return Refusal(code, Reason.BAD_CHAR if digits >= 5 else Reason.NOT_USCC, strange)
    if code[0] not in _AUTHORITIES:
        return Refusal(code, Reason.BAD_PREFIX, code[0])
    if not code[2:8].isdigit():
        return Refusal(code, Reason.BAD_REGION, code[2:8])
    if check_character(code[:17]) != code[17]:
        return Refusal(code, Reason.BAD_CHECK)
    return None


def _wrong_length(code: str, said: str) -> Reason:
    """Another number altogether, one of the numbers of old, or this one with a slip."""
    digits = sum(c.isdigit() for c in code)
    if (len(code) == 15 and digits == 15) or (len(code) == 9 and digits >= 6):
        return Reason.OLD_NUMBER
    if len(code) < 10 or digits < 5 or find_phones(said):
        return Reason.NOT_USCC
    return Reason.BAD_LENGTH
