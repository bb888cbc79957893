"""Features of a short text: characters in ones to threes, and the concepts its words stand for."""

import re
from collections.abc import Mapping

from bot.reading.normalise import fold
from bot.reading.vocabulary import any_of, document, words

# runs of one script: a Latin word or number, or Han characters
_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_STOP = re.compile(any_of(words("router", "stop")))
# what a single character counts, and what grams count that a concept word already speaks for
_SINGLE, _INSIDE, _LATIN = 0.5, 0.5, 1.5


def _concepts() -> Mapping[str, str]:
    table: dict[str, str] = {}
    for name, listed in _mapping("concepts").items():
        for word in listed:
            table.setdefault(word.lower(), name)
    return table


def _mapping(key: str) -> Mapping[str, list[str]]:
    found = document("router")[key]
    if not isinstance(found, dict):
        raise TypeError(f"words/router.yaml: {key}: expected a mapping")
    return found


_CONCEPT_OF = _concepts()
_CONCEPT = re.compile(any_of(_CONCEPT_OF))


def features(text: str) -> dict[str, float]:
    """Feature -> how much of it there is. Concepts are written `<name>`, pairs `<a+b>`."""
    plain = fold(text).lower()
    found: dict[str, float] = {}
    inside = bytearray(len(plain))
    names = set()
    for hit in _CONCEPT.finditer(plain):
        names.add(_CONCEPT_OF[hit.group()])
        found[hit.group()] = 1.0
        inside[hit.start() : hit.end()] = b"\x01" * (hit.end() - hit.start())
    for run in _RUN.finditer(_STOP.sub(_blank, plain)):
        _grams(run.group(), inside[run.start() : run.end()], found)
    concepts = sorted(names)
    for at, one in enumerate(concepts):
        found[f"<{one}>"] = 1.0
        for other in concepts[at + 1 :]:
            found[f"<{one}+{other}>"] = 1.0
    return found


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
