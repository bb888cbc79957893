"""Why a text is no telephone number: the reasons of domain.md 9.1, for texts that hold none."""

import re

from bot.reading.reading import Reason
from bot.reading.vocabulary import any_of, words

_RUN = re.compile(r"[+(]{0,2}[0-9][0-9 .\-()/+]{0,40}")
_DATE = re.compile(
    r"(?:19|20)[0-9]{2}(?:[-./]?)(?:0?[1-9]|1[0-2])(?:[-./]?)(?:0?[1-9]|[12][0-9]|3[01])"
)
_SERVICE = re.compile(r"1[0-2][0-9]|12[0-9]{3}|1[01][0-9]{3}|9[56][0-9]{3,4}|10[0-9]{3,6}")
_FOREIGN = re.compile(
    r"(?:\+(?!\(?86)|00(?=852|853|886)|00(?=(?:1[2-9]|7|44|49|33|39|61|60|65|66|81|82|84|91)[0-9]{8,10}$))"
)
_REGIONS = re.compile(r"\(?(?:852|853|886)\)?[ \-]+[0-9][0-9 \-]{6,10}")
_LETTERS = re.compile(r"[A-Za-z]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_ASCII_WORDS = frozenset((*words("phones", "before"), "ext", "x"))
_NOT_BEFORE = words("phones", "not_before")
_LABEL = re.compile(any_of(words("phones", "said_around")))


def judge(plain: str) -> Reason:
    """The reason that helps the client most, for a text in which no number was found."""
    runs = [run.group().strip(" .-/") for run in _RUN.finditer(plain)]
    if not runs or "*" in plain:
        return Reason.NOT_PHONE
    longest = max(runs, key=lambda run: sum(char.isdigit() for char in run))
    digits = "".join(char for char in longest if char.isdigit())
    if _is_something_else(plain, longest, digits):
        return Reason.NOT_PHONE
    if _FOREIGN.match(longest if longest.startswith("+") else digits) or _REGIONS.fullmatch(
        longest
    ):
        return Reason.FOREIGN
    return _judge_digits(longest, digits)


def _is_something_else(plain: str, run: str, digits: str) -> bool:
    """An ID, a code, a card, a date, a count in a sentence: not an attempt at a number."""
    if len(digits) >= 15 or _DATE.fullmatch(run):
        return True
    if any(word.lower() not in _ASCII_WORDS for word in _LETTERS.findall(plain)):
        return True
    if plain[: plain.find(run)].rstrip(" :").endswith(_NOT_BEFORE):
        return True
    if len(digits) >= 7 or _SERVICE.fullmatch(digits):
        return False
    return bool(_HAN.search(_LABEL.sub("", plain)))


def _judge_digits(run: str, digits: str) -> Reason:
    if digits.startswith("0086"):
        digits = digits[4:]
    elif digits.startswith("86") and (run.startswith(("+", "(")) or len(digits) >= 12):
        digits = digits[2:]
    if _SERVICE.fullmatch(digits) and not run.startswith("+"):
        return Reason.SERVICE_NUMBER
    if digits.startswith("0"):
        return _judge_landline(digits)
    if digits.startswith("1"):
        return _judge_mobile(run, digits)
    return _judge_other(run, digits)


def _judge_landline(digits: str) -> Reason:
    """Begins with 0: an area code, right or wrong, and what stands behind it."""
    if digits.startswith(("00", "026")) or (digits.startswith("01") and digits[:3] != "010"):
        return Reason.BAD_AREA_CODE
    area = 3 if digits.startswith(("010", "02")) else 4
    local = digits[area:]
    if _SERVICE.fullmatch(local):
        return Reason.SERVICE_NUMBER
    if len(local) < (8 if area == 3 else 7):
        return Reason.TOO_SHORT
    if len(local) > 8:
        return Reason.TOO_LONG
    return Reason.BAD_LOCAL if local[0] in "01" else Reason.NOT_PHONE


def _judge_mobile(run: str, digits: str) -> Reason:
    """Begins with 1: a mobile with a digit too few or too many, or no mobile prefix."""
    if re.match(r"\(?10\)?[ \-]+[0-9]{4}[ \-]?[0-9]{4}$", run):
        return Reason.BAD_AREA_CODE
    if len(digits) < 11:
        return Reason.TOO_SHORT
    if len(digits) > 13:
        return Reason.NOT_PHONE
    return Reason.BAD_PREFIX if len(digits) == 11 else Reason.TOO_LONG


def _judge_other(run: str, digits: str) -> Reason:
    """Begins with 2 to 9: a local number, an area code without its 0, or no mobile prefix."""
    if len(digits) in (7, 8):
        return Reason.MISSING_AREA_CODE
    if re.match(r"\(?(?:2[0-9]|[3-9][0-9]{2})\)?[ .\-]+[2-9][0-9]{6,7}$", run):
        return Reason.BAD_AREA_CODE
    if len(digits) < 7:
        return Reason.TOO_SHORT
    if len(digits) == 11:
        return Reason.BAD_PREFIX
    return Reason.TOO_LONG if len(digits) == 12 else Reason.NOT_PHONE
