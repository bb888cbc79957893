"""Short answers and orders: what a client means by 是, 好的, 算了, 上一步 in their many forms."""

import re
from collections.abc import Iterator

from bot.reading.reading import Word
from bot.reading.vocabulary import any_of, any_pattern, keys, words

_FILE = "answers"
_SPLIT = re.compile(r"[\s,;.!~?\u3001\u3002\uff0c\uff01\uff1f\u2026\uff5e]+")
# a picture, or the name of one in brackets, is a part of its own
_PICTURE = re.compile(
    "(\\[[^\\[\\]\\s]{1,4}\\]|[\u2600-\u27bf\u2b50\U0001f000-\U0001faff][\U0001f3fb-\U0001f3ff]?)"
)
_ONLY_MARKS = re.compile(r"[?\uff1f]{1,5}")
_REGISTER_FIRST = re.compile(any_pattern(words(_FILE, "register_first_forms")))
_GOES_AHEAD = re.compile(any_pattern(words(_FILE, "goes_ahead")))
_REPEATED = re.compile(r"(.{1,4}?)\1{1,9}")
_PARTICLES = "".join(words(_FILE, "particles"))
_MANNERS = any_of(words(_FILE, "manners"))
_BEFORE = re.compile(rf"^(?:{_MANNERS})(?=.)")
_BEHIND = re.compile(rf"(?<=.)(?:{_MANNERS})$")
_NOT_SO = "".join(words(_FILE, "not_so"))
_WANTED = re.compile(rf"^{any_of(words(_FILE, 'wanted'))}(?=..)(?!{_NOT_SO})")
_NOT_YET = re.compile(rf"^{any_of(words(_FILE, 'not_yet'))}(?=.)")
# 我是老师 says what somebody is, 好的老师 whom it is said to
_ADDRESSED = re.compile(rf"(?<=..)(?<![\u662f\u53eb]){any_of(words(_FILE, 'addressed'))}$")
_FILLERS = re.compile(any_pattern(words(_FILE, "fillers")))
_EXCUSES = re.compile(any_pattern(words(_FILE, "excuses")))
_TURNS, _BUT = words(_FILE, "turns"), words(_FILE, "but")
_OPENERS, _DENIALS = frozenset(words(_FILE, "openers")), frozenset(words(_FILE, "denials"))
_FUSED, _PLAIN = words(_FILE, "fused"), "".join(words(_FILE, "plain"))
_ASKED = frozenset(words(_FILE, "asked"))
_AFTER_AGREE = words(_FILE, "after_agree")
# longer than any answer: this is a text
_LONGEST = 24
# the longest answer or excuse that another one follows at once
_LONGEST_OPENER = 8


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
    Word.DISAGREE, Word.CANCEL, Word.REGISTER_FIRST, Word.CHANGE, Word.CONFIRM, Word.AGREE,
    Word.RESTART, Word.BACK, Word.CONTINUE, Word.LATER, Word.NO, Word.YES, Word.HELP, Word.THANKS,
)  # fmt: skip


# what only ever decides something; with a question mark it asks
_DECIDING = frozenset(
    {Word.AGREE, Word.DISAGREE, Word.YES, Word.NO, Word.CANCEL, Word.CONFIRM, Word.THANKS}
)
_ORDERS = frozenset(
    {Word.CANCEL, Word.CONFIRM, Word.CONTINUE, Word.BACK, Word.CHANGE, Word.RESTART}
)
_REFUSING = frozenset({Word.CANCEL, Word.NO, Word.DISAGREE})


def read_answer(plain: str) -> tuple[Word, int] | None:
    """The answer a message is or begins with, and where the rest begins."""
    if _ONLY_MARKS.fullmatch(plain[:_LONGEST].strip()):
        return Word.HELP, len(plain)
    whole = _read_whole(plain) if len(plain) <= _LONGEST * 2 else None
    if whole is not None:
        asks = plain.rstrip().endswith("?") and whole in _DECIDING
        return None if asks else (whole, len(plain))
    if _register_first(plain):
        return Word.REGISTER_FIRST, 0
    return _read_first(plain)


def _register_first(plain: str) -> bool:
    """Whether the last of several parts says to register with materials open."""
    parts = _parts(plain[-_LONGEST:])
    return len(parts) > 1 and word_of(parts[-1]) is Word.REGISTER_FIRST


def _parts(plain: str) -> list[str]:
    return [part for part in _SPLIT.split(_PICTURE.sub(r" \1 ", plain)) if part]


def _read_whole(plain: str) -> Word | None:
    """The answer, if every part of the message is one or says nothing."""
    parts = _parts(plain)
    found = [(part, word_of(part)) for part in parts]
    known = [(part, word) for part, word in found if word is not None]
    unknown = [part for part, word in found if word is None and not _says_nothing(part)]
    if not known or unknown:
        refused = known and all(_EXCUSES.fullmatch(part) for part in unknown)
        word = _weightiest(known) if refused else None
        if word in _REFUSING:
            return word
        return word_of("".join(parts)) if len(plain) <= _LONGEST and parts else None
    return _weightiest(known)


def _says_nothing(part: str) -> bool:
    return bool(_PICTURE.fullmatch(part) or _FILLERS.fullmatch(part))


def _weightiest(known: list[tuple[str, Word]]) -> Word:
    """What several answers come to; 好的 before 不用了 only says that it was heard."""
    found = [word for _, word in known]
    if Word.NO in found and Word.YES in found and set(found) <= {Word.NO, Word.YES, Word.THANKS}:
        heard = [word for part, word in known if word is not Word.YES or part not in _OPENERS]
        return next(word for word in heard if word is not Word.THANKS)
    if any(part.startswith(_TURNS) for part, _ in known) and Word.CONFIRM in found:
        return Word.LATER
    return min(found, key=_PRIORITY.index)


def goes_ahead(text: str) -> bool:
    """Whether a short text goes ahead with what was just told."""
    bare = _SPLIT.sub("", text)
    return len(bare) <= _LONGEST and _GOES_AHEAD.fullmatch(bare) is not None


def word_of(part: str) -> Word | None:
    """The answer one part of a message is, politeness and particles aside."""
    bare = _bare(part)
    if bare in _ASKED:
        return None
    return _known(bare) or _ordered(bare) or _joined(bare)


def _known(bare: str) -> Word | None:
    """The answer that stands in a list, or does without what changes nothing."""
    for _ in range(3):
        if bare in _ASKED:
            return None
        if _REGISTER_FIRST.fullmatch(bare):
            return Word.REGISTER_FIRST
        form = next((form for form in _forms(bare) if form in _WHOLE), None)
        if form is not None:
            return _WHOLE[form]
        shorter = _ADDRESSED.sub("", bare)
        if shorter == bare:
            shorter = _BEHIND.sub("", _BEFORE.sub("", bare))
        if shorter == bare:
            return None
        bare = shorter
    return None


def _ordered(bare: str) -> Word | None:
    """想取消, 麻烦继续: an order that is wished for; 暂时不用: a no for now."""
    order = _known(_WANTED.sub("", bare)) if _WANTED.match(bare) else None
    if order in _ORDERS:
        return order
    denied = _known(_NOT_YET.sub("", bare)) if _NOT_YET.match(bare) else None
    return denied if denied in {Word.NO, Word.CANCEL} else None


def _joined(bare: str, most: int = 3) -> Word | None:
    """Up to so many answers without anything between them: 好的确认, 不用了不办了."""
    for length in range(min(len(bare) - 2, _LONGEST_OPENER), 0, -1):
        head, tail = bare[:length], bare[length:]
        opens = head in _OPENERS or _once(head) in _OPENERS
        nothing = length > 1 and _FILLERS.fullmatch(head) is not None
        refuses = head in _DENIALS or (length > 1 and _EXCUSES.fullmatch(head) is not None)
        # 行不行 asks
        if not (opens or nothing or refuses) or (opens and tail.startswith(f"{_NOT_SO}{head[-1]}")):
            continue
        word = _known(tail) or _ordered(tail) or (_joined(tail, most - 1) if most > 2 else None)
        if word is not None and (opens or nothing or word in _REFUSING):
            return word
    return None


def _forms(bare: str) -> Iterator[str]:
    """As it is, said once, without particles, and with the plain particle for a fused one."""
    short = bare.rstrip(_PARTICLES)
    yield from (bare, _once(bare), short, _once(short))
    if bare.endswith(_FUSED):
        yield f"{bare[:-1]}{_PLAIN}"


def _once(part: str) -> str:
    found = _REPEATED.fullmatch(part)
    return found.group(1) if found else part


def _read_first(plain: str) -> tuple[Word, int] | None:
    """An answer that more text follows: 同意, 是的, 确认 ..., never a cancel."""
    gap = _SPLIT.search(plain, 0, _LONGEST)
    if gap and gap.start() > 0:
        word = _first_word(_bare(plain[: gap.start()]))
        rest = plain[gap.end() : gap.end() + _LONGEST]
        if word is not None and not _turned(word, plain[: gap.end()], rest):
            return word, gap.end()
    for length in (5, 4, 3, 2):
        if _FIRST.get(plain[:length]) is Word.AGREE and plain[length:].startswith(_AFTER_AGREE):
            return Word.AGREE, length
    return None


def _first_word(part: str) -> Word | None:
    if part in _ASKED or part in _ALONE:
        return None
    word = _FIRST.get(part) or _FIRST.get(_once(part)) or _FIRST.get(part.rstrip(_PARTICLES))
    return word or (Word.NO if _WHOLE.get(part) is Word.NO else None)


def _turned(word: Word, first: str, rest: str) -> bool:
    """Whether what follows shows that it is a question, the letters of a standard, or no yes."""
    if "?" in first:
        return True
    if _bare(first).isascii() and rest[:1].isdigit():
        # YY 0469 is a standard
        return True
    if word in {Word.YES, Word.CONFIRM, Word.AGREE} and rest.startswith(_TURNS):
        return True
    return word is Word.CONFIRM and rest.startswith(_BUT)


_WHOLE.update(_table("_first"))
_WHOLE.update(_table("_whole"))
_FIRST.update(_table("_first"))
_ALONE = frozenset(words(_FILE, "alone"))
