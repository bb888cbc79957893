"""Which service options a text wishes for or turns down (clause 7.4.4)."""

import re
from collections.abc import Iterator

from bot.domain.options import Option
from bot.reading.vocabulary import any_of, any_pattern, keys, words

_FILE = "options"
_SAID = {
    one: re.compile(any_pattern(words(_FILE, one.value)))
    for one in Option
    if one.value in keys(_FILE)
}
_DECLINED = {
    one: re.compile(any_of(words(_FILE, f"{one.value}_no")))
    for one in Option
    if f"{one.value}_no" in keys(_FILE)
}
_URGENT = re.compile(any_of(words("intents", "urgent")))
_NOT_URGENT = re.compile(any_of(words("intents", "urgent_not")))
_ABLE, _NOT = any_of(words(_FILE, "able")), any_of(words(_FILE, "not"))
_NEGATED = re.compile(rf"{any_of(words(_FILE, 'negations'))}.{{0,1}}$|(?<!{_ABLE}){_NOT}$")
_TAKEN_BACK = re.compile(rf"[^\n,;\u3002]{{0,2}}{any_of(words(_FILE, 'taken_back'))}")
_ASKED = re.compile(rf"[^\n,;\u3002]{{0,6}}?{any_of(words(_FILE, 'asks'))}")
# what says nothing about the matter itself, so that nobody looks for a need in it
_ABOUT_DELIVERY = (Option.MAIL_REPORT, Option.E_CERTIFICATE)
_LONGEST = 3000


def read_options(plain: str) -> dict[Option, bool]:
    """Option -> whether the text wants it; the last word on it counts."""
    text = plain[:_LONGEST]
    found: dict[Option, bool] = {}
    if is_urgent(text):
        found[Option.URGENT] = True
    for option in _SAID:
        for hit, wanted in _wishes(option, text):
            if not (wanted and _ASKED.match(text, hit.end())):
                found[option] = wanted
    for option, pattern in _DECLINED.items():
        if pattern.search(text):
            found[option] = False
    return found


def is_urgent(plain: str) -> bool:
    """Whether it says that it is urgent."""
    return _URGENT.search(_NOT_URGENT.sub(" ", plain)) is not None


def without_delivery(plain: str) -> str:
    """The text with every wish about reports blanked out, as long as before."""
    for option in _ABOUT_DELIVERY:
        for hit, _ in list(_wishes(option, plain[:_LONGEST])):
            plain = plain[: hit.start()] + " " * len(hit.group()) + plain[hit.end() :]
    return plain


def is_wish_alone(plain: str) -> bool:
    """Whether a short text wishes for options and says hardly anything beside."""
    if len(plain) > _SHORT:
        return False
    rest = _URGENT.sub("", plain)
    for pattern in (*_SAID.values(), *_DECLINED.values()):
        rest = pattern.sub("", rest)
    return len(rest) < len(plain) and len(_HAN.findall(rest)) <= _FILLING


_HAN = re.compile("[\u3400-\u9fff]")
_SHORT, _FILLING = 30, 4


def _wishes(option: Option, text: str) -> Iterator[tuple[re.Match[str], bool]]:
    for hit in _SAID[option].finditer(text):
        before = text[max(0, hit.start() - 4) : hit.start()]
        denied = _NEGATED.search(before) or _TAKEN_BACK.match(text, hit.end())
        yield hit, denied is None
