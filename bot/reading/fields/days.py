"""Which day is meant by the parts of a date as people say it, counted from a known today."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable, Mapping

from bot.domain.workdays import ONE_DAY, Days, due, is_working_day
from bot.reading.vocabulary import document, words

FILE = "dates"


def table(key: str) -> Mapping[str, str]:
    """One mapping of the words for dates."""
    found = document(FILE)[key]
    if not isinstance(found, dict):
        raise TypeError(f"words/dates.yaml: {key}: expected a mapping")
    return found


def _numbers(key: str) -> dict[str, int]:
    return {word: int(value) for word, value in table(key).items()}


def word(key: str) -> str:
    """A single word, or several characters that are looked at one by one."""
    return "".join(words(FILE, key))


DAYS, WEEKS, MONTHS = _numbers("days"), _numbers("weeks"), _numbers("months")
PARTS, YEARS, UNITS = _numbers("parts"), _numbers("years"), _numbers("units")
YEAR_PARTS, FEASTS, MOON = _numbers("year_parts"), _numbers("feasts"), _numbers("moon")
HOLIDAYS = table("holidays")
BEFORE_HOLIDAY, AFTER_HOLIDAY = table("holidays_before"), table("holidays_after")
NUMERALS = {numeral: value for value, numeral in enumerate(words(FILE, "numerals"))} | _numbers(
    "numerals_too"
)
TEN, HALF, ONE_AND = word("ten"), word("half"), word("one_and")
WEEKDAYS = {name: n for n, name in enumerate(words(FILE, "weekdays"))} | {
    word("weekend"): 5,
    word("sunday"): 6,
}
_SUNDAY = 6
_RANGE = re.compile(f"[{re.escape(word('range'))}]")
_SPRING = HOLIDAYS[words(FILE, "spring")[0]]
_ALL_HOLIDAYS = tuple(dict.fromkeys(name for name in HOLIDAYS.values() if name))
# a day of this year that passed so lately is a slip, not one of the next year
_LATELY = 31

Found = re.Match[str]
Reads = Callable[[Found, dt.date, Days], dt.date | None]


def number(text: str) -> int | None:
    """12, 十二, 二十一, 两; None where it is no number."""
    text = text.strip()
    if text.isdigit() and text.isascii():
        return int(text)
    if TEN in text:
        tens, _, ones = text.partition(TEN)
        high = NUMERALS.get(tens, 1 if not tens else None)
        low = NUMERALS.get(ones, 0 if not ones else None)
        return None if high is None or low is None else high * 10 + low
    return NUMERALS.get(text) if len(text) == 1 else None


def later_of(text: str) -> int | None:
    """The number, of two the second: 三五 is five, 3-5 too."""
    last = _RANGE.split(text)[-1]
    if len(last) == 2 and TEN not in last and not last.isascii():
        low, high = NUMERALS.get(last[0]), NUMERALS.get(last[1])
        return high if low is not None and high is not None and low < high else None
    return number(last)


def after(found: Found, today: dt.date, days: Days) -> dt.date | None:
    """So long from today: 三天内, 一个半月内, 5个工作日内."""
    per = 30 if found["half"] else UNITS[found["unit"]]
    if found["count"] == HALF:
        return today + 15 * ONE_DAY if per == 30 else None
    count = later_of(found["count"])
    if count is None:
        return None
    if per == 0:
        return due(today, count, days).day
    if per < 0:
        return today + (count // -per) * ONE_DAY
    extra = per // 2 if found["half"] else 0
    return today + (count * per + extra) * ONE_DAY


def _iso(found: Found, _today: dt.date, _days: Days) -> dt.date | None:
    said = found["iso"]
    if said.isdigit():
        return _date(int(said[:4]), int(said[4:6]), int(said[6:]))
    return _date(*map(int, re.split(r"[-/.]", said)))


def _slash(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    month, day = map(int, re.split(r"[-/.]", found["slash"]))
    return _next(today, lambda year: _date(year, month, day))


def _of_month(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    month = number(found["month"]) or 0

    def of_year(year: int) -> dt.date | None:
        if found["till"] is not None:
            return _eve(_date(year, month, 1))
        if found["day"]:
            return _date(year, month, later_of(found["last"] or found["day"]) or 0)
        return _date(year, month, PARTS[found["part"]] if found["part"] else 31, whole=True)

    if found["year"] or found["thisyear"]:
        return of_year(_year(found, today))
    return _next(today, of_year)


def _year(found: Found, today: dt.date) -> int:
    if found["thisyear"]:
        return today.year + YEARS[found["thisyear"]]
    said = "".join(str(NUMERALS.get(char, char)) for char in found["year"])
    return int(said) + (2000 if len(said) == 2 else 0)


def _near_month(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    year, month = _month_from(today, MONTHS[found["nmonth"]])
    if found["ntill"] is not None:
        return _eve(_date(year, month, 1))
    if found["nday"]:
        return _date(year, month, number(found["nday"].rstrip(word("day"))) or 0)
    return _date(year, month, PARTS[found["npart"]] if found["npart"] else 31, whole=True)


def _month_from(today: dt.date, further: int) -> tuple[int, int]:
    index = today.month - 1 + further
    return today.year + index // 12, index % 12 + 1


def _weekday(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    monday = today - today.weekday() * ONE_DAY
    day = monday + (7 * WEEKS.get(found["weeks"] or "", 0) + WEEKDAYS[found["weekday"]]) * ONE_DAY
    return day + 7 * ONE_DAY if not found["weeks"] and day < today else day


def _week(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    """下周前 is before it ends: Sunday; 本周内 likewise."""
    monday = today - today.weekday() * ONE_DAY
    return monday + (7 * WEEKS.get(found["nweek"], 0) + _SUNDAY) * ONE_DAY


def _relative(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    return today + DAYS[found["relative"]] * ONE_DAY


def _holiday(found: Found, today: dt.date, days: Days) -> dt.date | None:
    """The last day of work before that holiday, or the first one behind it, when it comes next."""
    said = found["holiday"]
    if found["behind"] or said in AFTER_HOLIDAY:
        return _coming(_named(said), today, lambda first: _work(first, ONE_DAY, days))
    return _coming(_named(said), today, lambda first: _work(first - ONE_DAY, -ONE_DAY, days))


def _named(said: str) -> tuple[str, ...]:
    name = next(one[said] for one in (HOLIDAYS, BEFORE_HOLIDAY, AFTER_HOLIDAY) if said in one)
    return (name,) if name else _ALL_HOLIDAYS


def _coming(
    names: tuple[str, ...], today: dt.date, of_first: Callable[[dt.date], dt.date]
) -> dt.date | None:
    """The earliest day from today on that belongs to one of the holidays."""
    firsts = (_first_day(name, year) for year in (today.year, today.year + 1) for name in names)
    return min(
        (day for first in firsts if first and (day := of_first(first)) >= today), default=None
    )


def _work(day: dt.date, step: dt.timedelta, days: Days) -> dt.date:
    while not is_working_day(day, days):
        day += step
    return day


def _feast(found: Found, today: dt.date, days: Days) -> dt.date | None:
    """The last day of work before a feast that is no day off."""

    def of_year(year: int) -> dt.date | None:
        month, day = divmod(FEASTS[found["feast"]], 100)
        return _work(dt.date(year, month, day) - ONE_DAY, -ONE_DAY, days)

    return _next(today, of_year)


def _moon(found: Found, today: dt.date, days: Days) -> dt.date | None:
    """The last day of work before a feast that the moon fixes."""
    further = MOON[found["moon"]] * ONE_DAY
    return _coming(
        (_SPRING,), today, lambda first: _work(first + further - ONE_DAY, -ONE_DAY, days)
    )


def _first_day(name: str, year: int) -> dt.date | None:
    # imported on first use: five megabytes that most messages do not need
    import holidays

    named = holidays.country_holidays("CN", years=year, language="zh_CN")
    return min((day for day, said in named.items() if name in said.split("; ")), default=None)


def _year_part(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    """年底, 明年初, 年内."""
    month, day = divmod(YEAR_PARTS.get(found["yearpart"] or "", 1231), 100)
    if found["yearof"]:
        return dt.date(today.year + YEARS[found["yearof"]], month, day)
    return _next(today, lambda year: dt.date(year, month, day), lately=0)


def _part_of_month(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    """月底, 中旬, 月内: this month's, or the next one's."""
    part = found["monthpart"] or found["tendays"]
    return _next_month(today, lambda y, m: _date(y, m, PARTS.get(part or "", 31), whole=True))


def _bare_day(found: Found, today: dt.date, _days: Days) -> dt.date | None:
    """5号: this month's, or the next one's."""
    return _next_month(today, lambda y, m: _date(y, m, number(found["bare"]) or 0))


def _next_month(today: dt.date, of_month: Callable[[int, int], dt.date | None]) -> dt.date | None:
    """The next time that day of a month comes."""
    days = (of_month(*_month_from(today, further)) for further in range(3))
    return next((day for day in days if day is not None and day >= today), None)


def _next(
    today: dt.date, of_year: Callable[[int], dt.date | None], lately: int = _LATELY
) -> dt.date | None:
    """The next time that day comes; None if it has only just passed."""
    found = [of_year(year) for year in range(today.year - 1, today.year + 5)]
    days = [day for day in found if day is not None]
    if any(today - lately * ONE_DAY <= day < today for day in days):
        return None
    return next((day for day in days if day >= today), None)


def _eve(day: dt.date | None) -> dt.date | None:
    return day - ONE_DAY if day else None


def _date(year: int, month: int, day: int, *, whole: bool = False) -> dt.date | None:
    """That date; `whole`: no later than the last of the month. None where there is none."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    last = monthrange(year, month)[1]
    if day > last and not whole:
        return None
    return dt.date(year, month, min(day, last))


READERS: Mapping[str, Reads] = {
    "iso": _iso,
    "month": _of_month,
    "nmonth": _near_month,
    "slash": _slash,
    "weekday": _weekday,
    "nweek": _week,
    "relative": _relative,
    "holiday": _holiday,
    "feast": _feast,
    "moon": _moon,
    "wholeyear": _year_part,
    "wholemonth": _part_of_month,
    "bare": _bare_day,
}
