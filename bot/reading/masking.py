"""Personal data made unrecognisable: for showing (domain.md 8), and before anything is kept.

Nobody here needs an identity number or the number of a bank card, so one that is typed all the
same is masked before the message is read or stored.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.reading.fields.phones import PhoneKind, find_phones
from bot.reading.fields.uscc import has_id_check, looks_like_id
from bot.reading.normalise import Text, clean
from bot.reading.vocabulary import any_of, words

_FILE = "privacy"
_GAP = r"[ .\-\u00b7]{0,2}"
_LONG_NUMBER = re.compile(rf"(?<![0-9*])[1-9](?:{_GAP}[0-9]){{13,19}}(?:{_GAP}[Xx](?![A-Za-z]))?")
_IDENTITY = re.compile(any_of(words(_FILE, "identity")))
_CARD = re.compile(any_of(words(_FILE, "card")))
_GROUPED_ID = re.compile(rf"[0-9]{{6}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{3}}[0-9Xx]")
_OLD_ID = re.compile(r"[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}")
# how far before a number its label may stand
_LABEL = 12
# UnionPay's cards, and those of 16 digits that are seen here beside them
_CARD_NUMBER = re.compile(r"62[0-9]{14,17}|(?:4[0-9]|5[1-5]|35)[0-9]{14}")
_DOT = "\u00b7"
_COMPOUND = words("names", "compound")
_ADMIN_ENDS = {
    level: re.compile(
        rf"(?:{any_of(words(_FILE, level))})(?<!{')(?<!'.join(words(_FILE, 'no_district'))})"
        rf"(?!{'|'.join(one[1:] for one in words(_FILE, 'no_city'))})"
    )
    for level in ("district", "city")
}
# a district is named within so many characters
_REGION = 24


def mask_numbers(text: str) -> str:
    """The text with identity and bank card numbers masked; the same text if it holds none."""
    said = Text.of(text)
    spans = [span for span in map(_secret, _runs(said.plain)) if span]
    if not spans:
        return text
    masked = list(said.said)
    for start, end, head, tail in spans:
        digits = [at for at in range(start, end) if said.plain[at] in "0123456789Xx"]
        for at in digits[head : len(digits) - tail]:
            masked[at] = "*"
    return "".join(masked)


Span = tuple[int, int, int, int]


def _runs(plain: str) -> list[tuple[str, int, int]]:
    """Every long number, its surroundings with it."""
    return [(plain, *found.span()) for found in _LONG_NUMBER.finditer(plain)]


def _secret(run: tuple[str, int, int]) -> Span | None:
    """Where the secret number of a run is, and how many characters of it may be shown."""
    plain, start, end = run
    whole = plain[start:end]
    for length in (18, 19, 17, 16, 15):
        stop = _behind(plain, start, end, length)
        code = _bare(plain[start:stop]) if stop else ""
        before = plain[max(0, start - _LABEL) : start]
        if stop and _is_identity(code, whole, before):
            return start, stop, 3, 4
        if stop == end and _is_card(code, before):
            return start, end, 0, 4
    return None


def _behind(plain: str, start: int, end: int, length: int) -> int | None:
    """Behind so many digits, if the number may end there."""
    found = [at for at in range(start, end) if plain[at] in "0123456789Xx"]
    if len(found) < length:
        return None
    stop = found[length - 1] + 1
    return stop if stop == end or plain[stop] in " .-" else None


def _is_identity(code: str, whole: str, before: str) -> bool:
    if len(code) == 15:
        return bool(_OLD_ID.fullmatch(code) and _IDENTITY.search(before))
    if len(code) != 18 or not looks_like_id(code):
        return False
    if whole[:18].upper() == code or _GROUPED_ID.match(whole) or _IDENTITY.search(before):
        return True
    # set apart, it may be several numbers side by side: then its check character decides
    return has_id_check(code)


def _is_card(code: str, before: str) -> bool:
    """Whether a bank may have given it out: by its label, or by its form and Luhn's check."""
    if not code.isdigit() or len(code) < 15:
        return False
    if _CARD.search(before):
        return True
    return _CARD_NUMBER.fullmatch(code) is not None and luhn(code)


def luhn(code: str) -> bool:
    """The check of card numbers: every second digit from the right counts double."""
    total = 0
    for place, digit in enumerate(reversed(code)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 * (doubled > 9)
    return total % 10 == 0


def _bare(run: str) -> str:
    return "".join(char for char in run if char in "0123456789Xx").upper()


def mask_phone(number: str) -> str:
    """139****1111, 0431-****4567; an extension is not shown."""
    found = find_phones(number)
    if not found:
        return "*" * len(number)
    value = found[0].value
    if found[0].kind is PhoneKind.MOBILE:
        return f"{value[:3]}****{value[7:11]}"
    if found[0].kind is PhoneKind.LANDLINE:
        area, local = value.split("-")[:2]
        return f"{area}-****{local[-4:]}"
    return f"{value[:3]}-***-{value[8:12]}"


def mask_name(name: str) -> str:
    """The family name and a star for every further character; of dotted names the first one."""
    name = name.strip()
    if not name:
        return ""
    if name.isascii():
        return name[0] + "***"
    shown = 2 if _DOT not in name and len(name) > 2 and name.startswith(_COMPOUND) else 1
    rest = ("*" if char != _DOT else char for char in name[shown:])
    return name[:shown] + "".join(rest)


def mask_address(address: str) -> str:
    """To the level of the district, of a city that names none to the city, else nothing."""
    head = address[:_REGION]
    for level in ("district", "city"):
        found = list(_ADMIN_ENDS[level].finditer(head))
        if found:
            end = found[0 if level == "district" else -1].end()
            return address[:end] + "***" * (end < len(address))
    return "***"


def mask_email(address: str) -> str:
    """The first character and the domain."""
    name, at, domain = address.partition("@")
    return f"{name[:1]}***{at}{domain}" if at else "***"


def mask_id(code: str) -> str:
    """The first three and the last four."""
    return code[:3] + "*" * (len(code) - 7) + code[-4:] if len(code) > 7 else "*" * len(code)


_EMAIL = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9.-]{1,255}")
_SIGNS = re.compile(r"[\W\d_]+")
# fewer letters say nothing
_SAYING = 2


@dataclass(frozen=True)
class Masked:
    """A text with what is personal in it masked; `says`: whether anything else stands in it."""

    text: str
    says: bool


def mask_personal(text: str, names: Iterable[str] = (), addresses: Iterable[str] = ()) -> Masked:
    """Without numbers that lead to somebody, and without these names and addresses."""
    said = rest = mask_numbers(clean(text))
    hidden = {said[one.start : one.end]: mask_phone(one.value) for one in find_phones(said)}
    hidden |= {one: mask_email(one) for one in _EMAIL.findall(said)}
    hidden |= {one: mask_name(one) for one in names if len(one) > 1}
    hidden |= {one: mask_address(one) for one in addresses if one}
    for one in sorted(hidden, key=len, reverse=True):
        said, rest = said.replace(one, hidden[one]), rest.replace(one, " ")
    return Masked(said, len(_SIGNS.sub("", rest)) >= _SAYING)
