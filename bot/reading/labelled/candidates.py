"""Which of the words that may be labels are labels: by their marks, and where they stand."""

import re

from bot.reading.fields import labels as marks
from bot.reading.fields.labels import Label, Labels, is_headed
from bot.reading.labelled.layouts import settled
from bot.reading.labelled.meanings import FOREIGN, MATERIAL, NOISE
from bot.reading.vocabulary import words

# the name of a material that is as long as this is nothing else, wherever it stands
_LONG_LABEL = 4
_HAN = re.compile(r"[\u3400-\u9fff]")
# between a label and its value where no layout tells of others
_GAPS = (" ", "\t", "\u3001", ",")
_COLONS = (":", "=")
# these may stand behind another word at the head of a line
_HEADS = ("phone", "address", "position", "contact", "business", "need", NOISE)
_UNIT_HEADS = frozenset(words("labels", "unit_heads"))
# between a label and its value
_AROUND = " \t:=|*_`\"'([\u3010\u300c"


def candidates(plain: str, found: list[Label], labels: Labels) -> list[Label]:
    """The labels that are ones if they have a value."""
    found = settled(plain, found)
    lines = {_line_of(plain, one) for one in found if one.leads and one.mark == marks.COLON}
    kept = [
        one
        for one in found
        if _may_be(plain, one, labels) or (_is_firm(one) and _line_of(plain, one) in lines)
    ]
    return [one for at, one in enumerate(kept) if not _is_value(plain, kept, at)]


def rank_of(plain: str, label: Label) -> int:
    """How much a label counts against others of its field; the least is the one that counts."""
    if label.corrects:
        return -1
    if not label.opens and label.mark == marks.COLON and _HAN.match(plain, label.start - 1):
        # 客服电话, 承建单位: some telephone, another unit
        return 4 if label.word in _UNIT_HEADS else 3
    return label.meaning.late


def is_set_apart(plain: str, label: Label, labels: list[Label]) -> bool:
    """Whether a label is set apart from its value, or stands in the line of one that is."""
    if label.mark != marks.NOTHING:
        return True
    line = plain.rfind("\n", 0, label.start) + 1
    return any(line <= one.start < label.start and one.mark == marks.COLON for one in labels)


def has_own_line(plain: str, label: Label, labels: list[Label]) -> bool:
    """Whether a value stands in the line of its label, before the next label."""
    if label.mark != marks.COLON or not label.leads:
        return False
    end = plain.find("\n", label.end)
    end = len(plain) if end < 0 else end
    nexts = [one.start for one in labels if label.end <= one.start < end]
    return bool(plain[label.end : min([end, *nexts[:1]])].strip(" \t|*"))


def _may_be(plain: str, label: Label, labels: Labels) -> bool:
    if label.mark == marks.FIX:
        return True
    if label.mark == marks.GAP and label.gap not in _GAPS and not label.leads:
        return False
    if label.fields[0].startswith(MATERIAL) and len(label.word) >= _LONG_LABEL:
        return True
    if not label.sure and (label.meaning.strict or FOREIGN in label.fields):
        return False
    return _opens(label) if label.opens else _stands_inside(plain, label, labels)


def _opens(label: Label) -> bool:
    """Whether a label at the head of a piece may be one: at the end of a line clear ones only."""
    everyday = label.meaning.everyday or label.corrects
    return label.leads or label.mark != marks.LINE or not everyday


def _stands_inside(plain: str, label: Label, labels: Labels) -> bool:
    """Whether a label behind other characters may be one: 您的需求项目：, 技术负责人：."""
    if label.mark == marks.COLON and is_headed(plain, label.start):
        return label.fields[0] in _HEADS
    return labels.may_stand_inside(label.word) and label.mark in (
        marks.COLON, marks.NOTHING, marks.COPULA, marks.GAP,
    )  # fmt: skip


def _is_firm(label: Label) -> bool:
    """Whether a label is one inside the line of another, with no border before it."""
    return label.gap in _COLONS and not (label.meaning.strict and not label.word.isascii())


def _line_of(plain: str, label: Label) -> int:
    """Where the line begins in which a label stands."""
    return plain.rfind("\n", 0, label.named) + 1


def _is_value(plain: str, labels: list[Label], at: int) -> bool:
    """Whether a label is what stands under the one before it: 职务 法人."""
    label = labels[at]
    if at == 0:
        return False
    word = label.meaning.everyday
    if not label.leads:
        between = plain[labels[at - 1].named : label.start].strip(_AROUND)
        return not between and (label.mark == marks.LINE or word)
    if label.mark != marks.LINE or not word:
        return False
    # 职务, in the next line 老板, and in the next one another label
    border = labels[at + 1].start if at + 1 < len(labels) else len(plain)
    return not (plain[labels[at - 1].end : label.start] + plain[label.end : border]).strip()
