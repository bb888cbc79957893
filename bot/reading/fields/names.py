"""People: the contact's name as written, and the position that stands beside or inside it."""

import re
from dataclasses import dataclass

from bot.reading.fields.people import read_phrase
from bot.reading.normalise import Text
from bot.reading.vocabulary import any_of, words

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_DOTS = re.compile(r"[\u2022\u30fb\uff0e\u2027\u2219\u00b7.]")
_SURNAMES = frozenset(words("names", "surnames")[0])
# the list begins with the commonest
_FREQUENT = frozenset(words("names", "surnames")[0][:120])
# names enough beside a title, and too much like other words without one
_RARE = frozenset(words("persons", "rare")[0])
_COMPOUND = words("names", "compound")
_TITLES = any_of(words("names", "titles"))
_POSITIONS = frozenset(words("names", "positions"))
_MANNERS = frozenset(words("names", "manners"))
_NOT_NAMES = frozenset(words("names", "not_names"))
_FAMILIAR = frozenset(words("names", "familiar"))
_COMMON = frozenset(words("not_names", "words"))
_NEVER_IN = frozenset(words("names", "not_in_names")[0])
_POSITION = any_of(words("names", "positions"))
_GIVEN_NAME = re.compile(
    rf"(?P<name>{_HAN}{{1,4}}?)(?P<title>{_TITLES}|{_POSITION})$"
    rf"|(?P<dotted>{_HAN}{{1,10}}(?:[\u2022\u30fb\uff0e\u2027\u2219\u00b7]{_HAN}{{1,12}}){{1,3}})$"
    rf"|(?P<plain>{_HAN}{{1,25}})$"
    r"|(?P<latin>[A-Za-z][A-Za-z.'\-]{0,20}(?: [A-Za-z][A-Za-z.'\-]{0,20}){0,3})$"
)
_UNITS = any_of(words("names", "units"))
_IN_BRACKETS = re.compile(
    rf"[ ]?[(\uff08](?P<position>(?:{_HAN}{{1,8}}{_UNITS})?{_POSITION})[)\uff09]"
)
_BESIDE = re.compile(
    rf"[ \t,/\-(\uff08:\u3001|]{{0,4}}(?P<position>{_POSITION})(?:[)\uff09]|(?!{_HAN}))"
)
_BEFORE = re.compile(
    rf"(?P<unit>{_HAN}{{0,8}}?)(?P<position>{_POSITION})[ :]{{0,2}}(?=(?P<name>{_HAN}{{2,4}})$)"
)
# 王芳是采购经理
_IS = re.compile(
    rf"(?P<name>{_HAN}{{2,3}}){any_of(words('names', 'is'))}(?P<position>{_POSITION})(?!{_HAN})"
)
# 品管部陆主任
_BEHIND_UNIT = re.compile(
    rf"{_HAN}{{1,6}}{any_of(words('names', 'units'))}(?=[{''.join(sorted(_SURNAMES))}]{_TITLES}$)"
)
_PIECE = re.compile(r"[^\s,;\uff1b\u3002\u3001|/()\[\]0-9+!?~\u3010\u3011]{1,60}")
# 主任, 质量部主任
_WHOLE_POSITION = re.compile(rf"(?:{_HAN}{{1,8}}{any_of(words('names', 'units'))})?{_POSITION}")
# 马 超: two characters set apart
_SPACED = re.compile(rf"{_HAN}[ ]{{1,4}}{_HAN}(?![\u3400-\u9fff])")
# a name and a job that are both beyond doubt
_SURE = 3.6
_WORDS = re.compile(r"[A-Za-z][A-Za-z.'\- ]{0,38}[A-Za-z.]")


@dataclass(frozen=True)
class Person:
    """A contact and, where it was said, the position; `end` is behind the last of them."""

    name: str
    position: str | None
    start: int
    end: int
    at: int

    def quoted(self, text: Text) -> str:
        """The name in the client's own characters, with the one dot of GB 18030 names."""
        said = text.said[self.at : self.at + len(self.name)]
        return said if said.isascii() else with_dot(said.replace(" ", ""))


@dataclass(frozen=True)
class _Called:
    """One piece taken apart: `王经理` is shown whole, of `张三经理` only the name is."""

    shown: str
    base: str
    title: str | None
    position: str | None


def read_person(plain: str, start: int, end: int) -> Person | None:
    """The person named in a labelled span: what stands there is a name unless it cannot be."""
    found = _piece(plain, start, end)
    called = _take_apart(found.group()) if found else None
    if found is None or called is None:
        return None
    position, stop = called.position, found.end()
    beside = _IN_BRACKETS.match(plain, stop, end) or _BESIDE.match(plain, stop, end)
    if beside and position is None:
        position, stop = beside["position"], beside.end()
    return Person(called.shown, position, found.start(), stop, found.start())


def find_person(plain: str, start: int, end: int) -> Person | None:
    """The person a free piece of text consists of, or begins with; only clear names count."""
    found = _piece(plain, start, end)
    if found is None:
        return None
    both = _both(plain, *found.span()) or _told(found)
    if both is not None:
        return both
    before = _BEFORE.match(found.group())
    if before and looks_like_name(before["name"]):
        position = before["unit"] + before["position"]
        at = found.start() + before.start("name")
        return Person(before["name"], position, found.start(), found.end(), at)
    behind = _BEHIND_UNIT.match(found.group())
    if behind:
        return read_person(plain, found.start() + behind.end(), end)
    called = _take_apart(found.group())
    if called is None or not (looks_like_name(called.base) or _may_be_called(called)):
        return None
    return read_person(plain, start, end)


def _told(found: re.Match[str]) -> Person | None:
    """Somebody of whom a sentence says what they are."""
    told = _IS.match(found.group())
    if told is None or not looks_like_name(told["name"]):
        return None
    stop, at = found.start() + told.end(), found.start()
    return Person(told["name"], told["position"], at, stop, at)


def _both(plain: str, start: int, end: int) -> Person | None:
    """A job of any length with the name of who has it, either before the other."""
    phrase = read_phrase(plain, start, end)
    if phrase.name is None or phrase.job is None or phrase.score < _SURE:
        return None
    if phrase.job[0] < phrase.name[1] and phrase.name[0] < phrase.job[1]:
        return None
    name, job = plain[slice(*phrase.name)], plain[slice(*phrase.job)]
    return Person(name, job, start, end, phrase.name[0])


def looks_like_name(piece: str) -> bool:
    """Whether a piece of text is clearly a Han name: surname, length, and no word of the trade."""
    piece = piece.replace(" ", "")
    if piece in _NOT_NAMES or piece in _COMMON or piece in _POSITIONS:
        return False
    if any(char in _NEVER_IN for char in piece[1:]):
        return False
    if any(dot in piece for dot in "\u00b7\u2022\u30fb"):
        return 4 <= len(piece) <= 25
    if piece[:2] in _COMPOUND:
        return 3 <= len(piece) <= 4
    return len(piece) in (2, 3) and piece[0] in _SURNAMES


def is_unmistakable(piece: str) -> bool:
    """Whether a name stands even alone in a message: its surname is one of the commonest."""
    return piece[0] in _FREQUENT or piece[:2] in _COMPOUND


def may_be_name(piece: str) -> bool:
    """Whether nothing in a piece of text speaks against its being a name."""
    return (
        piece not in _NOT_NAMES
        and piece not in _COMMON
        and not any(char in _NEVER_IN for char in piece)
    )


def is_full_name(name: str) -> bool:
    """Whether a contact is called by a name of their own, not by a surname and a title."""
    return looks_like_name(name) and _take_apart(name) == _Called(name, name, None, None)


def with_dot(name: str) -> str:
    """The name with the one dot of GB 18030 names, U+00B7."""
    return name if name.isascii() else _DOTS.sub("\u00b7", name)


def read_position(plain: str, start: int, end: int) -> tuple[int, int] | None:
    """The span of a labelled position: up to the next separator."""
    found = re.compile(r"[^\s,;\uff1b\u3002|]{1,20}").search(plain, start, end)
    return found.span() if found else None


def find_position(plain: str, start: int, end: int) -> bool:
    """Whether a free piece of text is nothing but a position."""
    return _WHOLE_POSITION.fullmatch(plain[start:end].strip()) is not None


def _piece(plain: str, start: int, end: int) -> re.Match[str] | None:
    while start < end and plain[start] in " \t:\n":
        start += 1
    if spaced := _SPACED.match(plain, start, end):
        return spaced
    if start < end and plain[start].isascii() and plain[start].isalpha():
        return _WORDS.match(plain, start, end)
    return _PIECE.match(plain, start, end)


def _may_be_called(called: _Called) -> bool:
    """Whether a surname alone is meant: before a title, or behind 小 and 老."""
    if called.title is not None:
        return called.base in _COMPOUND or called.base in _SURNAMES | _RARE
    return len(called.base) == 2 and called.base[0] in _FAMILIAR and called.base[1] in _FREQUENT


def _take_apart(piece: str) -> _Called | None:
    """Name, title and position of one piece, or None if no name can look like this."""
    if _SPACED.fullmatch(piece):
        return _Called(piece, piece, None, None)
    found = _GIVEN_NAME.match(piece)
    if found is None:
        return None
    title, base = found["title"], found["name"]
    if title is None:
        bare = piece.strip()
        return _Called(bare, bare, None, None)
    position = title if title in _POSITIONS and title not in _MANNERS else None
    return _Called(base if looks_like_name(base) else piece, base, title, position)
