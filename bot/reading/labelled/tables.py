"""Tables: labels in one line or one column, and their values in the next."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.reading.fields import labels as marks
from bot.reading.fields.labels import Label, Labels
from bot.reading.fields.slots import Slot
from bot.reading.labelled.joined import read_all
from bot.reading.labelled.meanings import FIELDS

# what may part the cells of a line, the surest first
_BORDERS = tuple(
    re.compile(pattern)
    for pattern in (r"\t", r"[|\u2502\u2503]", r" {2,}", r"[,;]", r"[/\u3001]", r" ")
)
_CSV = 3
# what no line of labels alone holds
_VALUES = re.compile(r"[0-9:=]")
_RULE = re.compile(r"[\s|:+=\-\u2500-\u257f]{3,400}")
_DECORATION = " .*#`\"'[]()\u3010\u3011_:"
_WIDEST = 300
_FEWEST, _FEWEST_BY_WORDS = 2, 3
_FEWEST_IN_COLUMN = 3
# a value may be an everyday label (老板) where so many values are none
_FEWEST_WITH_NAMED = 4
_MOST_LINES = 60

Span = tuple[int, int]


@dataclass(frozen=True)
class Table:
    """What stands under every label of a table, and where the table is."""

    read: list[tuple[Label, list[Slot]]]
    start: int
    end: int


def read_table(plain: str, found: list[Label], labels: Labels) -> Table | None:
    """The first table of a message, if it holds one."""
    lines = list(_lines(plain))[:_MOST_LINES]
    led = {plain.rfind("\n", 0, one.named) + 1 for one in found}
    for at, (start, end) in enumerate(lines[:-1]):
        if start not in led or end - start > _WIDEST or _VALUES.search(plain, start, end):
            continue
        table = _in_rows(plain, lines[at:], labels) or _in_columns(plain, lines[at:], labels)
        if table:
            return table
    return None


def _lines(plain: str) -> Iterator[Span]:
    """The lines that hold something."""
    at = 0
    for line in plain.split("\n"):
        if line.strip():
            yield at, at + len(line)
        at += len(line) + 1


def _in_rows(plain: str, lines: list[Span], labels: Labels) -> Table | None:
    """A line of labels over a line of values."""
    head = plain[slice(*lines[0])]
    rest = [line for line in lines[1:3] if not _RULE.fullmatch(plain[slice(*line)])]
    for number, border in enumerate(_BORDERS):
        cells = _cells(plain, lines[0], border) if border.search(head) else []
        known = [_label(plain, cell, labels) for cell in cells]
        if not rest or not _are_labels(known, by_words=number >= _CSV):
            continue
        values = _quoted(plain, rest[0]) if number == _CSV else _cells(plain, rest[0], border)
        if len(values) == len(cells) and not _are_rows(plain, values, labels):
            return _table(plain, known, values, (lines[0][0], rest[0][1]))
    return None


def _in_columns(plain: str, lines: list[Span], labels: Labels) -> Table | None:
    """Labels under each other, and as many values behind the last of them."""
    known: list[Label | None] = []
    for line in lines:
        label = None if _VALUES.search(plain, *line) else _label(plain, line, labels)
        if label is None:
            break
        known.append(label)
    values = lines[len(known) : 2 * len(known)]
    if len(known) < _FEWEST_IN_COLUMN or len(values) < len(known):
        return None
    named = sum(_label(plain, line, labels) is not None for line in values)
    if named > len(known) // _FEWEST_WITH_NAMED:
        return None
    return _table(plain, known, values, (lines[0][0], values[-1][1]))


def _table(plain: str, known: list[Label | None], values: list[Span], span: Span) -> Table | None:
    read = [
        (label, read_all(plain, *value, label))
        for label, value in zip(known, values, strict=True)
        if label
    ]
    if not any(slots for _, slots in read):
        return None
    return Table(read, *span)


def _are_labels(known: list[Label | None], *, by_words: bool) -> bool:
    """Whether nearly all cells of a line are labels; where words part them, every one."""
    named = {label.fields[0] for label in known if label}
    if by_words and None in known:
        return False
    fewest = _FEWEST_BY_WORDS if by_words else _FEWEST
    return len(named & set(FIELDS)) >= fewest and known.count(None) * 3 <= len(known)


def _label(plain: str, cell: Span, labels: Labels) -> Label | None:
    """The label a cell consists of; it is as sure as one before a colon."""
    start, end = cell
    while start < end and plain[start] in _DECORATION:
        start += 1
    while end > start and plain[end - 1] in _DECORATION:
        end -= 1
    found = next(labels.find(plain[start:end]), None) if start < end else None
    if found is None or found.mark != marks.LINE or found.start > 0:
        return None
    return replace(found, start=start, named=end, end=end, mark=marks.COLON)


def _are_rows(plain: str, values: list[Span], labels: Labels) -> bool:
    """Whether there are labels among the values, so that the lines are rows of their own."""
    found = [_label(plain, one, labels) for one in values]
    return found[0] is not None or any(one and not one.meaning.everyday for one in found)


def _cells(plain: str, line: Span, border: re.Pattern[str]) -> list[Span]:
    """The pieces of a line between borders, the empty ones at its ends left out."""
    start, end = line
    spans, at = [], start
    for found in border.finditer(plain, start, end):
        spans.append((at, found.start()))
        at = found.end()
    spans.append((at, end))
    if len(spans) > 1 and not plain[slice(*spans[0])].strip():
        spans = spans[1:]
    if len(spans) > 1 and not plain[slice(*spans[-1])].strip():
        spans = spans[:-1]
    return spans


def _quoted(plain: str, line: Span) -> list[Span]:
    """The cells of a line whose values may be quoted because they hold commas."""
    text = plain[slice(*line)]
    if '"' not in text:
        return _cells(plain, line, _BORDERS[_CSV])
    spans, at = [], line[0]
    for cell in next(csv.reader([text.replace(";", ",")])):
        at = plain.find(cell, at, line[1]) if cell else at
        spans.append((at, at + len(cell)))
        at += len(cell)
    return spans
