"""Which of a client's own words decided where a need belongs."""

import re
from collections.abc import Iterator, Mapping

from bot.reading.vocabulary import any_of, words

# what a quotation must not be cut from: 8块 in front of 压力表, 0-1.6MPa, 三台
_NUMERAL = r"[\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u767e\u51e0\u534a]"
_COUNTED = any_of(words("aptness", "measures"))
_CUT = re.compile(rf"(?:[0-9A-Za-z][0-9A-Za-z.~\-]{{0,11}}|{_NUMERAL}{{1,3}}(?={_COUNTED}))")
_LONGEST_CUT = 12


def deciding_words(text: str, weights: Mapping[str, float]) -> tuple[str, ...]:
    """Maximal runs of the text made of weighed grams, the heaviest three, in the text's order."""
    plain = text.lower()
    marks = [0.0] * len(plain)
    for name, weight in weights.items():
        at = plain.find(name)
        while at >= 0:
            for place in range(at, at + len(name)):
                marks[place] += weight
            at = plain.find(name, at + 1)
    runs = [run for run in _stretches(marks) if run[2] - run[1] >= 2]
    heaviest = sorted(sorted(runs, reverse=True)[:3], key=lambda run: run[1])
    return tuple(text[_unbroken(text, start, end) : end] for _, start, end in heaviest)


def _unbroken(text: str, start: int, end: int) -> int:
    """Where a quotation begins that cuts no number in front of it from its words."""
    if text[start].isascii():
        return start
    for begin in range(max(0, start - _LONGEST_CUT), start):
        found = _CUT.match(text, begin, end)
        opens = begin == 0 or not (text[begin - 1].isascii() and text[begin - 1].isalnum())
        if found and opens and found.end() >= start:
            return begin
    return start


def _stretches(marks: list[float]) -> Iterator[tuple[float, int, int]]:
    start = 0
    for place in range(len(marks) + 1):
        if place == len(marks) or not marks[place]:
            if place > start:
                yield sum(marks[start:place]), start, place
            start = place + 1
