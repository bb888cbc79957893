"""Several labels that share one value, and the parts of it that belong to each of them."""

import re
from collections.abc import Sequence

from bot.reading.fields.addresses import labelled_address
from bot.reading.fields.labels import Label
from bot.reading.fields.slots import Slot, read_slots
from bot.reading.labelled.meanings import MATERIAL, NOISE

_FIRM = re.compile(r"[/|\u3001,;\n\t]+")
_BLANKS = re.compile(r"[ \n]+")

Span = tuple[int, int]


def read_all(plain: str, start: int, end: int, label: Label) -> list[Slot]:
    """The slots of every field a label names; of joined labels each takes its part."""
    if not label.joined or not label.sure:
        return _each(label.fields, plain, (start, end), label)
    slots = read_slots("phone", plain, start, end, label) if "phone" in label.fields else []
    groups = [group for group in label.joined if "phone" not in group and NOISE not in group]
    if len(groups) == 1 or all(_is_free(group[0]) for group in groups):
        fields = [field for group in groups for field in group]
        return [*slots, *_each(fields, plain, (start, end), label)]
    for group, span in _shared(groups, plain, _parts(plain, start, end, slots)):
        slots += _each(group, plain, span, label)
    return slots


def _is_free(field: str) -> bool:
    """Whether any words are its value, so that nothing parts it from another like it."""
    return field in ("business", "need") or field.startswith(MATERIAL)


def _each(fields: Sequence[str], plain: str, span: Span, label: Label) -> list[Slot]:
    slots: list[Slot] = []
    for field in fields:
        found = read_slots(field, plain, *span, label)
        named = {slot.name for slot in slots}
        slots += [slot for slot in found if not slot.name or slot.name not in named]
    return slots


def _parts(plain: str, start: int, end: int, numbers: list[Slot]) -> list[Span]:
    """The pieces of a shared value, telephone numbers aside."""
    masked = plain[start:end]
    for slot in numbers:
        gap = "\n" * (slot.end - slot.start)
        masked = masked[: slot.start - start] + gap + masked[slot.end - start :]
    border = _FIRM if _FIRM.search(masked.strip()) else _BLANKS
    parts, at = [], 0
    for found in (*border.finditer(masked), None):
        stop = found.start() if found else len(masked)
        if masked[at:stop].strip():
            parts.append((start + at, start + stop))
        at = found.end() if found else at
    return parts


def _shared(
    groups: Sequence[tuple[str, ...]], plain: str, parts: list[Span]
) -> list[tuple[tuple[str, ...], Span]]:
    """Each group of fields with its piece, in their order; the last has all that is left."""
    if not groups or not parts:
        return []
    if len(parts) == 1:
        where = next((one for one in groups if "address" in one), None)
        chosen = where if where and labelled_address(plain, *parts[0]) else groups[0]
        return [(chosen, parts[0])]
    pairs = list(zip(groups, parts, strict=False))
    if len(parts) > len(groups):
        pairs[-1] = (pairs[-1][0], (pairs[-1][1][0], parts[-1][1]))
    return pairs
