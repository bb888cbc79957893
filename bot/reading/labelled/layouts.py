"""The layout of a block: marks that several labels have in common make their values sure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from bot.reading.fields import labels as marks
from bot.reading.fields.labels import Label
from bot.reading.fields.slots import read_slots
from bot.reading.labelled.meanings import FIELDS, FOREIGN, NOISE

_CHECKED = ("phone", "applicant", "contact", "address", "uscc")
_FEWEST, _FEWEST_IN_LINE = 2, 3
# of labels with nothing behind them
_FEWEST_GLUED, _FEWEST_GLUED_IN_LINE = 3, 4

_BORDERS = ",;|\u3002"

Layout = tuple[str, str]


def settled(plain: str, found: list[Label]) -> list[Label]:
    """The labels, those of one layout with a mark as good as a colon.

    A gap, a dash or nothing at all marks a value where several labels have the same behind them,
    and one of the values at least can be nothing else.
    """
    layouts: dict[Layout, list[int]] = defaultdict(list)
    for at, label in enumerate(found):
        if label.mark in (marks.GAP, marks.NOTHING, marks.COPULA) and label.opens:
            layouts[label.mark, label.gap].append(at)
    chosen: set[int] = set()
    for layout, members in layouts.items():
        led = _in_led_lines(plain, [found[at] for at in members])
        if _is_layout(plain, layout, [one for one in found if one in led], found):
            chosen.update(at for at in members if found[at] in led)
    return [
        replace(label, mark=marks.COLON) if at in chosen else label
        for at, label in enumerate(found)
    ]


def _in_led_lines(plain: str, members: list[Label]) -> set[Label]:
    """Those that lead a line, and clear ones behind them in the same line."""
    lines = {plain.rfind("\n", 0, one.start + 1) for one in members if one.leads}
    return {
        one
        for one in members
        if one.leads or (plain.rfind("\n", 0, one.start + 1) in lines and _is_clear(plain, one))
    }


def _is_clear(plain: str, label: Label) -> bool:
    """Whether a label in the middle of a line is no word of the value before it."""
    border = plain[: label.start].rstrip(" ")[-1:]
    if label.mark == marks.NOTHING:
        return border in _BORDERS and not label.meaning.strict
    return label.gap not in ("", " ") or border in _BORDERS or not label.meaning.everyday


def _is_layout(plain: str, layout: Layout, members: list[Label], found: list[Label]) -> bool:
    leaders = _kinds(one for one in members if one.leads)
    if layout[0] == marks.NOTHING:
        many = len(leaders) >= _FEWEST_GLUED or len(_kinds(members)) >= _FEWEST_GLUED_IN_LINE
        return many and _checked(plain, members, found) > 1
    if layout[0] == marks.COPULA:
        return len(_kinds(members)) >= _FEWEST_IN_LINE and _checked(plain, members, found) > 1
    if len(leaders) < _FEWEST and len(_kinds(members)) < _FEWEST_IN_LINE:
        return False
    return _checked(plain, members, found) > 0


def _kinds(labels: Iterable[Label]) -> set[str]:
    return {one.fields[0] for one in labels if one.fields[0] in (*FIELDS, NOISE, FOREIGN)}


def _checked(plain: str, members: list[Label], found: list[Label]) -> int:
    """How many of them have a value that can be nothing else."""
    count = 0
    for label in members:
        field = label.fields[0]
        end = plain.find("\n", label.end)
        nexts = [one.start for one in found if one.start >= label.end]
        stop = min([end if end >= 0 else len(plain), *nexts[:1]])
        if field in _CHECKED and read_slots(field, plain, label.end, stop, label):
            count += 1
    return count
