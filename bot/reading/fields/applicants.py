"""Who asks: names of companies, institutions and authorities in a line of text."""

import re
from dataclasses import dataclass

from bot.domain.cases import ClientType
from bot.reading.fields.addresses import find_address
from bot.reading.vocabulary import any_of, any_pattern, any_run_of, words

_HAN = r"\u3400-\u9fff"
_INNER = rf"[{_HAN}A-Za-z0-9()\uff08\uff09\u00b7&.\-]"
_STRONG = any_of(words("orgs", "strong"))
_ENDINGS = ("strong", "weak", "institution", "government")
_WEAK = any_of(word for key in _ENDINGS[1:] for word in words("orgs", key))
_BRANCH = rf"(?:[{_HAN}()\uff08\uff09]{{0,12}}{any_of(words('orgs', 'branch'))})?"
_NAME = re.compile(rf"{_INNER}{{2,40}}?{_STRONG}{_BRANCH}")
_PLACE_NAME = re.compile(
    rf"(?P<name>{_INNER}{{2,30}}{_WEAK}(?:[(\uff08][^()\uff08\uff09\n]{{1,20}}[)\uff09])?)"
)
_PART = re.compile(
    rf"[{_HAN}]{{0,6}}(?:{any_of(words('orgs', 'parts_behind'))})(?=$|[\s,;\u3002)])"
)
_WORD = re.compile(r"[^\s,/]{4,60}")
_DEPARTMENT = re.compile(any_of(words("orgs", "departments")) + "?")
_INTRO = re.compile(rf"(?:{any_of(words('orgs', 'intro'))}[ ,:\uff1a]?){{1,3}}")
LED = re.compile(any_pattern(words("orgs", "led")))
_INTRO_ANYWHERE = re.compile(any_of(words("orgs", "intro")))
_NOT_FRONT = tuple(words("orgs", "not_front"))
_GOES_ON = words("orgs", "goes_on")
_LOOSE_NEVER = re.compile(any_of((*words("orgs", "not_inside"), *words("orgs", "platforms"))))
# where the words before a name end: a comma, or a blank with enough behind it
_GAP = re.compile(rf",|(?<=[{_HAN}0-9)]) (?=[{_HAN}]{{4}})")
_ANY_ENDING = tuple(word for key in _ENDINGS for word in words("orgs", key))
_ONLY_ENDING = re.compile(f"{any_run_of(_ANY_ENDING)}+")
_TYPES = {
    ClientType.GOVERNMENT: re.compile(rf"{any_of(words('orgs', 'government'))}$"),
    ClientType.INSTITUTION: re.compile(rf"{any_of(words('orgs', 'institution'))}$"),
    ClientType.SOLE_TRADER: re.compile(rf"{any_of(words('orgs', 'sole_trader'))}$"),
}
_INDIVIDUAL = re.compile(any_pattern(words("orgs", "individual")))
_LEGAL = re.compile(any_of(words("orgs", "legal")))
# 检测公司, 代理公司: a short name with nothing but 公司 behind it is a word
_SHORTEST_LOOSE = 6
_COMPANY = re.compile(_STRONG)


@dataclass(frozen=True)
class Applicant:
    """The span of a name; `clear` when its legal ending leaves no doubt."""

    start: int
    end: int
    clear: bool


def find_applicant(plain: str, start: int, end: int, *, block: bool = False) -> Applicant | None:
    """The name of the unit in this piece of text, if there is one that speaks of itself.

    `block`: the message holds contact data, so that a name need not fill the piece.
    """
    begin = _past_intro(plain, start, end)
    found = _NAME.search(plain, begin, end)
    if found is not None:
        return _trimmed(plain, begin, _longer(plain, found.end(), end), clear=True)
    introduced = begin > start
    for word in _WORD.finditer(plain, begin, end):
        found = _PLACE_NAME.match(plain, *word.span())
        if found is None:
            continue
        alone = _DEPARTMENT.fullmatch(plain, found.end(), word.end()) is not None
        whole = plain[begin:end].strip(" ,:") == found.group()
        goes_on = introduced and _goes_on(plain, found.end(), end)
        if goes_on or (alone and (block or introduced or whole)):
            stop = _longer(plain, found.end("name"), end)
            return _trimmed(plain, word.start(), stop, clear=False)
    return None


def _longer(plain: str, stop: int, end: int) -> int:
    """Behind the part of a firm or authority whose name goes on with what it is a part of."""
    found = _PART.match(plain, stop, end)
    return found.end() if found else stop


def client_type(name: str) -> ClientType | None:
    """What the ending of a name says about who it is."""
    if _COMPANY.search(name):
        return ClientType.ENTERPRISE
    for kind, pattern in _TYPES.items():
        if pattern.search(name):
            return kind
    return ClientType.ENTERPRISE if name.endswith(_ANY_ENDING) else None


def speaks_as_individual(plain: str) -> bool:
    """Whether the text says that a private person asks."""
    return _INDIVIDUAL.search(plain) is not None


def _trimmed(plain: str, begin: int, end: int, *, clear: bool) -> Applicant | None:
    """Without what stands before the name: a sentence, an address, a greeting."""
    begin = _past_last_intro(plain, begin, end)
    for gap in _GAP.finditer(plain, begin, end):
        if end - gap.end() >= _SHORTEST_LOOSE:
            begin = gap.end()
    return _named(plain, _past_address(plain, begin, end), end, clear=clear)


def _past_address(plain: str, begin: int, end: int) -> int:
    address = find_address(plain, begin, end)
    if address and address.number_end and end - address.number_end >= 4:
        return address.number_end
    return begin


def _named(plain: str, begin: int, end: int, *, clear: bool) -> Applicant | None:
    """The name, unless it is a word, a sentence or an ending alone."""
    while begin < end and plain[begin] in " ,:-/":
        begin += 1
    name = plain[begin:end]
    if not clear_ending(name) and (len(name) < _SHORTEST_LOOSE or _LOOSE_NEVER.search(name)):
        return None
    if name.startswith(_NOT_FRONT) or _ONLY_ENDING.fullmatch(name) or len(name) < 4:
        return None
    return Applicant(begin, end, clear)


def clear_ending(name: str) -> bool:
    """Whether the legal ending is one nobody uses for companies in general."""
    return _LEGAL.search(name) is not None


def _past_last_intro(plain: str, begin: int, end: int) -> int:
    ends = [
        intro.end()
        for intro in _INTRO_ANYWHERE.finditer(plain, begin, end)
        if len(intro.group()) > 1
    ]
    return ends[-1] if ends and end - ends[-1] >= 4 else begin


def _past_intro(plain: str, start: int, end: int) -> int:
    found = _INTRO.match(plain, start, end)
    return found.end() if found else start


def _goes_on(plain: str, at: int, end: int) -> bool:
    return plain[at:end].lstrip(" ,").startswith(_GOES_ON)


def behind_lead(plain: str, start: int, end: int) -> int:
    """Where the name of a unit begins, behind words before it that are no part of it."""
    lead = LED.match(plain, start, end)
    return lead.end() if lead else start
