"""The number of a case or report that somebody asks after, and the digits that prove it theirs."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.domain.report_numbers import report_key
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "lookups"
# a word goes on here: \\w would count a Han character behind a number as a part of it
_ON = "[A-Za-z0-9]"
_DAY = r"(20[0-9]{2})[-./]?(0[1-9]|1[0-2])[-./]?(0[1-9]|[12][0-9]|3[01])"
_BARE_DAY = r"(20[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])"
_LABEL = rf"{any_of(words(_FILE, 'labels'))}(?:{any_of(words(_FILE, 'copula'))})?[:#\s]*"
_CASES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!{_ON})([A-Za-z]{{1,4}})[\s\-_.#]*{_DAY}[\s\-_./]*([0-9]{{4,6}})(?!{_ON})",
        rf"(?<!{_ON})([A-Za-z]{{1,4}})[\s\-_.#]*{_DAY}\s*[-_/]\s*([0-9]{{1,6}})(?!{_ON})",
        rf"(?<![A-Za-z0-9\-])(){_BARE_DAY}\s*[-_ ]\s*([0-9]{{4,6}})(?!{_ON})",
        rf"{_LABEL}(){_BARE_DAY}([0-9]{{4,6}})(?!{_ON})",
    )
)
_IS = rf"(?:{any_of(words(_FILE, 'copula'))})?[\s:]*"
_TAIL = re.compile(rf"{any_of(words(_FILE, 'tails'))}{_IS}([0-9]{{4}})(?![0-9])")
_UNITS = "".join(words(_FILE, "units"))
_FOUR = re.compile(rf"(?<![A-Za-z0-9\-/.#])([0-9]{{4}})(?![A-Za-z0-9\-/.#{_UNITS}])")
_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_MIXED = r"(?:[A-Za-z]+[A-Za-z0-9]*(?:[-_/.][A-Za-z0-9]+)*|[0-9]+(?:[-_/][A-Za-z0-9]+)+)"
_REPORTS = (
    re.compile(rf"{_LABEL}({_MIXED}|[0-9]{{5,20}})(?!{_ON})"),
    re.compile(rf"{_LABEL}([\u3400-\u9fff()\[\]A-Za-z0-9\-]{{2,16}}[0-9]{{3,}}\u53f7?)"),
    re.compile(rf"(?<![A-Za-z0-9\-])({_MIXED})(?!{_ON})"),
)
_STANDARD = re.compile(any_pattern(words(_FILE, "standards")), re.IGNORECASE)
_DATE = re.compile(r"(?:19|20)[0-9]{2}[-/.][0-9]{1,2}(?:[-/.][0-9]{1,2})?|0[0-9]{2,3}-[0-9]{7,8}")
_CUES = re.compile(any_pattern(words(_FILE, "cues")))
_OTHERS = re.compile(any_pattern(words(_FILE, "others")))
_FILLERS = re.compile(any_of((*words(_FILE, "fillers"), *words(_FILE, "labels"))))
_APART = re.compile(r"[\W_]+")
# more than this is a letter and no question after a number
_LONGEST = 120
_REST = 6


@dataclass(frozen=True)
class Lookup:
    """What is asked after: a case number in its one form, or a report number as it was typed.

    `digits` are the last four of a telephone number, "" if none were given. `asks`: the message
    says that it asks; `alone`: there is nothing else in it.
    """

    number: str
    is_case: bool
    digits: str = ""
    asks: bool = False
    alone: bool = False


@lru_cache(maxsize=64)
def read_lookup(text: str, prefix: str, phone: str = "") -> Lookup | None:
    """The number asked after, `prefix` being the agency's own; None if it is another matter."""
    if len(text) > _LONGEST:
        return None
    plain = re.sub(r"\s*-\s*", "-", normalise(text))
    number, is_case, rest = _number(plain, prefix)
    if not number:
        return None
    digits, rest = _digits(rest, phone)
    asks = _CUES.search(rest) is not None
    left = _APART.sub("", _FILLERS.sub("", _CUES.sub("", rest)))
    if _OTHERS.search(rest) or len(left) > (_REST if asks or is_case else 0):
        return None
    return Lookup(number, is_case, digits, asks, alone=not left)


def read_case(text: str, prefix: str) -> str:
    """The case number in a message, in its one form; "" if there is none."""
    number, is_case, _ = _number(normalise(text[:_LONGEST]), prefix)
    return number if is_case else ""


def read_digits(text: str, phone: str = "") -> str:
    """The four digits that a message answers with; "" if it answers something else."""
    if len(text) > _LONGEST:
        return ""
    digits, rest = _digits(normalise(text), phone)
    left = _APART.sub("", _FILLERS.sub("", rest))
    return digits if len(left) <= _REST else ""


def last_four(phone: str) -> str:
    """The four digits that prove a registered number, an extension left aside."""
    found = re.findall(r"[0-9]+", phone)
    extension = len(found) > 1 and len(found[-1]) < 6 and len(found[-2]) >= 7
    return "".join(found[:-1] if extension else found)[-4:]


def _number(plain: str, prefix: str) -> tuple[str, bool, str]:
    """The number, whether it is one of a case, and the message without it."""
    for pattern in _CASES:
        found = pattern.search(plain)
        if found is not None:
            letters, year, month, day, running = found.groups()
            number = f"{(letters or prefix).upper()}{year}{month}{day}-{int(running):04d}"
            return number, True, _without(plain, found)
    for pattern in _REPORTS:
        for found in pattern.finditer(plain):
            if _may_be_report(found[1]):
                return found[1], False, _without(plain, found)
    return "", False, plain


def _without(plain: str, found: re.Match[str]) -> str:
    return f"{plain[: found.start()]} {plain[found.end() :]}"


def _may_be_report(token: str) -> bool:
    """Enough digits for a number of its own; no standard, date, telephone number or code."""
    key = report_key(token)
    if sum(char.isdigit() for char in key) < 4 or len(key) > 30 or len(key) == 18:
        return False
    return not (_STANDARD.match(token) or _DATE.fullmatch(token))


def _digits(rest: str, phone: str) -> tuple[str, str]:
    """The last four digits, said as such, in a whole number, or alone; and what is left."""
    for pattern in (_TAIL, _PHONE):
        found = pattern.search(rest)
        if found is not None:
            return found[0][-4:], _without(rest, found)
    if phone:
        return last_four(phone), re.sub(r"[0-9()\- ]{7,}", " ", rest)
    alone = list(_FOUR.finditer(rest))
    if len(alone) != 1:
        return "", rest
    return alone[0][1], _without(rest, alone[0])
