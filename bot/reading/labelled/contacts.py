"""Who stands under a label of the contact, in whatever script, and the position beside them."""

import re
from dataclasses import replace

from bot.reading.fields.names import (
    Person,
    find_person,
    looks_like_name,
    may_be_name,
    read_person,
)
from bot.reading.vocabulary import any_of, words

_HAN = r"[\u3400-\u9fff]"
# letters of names that are not Han: Latin with its accents, Cyrillic, kana, hangul
_LETTER = r"[A-Za-z\u00c0-\u024f\u0400-\u04ff\u1e00-\u1eff\u3040-\u30ff\uac00-\ud7af]"
_WORD = rf"{_LETTER}[{_LETTER[1:-1]}.'\u2019\u00b7\-]{{0,24}}"
_LATIN = re.compile(rf"{_WORD}(?: {_WORD}){{0,4}}(?:[ ]?[(]?{_HAN}{{1,4}}[)]?(?!{_HAN}))?")
_BEHIND_HAN = re.compile(rf"[ ](?P<latin>{_WORD}(?: {_WORD}){{0,2}})(?=[ ]*(?:$|[,;(/|\n]))")
_TITLES = any_of(words("values", "latin_titles"))
_TITLE = re.compile(
    rf"[ ,(/\-]{{1,3}}(?P<title>(?:[A-Za-z&.]{{1,16}} ){{0,4}}{_TITLES})(?![A-Za-z])", re.IGNORECASE
)
_SHORT_TITLE = re.compile(rf"{_TITLES}$", re.IGNORECASE)
# 邢 建军, 王 小 明: a name set apart, whatever its length
_SPACED = re.compile(rf"{_HAN}[ ]{{1,4}}{_HAN}(?:[ ]{{0,4}}{_HAN})?(?!{_HAN})")
# 采购部 李明, 质检科张三: the name of a department before that of a person
_UNIT = re.compile(
    rf"{_HAN}{{1,8}}{any_of(words('names', 'units'))}[ :/\-]{{0,2}}(?=(?P<name>{_HAN}{{2,4}}))"
)
# 鲍玉山（场长）, 璩志宏，设备副总监: whatever short word stands there, if it ends like a title
_ENDS = "".join(words("values", "title_ends"))
_ENDS_IN_BRACKETS = _ENDS + "".join(words("values", "title_ends_in_brackets"))
_BRACKETED = re.compile(rf"[ ]?[(\u3010\[](?P<title>{_HAN}{{1,5}}[{_ENDS_IN_BRACKETS}])[)\u3011\]]")
_BESIDE = re.compile(rf"[ ,/\u3001]{{1,2}}(?P<title>{_HAN}{{2,7}}[{_ENDS}])(?=$|[ ,;/\n(])")
_NO_TITLE = frozenset(words("values", "no_title"))
_RAW = re.compile(r"[^\s,;\uff1b\u3002\u3001|/()0-9+]{1,20}")
_LONGEST_RAW = 8


def labelled_person(plain: str, start: int, end: int) -> Person | None:
    """Whoever stands here: under a label anything is a name unless it cannot be."""
    while start < end and plain[start] in " \t\n:":
        start += 1
    if start < end and re.match(_LETTER, plain[start]):
        return _latin(plain, start, end)
    unit = _UNIT.match(plain, start, end)
    if unit and looks_like_name(unit["name"]):
        start = unit.end()
    spaced = _SPACED.match(plain, start, end)
    if spaced and looks_like_name(spaced.group()):
        whole = Person(spaced.group(), None, start, spaced.end(), start)
        return _with_title(plain, whole, end)
    person = find_person(plain, start, end) or read_person(plain, start, end)
    if person is None:
        raw = _RAW.match(plain, start, end)
        if raw is None or len(raw.group()) > _LONGEST_RAW:
            return None
        return Person(raw.group(), None, raw.start(), raw.end(), raw.start())
    return _with_title(plain, _with_latin(plain, person, end), end)


def short_name(plain: str, start: int, end: int) -> Person | None:
    """Whatever a correction gives as a name, if it is as short as one and no phrase."""
    person = read_person(plain, start, end)
    if person is None or not 2 <= len(person.name) <= 4 or not may_be_name(person.name):
        return None
    return person


def _latin(plain: str, start: int, end: int) -> Person | None:
    found = _LATIN.match(plain, start, end)
    if found is None:
        return None
    stop = found.end()
    title = _TITLE.match(plain, stop, end)
    if title is None and found.group().isascii():
        # QA Manager behind the name with nothing but a blank between
        return Person(found.group().rstrip(" ."), None, start, stop, start)
    position = title["title"] if title else None
    return Person(
        found.group().rstrip(" ."), position, start, title.end() if title else stop, start
    )


def _with_latin(plain: str, person: Person, end: int) -> Person:
    """钱峰 Frank Qian: both names are the client's own characters."""
    behind = _BEHIND_HAN.match(plain, person.end, end)
    if behind is None or person.position or _SHORT_TITLE.search(behind["latin"]):
        return person
    return replace(person, name=plain[person.at : behind.end()], end=behind.end())


def _with_title(plain: str, person: Person, end: int) -> Person:
    beside = (
        None
        if person.position
        else (_BRACKETED.match(plain, person.end, end) or _BESIDE.match(plain, person.end, end))
    )
    if beside is None or beside["title"] in _NO_TITLE:
        return person
    return replace(person, position=beside["title"], end=beside.end())
