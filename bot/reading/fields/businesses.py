"""What the applicant makes or trades in, out of a sentence."""

import re

from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_PATTERNS = tuple(re.compile(pattern) for pattern in words("business", "patterns"))
_TAIL = re.compile(rf"{any_of(words('business', 'tail'))}$")
_ENDS = any_of(words("business", "trades"))
_TRADE = re.compile(rf"[\u3400-\u9fff\u3001,]{{0,14}}{_ENDS}")
_FRAMED = re.compile(r"[\u3400-\u9fff][\u3400-\u9fff\u3001]{1,11}")
# 收粮食的, 卖五金的: what is done belongs to the trade
_DEALS = re.compile(rf"{any_of(words('business', 'deals'))}[\u3400-\u9fff\u3001]{{2,11}}")
_DOES = re.compile(any_of(words("business", "verbs")))
_AROUND = " ,.!\u3002\n"
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
    return trade_in(normalise(text), 0, len(text)) is not None


def trade_in(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The trade a piece of text consists of: of 搞机械加工的 it is 机械加工."""
    while start < end and plain[start] in _AROUND:
        start += 1
    while start < end and plain[end - 1] in _AROUND:
        end -= 1
    verb = _DOES.match(plain, start, end)
    begin = verb.end() if verb else start
    tail = _TAIL.search(plain, begin, end)
    stop = tail.start() if tail else end
    # 做面包糕点的: between a verb and 的 stands a trade, whatever its name ends with
    framed = verb is not None and tail is not None
    whole = (_FRAMED if framed else _TRADE).fullmatch(plain, begin, stop)
    whole = whole or (_DEALS.fullmatch(plain, begin, stop) if tail else None)
    return None if whole is None or _NO_TRADE.search(plain, begin, stop) else (begin, stop)
