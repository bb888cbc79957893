"""Features of a short text: characters in ones to threes, and the concepts its words stand for."""

import re
from collections.abc import Mapping

from bot.reading.normalise import fold
from bot.reading.vocabulary import any_of, document, words

# runs of one script: a Latin word or number, or Han characters
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STOP = re.compile(any_of(words("router", "stop")))
# what a single character counts, what grams count that a concept word already speaks for, and
# what a Latin word counts, of which there are few and telling ones
_SINGLE, _INSIDE, _LATIN = 0.5, 0.5, 1.5
# every character of one sound -> the first of them
_SOUND = {ord(char): group[0] for group in words("sounds", "groups") for char in group}


class Features:
    """Turns a text into features; by sound, characters that sound alike are one."""

    def __init__(self, *, by_sound: bool = False) -> None:
        self._by_sound = by_sound
        self._concepts = {self._form(word): name for word, name in _concepts().items()}
        self._concept = re.compile(any_of(self._concepts))

    def of(self, text: str) -> dict[str, float]:
        """Feature -> how much of it there is. Concepts are written `<name>`, pairs `<a+b>`."""
        plain = fold(text).lower()
        heard = self._form(plain)
        found: dict[str, float] = {}
        inside = bytearray(len(plain))
        names = set()
        for hit in self._concept.finditer(heard):
            names.add(self._concepts[hit.group()])
            found[hit.group()] = 1.0
            inside[hit.start() : hit.end()] = b"\x01" * (hit.end() - hit.start())
        for run in _RUN.finditer(_STOP.sub(_blank, plain)):
            start, end = run.span()
            _grams(heard[start:end], inside[start:end], found)
        _pairs(sorted(names), found)
        return found

    def _form(self, plain: str) -> str:
        return plain.translate(_SOUND) if self._by_sound else plain


def _concepts() -> Mapping[str, str]:
    listed = document("router")["concepts"]
    if not isinstance(listed, dict):
        raise TypeError("words/router.yaml: concepts: expected a mapping")
    return {word.lower(): name for name, listing in listed.items() for word in listing}


def _blank(hit: re.Match[str]) -> str:
    return " " * len(hit.group())


def _grams(run: str, inside: bytearray, found: dict[str, float]) -> None:
    """Latin words whole; Han characters in twos and threes, singly but lightly."""
    if run.isascii():
        found[run] = _LATIN
        return
    size = len(run)
    for length, weight in ((1, _SINGLE), (2, 1.0), (3, 1.0)):
        for at in range(size - length + 1):
            known = all(inside[at : at + length])
            weighed = weight * _INSIDE if known else weight
            gram = run[at : at + length]
            if found.get(gram, 0.0) < weighed:
                found[gram] = weighed


def _pairs(concepts: list[str], found: dict[str, float]) -> None:
    for at, one in enumerate(concepts):
        found[f"<{one}>"] = 1.0
        for other in concepts[at + 1 :]:
            found[f"<{one}+{other}>"] = 1.0
