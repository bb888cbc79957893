"""Several management systems named in one breath (9001 14001 45001, 三体系): a need each."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.reading.reading import NeedGuess
from bot.reading.vocabulary import any_pattern, keys, words

_FILE = "systems"
_ALL = re.compile(any_pattern(words(_FILE, "all")))
_NAMED = {
    item: re.compile(any_pattern(words(_FILE, item)), re.IGNORECASE)
    for item in keys(_FILE)
    if item != "all"
}


def each_system(guesses: Iterable[NeedGuess], items: Iterable[str]) -> tuple[NeedGuess, ...]:
    """The guesses, one about a system multiplied by all that its words name; `items` exist."""
    known = [item for item in _NAMED if item in set(items)]
    found: dict[str | None, NeedGuess] = {}
    for guess in guesses:
        for item in _named(guess, known):
            found.setdefault(item, replace(guess, item=item))
    return tuple(found.values())


def _named(guess: NeedGuess, known: list[str]) -> Iterable[str | None]:
    if guess.item not in known:
        return [guess.item]
    if _ALL.search(guess.text):
        return known
    named = [item for item in known if _NAMED[item].search(guess.text)]
    return named if len(named) > 1 else [guess.item]
