"""Whether words without a label can be the answer that is open, or are talk about other things."""

import re
from collections.abc import Iterable, Iterator

from bot.reading.fields.addresses import find_address
from bot.reading.normalise import normalise
from bot.reading.reading import Intent, Reading
from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "aptness"
_TALK = re.compile(any_pattern(words(_FILE, "talk")))
_ANSWERS = re.compile(any_of((*words(_FILE, "answers"), *words("labels", "same_as"))))
_MEASURED = re.compile(rf"[0-9](?:[ ]?{any_of(words(_FILE, 'measures'))})(?![A-Za-z])")
_MODEL = re.compile(r"[A-Za-z]{2}|[A-Za-z][\-./]?[0-9]|[0-9][\-./~]?[A-Za-z]|[0-9]{4}")
_ASKS_FOR = re.compile(any_pattern(words(_FILE, "asks_for")))
_COUNT = (
    rf"(?:[0-9]{{1,4}}|[\u4e00\u4e8c\u4e24\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341\u51e0]{{1,3}})"
    rf"[ ]?{any_of(words(_FILE, 'counts'))}"
)
_THING = r"[\u3400-\u9fffA-Za-z][\u3400-\u9fff0-9A-Za-z()./~\- ]{1,29}?"
_COUNTED = re.compile(rf"(?:{_THING}[ :*x\u00d7]{{0,2}}{_COUNT}|{_COUNT}{_THING})")
_THINGS = re.compile(r"[,;\u3001\u3002\n]|\u548c(?=[0-9])")
_LISTS = words(_FILE, "lists")
_DAY = re.compile(
    rf"[0-9\u4e00-\u5341][\u6708\u65e5\u53f7]|{any_of(words('dates', 'week'))}"
    rf"|{any_of(words('dates', 'near'))}"
)
_LIST = re.compile(r"[^\s\u3001;]\u3001[^\s\u3001;]|\S\n\S")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_HOLLOW = frozenset(words(_FILE, "hollow"))
_ELSEWHERE = frozenset(Intent) - {Intent.SERVICE}
_LONGEST = 400


def off_topic(said: Reading) -> bool:
    """Whether a message is talk, a question or a matter of its own, and answers nothing."""
    plain = normalise(said.text)[:_LONGEST]
    if said.intent in _ELSEWHERE:
        return True
    return _TALK.search(plain) is not None and _ANSWERS.match(plain) is None


def fits(text: str, name: str, hint: str) -> bool:
    """Whether words show that they are about the material of that name."""
    plain = normalise(text)[:_LONGEST]
    if _ANSWERS.search(plain) or _MEASURED.search(plain) or _MODEL.search(plain):
        return True
    if _LIST.search(plain) or find_address(plain, 0, len(plain)):
        return True
    if any(word in name for word in words("dates", "dated")) and _DAY.search(plain):
        return True
    return any(pair in plain for pair in _pairs(f"{name} {hint}"))


def only_states(text: str) -> bool:
    """Whether a text tells numbers or particulars of something and asks for nothing."""
    plain = normalise(text)[:_LONGEST]
    told = _MEASURED.search(plain) or _ANSWERS.search(plain) or counts_things(plain)
    return bool(told) and _ASKS_FOR.search(plain) is None


def counts_things(plain: str) -> bool:
    """Whether a text is things with their number and nothing else: 血压计一台, 天平2台."""
    pieces = [piece.strip() for piece in _THINGS.split(plain) if piece.strip()]
    if _ASKS_FOR.search(plain):
        return False
    return bool(pieces) and all(_COUNTED.fullmatch(piece) for piece in pieces)


def list_among(names: Iterable[str]) -> str | None:
    """The one of several materials that lists things; None if it is not just one."""
    lists = [name for name in names if name.endswith(_LISTS)]
    return lists[0] if len(lists) == 1 else None


def _pairs(text: str) -> Iterator[str]:
    """Every two characters in a row that say something."""
    for run in _HAN.findall(normalise(text)):
        for at in range(len(run) - 1):
            if run[at : at + 2] not in _HOLLOW:
                yield run[at : at + 2]
