"""Free words in a block: what is asked for, and what is made or sold, told apart by their words."""

import re
from functools import lru_cache

from bot.reading.fields.people import TALK, may_be_name
from bot.reading.vocabulary import any_of, any_run_of, words

_HAN = r"\u3400-\u9fff"
_ASKED = re.compile(any_of(words("matters", "asked")))
_NOT_ASKED = re.compile(any_of(words("matters", "not_asked")))
_WISHES = re.compile(any_of(words("matters", "wishes")))
# a piece that begins so wishes something, whatever it holds
_WISHED = re.compile(rf"{any_of(words('matters', 'wished'))}(?=[{_HAN}A-Za-z0-9]{{3}})")
# a unit of the house that is named after what it does asks for nothing
_UNITS = re.compile(any_of((*words("persons", "units"), *words("matters", "units"))))
_OWN = re.compile(rf"{any_of(words('matters', 'own'))}")
_MEASURED = re.compile(any_of(words("matters", "measured")))
_INSTRUMENT = re.compile(any_of(words("matters", "instruments")))
_NUMERAL = r"0-9\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u51e0"
_COUNTED = re.compile(rf"[{_NUMERAL}]+[ ]?{any_of(words('aptness', 'measures'))}")
# so many of a thing, and nothing else
_LISTED = re.compile(
    rf"[{_HAN}A-Za-z]{{2,10}}[{_NUMERAL}]{{1,4}}[ ]?{any_of(words('aptness', 'measures'))}"
)
_TRADE_END = re.compile(rf"{any_of(words('matters', 'trades'))}$")
_GOODS = frozenset(words("matters", "goods")[0])
_NO_TRADE = re.compile(any_of(words("matters", "no_trade")))
_POLITE = re.compile(
    rf"(?:{any_run_of(words('matters', 'polite'))}[ ,\uff0c:\uff1a]{{0,4}}){{1,12}}"
)
_NAMED, _LONGEST_PART = re.compile(rf"[{_HAN}]"), 12
_PARTS = re.compile("[\u3001,\uff0c ]")
_LONGEST_TRADE = 30
_TRADE = re.compile(rf"[{_HAN}\u3001]{{3,14}}")


def wishes(text: str) -> bool:
    """Whether a text wishes or asks at all."""
    return _WISHES.search(text) is not None


@lru_cache(maxsize=4096)
def asks(text: str) -> float:
    """How much a piece asks for something: from 0 to 3."""
    if text in TALK or _NOT_ASKED.search(text):
        return 0.0
    score = 1.0 if _WISHED.match(text) else 0.0
    text = _UNITS.sub(" ", text)
    if _ASKED.search(text):
        score += 2.0
    if _MEASURED.search(text):
        score += 1.2
    if _INSTRUMENT.search(text):
        score += 0.6
    if _COUNTED.search(text):
        score += 1.0 if _LISTED.fullmatch(text) else 0.4
    return min(score, 3.0)


@lru_cache(maxsize=4096)
def trades(text: str) -> float:
    """How much a piece names goods or a trade: from 0 to 3."""
    if _COUNTED.search(text) or (_INSTRUMENT.search(text) and not _TRADE_END.search(text)):
        return 0.0
    if _WISHED.match(text):
        return 0.0
    parts = [part for part in _PARTS.split(text) if part]
    if not parts or len(text) > _LONGEST_TRADE or _NO_TRADE.search(text) or text in TALK:
        return 0.0
    if not all(_NAMED.search(part) and len(part) <= _LONGEST_PART for part in parts):
        return 0.0
    score = 0.8 if len(parts) > 1 else 0.0
    if _TRADE_END.search(parts[-1]):
        score += 1.4
    goods = sum(part[-1] in _GOODS or part[-2:-1] in _GOODS for part in parts)
    score += 0.9 * goods / len(parts)
    return min(score + 0.3, 3.0)


def counts(text: str) -> bool:
    """Whether things are counted."""
    return _COUNTED.search(text) is not None


def may_be_trade(text: str) -> bool:
    """Whether nothing speaks against a trade but that nobody knows it as one."""
    told = _NO_TRADE.search(text) or _COUNTED.search(text) or _INSTRUMENT.search(text)
    if told or asks(text) > 0 or len(set(text)) == 1 or trades(text) < 0.6:
        return False
    return _TRADE.fullmatch(text) is not None and may_be_name(text)


def bare_need(text: str) -> int:
    """How many characters at its head are no part of what is asked for."""
    found = None if _OWN.match(text) else _POLITE.match(text)
    return found.end() if found and len(text) - found.end() >= 2 else 0
