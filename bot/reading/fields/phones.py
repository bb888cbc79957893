"""Telephone numbers: found, brought to one form, or refused with a reason (domain.md 9.1)."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.reading.fields.numbers import judge, stands_behind_another
from bot.reading.normalise import Text, fold
from bot.reading.reading import Refusal
from bot.reading.vocabulary import any_of, words

# what may stand between the digits of one number: blanks, dashes, dots, the box of a keycap
_IN = r"[ \t.\-\u00b7\u2022\u20e3]"
_SEP = rf"{_IN}{{0,3}}"
_COUNTRY = r"(?:\(\+?[ ]?86\)|\((?:00)?86\)|\+[ ]?\(86\)|(?:\+[ ]?|00)?86)"
# behind a number: no further digit, no star, unless the star begins an extension
_END = r"(?![0-9]|\*(?![0-9]{1,6}(?![0-9*])))"
_MOBILE = re.compile(
    rf"(?:{_COUNTRY}{_SEP})?(?:\(0\)|0)?[ \-]?"
    rf"(?P<number>1{_SEP}[3-9](?:{_SEP}[0-9]){{9}})\u20e3?{_END}"
)
_AREA = rf"\(?(?:(?P<country>\(?{_COUNTRY}){_SEP})?\(?(?P<zero>0\)?{_IN}?)?"
_THEN = rf"[ .\-/\u00b7_,\u3001]{{0,3}}(?:{any_of(words('phones', 'also'))}[: ]{{0,2}})?"
_LANDLINES = tuple(
    re.compile(
        rf"{_AREA}(?P<area>10|2[0-57-9]|[3-9][0-9]{{2}})\)?{_THEN}\(?"
        rf"(?P<local>[2-9](?:{_SEP}[0-9]){{{further}}}){_END}"
    )
    for further in (7, 6)
)
# a local number in one piece, in pieces of two to five, or digit by digit; what is split off alone
# is a count, unless the area was written with a digit too many: 0298-7654321
_LOCAL = re.compile(
    rf"[0-9]{{7,8}}|[0-9]{{2,5}}(?:{_IN}+[0-9]{{2,5}}){{1,3}}|[0-9](?:{_IN}+[0-9]){{6,7}}"
)
_MISPLACED = re.compile(r"[0-9]-[0-9]{7}")
_TOLL_FREE = re.compile(
    rf"\(?(?:{_COUNTRY}{_SEP})?\(?(?P<number>[48]00\)?(?:{_SEP}[0-9]){{7}}){_END}"
)
_EXTENSION = re.compile(
    rf"[ ,(]{{0,2}}(?P<mark>-|{any_of(words('phones', 'extension'))})[ .:\-]{{0,2}}"
    r"(?P<number>[0-9]{1,6})(?![0-9])",
    re.IGNORECASE,
)
# where one may begin, with six further digits not far behind
_START = re.compile(r"[0148+(](?=(?:[^0-9\n]{0,6}[0-9]){6})")
_BEFORE = frozenset(words("phones", "before"))
_LETTERS = re.compile(r"[A-Za-z]{1,12}\Z")
# brackets of other kinds around an area code
_BRACKETS = str.maketrans("[]{}\u3010\u3011\u3014\u3015", "()()()()")
# a number is looked at in this much text; whoever writes more writes a text, not a number
_LONGEST = 40
# why there is none is judged by so much of a text
_TOLD = 400


class PhoneKind(StrEnum):
    """Which row of the table of domain.md 9.1."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    TOLL_FREE = "toll_free"


@dataclass(frozen=True)
class Phone:
    """A number in its normal form, and where it stood."""

    value: str
    kind: PhoneKind
    start: int
    end: int


def find_phones(text: str) -> tuple[Phone, ...]:
    """Every number in the text that is clearly one, in order."""
    plain = fold(text).translate(_BRACKETS)
    found: list[Phone] = []
    position = 0
    while start := _START.search(plain, position):
        at = start.start()
        after = found[-1].end if found else -1
        phone = _phone_at(plain, at)
        if phone is None or not _may_start(plain, at, after):
            position = _past_digits(plain, at)
        else:
            found.append(phone)
            position = phone.end
    return tuple(found)


def read_phone(text: str) -> Phone | Refusal:
    """The one number meant by a text: the first mobile, else the first valid, else why not."""
    said = Text.of(text).plain
    found = find_phones(said)
    mobiles = [phone for phone in found if phone.kind is PhoneKind.MOBILE]
    if found:
        return mobiles[0] if mobiles else found[0]
    return Refusal(said[:_LONGEST], judge(said[:_TOLD].translate(_BRACKETS)))


def _may_start(plain: str, at: int, after: int) -> bool:
    """Whether a number may begin here: nothing that makes it the tail of something else."""
    if at == 0 or at == after:
        return True
    before = plain[at - 1]
    if (before.isascii() and before.isdigit()) or before in "*@_+":
        return False
    if before in "-.\u00b7" and at >= 2 and plain[at - 2].isdigit() and at - 1 != after:
        return False
    if stands_behind_another(plain, at):
        return False
    letters = _LETTERS.search(plain[max(0, at - 12) : at])
    return letters is None or letters.group().lower() in _BEFORE


def _phone_at(plain: str, at: int) -> Phone | None:
    """The number that begins exactly here."""
    for read in _KINDS[plain[at]]:
        phone = read(plain, at)
        if phone and not _runs_on(plain, phone.end):
            return phone
    return None


def _runs_on(plain: str, end: int) -> bool:
    """Whether what follows shows that this was the head of an address or a code."""
    follows = plain[end : end + 1]
    return follows == "@" or (follows.isascii() and (follows.isalpha() or follows == "_"))


def _mobile(plain: str, at: int) -> Phone | None:
    found = _MOBILE.match(plain, at)
    if found is None:
        return None
    value = _digits(found["number"])
    return _extended(plain, Phone(value, PhoneKind.MOBILE, at, found.end()))


def _toll_free(plain: str, at: int) -> Phone | None:
    found = _TOLL_FREE.match(plain, at)
    if found is None:
        return None
    digits = _digits(found["number"])
    value = f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    return _extended(plain, Phone(value, PhoneKind.TOLL_FREE, at, found.end()))


def _landline(plain: str, at: int) -> Phone | None:
    for pattern in _LANDLINES:
        found = pattern.match(plain, at)
        if found and (found["zero"] or found["country"]) and _is_local(found):
            value = f"0{found['area']}-{_digits(found['local'])}"
            return _extended(plain, Phone(value, PhoneKind.LANDLINE, at, found.end()))
    return None


def _is_local(found: re.Match[str]) -> bool:
    """Whether what stands behind the area code is one number of the right length."""
    area, local = found["area"], found["local"]
    short = len(area) == 2
    if short and len(_digits(local)) != 8:
        return False
    return bool(_LOCAL.fullmatch(local) or (short and _MISPLACED.fullmatch(local)))


def _extended(plain: str, phone: Phone) -> Phone:
    """The same number with the extension that follows it, if one does."""
    found = _EXTENSION.match(plain, phone.end)
    if found is None or (found["mark"] in "-*#" and not _dashed_extension(phone, found["number"])):
        return phone
    end = found.end()
    if "(" in plain[phone.end : found.start("mark")] and plain[end : end + 1] == ")":
        end += 1
    return Phone(f"{phone.value}-{found['number']}", phone.kind, phone.start, end)


def _dashed_extension(phone: Phone, number: str) -> bool:
    """A bare dash needs three digits after a mobile: privacy numbers have three or four."""
    return phone.kind is not PhoneKind.MOBILE or 3 <= len(number) <= 6


_ALL = (_mobile, _toll_free, _landline)
# which kinds may begin so
_KINDS: Mapping[str, tuple[Callable[[str, int], Phone | None], ...]] = {
    "1": (_mobile,),
    "4": (_toll_free,),
    "0": _ALL,
    "8": _ALL,
    "+": _ALL,
    "(": _ALL,
}


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _past_digits(plain: str, at: int) -> int:
    """Behind the run of digits that begins here, so that no number starts inside one."""
    end = at + 1
    while end < len(plain) and plain[at].isdigit() and plain[end].isdigit():
        end += 1
    return end
