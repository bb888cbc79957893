"""Dates as people write them: where a text says by when, and which day that is (domain.md 7)."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Mapping

from bot.domain.workdays import ONE_DAY, Days, due, is_working_day
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, document, words

_FILE = "dates"


def _table(key: str) -> Mapping[str, str]:
    found = document(_FILE)[key]
    if not isinstance(found, dict):
        raise TypeError(f"words/dates.yaml: {key}: expected a mapping")
    return found


def _numbers(key: str) -> Mapping[str, int]:
    return {word: int(value) for word, value in _table(key).items()}


_DAYS, _WEEKS, _MONTHS = _numbers("days"), _numbers("weeks"), _numbers("months")
_PARTS, _YEARS, _UNITS = _numbers("parts"), _numbers("years"), _numbers("units")
_HOLIDAYS = _table("holidays")
_NUMERALS = {numeral: value for value, numeral in enumerate(words(_FILE, "numerals"))} | {
    "\u4e24": 2,
    "\u3007": 0,
}
_TEN, _HALF, _YEAR, _MONTH = "\u5341", "\u534a", "\u5e74", "\u6708"
_WEEKDAY = {word: n for n, word in enumerate(words(_FILE, "weekdays"))}
_SATURDAY, _SUNDAY = 5, 6

_N = rf"(?:[0-9]{{1,2}}|[{''.join(_NUMERALS)}{_TEN}]{{1,3}})"
_Y = rf"(?:(?P<year>20[0-9]{{2}}){_YEAR}|(?P<thisyear>{any_of(_YEARS)}))"
_DAY = r"[\u65e5\u53f7]"
_WEEK = any_of(words(_FILE, "week"))
_PATTERN = re.compile(
    rf"(?P<iso>20[0-9]{{2}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}})"
    rf"|{_Y}?(?P<month>{_N}){_MONTH}(?:\u4efd)?(?:(?P<day>{_N}){_DAY}?|(?P<part>{any_of(_PARTS)}))"
    rf"|(?P<nmonth>{any_of(_MONTHS)})\u6708(?P<npart>{any_of(_PARTS)}|(?P<nday>{_N}){_DAY})"
    rf"|(?P<slash>(?<![0-9.])(?:1[0-2]|0?[1-9])[/.](?:3[01]|[12][0-9]|0?[1-9])(?![0-9.]))"
    rf"|(?P<weeks>{any_of(_WEEKS)})?{_WEEK}(?P<weekday>[{''.join(_WEEKDAY)}\u5929\u672b])"
    rf"|(?P<nweek>{any_of(_WEEKS)}){_WEEK}"
    rf"|(?P<relative>{any_of(_DAYS)})"
    rf"|(?P<holiday>{any_of(_HOLIDAYS)})"
    rf"|(?P<yearend>{_YEAR}\u5e95|{_YEAR}\u672b)"
    rf"|(?<![0-9])\u6708(?P<monthpart>{any_of(_PARTS)})"
    rf"|(?P<bare>{_N}){_DAY}"
)
_LENGTH = re.compile(
    rf"(?P<count>{_N}|{_HALF}|\u51e0)(?P<half>\u4e2a{_HALF})?(?P<unit>{any_of(_UNITS)})"
    rf"(?={any_of(words(_FILE, 'within'))})"
)
_BEFORE = any_of(words(_FILE, "before"))
_WISH = any_of(words(_FILE, "wishes"))
_NEEDED = any_of(words(_FILE, "needed"))
_WITHIN = any_of(words(_FILE, "within"))
_PAST = any_of(words(_FILE, "past"))
_DATE = re.sub(r"\?P<\w+>", "?:", _PATTERN.pattern)
_SPAN = re.sub(r"\?P<\w+>", "?:", _LENGTH.pattern)
_DEADLINE = re.compile(
    rf"(?:{_DATE})[ ]?(?:{_BEFORE})(?!{_PAST})"
    rf"|{_SPAN}(?:{_WITHIN})(?!{_PAST})"
    rf"|{_WISH}[\s:\u662f\u5728]{{0,3}}(?:{_DATE})"
    rf"|(?:{_DATE})(?:\u5c31|\u5f97|\u5fc5\u987b)?{_NEEDED}"
)
_LONGEST = 2000


def find_deadline(plain: str) -> tuple[int, int] | None:
    """Where a text says by when it wants something; None if it only names a day, or none."""
    found = _DEADLINE.search(plain, 0, _LONGEST)
    return found.span() if found else None


def read_date(text: str, today: dt.date, days: Days | None = None) -> dt.date | None:
    """The day a text names, not before today; None if it names none (as does 尽快).

    The days of 三个工作日内 are worked ones; before a holiday means the last day of work.
    """
    plain = normalise(text)
    length = _LENGTH.search(plain)
    if length is not None:
        return _after(length, today, days or {})
    for found in _PATTERN.finditer(plain):
        kind = found.lastgroup or ""
        day = _reader(found)(found, today, days or {})
        if day is not None and day >= today:
            return day
        if kind == "iso":
            return None
    return None


def _after(found: re.Match[str], today: dt.date, days: Days) -> dt.date | None:
    per = _UNITS[found["unit"]]
    if found["count"] == _HALF:
        return today + 15 * ONE_DAY if per == 30 else None
    count = _number(found["count"])
    if count is None:
        return None
    if per == 0:
        return due(today, count, days).day
    extra = per // 2 if found["half"] else 0
    return today + (count * per + extra) * ONE_DAY


def _number(text: str) -> int | None:
    """12, 十二, 二十一, 两; None where it is no number."""
    if text.isdigit() and text.isascii():
        return int(text)
    if _TEN in text:
        tens, _, ones = text.partition(_TEN)
        high = _NUMERALS.get(tens, 1 if not tens else None)
        low = _NUMERALS.get(ones, 0 if not ones else None)
        return None if high is None or low is None else high * 10 + low
    return _NUMERALS.get(text) if len(text) == 1 else None


Reads = Callable[[re.Match[str], dt.date, Days], dt.date | None]


def _reader(found: re.Match[str]) -> Reads:
    return next(read for group, read in _READERS.items() if found[group] is not None)


def _iso(found: re.Match[str], _today: dt.date, _days: Days) -> dt.date | None:
    return _date(*map(int, re.split(r"[-/.]", found["iso"])))


def _slash(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    month, day = map(int, re.split(r"[/.]", found["slash"]))
    return _next(today, lambda year: _date(year, month, day))


def _of_month(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    month = _number(found["month"]) or 0
    day = _PARTS[found["part"]] if found["part"] else _number(found["day"]) or 0
    whole = found["part"] is not None
    if found["year"] or found["thisyear"]:
        year = int(found["year"]) if found["year"] else today.year + _YEARS[found["thisyear"]]
        return _date(year, month, day, whole=whole)
    return _next(today, lambda year: _date(year, month, day, whole=whole))


def _near_month(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    index = today.month - 1 + _MONTHS[found["nmonth"]]
    year, month = today.year + index // 12, index % 12 + 1
    if found["nday"]:
        return _date(year, month, _number(found["nday"]) or 0)
    return _date(year, month, _PARTS[found["npart"]], whole=True)


def _weekday(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    said = found["weekday"]
    index = _WEEKDAY.get(said, _SATURDAY if said == "\u672b" else _SUNDAY)
    monday = today - today.weekday() * ONE_DAY
    day = monday + (7 * _WEEKS.get(found["weeks"] or "", 0) + index) * ONE_DAY
    return day + 7 * ONE_DAY if not found["weeks"] and day < today else day


def _week(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    """下周前 is before it ends: Sunday; 本周内 likewise."""
    monday = today - today.weekday() * ONE_DAY
    return monday + (7 * _WEEKS[found["nweek"]] + _SUNDAY) * ONE_DAY


def _relative(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    return today + _DAYS[found["relative"]] * ONE_DAY


def _holiday(found: re.Match[str], today: dt.date, days: Days) -> dt.date | None:
    """The last day of work before that holiday, the next time it comes."""
    name = _HOLIDAYS[found["holiday"]]
    for year in (today.year, today.year + 1):
        first = _first_day(name, year)
        if first is None:
            continue
        day = first - ONE_DAY
        while not is_working_day(day, days):
            day -= ONE_DAY
        if day >= today:
            return day
    return None


def _first_day(name: str, year: int) -> dt.date | None:
    # imported on first use: five megabytes that most messages do not need
    import holidays

    named = holidays.country_holidays("CN", years=year, language="zh_CN")
    return min((day for day, said in named.items() if name in said.split("; ")), default=None)


def _year_end(_found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    return dt.date(today.year, 12, 31)


def _part_of_month(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    """月底: this month's, or the next one's."""
    return _next_month(today, lambda y, m: _date(y, m, _PARTS[found["monthpart"]], whole=True))


def _bare_day(found: re.Match[str], today: dt.date, _days: Days) -> dt.date | None:
    """5号: this month's, or the next one's."""
    return _next_month(today, lambda y, m: _date(y, m, _number(found["bare"]) or 0))


def _next_month(today: dt.date, of_month: Callable[[int, int], dt.date | None]) -> dt.date | None:
    """The next time that day of a month comes."""
    indices = range(today.month - 1, today.month + 2)
    days = (of_month(today.year + index // 12, index % 12 + 1) for index in indices)
    return next((day for day in days if day is not None and day >= today), None)


def _next(today: dt.date, of_year: Callable[[int], dt.date | None]) -> dt.date | None:
    """The next time that day comes."""
    days = (of_year(year) for year in range(today.year, today.year + 5))
    return next((day for day in days if day is not None and day >= today), None)


def _date(year: int, month: int, day: int, *, whole: bool = False) -> dt.date | None:
    """That date; `whole`: no later than the last of the month. None where there is none."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    last = monthrange(year, month)[1]
    if day > last and not whole:
        return None
    return dt.date(year, month, min(day, last))


_READERS: Mapping[str, Reads] = {
    "iso": _iso,
    "month": _of_month,
    "nmonth": _near_month,
    "slash": _slash,
    "weekday": _weekday,
    "nweek": _week,
    "relative": _relative,
    "holiday": _holiday,
    "yearend": _year_end,
    "monthpart": _part_of_month,
    "bare": _bare_day,
}
