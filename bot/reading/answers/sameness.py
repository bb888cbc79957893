"""Whether a client says that all is as it was the last time: 跟上次一样, 老样子, 信息不变."""

import re

from bot.reading.vocabulary import any_pattern, words

_SAME = re.compile(any_pattern(words("sameness", "same")))
_NOT = re.compile(any_pattern(words("sameness", "same_not")))
_LONGEST = 2000


def says_the_same(plain: str) -> bool:
    """True for words to that effect, unless they are denied."""
    text = plain[:_LONGEST]
    return _SAME.search(text) is not None and _NOT.search(text) is None
