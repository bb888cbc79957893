"""What the applicant makes or trades in, out of a sentence."""

import re

from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_PATTERNS = tuple(re.compile(pattern) for pattern in words("business", "patterns"))
_TAIL = re.compile(rf"{any_of(words('business', 'tail'))}$")
_ENDS = any_of(words("business", "trades"))
_TRADE = re.compile(rf"[\u3400-\u9fff\u3001,]{{0,14}}{_ENDS}(?:{_TAIL.pattern[:-1]})?")
_NO_TRADE = re.compile(any_of(words("business", "no_trade")))
_NEVER = re.compile(any_of(words("business", "never")))


def find_business(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The span that names the business, if the sentence says it plainly."""
    for pattern in _PATTERNS:
        found = pattern.search(plain, start, end)
        if found is None or _NEVER.search(found["x"]):
            continue
        tail = _TAIL.search(found["x"])
        stop = found.start("x") + (tail.start() if tail else len(found["x"].rstrip()))
        if stop - found.start("x") >= 2:
            return found.start("x"), stop
    return None


def is_trade(text: str) -> bool:
    """Whether a short text is the name of a trade and nothing else: 粮食收购, 机械加工和销售."""
    plain = normalise(text).strip(" ,.!")
    return _TRADE.fullmatch(plain) is not None and _NO_TRADE.search(plain) is None
