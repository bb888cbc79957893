"""How long somebody says that something takes: 15个工作日, 两周, 7-10天."""

import re
from dataclasses import dataclass

from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "cycles"
_NUMERALS = {numeral: value for value, numeral in enumerate(words(_FILE, "numerals"))}
_NUMERALS |= dict.fromkeys(words(_FILE, "two"), 2)
_NUMBER = rf"(?:[0-9]{{1,3}}|{any_of(_NUMERALS)}{{1,3}})"
_RANGE = any_of(words(_FILE, "range"))
_UNITS = {"working_days": 1, "days": 1, "weeks": 7, "months": 30}
# a day of a month, a clause, a telephone number are no lengths of time
_CYCLES = {
    unit: re.compile(
        rf"(?<![0-9\-.\u6708])(?:{_NUMBER}\s*{_RANGE}+\s*)?({_NUMBER})\s*"
        rf"{any_pattern(words(_FILE, unit))}"
    )
    for unit in _UNITS
}
_HALF_MONTH = re.compile(any_pattern(words(_FILE, "half_month")))
_MOST = 400


@dataclass(frozen=True)
class Cycle:
    """So many days; `working`: counted as the agency counts its own."""

    days: int
    working: bool


def read_cycle(text: str) -> Cycle | None:
    """The longest that is said; None if nothing is."""
    plain = normalise(text)
    for unit, factor in _UNITS.items():
        found = [_value(hit[1]) for hit in _CYCLES[unit].finditer(plain)]
        days = max(found, default=0) * factor
        if 0 < days <= _MOST:
            return Cycle(days, unit == "working_days")
    return Cycle(15, working=False) if _HALF_MONTH.search(plain) else None


def _value(number: str) -> int:
    """Digits, or numerals up to ninety-nine."""
    if number.isdigit() and number.isascii():
        return int(number)
    tens, ten, ones = number.rpartition(words(_FILE, "numerals")[-1])
    if not ten:
        return int("".join(str(_NUMERALS[one]) for one in number))
    return (_NUMERALS.get(tens, 1) if tens else 1) * 10 + (_NUMERALS.get(ones, 0) if ones else 0)
