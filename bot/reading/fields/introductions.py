"""Words of a sentence that say whose value follows: 我叫, 单位是, 地址在, 主要做."""

import re

from bot.reading.vocabulary import any_pattern, words

# of two that fit as well the first
_ROLES = ("applicant", "surname", "contact", "business", "position", "address", "none")
_CUES = {role: re.compile(any_pattern(words("cues", role))) for role in _ROLES}
_ANY = re.compile(any_pattern(f"(?:{one.pattern})" for one in _CUES.values()))
_MOST = 4


def introduced(plain: str, start: int, end: int) -> tuple[int, str]:
    """Behind the words that say what follows, and what they say; nothing if they only greet."""
    role = ""
    for _ in range(_MOST):
        if _ANY.match(plain, start, end) is None:
            break
        best, stop = _longest(plain, start, end, role)
        if not best or stop >= end:
            break
        start = stop
        role = best if best != "none" else role
        while start < end and plain[start] in " :,":
            start += 1
    return start, role


def _longest(plain: str, start: int, end: int, role: str) -> tuple[str, int]:
    """The words that reach furthest; behind those of one role none of another."""
    best, stop = "", start
    for one in (role, "none") if role else _ROLES:
        found = _CUES[one].match(plain, start, end)
        if found and found.end() > stop:
            best, stop = one, found.end()
    return best, stop
