"""Whether a client takes a registered need back, or says that it was not solved."""

import re
from enum import StrEnum
from functools import lru_cache

from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_pattern, words

_FILE = "afterwards"
_PATTERNS = {
    name: re.compile(any_pattern(words(_FILE, name)), re.IGNORECASE)
    for name in ("withdraw", "withdraw_not", "unsolved", "unsolved_not", "unsolved_hint")
}
_KEEP, _SOLVED, _REGRET = (
    re.compile(any_pattern(words(_FILE, name))) for name in ("keep", "solved", "regret")
)
_CONFIRM, _ALL = frozenset(words(_FILE, "confirm")), words(_FILE, "all")
_DECLINED = words(_FILE, "declined")
_WHOLE = frozenset(words(_FILE, "unsolved_whole"))
_APART = re.compile(r"[\W_]+")
_LONGEST, _SHORT = 150, 14


class Sureness(StrEnum):
    """How plainly it is said: a hint is asked about first."""

    PLAIN = "plain"
    HINT = "hint"


@lru_cache(maxsize=64)
def says_withdraw(text: str) -> bool:
    """Whether a message says that something is not wanted any more."""
    return _says("withdraw", text)


def says_keep(text: str) -> bool:
    """Whether a message says that nothing shall be withdrawn."""
    plain = normalise(text)
    return _PATTERNS["withdraw_not"].search(plain) is not None and not says_withdraw(text)


def confirms_withdraw(text: str) -> bool:
    """Whether a message says no more than that it shall be withdrawn."""
    return _APART.sub("", normalise(text)) in _CONFIRM or says_withdraw(text)


def says_go_on(text: str) -> bool:
    """Whether, asked if something shall be withdrawn, a client wants it done after all."""
    plain = _APART.sub("", normalise(text))
    return _KEEP.search(plain) is not None and not says_withdraw(text)


def says_regret(text: str) -> bool:
    """Whether a short message wants back what was withdrawn."""
    plain = _APART.sub("", normalise(text))
    return len(plain) <= _SHORT + _SHORT and _REGRET.search(plain) is not None


@lru_cache(maxsize=64)
def says_solved(text: str) -> bool:
    """Whether a message says that a matter is settled, and nothing else."""
    return len(text) <= _LONGEST and _SOLVED.search(_APART.sub("", normalise(text))) is not None


def declines(text: str) -> bool:
    """Whether a short no only says that nothing more is needed."""
    return normalise(text).startswith(_DECLINED)


def means_all(text: str) -> bool:
    """Whether a message means every one of several."""
    plain = normalise(text)
    return len(plain) <= _LONGEST and plain.startswith(_ALL)


@lru_cache(maxsize=64)
def read_unsolved(text: str) -> Sureness | None:
    """Whether a message says that an answer or a service did not help."""
    if _says("unsolved", text):
        return Sureness.PLAIN
    bare = _APART.sub("", normalise(text)) if len(text) <= _LONGEST else ""
    hints = len(bare) <= _SHORT and _PATTERNS["unsolved_hint"].search(bare) is not None
    return Sureness.HINT if hints or bare in _WHOLE else None


def _says(name: str, text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    plain = _PATTERNS[f"{name}_not"].sub(" ", normalise(text))
    return _PATTERNS[name].search(plain) is not None
