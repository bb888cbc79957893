"""What a client who is unhappy, helpful or tired of machines wants: pure questions about a text."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from bot.domain.catalog import Staff
from bot.reading.normalise import Text
from bot.reading.staff.commands import NUMBER
from bot.reading.vocabulary import any_pattern, keys, words

FILE = "voices"
OWN_WAY = {"called"}
FOUND: Mapping[str, re.Pattern[str]] = {
    key: re.compile(any_pattern(words(FILE, key)), re.IGNORECASE)
    for key in keys(FILE)
    if key not in OWN_WAY
}
CALLED = any_pattern(words(FILE, "called"))
# a message this short says one thing
SHORT = 40
# fewer characters with a meaning of their own name no matter
LEAST = 3


@lru_cache(maxsize=1024)
def says(key: str, text: str) -> bool:
    """Whether the text says what the list `key` stands for, and `key_not` does not take it back."""
    plain = Text.of(text).plain
    if f"{key}_not" in FOUND:
        plain = FOUND[f"{key}_not"].sub(" ", plain)
    return FOUND[key].search(plain) is not None


def is_opinion(text: str) -> bool:
    """An opinion or a suggestion, and no grievance in it."""
    return says("opinion", text) and not says("grievance", text)


def bare_opinion(text: str) -> bool:
    """Whether an opinion is only announced: nothing was said yet."""
    plain = Text.of(text).plain
    return is_empty(FOUND["opinion"].sub("", plain))


def bare_report(text: str) -> bool:
    """Whether a matter is only announced: 反映个问题."""
    plain = Text.of(text).plain
    return says("reports", text) and is_empty(FOUND["reports"].sub("", plain))


def is_praise(text: str) -> bool:
    """Praise, and no grievance in it."""
    return says("praise", text) and not says("grievance", text)


def is_abuse(text: str) -> bool:
    """Words of abuse with no matter in them that could be looked into."""
    plain = Text.of(text).plain
    if not FOUND["abuse"].search(plain):
        return False
    return is_empty(FOUND["abuse"].sub("", plain))


def is_empty(left: str) -> bool:
    """Whether what is left of a message says nothing by itself."""
    return len(FOUND["filler"].sub("", left)) < LEAST


def asks_status(text: str) -> bool:
    """A question how a complaint or an opinion stands."""
    return len(text) <= SHORT and says("status", text)


def voice_number(text: str) -> str:
    """The number of a complaint or an opinion, as it is stored; "" if none is named."""
    found = FOUND["voice_number"].search(Text.of(text).plain)
    return f"{found[1].upper()}{found[2]}-{found[3]}" if found else ""


def case_numbers(text: str) -> tuple[str, ...]:
    """The numbers of cases a text gives, as they are stored."""
    found = (one.group(0) for one in NUMBER.finditer(Text.of(text).plain))
    return tuple(one.upper().replace("#", "/").split("/")[0] for one in found)


def talk_named(text: str) -> tuple[str, str]:
    """The number of a talk that staff begin a text with, and the rest; "" if there is none."""
    found = FOUND["talk_name"].match(text)
    return (found[1], text[found.end() :].strip()) if found else ("", text)


def behind(key: str, text: str) -> str | None:
    """What follows the words of the list `key` at the beginning; None if it does not begin so."""
    typed = Text.of(text)
    found = FOUND[key].match(typed.plain)
    return None if found is None else typed.quote(found.end(), len(typed.plain)).strip()


def named_staff(text: str, staff: Iterable[Staff]) -> tuple[Staff, ...]:
    """Those a text names: by full name, number, userid, telephone, or as 刘工 and 姓刘的."""
    plain = Text.of(text).plain
    return tuple(one for one in staff if is_named(one, plain))


def is_named(one: Staff, plain: str) -> bool:
    """Whether a text names this staff member; a family name alone must come with a rank."""
    marks = (one.name, one.phone)
    if any(mark and mark in plain for mark in marks):
        return True
    number = rf"(?<![A-Za-z0-9]){re.escape(one.number)}(?![A-Za-z0-9])"
    if re.search(number, plain, re.IGNORECASE):
        return True
    family = re.escape(one.name[:1])
    return re.search(CALLED.format(*[family] * 3), plain) is not None
