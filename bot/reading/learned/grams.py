"""What a learned model sees of a text: its characters in ones, twos and threes, and their sound."""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.reading.normalise import normalise
from bot.reading.vocabulary import words

Features = Mapping[str, float]

# how much a single character counts beside pairs and triples, which say more
_WEIGHTS = ((1, 0.5), (2, 1.0), (3, 0.7))
_NUMBER, _SPACE = re.compile(r"[0-9]{6,}"), re.compile(r"\s+")
# how much a pair of sounds counts: speech that was turned into text goes wrong in characters
_SOUND = 0.5
# every character of one sound -> the first of them
_ALIKE = {ord(char): group[0] for group in words("sounds", "groups") for char in group}
# where a text begins and ends; nothing that `normalise` leaves in a text
_BEGIN, _END = "\x02", "\x03"
# what stands further back says no more about what a message is
LONGEST = 240


def grams(text: str) -> Features:
    """Gram -> weight, of length 1 together; a long number is a 0, `~` before what is heard."""
    return _grams(_SPACE.sub(" ", _NUMBER.sub("0", normalise(text).lower())).strip()[:LONGEST])


# the models of kinds and items look at the same text in turn
@lru_cache(maxsize=64)
def _grams(plain: str) -> Features:
    marked = f"{_BEGIN}{plain}{_END}"
    found: dict[str, float] = {}
    for size, weight in _WEIGHTS:
        for at in range(len(marked) - size + 1):
            found[marked[at : at + size]] = weight
    sounds = plain.translate(_ALIKE)
    for at in range(len(sounds) - 1):
        found[f"~{sounds[at : at + 2]}"] = _SOUND
    length = sum(weight * weight for weight in found.values()) ** 0.5
    return {name: weight / length for name, weight in found.items()}
