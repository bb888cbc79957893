"""What is left beside the values of a block and says nothing: notes, fronts of labels, fillers."""

import re
from collections.abc import Iterator

from bot.reading.fields import labels as marks
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.phones import find_phones
from bot.reading.labelled.offers import Accepted
from bot.reading.labelled.values import is_empty, is_same, trimmed

# 客服 before 电话, 养殖场 before 地址
_FRONT = re.compile(r"[\u3400-\u9fff]{1,8}$")
_NOTE = re.compile(r"[\W_]*(?:[(\[\u3010][^()\n]{1,24}[)\]\u3011][\W_]*)?")
_WIDEST = 8

Span = tuple[int, int]


def leftovers(plain: str, accepted: list[Accepted]) -> Iterator[Span]:
    """The spans to be taken with the labels they belong to."""
    for one in accepted:
        label = one.label
        if not label.sure:
            continue
        if not label.opens and label.mark == marks.COLON:
            front = _FRONT.search(plain[max(0, label.start - _WIDEST) : label.start])
            if front:
                yield label.start - len(front.group()), label.start
        start = max((slot.end for slot in one.slots), default=label.end)
        if start < one.end and _says_nothing(plain, start, one):
            yield start, one.end
        if one.slots and label.fields == ("contact",):
            # 三彩画室 王兴发
            yield label.end, min(slot.start for slot in one.slots)


def _says_nothing(plain: str, start: int, one: Accepted) -> bool:
    """Whether the rest of a region is a note, the word for nothing, or a second person."""
    if not one.slots:
        span = trimmed(plain, start, one.end)
        return is_empty(plain, *span) or is_same(plain, *span)
    if _NOTE.fullmatch(plain, start, one.end):
        return True
    rest = plain[start : one.end]
    person = "contact" in one.label.fields and "\n" not in rest
    return person and not find_phones(rest) and find_applicant(plain, start, one.end) is None
