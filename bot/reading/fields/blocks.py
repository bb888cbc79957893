"""Pasted blocks: every label with its value, whatever the layout; labels win over guesses."""

import re
from dataclasses import replace

from bot.reading.fields import labels as marks
from bot.reading.fields.addresses import continued
from bot.reading.fields.corrections import NOT_BUT
from bot.reading.fields.labels import Label, Labels
from bot.reading.fields.slots import Slot, read_slots
from bot.reading.findings import Findings
from bot.reading.needs.facts import is_promise

_PIECE, _MARKS = re.compile(r"[,;\u3002\n]"), " ,:"
# beyond this nobody labels: it is a text
_MOST_LABELS = 120
# the name of a material that is as long as this is nothing else, wherever it stands
_LONG_LABEL = 4


def read_labelled(findings: Findings, labels: Labels) -> None:
    """Fill the slots that stand under labels, and take their characters."""
    plain = findings.text.plain
    candidates = [label for label in labels.find(plain) if _may_be(label, labels)][:_MOST_LABELS]
    accepted: list[tuple[Label, list[Slot]]] = []
    limit = len(plain)
    # from the end, so that a value ends where the next label that truly is one begins
    for label in reversed(candidates):
        slots = _read(plain, label, limit, inside=_is_inside(plain, label, candidates))
        if slots is not None:
            accepted.append((label, slots))
            limit = label.start
    for label, slots in reversed(accepted):
        findings.take(label.start, label.end)
        for slot in slots:
            _fill(findings, slot)
            if (label.corrects or _reverses(plain, label, slot)) and slot.name in findings.fields:
                findings.corrected.add(slot.name)


def _may_be(label: Label, labels: Labels) -> bool:
    if label.opens or label.mark == marks.FIX:
        return True
    if label.fields[0].startswith(marks.MATERIAL) and len(label.word) >= _LONG_LABEL:
        return True
    return labels.may_stand_inside(label.word) and label.mark in (
        marks.COLON, marks.NOTHING, marks.COPULA, marks.GAP,
    )  # fmt: skip


def _is_inside(plain: str, label: Label, labels: list[Label]) -> bool:
    """Whether a label is set apart from its value, or stands in the line of one that is."""
    if label.mark != marks.NOTHING:
        return True
    line = plain.rfind("\n", 0, label.start) + 1
    return any(line <= one.start < label.start and one.mark == marks.COLON for one in labels)


def _read(plain: str, label: Label, limit: int, *, inside: bool) -> list[Slot] | None:
    """The slots of one label; None if it is none. A labelled nothing is still a label.

    `inside`: a promise in its place is no part of what stands before.
    """
    start, end = _region(plain, label, limit)
    reversal = NOT_BUT.match(plain, start, end)
    if reversal:
        start, label = reversal.start("new"), replace(label, mark=marks.FIX)
    if inside and _is_promised(plain, label, start, end):
        return []
    slots: list[Slot] = []
    for field in label.fields:
        found = read_slots(field, plain, start, end, label)
        slots += [slot for slot in found if not slot.name or _is_new(slot, slots)]
    if slots:
        return slots
    return [] if label.mark == marks.COLON or (label.mark == marks.LINE and label.opens) else None


def _is_promised(plain: str, label: Label, start: int, end: int) -> bool:
    """Whether what stands behind the name of a material only says that it will come."""
    if not label.fields[0].startswith(marks.MATERIAL) or not label.opens:
        return False
    return is_promise(_PIECE.split(plain[start:end].lstrip(_MARKS), maxsplit=1)[0])


def _reverses(plain: str, label: Label, slot: Slot) -> bool:
    """Whether the value follows one that was taken back (`电话不是…，是…`)."""
    reversal = NOT_BUT.match(plain, label.end)
    return reversal is not None and slot.start >= reversal.start("new")


def _is_new(slot: Slot, slots: list[Slot]) -> bool:
    return all(slot.name != other.name for other in slots)


def _region(plain: str, label: Label, limit: int) -> tuple[int, int]:
    """From the label to the end of its line; to the next line if its own holds nothing."""
    start = label.end
    end = _line_end(plain, start, limit)
    if plain[start:end].strip():
        return start, continued(plain, start, end, limit) if "address" in label.fields else end
    if "need" in label.fields:
        blank = plain.find("\n\n", start + 1, limit)
        return start, limit if blank < 0 else blank
    if marks.NOISE in label.fields and label.start > 0 and plain[label.start - 1] != "\n":
        # 李敏 法人, and on the next line something else
        return start, start
    begin = min(end + 1, limit)
    return begin, _line_end(plain, begin, limit)


def _line_end(plain: str, start: int, limit: int) -> int:
    found = plain.find("\n", start, limit)
    return limit if found < 0 else found


def _fill(findings: Findings, slot: Slot) -> None:
    findings.take(slot.start, slot.end)
    if slot.refusal is not None:
        findings.refuse(slot.name, slot.refusal)
    elif slot.name.startswith(marks.MATERIAL):
        name = slot.name.removeprefix(marks.MATERIAL)
        findings.materials[name] = findings.text.quote(slot.start, slot.end)
        findings.labelled.add(name)
    elif slot.name:
        said = slot.person.quoted(findings.text) if slot.person else slot.value
        value = said or findings.text.quote(slot.start, slot.end)
        if slot.name == "address":
            value = value.replace("\n", "")
        findings.put(slot.name, value, labelled=True)
