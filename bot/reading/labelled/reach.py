"""How far the region of a label reaches: to the end of its line, or over the lines below."""

import re

from bot.reading.fields.addresses import continued, labelled_address
from bot.reading.fields.applicants import find_applicant
from bot.reading.fields.labels import Label
from bot.reading.vocabulary import any_of, words

# 1、.. 2、.. under a need: it goes on
_LISTED = re.compile(r"[ \t]*(?:[(]?[0-9]{1,2}[\u3001.):]|[\u2460-\u2473\u2022\u00b7\-*])")
# 单位：定西市岷县, and below it what stands there
_PLACE = re.compile(r"[\u5e02\u53bf\u533a\u9547\u4e61\u5dde\u65d7]$")
# 温度计5支 below 压力表10块
_THINGS = re.compile(
    r"[ \t]*[\u3400-\u9fff][^:\n]{1,24}[0-9]{1,4}[ ]?"
    rf"{any_of(words('values', 'things'))}[ ]?(?=\n|$)"
)
_CROSSING = re.compile(rf"(?:{any_of(words('regions', 'place'))}|\s){{0,4}}")
# marks of tables, and of what is written bold
_NOTHING = " \t|*_`\"'\u3011\u300d]"


def region_of(plain: str, label: Label, limit: int) -> tuple[int, int]:
    """From the label to the end of its line; to the next line if its own holds nothing."""
    start = label.end
    end = _line_end(plain, start, limit)
    if plain[start:end].strip(_NOTHING):
        return start, _goes_on(plain, label, start, end, limit)
    if "need" in label.fields:
        blank = plain.find("\n\n", start + 1, limit)
        return start, limit if blank < 0 else blank
    begin = min(end + 1, limit)
    while label.sure and begin < limit and plain[begin] == "\n":
        begin += 1
    stop = _line_end(plain, begin, limit)
    return begin, _goes_on(plain, label, begin, stop, limit)


def _goes_on(plain: str, label: Label, start: int, end: int, limit: int) -> int:
    """The end of a value that runs on in the next lines, else of its own line."""
    if "address" in label.fields:
        if plain[start:end].rstrip().endswith(",") and end < limit:
            return _line_end(plain, end + 1, limit)
        return max(continued(plain, start, end, limit), _second_half(plain, start, end, limit))
    if "applicant" in label.fields and _PLACE.search(plain, start, end):
        stop = _line_end(plain, end + 1, limit)
        found = find_applicant(plain, end + 1, stop, block=True) if end < limit else None
        return stop if found and found.end == stop and ":" not in plain[end:stop] else end
    while "need" in label.fields and end < limit:
        listed = _LISTED.match(plain, start, end) and _LISTED.match(plain, end + 1, limit)
        if not listed and not _THINGS.match(plain, end + 1, limit):
            break
        end = _line_end(plain, end + 1, limit)
    return end


def _second_half(plain: str, start: int, end: int, limit: int) -> int:
    """The end of the next line, if it is a way without a region and the first has no number."""
    stop = _line_end(plain, end + 1, limit)
    found = labelled_address(plain, end + 1, stop) if end < limit else None
    whole = found is not None and _CROSSING.fullmatch(plain, found.end, stop) is not None
    return stop if whole and not any(char.isdigit() for char in plain[start:end]) else end


def _line_end(plain: str, start: int, limit: int) -> int:
    found = plain.find("\n", start, limit)
    return limit if found < 0 else found
