"""Answers given by number: `1、长春市… 2、张三`, a line each or in one line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.reading.findings import Findings
from bot.reading.vocabulary import any_of, words

_COUNTS = any_of(words("numbered", "counts"))
_NUMERALS = {word: n for n, word in enumerate(words("numbered", "numerals"), start=1)}
_NUMERAL = any_of(_NUMERALS)
# a point is a mark unless it makes a decimal; before a telephone number it is one
_POINT = r"\.(?:(?![0-9]|$)|(?=1[3-9][0-9 \-]{9}|0[0-9]{2,3}-))"
_MARKED = re.compile(
    rf"(?:(?:(?<=\n)|^|(?<=[\s,;\u3002]))[ ]{{0,4}}\(?(?P<digits>[0-9]{{1,2}}|{_NUMERAL})"
    rf"(?:[\u3001:)\u3002\u20e3]|{_POINT})|(?P<circled>[\u2460-\u2473]))[ ]{{0,4}}(?=[^\s])"
)
_LINE = re.compile(
    r"^[ ]{0,4}(?P<digits>[0-9]{1,2})(?P<gap>[ \t]{1,4}|(?=[^\s0-9.,:\-/]))", re.MULTILINE
)
_HIGHEST, _MOST_MARKS = 30, 80
_COUNTED = re.compile(_COUNTS)


@dataclass(frozen=True)
class Mark:
    """A number and the span of its mark; the answer begins where the mark ends."""

    number: int
    start: int
    end: int


def read_numbered(findings: Findings) -> dict[int, str]:
    """Number -> answer; the marks themselves are taken, they are nobody's words."""
    plain = findings.text.plain
    marks = _rising(_marked(plain)) or _bare_lines(plain)
    for mark in marks:
        findings.take(mark.start, mark.end)
    borders = [*(mark.start for mark in marks[1:]), len(plain)]
    answers = {}
    for mark, border in zip(marks, borders, strict=False):
        answer = findings.text.quote(mark.end, border).strip(" ,;\uff0c\uff1b\u3002\n")
        if answer:
            answers[mark.number] = answer
    return answers


def _marked(plain: str) -> list[Mark]:
    """Numbers with a separator behind them; the first must open the message or a line."""
    found: list[Mark] = []
    for match in islice(_MARKED.finditer(plain), _MOST_MARKS):
        if found or _opens_line(plain, match.start()):
            found.append(Mark(_value(match), match.start(), match.end()))
    return found


def _opens_line(plain: str, at: int) -> bool:
    line = plain.rfind("\n", 0, at) + 1
    return not plain[line:at].strip()


def _value(match: re.Match[str]) -> int:
    if match["circled"]:
        return ord(match["circled"]) - 0x2460 + 1
    digits = match["digits"]
    return int(digits) if digits.isdigit() else _NUMERALS[digits]


def _rising(marks: Sequence[Mark]) -> list[Mark]:
    """The marks whose numbers rise from the first one on."""
    kept: list[Mark] = []
    for mark in marks:
        if 1 <= mark.number <= _HIGHEST and (not kept or mark.number > kept[-1].number):
            kept.append(mark)
    return kept


def _bare_lines(plain: str) -> list[Mark]:
    """`1 长春…` without a separator: two lines at least, numbers in a row, none of them a count."""
    found = list(_LINE.finditer(plain))
    lines = [line for line in plain.split("\n") if line.strip()]
    if len(found) < 2 or len(found) < len(lines):
        return []
    numbers = [int(match["digits"]) for match in found]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) or numbers[-1] > _HIGHEST:
        return []
    if any(not m["gap"] and _COUNTED.match(plain, m.end("digits")) for m in found):
        return []
    return [Mark(n, m.start(), m.end()) for n, m in zip(numbers, found, strict=True)]
