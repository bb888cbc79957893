"""Whether words without a label can be the answer that is open, or are talk about other things."""

import re
from collections.abc import Iterator

from bot.reading.addresses import find_address
from bot.reading.normalise import normalise
from bot.reading.reading import Intent, Reading
from bot.reading.vocabulary import any_of, any_pattern, words

_FILE = "aptness"
_TALK = re.compile(any_pattern(words(_FILE, "talk")))
_ANSWERS = re.compile(any_of((*words(_FILE, "answers"), *words("labels", "same_as"))))
_MEASURED = re.compile(rf"[0-9](?:[ ]?{any_of(words(_FILE, 'measures'))})(?![A-Za-z])")
_MODEL = re.compile(r"[A-Za-z]{2}|[A-Za-z][\-./]?[0-9]|[0-9][\-./~]?[A-Za-z]|[0-9]{4}")
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


def _pairs(text: str) -> Iterator[str]:
    """Every two characters in a row that say something."""
    for run in _HAN.findall(normalise(text)):
        for at in range(len(run) - 1):
            if run[at : at + 2] not in _HOLLOW:
                yield run[at : at + 2]
