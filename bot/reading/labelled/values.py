"""How far the value under a label reaches, what is trimmed from it, and what is no value."""

import re

from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "values"
_LEAD = re.compile(r"[ ,;:\t\u2026\u3001/|_*`=~\u3011\u300d\u300f\u3015\u3017\]>}\-]*")
# a label that is none of ours, in the middle of a line
_OTHER = r"[ ,](?=[\u3400-\u9fff]{2,8}(?:\([^()\n]{1,12}\))?[ ]?[:=])"
_STOP = re.compile(rf"[;\u3002|\n]| {{2,}}|\t|{_OTHER}")
_STOP_IN_LINES = re.compile(rf"[;\u3002|]| {{2,}}|\t|{_OTHER}")
_TAIL = " \t\n,;:\u3001\u3002|_*`=~!/&"
_PAIRS = {
    "(": ")", "[": "]", "{": "}", "<": ">", "\u3010": "\u3011", "\u300a": "\u300b", '"': '"',
    "\u300c": "\u300d", "\u300e": "\u300f", "\u3014": "\u3015", "\u3016": "\u3017", "'": "'",
}  # fmt: skip
_CLOSERS = frozenset(_PAIRS.values())
_NOTE = any_pattern(words(_FILE, "notes"))
_NOTED = rf"[(\[\u3010<][ ]?{_NOTE}[ ]?[)\]\u3011>]"
_NOTE_BEFORE = re.compile(rf"{_NOTED}[ :]*")
_NOTE_BEHIND = re.compile(rf"{_NOTED}$")
_MARKS = r"[\s,;:.!~\u3001\u3002\u2026]"
_THANKS = re.compile(
    rf"{_MARKS}{{1,20}}(?:{any_of(words('noise', 'phrases'))}{_MARKS}{{0,20}}){{1,6}}$"
)
_PLACEHOLDER = r"[\-_.*xX\u00d7?~\u2026\s/\\\u3001,#]{1,40}"
_EMPTY = re.compile(
    rf"(?:{any_of(words(_FILE, 'empty'))}|{_PLACEHOLDER}"
    rf"|{any_of(words(_FILE, 'no'))}[ ]?[(][^()\n]{{1,16}}[)])[.!~\u3002]?",
    re.IGNORECASE,
)
_SAME = re.compile(rf"{any_of(words(_FILE, 'same'))}[.!~\u3002]?")
_ASKED_FOR = re.compile(rf"[(\[\u3010<]?{any_pattern(words(_FILE, 'asked_for'))}")
# a form does not ask at greater length
_LONGEST_HINT = 24
_LEFT_OUT = re.compile(r"[ ,(]{0,2}(?:(?<![0-9])[0-9]{6}(?![0-9]))[)]?$")


def lead(plain: str, start: int, end: int) -> int:
    """Where a value begins behind the marks of its label."""
    found = _LEAD.match(plain, start, end)
    return found.end() if found else start


def trimmed(plain: str, start: int, end: int) -> tuple[int, int]:
    """The value without what is around it: marks, brackets, a form's notes and thanks."""
    before = None
    while before != (start, end):
        before = start, end
        start, end = _bare(plain, start, end)
        if end - start > 1 and _closed(plain, start, end):
            start, end = start + 1, end - 1
        elif end > start and plain[end - 1] in _CLOSERS and not _opened(plain, start, end):
            end -= 1
        elif end > start and _PAIRS.get(plain[start], " ") not in plain[start + 1 : end] + " ":
            start += 1
        note = _NOTE_BEFORE.match(plain, start, end)
        start = note.end() if note else start
        behind = _NOTE_BEHIND.search(plain[start:end]) or _THANKS.search(plain[start:end])
        end = start + behind.start() if behind else end
    return start, end


def is_empty(plain: str, start: int, end: int) -> bool:
    """Whether what stands here says that there is no value."""
    if start >= end or _EMPTY.fullmatch(plain, start, end):
        return True
    return end - start <= _LONGEST_HINT and _ASKED_FOR.match(plain, start, end) is not None


def stop_of(plain: str, start: int, end: int, *, lines: bool = False) -> int:
    """Where a value ends by itself; `lines`: it may go on behind a line end."""
    found = (_STOP_IN_LINES if lines else _STOP).search(plain, start, end)
    return found.start() if found else end


def before_postcode(plain: str, start: int, end: int) -> int:
    """Where an address ends that a postcode follows."""
    found = _LEFT_OUT.search(plain[start:end])
    return start + found.start() if found else end


def _bare(plain: str, start: int, end: int) -> tuple[int, int]:
    while end > start and plain[end - 1] in _TAIL:
        end -= 1
    start = lead(plain, start, end)
    return start, end


def _closed(plain: str, start: int, end: int) -> bool:
    """Whether one pair of brackets holds the whole value."""
    opener, closer = plain[start], _PAIRS.get(plain[start])
    if closer is None or plain[end - 1] != closer:
        return False
    if opener == closer:
        return opener not in plain[start + 1 : end - 1]
    depth = 0
    for at in range(start, end):
        depth += (plain[at] == opener) - (plain[at] == closer)
        if depth == 0:
            return at == end - 1
    return False


def _opened(plain: str, start: int, end: int) -> bool:
    """Whether the bracket that closes the value was opened in it."""
    closer = plain[end - 1]
    opener = next(one for one, other in _PAIRS.items() if other == closer)
    inside = plain[start : end - 1]
    return opener in inside if opener == closer else inside.count(opener) > inside.count(closer)


def is_same(plain: str, start: int, end: int) -> bool:
    """Whether what stands here says that the value was given before."""
    return _SAME.fullmatch(plain, start, end) is not None
