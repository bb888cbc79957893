"""Short answers and orders: what a client means by 是, 好的, 算了, 上一步 in their many forms."""

import re
from collections.abc import Iterator

from bot.reading.reading import Word
from bot.reading.vocabulary import any_of, any_pattern, keys, words

_FILE = "answers"
_SPLIT = re.compile(r"[\s,;.!~?\u3001\u3002\uff0c\uff01\uff1f\u2026\uff5e]+")
_ONLY_MARKS = re.compile(r"[?\uff1f]{1,5}")
_REGISTER_FIRST = re.compile(any_pattern(words(_FILE, "register_first_forms")))
_GOES_AHEAD = re.compile(any_pattern(words(_FILE, "goes_ahead")))
_REPEATED = re.compile(r"(.{1,4}?)\1{1,9}")
_PARTICLES = "".join(words(_FILE, "particles"))
_MANNERS = any_of(words(_FILE, "manners"))
_BEFORE = re.compile(rf"^(?:{_MANNERS})(?=.)")
_BEHIND = re.compile(rf"(?<=.)(?:{_MANNERS})$")
# 我是老师 says what somebody is, 好的老师 whom it is said to
_ADDRESSED = re.compile(rf"(?<=..)(?<![\u662f\u53eb]){any_of(words(_FILE, 'addressed'))}$")
_BUT = words(_FILE, "but")
_AFTER_AGREE = words(_FILE, "after_agree")
# longer than any answer: this is a text
_LONGEST = 24


def _table(suffix: str) -> Iterator[tuple[str, Word]]:
    for key in keys(_FILE):
        if key.endswith(suffix):
            word = Word(key.removesuffix(suffix))
            bare = ((_bare(answer), word) for answer in words(_FILE, key))
            yield from (pair for pair in bare if pair[0])


def _bare(part: str) -> str:
    return part.lower().strip(" ?!.,~")


_WHOLE: dict[str, Word] = {}
_FIRST: dict[str, Word] = {}

# of two answers in one message the first of these is what is meant ("好的，确认提交")
_PRIORITY = (
    Word.DISAGREE, Word.CANCEL, Word.REGISTER_FIRST, Word.CONFIRM, Word.AGREE, Word.RESTART,
    Word.BACK, Word.CHANGE, Word.CONTINUE, Word.LATER, Word.NO, Word.YES, Word.HELP, Word.THANKS,
)  # fmt: skip


def read_answer(plain: str) -> tuple[Word, int] | None:
    """The answer a message is or begins with, and where the rest begins."""
    if _ONLY_MARKS.fullmatch(plain.strip()):
        return Word.HELP, len(plain)
    whole = _read_whole(plain) if len(plain) <= _LONGEST * 2 else None
    if whole is not None:
        return whole, len(plain)
    if _register_first(plain):
        return Word.REGISTER_FIRST, 0
    return _read_first(plain)


def _register_first(plain: str) -> bool:
    """Whether the last of several parts says to register with materials open."""
    parts = [part for part in _SPLIT.split(plain[-_LONGEST:]) if part]
    return len(parts) > 1 and word_of(parts[-1]) is Word.REGISTER_FIRST


def _read_whole(plain: str) -> Word | None:
    """The answer, if every part of the message is one."""
    parts = [part for part in _SPLIT.split(plain) if part]
    if not parts:
        return None
    found = [word_of(part) for part in parts]
    known = [word for word in found if word is not None]
    if len(known) < len(found):
        return word_of("".join(parts)) if len(plain) <= _LONGEST else None
    if Word.NO in known and Word.YES in known:
        return known[0]
    return min(known, key=_PRIORITY.index)


def goes_ahead(text: str) -> bool:
    """Whether a short text goes ahead with what was just told."""
    bare = _SPLIT.sub("", text)
    return len(bare) <= _LONGEST and _GOES_AHEAD.fullmatch(bare) is not None


def word_of(part: str) -> Word | None:
    """The answer one part of a message is, politeness and particles aside."""
    bare = _bare(part)
    for _ in range(3):
        if _REGISTER_FIRST.fullmatch(bare):
            return Word.REGISTER_FIRST
        for form in (bare, _once(bare), bare.rstrip(_PARTICLES), _once(bare.rstrip(_PARTICLES))):
            if form in _WHOLE:
                return _WHOLE[form]
        shorter = _ADDRESSED.sub("", bare)
        if shorter == bare:
            shorter = _BEHIND.sub("", _BEFORE.sub("", bare))
        if shorter == bare:
            return None
        bare = shorter
    return None


def _once(part: str) -> str:
    found = _REPEATED.fullmatch(part)
    return found.group(1) if found else part


def _read_first(plain: str) -> tuple[Word, int] | None:
    """An answer that more text follows: 同意, 是的, 确认 ..., never a cancel."""
    gap = _SPLIT.search(plain, 0, _LONGEST)
    if gap and gap.start() > 0:
        part = _bare(plain[: gap.start()])
        if part.isascii() and plain[gap.end() : gap.end() + 1].isdigit():
            # YY 0469 is a standard
            return None
        word = _FIRST.get(part) or _FIRST.get(_once(part)) or _FIRST.get(part.rstrip(_PARTICLES))
        if word is not None:
            return word, gap.end()
        if _WHOLE.get(part) is Word.NO:
            return Word.NO, gap.end()
    for length in (5, 4, 3, 2):
        if _FIRST.get(plain[:length]) is Word.AGREE and plain[length:].startswith(_AFTER_AGREE):
            return Word.AGREE, length
    return None


_WHOLE.update(_table("_first"))
_WHOLE.update(_table("_whole"))
_FIRST.update(_table("_first"))
