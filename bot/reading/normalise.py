"""Texts in a form that can be judged: one character for one, so that every span can be quoted."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bot.reading.vocabulary import words

# what a reader sees and what a pattern sees differ in these, never in length
_DASHES = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\ufe58\ufe63\uff0d"), "-"
)
_MARKS = {0x2236: ":", 0xFE55: ":", 0xA789: ":", 0x02D0: ":", 0x2044: "/", 0xFF5C: "|", 0x4E28: "|"}
_TICKS = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'}


_SIMPLE = dict(
    zip(
        map(ord, "".join(words("traditional", "from"))),
        "".join(words("traditional", "to")),
        strict=True,
    )
)


class _Fold(dict[int, str]):
    """A `str.translate` table that learns: NFKC where it keeps the length, else the character."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        folded = unicodedata.normalize("NFKC", char)
        category = unicodedata.category(char)
        kept = folded if len(folded) == 1 and not _stays(point, category) else char
        if category == "Zs":
            kept = " "
        if len(self) < 65536:
            self[point] = kept
        return kept


def _stays(point: int, category: str) -> bool:
    """Characters of names stay what they are, variants included; a circled number is no digit."""
    han = 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or point >= 0x20000
    return han or category == "No"


_FOLD = _Fold({**_SIMPLE, **_DASHES, **_MARKS, **_TICKS})
# controls, soft hyphen, zero width, direction marks, variation selectors, tags, half surrogates
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000e0000-\U000e0fff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")


# a number as it is said: 一三九零四三一零零零零; a shorter one may be a word
_DIGITS = {
    char: digit
    for digit, chars in zip("0123456789", words("phones", "spoken_digits"), strict=True)
    for char in chars
}
_SPOKEN = re.compile(rf"[{''.join(_DIGITS)}]{{7,20}}")


def _in_digits(found: re.Match[str]) -> str:
    return "".join(_DIGITS[char] for char in found.group())


@dataclass(frozen=True)
class Text:
    """`said` as the client wrote it without what cannot be seen; `plain`, as long, for patterns."""

    said: str
    plain: str

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, text: str) -> "Text":
        """Both forms of what somebody wrote."""
        said = clean(text)
        return cls(said, _SPOKEN.sub(_in_digits, fold(said)))

    def quote(self, start: int, end: int) -> str:
        """The client's own characters of a span, trimmed."""
        return self.said[start:end].strip()


def clean(text: str) -> str:
    """The text without characters that cannot be seen, with one kind of line end."""
    return _UNSEEN.sub("", _LINE_ENDS.sub("\n", text)).strip()


def fold(text: str) -> str:
    """Half width, one dash, simplified characters; as long as before. For matching only."""
    return text.translate(_FOLD)


# every concern looks at the same message in turn
@lru_cache(maxsize=64)
def normalise(text: str) -> str:
    """The text in the one form that patterns are written for."""
    return fold(clean(text))
