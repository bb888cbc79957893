"""Pasted blocks: every label with its value, whatever the layout; labels win over guesses."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from bot.reading.fields import labels as marks
from bot.reading.fields.corrections import NOT_BUT
from bot.reading.fields.labels import Label, Labels
from bot.reading.fields.slots import Slot, read_slots
from bot.reading.findings import Findings
from bot.reading.labelled.candidates import candidates, has_own_line, is_set_apart, rank_of
from bot.reading.labelled.joined import read_all
from bot.reading.labelled.leftovers import leftovers
from bot.reading.labelled.meanings import FOREIGN, MATERIAL
from bot.reading.labelled.offers import Accepted, fill_all
from bot.reading.labelled.others import find_others
from bot.reading.labelled.reach import region_of
from bot.reading.labelled.tables import read_table
from bot.reading.needs.facts import is_promise

_PIECE, _MARKS = re.compile(r"[,;\u3002\n]"), " ,:"
# beyond this nobody labels: it is a text
_MOST_LABELS = 200
_OTHER_LABEL = re.compile(r"[^\w\n]{0,4}[\w/ ]{1,12}(?:\([^()\n]{1,20}\))?[ ]{0,2}[:=]")
# so many labels of ours make a block
_FEWEST = 2
Span = tuple[int, int]
# what counts least: a value under a label that is none of ours
_LEAST = 5


def read_labelled(findings: Findings, labels: Labels) -> None:
    """Fill the slots that stand under labels, and take their characters."""
    plain = findings.text.plain
    found = list(islice(labels.find(plain), _MOST_LABELS))
    if not found:
        return
    accepted: list[Accepted] = []
    table = read_table(plain, found, labels) if "\n" in plain else None
    if table:
        accepted = [Accepted(label, slots, rank_of(plain, label)) for label, slots in table.read]
        findings.take(table.start, table.end)
        plain = plain[: table.start] + "\n" * (table.end - table.start) + plain[table.end :]
        found = [one for one in found if not table.start <= one.start < table.end]
    accepted += _behind_labels(plain, found, labels)
    for span in leftovers(plain, accepted):
        findings.take(*span)
    fill_all(findings, [*accepted, *_others(plain, accepted)])


def _behind_labels(plain: str, found: list[Label], labels: Labels) -> list[Accepted]:
    """The labels that truly are some, with their slots, in order."""
    kept = candidates(plain, found, labels)
    apart = any(has_own_line(plain, one, kept) for one in kept)
    accepted: list[Accepted] = []
    limit = len(plain)
    # from the end, so that a value ends where the next label that truly is one begins
    for label in reversed(kept):
        region = region_of(plain, label, limit)
        below = apart and label.mark == marks.COLON and "\n" in plain[label.end : region[0]]
        inside = is_set_apart(plain, label, kept)
        slots = (
            _read_below(plain, label, region)
            if below
            else _read(plain, label, region, inside=inside)
        )
        if slots is not None:
            end = label.end if below else region[1]
            accepted.append(Accepted(label, slots, rank_of(plain, label), end))
            limit = label.start
    return accepted[::-1]


def _others(plain: str, accepted: list[Accepted]) -> Iterator[Accepted]:
    """The lines of a block that stand under labels none of ours; they count least."""
    ours = [one for one in accepted if one.label.sure and one.label.leads]
    known = {slot.name for one in ours for slot in one.slots if slot.name}
    if len({one.label.fields for one in ours}) < _FEWEST or "\n" not in plain:
        return
    taken = [one.label.start for one in accepted]
    taken += [slot.start for one in accepted for slot in one.slots]
    for other in find_others(plain, known):
        if any(other.start <= at < other.end for at in taken):
            continue
        label = Label((other.field,), "", other.start, *other.value, marks.COLON, opens=True)
        slots = read_slots(other.field, plain, *other.value, label)
        if other.title:
            slots = [one for one in slots if one.name == "contact"]
            slots.append(Slot("position", *other.value, other.title))
        yield Accepted(label, slots, _LEAST)


def _read(plain: str, label: Label, region: Span, *, inside: bool) -> list[Slot] | None:
    """The slots of one label; None if it is none. A labelled nothing is still a label.

    `inside`: a promise in its place is no part of what stands before.
    """
    if label.mark == marks.LINE and not label.leads:
        # ..能做吗，我要办
        return [] if label.opens else None
    start, end = region
    reversal = NOT_BUT.match(plain, start, end)
    if reversal:
        start, label = reversal.start("new"), replace(label, mark=marks.FIX)
    if inside and _is_promised(plain, label, start, end):
        return []
    slots = read_all(plain, start, end, label)
    if slots:
        return slots
    return [] if label.mark == marks.COLON or (label.mark == marks.LINE and label.opens) else None


def _read_below(plain: str, label: Label, region: Span) -> list[Slot]:
    """What stands in the next line, where all others have their values in their own: clear ones."""
    if "position" in label.fields or FOREIGN in label.fields or _OTHER_LABEL.match(plain, *region):
        return []
    return read_all(plain, *region, replace(label, mark=marks.GAP))


def _is_promised(plain: str, label: Label, start: int, end: int) -> bool:
    """Whether what stands behind the name of a material only says that it will come."""
    if not label.fields[0].startswith(MATERIAL) or not label.opens:
        return False
    return is_promise(_PIECE.split(plain[start:end].lstrip(_MARKS), maxsplit=1)[0])
