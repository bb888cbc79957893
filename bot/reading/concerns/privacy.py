"""What a message wants done with what is kept of its writer: see it, delete it, be left alone."""

import re
from functools import lru_cache

from bot.domain.privacy import Wish
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, any_pattern, keys, words

_FILE = "privacy"
# of two wishes in one message the first of these is what is meant
_ORDER = (
    Wish.KEEP, Wish.CONFIRM_DELETE, Wish.WITHDRAW_CONSENT, Wish.DELETE, Wish.RESUBSCRIBE,
    Wish.UNSUBSCRIBE, Wish.CORRECT, Wish.SEE,
)  # fmt: skip


def _compiled(suffix: str) -> dict[Wish, re.Pattern[str]]:
    return {
        wish: re.compile(any_pattern(words(_FILE, wish.value + suffix)), re.IGNORECASE)
        for wish in _ORDER
        if wish.value + suffix in keys(_FILE)
    }


_WHOLE, _INSIDE, _NOT = _compiled("_whole"), _compiled(""), _compiled("_not")
_FIRM = _compiled("_firm")
_BEFORE = re.compile(rf"^(?:{any_of(words(_FILE, 'before'))})(?=.)")
_BEHIND = re.compile(rf"(?<=.)(?:{any_of(words(_FILE, 'behind'))})$")
_MARKS = re.compile(r"[\s,;:.!?~\u3001\u3002\u2026]+")
# longer than any order; and what is about something else says so within this much
_LONGEST_ORDER, _LONGEST = 40, 300


@lru_cache(maxsize=64)
def read_wish(text: str, *, private: bool) -> Wish | None:
    """The wish; `private`: the message is about personal data, so its words need not be bare."""
    plain = normalise(text[:_LONGEST])
    if len(plain) <= _LONGEST_ORDER:
        wish = _order(plain)
        if wish is not None:
            return wish
    return _mentioned(plain, _FIRM) or (_mentioned(plain, _INSIDE) if private else None)


def _order(plain: str) -> Wish | None:
    """The wish that is the whole message, politeness aside."""
    bare = _MARKS.sub("", plain)
    for _ in range(4):
        for wish, pattern in _WHOLE.items():
            if pattern.fullmatch(bare) and not _taken_back(wish, plain):
                return wish
        shorter = _BEHIND.sub("", _BEFORE.sub("", bare))
        if shorter == bare:
            return None
        bare = shorter
    return None


def _mentioned(plain: str, patterns: dict[Wish, re.Pattern[str]]) -> Wish | None:
    """The wish somewhere in a message."""
    for wish, pattern in patterns.items():
        if pattern.search(plain) and not _taken_back(wish, plain):
            return wish
    return None


def _taken_back(wish: Wish, plain: str) -> bool:
    return wish in _NOT and _NOT[wish].search(plain) is not None
