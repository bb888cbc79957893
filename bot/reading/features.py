"""Features of a short text: characters in ones to threes, and the concepts its words stand for."""

import re
from collections.abc import Mapping

from bot.reading.normalise import fold
from bot.reading.vocabulary import any_of, document

_GAPS = re.compile(
    r"[\s,;:.!?~\u3002\u3001\uff0c\uff1b\uff1a\uff01\uff1f()\[\]{}\"'\u300a\u300b\u3010\u3011/|+\-_*#@]+"
)
_LATIN = re.compile(r"[a-z0-9]+")


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
    for run in _GAPS.split(plain):
        _grams(run, found)
    concepts = sorted({_CONCEPT_OF[hit.group()] for hit in _CONCEPT.finditer(plain)})
    for at, one in enumerate(concepts):
        found[f"<{one}>"] = 1.0
        for other in concepts[at + 1 :]:
            found[f"<{one}+{other}>"] = 1.0
    return found


def _grams(run: str, found: dict[str, float]) -> None:
    """Latin words and numbers whole; everything else in twos and threes, and singly but lightly."""
    for word in _LATIN.findall(run):
        found[word] = 1.0
    size = len(run)
    for at in range(size):
        if not run[at].isascii():
            found.setdefault(run[at], 0.3)
        if at + 1 < size:
            found[run[at : at + 2]] = 1.0
        if at + 2 < size:
            found[run[at : at + 3]] = 1.0
