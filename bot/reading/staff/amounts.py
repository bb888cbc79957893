"""The sum that staff enter: one exact amount of money and what it is for, or a reason why not."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.reading.normalise import Text
from bot.reading.vocabulary import any_of, words

_FILE = "amounts"
_SIGN = any_of(words(_FILE, "signs"))
_UNIT = any_of(words(_FILE, "units"))
_DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_SUM = re.compile(rf"(?:{_SIGN}\s*)?({_DIGITS})(?:\s*({_UNIT}))?", re.IGNORECASE)
_FREE = re.compile(any_of(words(_FILE, "free")))
_ABOUT = re.compile(rf"\s*{any_of(words(_FILE, 'about'))}")
_ABOUT_BEFORE = re.compile(rf"{any_of(words(_FILE, 'about'))}\s*")
_RANGE = re.compile(
    rf"\s*{any_of(words(_FILE, 'range'))}\s*(?:{_SIGN})?\s*[0-9]|\s*{any_of(words(_FILE, 'each'))}"
)
_MARKS = " \n\t,;:()\u3001\u3002"
_MOST = Decimal(100_000_000)


class Fault(StrEnum):
    """Why a text states no sum."""

    NONE = "none"
    ABOUT = "about"
    RANGE = "range"
    DIGITS = "digits"


@dataclass(frozen=True)
class Amount:
    """A sum in the words it was entered with, with its unit, and what it is for."""

    text: str
    note: str = ""


def read_amount(typed: str) -> Amount | Fault:
    """The sum that a text begins with; the rest is the note."""
    text = Text.of(typed)
    plain = text.plain.lstrip(_MARKS)
    skipped = len(text.plain) - len(plain)
    free = _FREE.match(plain)
    if free is not None:
        return Amount(text.quote(skipped, skipped + free.end()), _note(text, skipped + free.end()))
    found = _SUM.match(plain)
    if found is None:
        return Fault.ABOUT if _ABOUT_BEFORE.match(plain) else Fault.NONE
    fault = _fault(plain, found)
    if fault is not None:
        return fault
    said = text.quote(skipped + found.start(), skipped + found.end())
    said = unicodedata.normalize("NFKC", said)
    signed = found.start(1) > found.start()
    unit = "" if found[2] or signed else words(_FILE, "units")[2]
    return Amount(said + unit, _note(text, skipped + found.end()))


def _fault(plain: str, found: re.Match[str]) -> Fault | None:
    """What makes a number no exact sum."""
    behind = plain[found.end() :]
    if _RANGE.match(behind):
        return Fault.RANGE
    if _ABOUT.match(behind):
        return Fault.ABOUT
    # 块 counts things as well: 1200块表 is no sum
    exact = found[2] is not None and found[2] not in words(_FILE, "counts_too")
    glued = not exact and behind[:1].strip(_MARKS) != ""
    glued = glued or re.match(r"[,.][0-9]", behind) is not None
    value = Decimal(found[1].replace(",", ""))
    places = len(found[1].partition(".")[2])
    ten_thousand = found[2] in words(_FILE, "ten_thousand")
    if glued or places > (6 if ten_thousand else 2):
        return Fault.DIGITS
    return Fault.DIGITS if value * (10_000 if ten_thousand else 1) >= _MOST else None


def _note(text: Text, start: int) -> str:
    """What stands behind the sum, without the mark between."""
    return text.quote(start, len(text.plain)).strip(_MARKS + "\uff0c\uff1b\uff1a\uff08\uff09")
