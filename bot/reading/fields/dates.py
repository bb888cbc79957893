"""Dates as people write them: where a text says by when, and which day that is (domain.md 7)."""

import datetime as dt
import re

from bot.domain.workdays import Days
from bot.reading.fields import days as said
from bot.reading.fields.days import FILE, word
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_BEFORE = rf"{any_of(words(FILE, 'before'))}(?![{word('no_end')}])"
_AFTER = any_of(words(FILE, "after"))
_WITHIN = any_of(words(FILE, "within"))
_YEAR, _MONTH, _DAY = word("year"), word("month"), f"[{word('day')}]"
_NUMERAL = "".join(said.NUMERALS) + said.TEN
_N = rf"(?:[0-9]{{1,2}}|[{_NUMERAL}]{{1,3}})"
_TO = f"[{re.escape(word('range'))}]"
_PARTS, _YEARS, _WEEK = any_of(said.PARTS), any_of(said.YEARS), any_of(words(FILE, "week"))
# no number stands before it, which would make it a count: 三年前, 一周一次, 100号
_UNCOUNTED = rf"(?<![0-9{_NUMERAL}{said.HALF}{word('some')}])"
_MONTH_DAY = r"(?:1[0-2]|0?[1-9])"
_DAY_OF = r"(?:3[01]|[12][0-9]|0?[1-9])"
_Y = rf"(?:(?P<year>(?:20)?[0-9]{{2}}|[{_NUMERAL}]{{4}})[ ]?{_YEAR}[ ]?|(?P<thisyear>{_YEARS}))"
_DATES = (
    r"(?P<iso>20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|(?<![0-9])20[2-9][0-9](?:0[1-9]|1[0-2])[0-3][0-9](?![0-9]))",
    rf"{_Y}?(?P<month>{_N})[ ]?{_MONTH}[ ]?{word('month_too')}?(?:"
    rf"(?P<day>{_N})[ ]?{_DAY}?(?:{_TO}(?P<last>{_N}){_DAY}?)?|(?P<part>{_PARTS})"
    rf"|(?P<till>(?={_BEFORE}))|(?={_WITHIN}))",
    rf"(?P<nmonth>{any_of(said.MONTHS)}){_MONTH}{word('month_too')}?(?:(?P<npart>{_PARTS})"
    rf"|(?P<nday>{_N}{_DAY}|[0-9]{{1,2}}(?![0-9.A-Za-z\u3400-\u9fff])){_DAY}?"
    rf"|(?P<ntill>(?={_BEFORE}))|(?={_WITHIN}))",
    rf"(?P<slash>(?<![0-9.\-~]){_MONTH_DAY}[/.]{_DAY_OF}(?![0-9.A-Za-z%\u2103{word('measured')}]|{_WITHIN})"
    rf"|(?<![0-9.\-~]){_MONTH_DAY}-{_DAY_OF}(?={_DAY}?{_BEFORE}))",
    rf"(?:(?P<weeks>{any_of(said.WEEKS)})|{_UNCOUNTED}){_WEEK}"
    rf"(?P<weekday>[{''.join(said.WEEKDAYS)}])",
    rf"(?P<nweek>{any_of(said.WEEKS)}|{_UNCOUNTED}(?={_WEEK}{_WITHIN})){_WEEK}",
    rf"(?P<relative>{any_of(said.DAYS)})",
    rf"(?P<feast>{any_of(said.FEASTS)})(?![0-9{_NUMERAL}])",
    rf"(?P<moon>{any_of(said.MOON)})",
    rf"{_UNCOUNTED}(?<![{word('no_feast')}])"
    rf"(?P<holiday>{any_of((*said.HOLIDAYS, *said.BEFORE_HOLIDAY, *said.AFTER_HOLIDAY))})"
    rf"(?![{word('no_holiday')}])(?:{any_of(words(FILE, 'break'))})?(?P<behind>{_AFTER})?",
    rf"(?P<wholeyear>(?:(?P<yearof>{_YEARS}){_YEAR}?|{_UNCOUNTED}{_YEAR})"
    rf"(?:(?P<yearpart>{any_of(said.YEAR_PARTS)})|(?={_WITHIN})))",
    rf"(?P<wholemonth>{_UNCOUNTED}{_MONTH}(?:(?P<monthpart>{_PARTS})|(?={_WITHIN}))"
    rf"|(?P<tendays>{any_of(words(FILE, 'ten_days'))}))",
    rf"(?<![0-9{_NUMERAL}A-Za-z#{word('ordinal')}])(?P<bare>{_N}){_DAY}(?![{word('numbered')}])",
)
_PATTERN = re.compile(rf"(?<!{word('every')})(?:{'|'.join(_DATES)})")
_COUNT = rf"(?:[0-9]{{1,3}}(?:{_TO}[0-9]{{1,3}})?|[{_NUMERAL}]{{1,3}}(?:{_TO}[{_NUMERAL}]{{1,3}})?)"
_HALF_MORE = f"{said.ONE_AND}{said.HALF}{_MONTH}"
_URGENT = any_of(words(FILE, "needed_within"))
_LENGTH = re.compile(
    rf"(?P<over>{word('over')})?(?P<count>{_COUNT}|{said.HALF}|{word('some')})"
    rf"(?:(?P<half>{_HALF_MORE})|(?P<unit>{any_of(said.UNITS)}))"
    rf"(?(over)|(?={_WITHIN}|{_URGENT}|(?<![0-9{_NUMERAL}][{word('day')}]){_AFTER}))"
)
_PAST = any_of(words(FILE, "past"))
_WISH, _NEEDED = any_of(words(FILE, "wishes")), any_of(words(FILE, "needed"))
_MUST = any_of(words(FILE, "must"))
_TIME = (
    rf"(?:[ ]?{any_of(words(FILE, 'times'))}){{0,2}}"
    rf"(?:[ ]?{_N}{word('clock')}{said.HALF}?)?(?:{any_of(words(FILE, 'times'))})?"
)
_DATE = re.sub(r"\?P<\w+>", "?:", _PATTERN.pattern)
_SPAN = rf"(?:{_COUNT}|{said.HALF})(?:{_HALF_MORE}|{any_of(said.UNITS)})"
_DEADLINE = re.compile(
    rf"(?:{_DATE}){_TIME}[ ]?(?:{_BEFORE}|{_WITHIN})(?!{_PAST})"
    rf"|{_SPAN}(?:{_WITHIN}(?!{_PAST})|{_URGENT}|{_AFTER}{_MUST}?{_NEEDED})"
    rf"|{_WISH}[\s:{word('at')}]{{0,3}}(?:{_DATE})"
    rf"|(?:{_DATE}){_TIME}{_MUST}?{_NEEDED}"
)
_GONE = re.compile(any_of(words(FILE, "gone")))
_HOLDS = re.compile(rf"{any_of(words(FILE, 'holds'))}[{word('holds_until')}]{{0,2}}$")
_LONGEST = 2000
# a day is named in less
_LONGEST_SAID = 200


def find_deadline(plain: str) -> tuple[int, int] | None:
    """Where a text says by when it wants something; None if it only names a day, or none."""
    for found in _DEADLINE.finditer(plain, 0, _LONGEST):
        before = plain[max(0, found.start() - 8) : found.start()]
        if not _GONE.match(found.group()) and not _HOLDS.search(before):
            return found.span()
    return None


def read_date(text: str, today: dt.date, days: Days | None = None) -> dt.date | None:
    """The day a text names, not before today; None if it names none (as does 尽快).

    The days of 三个工作日内 are worked ones; before a holiday means the last day of work.
    """
    plain = normalise(text[:_LONGEST_SAID])
    length = _LENGTH.search(plain)
    if length is not None:
        return said.after(length, today, days or {})
    for found in _PATTERN.finditer(plain):
        day = _reader(found)(found, today, days or {})
        if day is not None and day >= today:
            return day
        if found["iso"]:
            return None
    return None


def _reader(found: re.Match[str]) -> said.Reads:
    return next(read for group, read in said.READERS.items() if found[group] is not None)
