"""How satisfied a client says they are: 5, 五星, 5545, 都满意, 专业5 及时4 …, or none of it.

What the words mean is one thing, whether they answer an invitation is another: `manner` tells
the conversation how much the words alone can be trusted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from bot.domain.surveys import Rated
from bot.reading.normalise import Text
from bot.reading.vocabulary import any_of, any_pattern, any_run_of, words

FILE = "ratings"
LEVELS = (1, 2, 3, 4, 5)
# longer than any comment: this is a text about something else
LONGEST = 400


class Manner(StrEnum):
    """How a rating was put."""

    # unmistakable: 5分, 非常满意, 及时4
    PLAIN = "plain"
    # numbers alone, which may answer anything that shows a list
    BARE = "bare"
    # words that are said of other things as well: 一般, 很好
    LOOSE = "loose"
    # a sign, or a scale of ten: counts after a yes
    SIGN = "sign"
    # 差评: which item it is has to be asked
    BAD = "bad"
    # meant as a rating, and cannot be one: 6分, 1分非常满意
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Said:
    """A rating as said, with whatever else the client wrote behind it."""

    manner: Manner
    scores: Mapping[Rated, int] = field(default_factory=dict)
    comment: str = ""


@dataclass(frozen=True)
class Found:
    """A rating at the beginning of a text, and where it ends."""

    manner: Manner
    scores: Mapping[Rated, int]
    end: int


def level_patterns(kind: str) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """The words for each level, best first."""
    return tuple(
        (level, re.compile(any_pattern(words(FILE, f"{kind}_{level}"))))
        for level in reversed(LEVELS)
    )


def literal(key: str) -> str:
    """A pattern for the words of a list."""
    return any_of(words(FILE, key))


NUMERALS = {word: level for level in LEVELS for word in words(FILE, f"numerals_{level}")}
NUMERALS |= {str(level): level for level in LEVELS}
DIGIT = f"(?:{any_of(NUMERALS)})\u20e3?"
POINTS = f"{literal('points')}(?!{literal('points_not')})"
UNITS = literal("units")
# a bare number is no part of a longer one, of a measure or of a count
ALONE = rf"(?![0-9a-z%\u2103\u00b0/\-]|\.[0-9]|{UNITS}|{literal('points')})"
SPACE = r"[\s,;.!~/|+\u3001\u3002\uff0c\uff1b\uff01\uff5e]"
FILLERS = re.compile(rf"(?:{any_run_of(words(FILE, 'fillers'))}|{SPACE}|[:\"'(\[])*")
ALL = re.compile(rf"{literal('fillers_all')}(?:{literal('between')})*")
ITEMS = {name: any_pattern(words(FILE, f"item_{name}")) for name in (*map(str, Rated), "rest")}
ITEM = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in ITEMS.items()))
BETWEEN = re.compile(rf"(?:{literal('between')})*")
JOINED = re.compile(r"[\s\u3001,\u548c\u8ddf\u4e0e]*")
SPACES = re.compile(rf"{SPACE}*")
PAIRED = re.compile(rf"(?:{SPACE}|[()])*")
CLOSED = re.compile(r"\)?")
GAP = re.compile(r"[\s,:\-(\u3001]*")
POINTED = re.compile(rf"({DIGIT}) ?(?:{POINTS})")
NUMBER = re.compile(rf"({DIGIT}){ALONE}")
FOUR = re.compile(f"{SPACE}*".join([rf"({DIGIT})(?:{POINTS})?"] * 4) + ALONE)
# three numbers: neither one score nor all four
SOME = re.compile(rf"{DIGIT}(?:{POINTS})?(?:{SPACE}+{DIGIT}(?:{POINTS})?){{2}}{SPACE}*")
LISTED = re.compile(rf"(?:([1-4])[.\u3001:)]\s*({DIGIT})(?:{POINTS})?{SPACE}*)")
OTHER_SCALE = re.compile(rf"(100|10|\u4e00\u767e|\u5341)(?:{POINTS})")
NO_SCORE = re.compile(rf"[0-9]{{1,3}}(?:\.[0-9])?(?:{POINTS})|[06-9]$")
PLAIN, LOOSE = level_patterns("plain"), level_patterns("loose")
# of most messages this alone is asked
ANY_LEVEL = re.compile("|".join(found.pattern for _, found in (*PLAIN, *LOOSE)))
BAD = re.compile(any_pattern(words(FILE, "bad")))
NO_LEVEL = re.compile(literal("levels_not"))
SIGNS = level_patterns("signs")
ONLY_SIGNS = tuple((level, re.compile(f"(?:{one.pattern}){{1,12}}")) for level, one in SIGNS)
SOME_SIGN = "|[\u2600-\u27bf\u2b50\U0001f000-\U0001faff]"
STARS, HOLLOW = "".join(words(FILE, "stars")), "".join(words(FILE, "hollow_stars"))
PARTED = "\u3002\uff0c\uff1b\uff01\uff5e"
MARKS = re.compile(rf"[\s,;.!~{PARTED}]+")
# longer, and the end may be about anything
SHORT = 60
ANY_SIGN = re.compile("|".join(pattern.pattern for _, pattern in SIGNS) + SOME_SIGN)
TAIL = re.compile(rf"(?:[{''.join(words(FILE, 'particles'))}]|{SPACE}|[)\]\"'])*")
_THANKS = any_run_of((*words(FILE, "thanks"), *"".join(words(FILE, "particles"))))
POLITE = re.compile(rf"(?:{_THANKS}|{SPACE}|[)\]\"'])*")
KEPT = re.compile(any_pattern(words(FILE, "keeps_reason")))
BREAK = re.compile(rf"{SPACE}|[(:\-]")
BRACKETS = "()\uff08\uff09"
# `2. 长春市` answers a list
NUMBERING = re.compile(r"[.:)\u3001]")
FROM_UNIT = re.compile(rf"\s*(?:{UNITS}|[a-z])")
# the colour of a hand changes nothing
SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")


@lru_cache(maxsize=64)
def read_rating(text: str) -> Said | None:
    """The rating a message is, or begins with; None if it is about something else."""
    said = Text.of(text)
    plain = said.plain.lower()
    if not plain or len(plain) > LONGEST or len(plain) != len(said.said):
        return None
    if (sign := read_signs(plain)) is not None:
        return sign
    # a sign beside words adds nothing to them
    plain = ANY_SIGN.sub(lambda sign: " " * len(sign[0]), plain)
    found = read_beginning(said, plain, 0)
    return found if found is not None else read_last(said, plain)


def read_beginning(said: Text, plain: str, start: int) -> Said | None:
    """A rating that stands there, with the comment behind it."""
    # 满意度5, 评价 5: what looked like a filler may be the item itself
    for begin in dict.fromkeys((start, after(FILLERS, plain, start))):
        found = read_pairs(plain, begin) or read_core(plain, begin)
        if found is not None:
            return concluded(said, plain, found)
    return None


def read_last(said: Text, plain: str) -> Said | None:
    """师傅很专业，5分: an unmistakable rating that ends a short message, the comment before it."""
    marks = list(MARKS.finditer(plain.rstrip(f"!~. {PARTED}")))
    if not marks or len(plain) > SHORT:
        return None
    found = read_beginning(said, plain, marks[-1].end())
    if found is None or found.manner is not Manner.PLAIN or found.comment:
        return None
    return Said(Manner.PLAIN, found.scores, said.quote(0, marks[-1].start()))


def read_core(plain: str, at: int) -> Found | None:
    """Every item at once, four numbers, or one score for everything."""
    if (every := ALL.match(plain, at)) is not None:
        found = read_value(plain, every.end())
        if found is not None:
            score = found.scores[Rated.OVERALL]
            return Found(sure(found.manner), dict.fromkeys(Rated, score), found.end)
    if (listed := read_listed(plain, at)) is not None:
        return listed
    if (four := FOUR.match(plain, at)) is not None:
        scores = dict(zip(Rated, map(number, four.groups()), strict=True))
        return Found(Manner.BARE, scores, four.end())
    if SOME.fullmatch(plain, at) is not None:
        return Found(Manner.UNCLEAR, {}, len(plain))
    if (bad := BAD.match(plain, at)) is not None:
        return Found(Manner.BAD, {}, bad.end())
    return read_value(plain, at) or read_other_scale(plain, at)


def sure(manner: Manner) -> Manner:
    """都5 can hardly be anything else."""
    return Manner.PLAIN if manner is Manner.BARE else manner


def read_value(plain: str, at: int) -> Found | None:
    """One score: in words, with 分 or 星, or as a bare number."""
    if (level := read_level(plain, at)) is not None:
        return level
    if (pointed := POINTED.match(plain, at)) is not None:
        return with_words(plain, number(pointed[1]), Manner.PLAIN, pointed.end())
    if (alone := NUMBER.match(plain, at)) is not None:
        return with_words(plain, number(alone[1]), Manner.BARE, alone.end())
    return None


def with_words(plain: str, score: int, manner: Manner, end: int) -> Found:
    """A number with its word behind it, as our own list has them: 5 非常满意."""
    level = read_level(plain, after(GAP, plain, end))
    if level is None or level.manner is not Manner.PLAIN:
        return Found(manner, {Rated.OVERALL: score}, end)
    if abs(level.scores[Rated.OVERALL] - score) > 1:
        return Found(Manner.UNCLEAR, {}, level.end)
    return Found(Manner.PLAIN, {Rated.OVERALL: score}, level.end)


def read_level(plain: str, at: int) -> Found | None:
    """A level in words, the longest that fits."""
    best: Found | None = None
    if ANY_LEVEL.match(plain, at) is None:
        return None
    for manner, patterns in ((Manner.PLAIN, PLAIN), (Manner.LOOSE, LOOSE)):
        for level, pattern in patterns:
            found = pattern.match(plain, at)
            if found and (best is None or found.end() > best.end):
                best = Found(manner, {Rated.OVERALL: level}, found.end())
    if best is None or NO_LEVEL.match(plain, best.end):
        return None
    return best


def read_listed(plain: str, at: int) -> Found | None:
    """`1.5 2.4 3.5 4.5`: by the numbers of the items, in their order, nothing else said."""
    pairs = list(LISTED.finditer(plain, at)) if LISTED.match(plain, at) else []
    numbers = [int(one[1]) for one in pairs]
    whole = pairs and pairs[0].start() == at and pairs[-1].end() == len(plain)
    joined = all(a.end() == b.start() for a, b in pairwise(pairs))
    if not whole or not joined or numbers != list(range(1, 5)):
        return None
    scores = {item: number(one[2]) for item, one in zip(Rated, pairs, strict=True)}
    return Found(Manner.BARE, scores, len(plain))


def read_other_scale(plain: str, at: int) -> Found | None:
    """10分 and 100分 are asked about; any other number of points is none."""
    if (full := OTHER_SCALE.match(plain, at)) is not None:
        return Found(Manner.SIGN, {Rated.OVERALL: 5}, full.end())
    if (odd := NO_SCORE.match(plain, at)) is not None:
        return Found(Manner.UNCLEAR, {}, odd.end())
    return None


def read_pairs(plain: str, at: int) -> Found | None:
    """`专业5 及时4 廉洁5 总体5`: items with their scores, from there on."""
    scores: dict[Rated, int] = {}
    manner, end = Manner.PLAIN, at
    while (group := read_items(plain, after(PAIRED, plain, end))) is not None:
        items, begin = group
        value = read_value(plain, after(BETWEEN, plain, begin))
        if value is None or value.manner is Manner.UNCLEAR:
            break
        if value.manner is Manner.LOOSE:
            manner = Manner.LOOSE
        chosen = items or tuple(item for item in Rated if item not in scores)
        scores |= dict.fromkeys(chosen, value.scores[Rated.OVERALL])
        end = after(CLOSED, plain, value.end)
    return Found(manner, scores, end) if scores else None


def read_items(plain: str, at: int) -> tuple[tuple[Rated, ...], int] | None:
    """One or several items in a row; none of them means: the others."""
    items: list[Rated] = []
    end, rest = at, False
    while (found := ITEM.match(plain, after(JOINED, plain, end) if items else end)) is not None:
        name = str(found.lastgroup)
        rest = rest or name == "rest"
        items += [] if name == "rest" else [Rated(name)]
        end = found.end()
        if rest:
            break
    return (tuple(items), end) if items or rest else None


def after(pattern: re.Pattern[str], plain: str, at: int) -> int:
    """Where what the pattern takes from there ends."""
    found = pattern.match(plain, at)
    return found.end() if found else at


def number(digit: str) -> int:
    """The score a numeral stands for."""
    return NUMERALS[digit.rstrip("\u20e3")]


def read_signs(plain: str) -> Said | None:
    """A message of signs alone: what they would mean."""
    if plain[0].isalnum():
        return None
    bare = SKIN.sub("", "".join(plain.split())).rstrip("!~.")
    stars = sum(bare.count(star) for star in STARS)
    if stars and not bare.strip(STARS + HOLLOW):
        return Said(Manner.SIGN, {Rated.OVERALL: stars}) if stars <= max(LEVELS) else None
    for level, pattern in ONLY_SIGNS:
        if pattern.fullmatch(bare):
            return Said(Manner.SIGN, {Rated.OVERALL: level})
    return None


def concluded(said: Text, plain: str, found: Found) -> Said | None:
    """The rating with the comment behind it, if what stands there can be one."""
    scores, end, manner = dict(found.scores), found.end, found.manner
    more = read_pairs(plain, after(SPACES, plain, end))
    if more is not None and manner in {Manner.PLAIN, Manner.BARE} and len(scores) == 1:
        scores, end, manner = {**scores, **more.scores}, more.end, more.manner
    behind = after(TAIL, plain, end)
    if POLITE.fullmatch(plain, behind):
        return Said(manner, scores)
    again = read_value(plain, behind)
    if again is not None and POLITE.fullmatch(plain, again.end):
        # said twice; two different numbers are neither one score nor four
        return twice(manner, scores, again)
    if not may_follow(plain, end, behind, manner):
        return None
    # without a mark between them the words only make sense together
    parted = BREAK.match(plain, end) is not None
    comment = said.quote(behind if parted else 0, len(plain))
    return Said(manner, scores, comment.strip(BRACKETS) if parted else comment)


def twice(manner: Manner, scores: Mapping[Rated, int], again: Found) -> Said:
    """还可以，4分: the number is what counts, unless it says something else altogether."""
    if again.scores == scores:
        return Said(manner, scores)
    near = abs(again.scores.get(Rated.OVERALL, 0) - scores.get(Rated.OVERALL, 9)) <= 1
    if manner is Manner.LOOSE and near:
        return Said(again.manner, again.scores)
    return Said(Manner.UNCLEAR)


def may_follow(plain: str, end: int, behind: int, manner: Manner) -> bool:
    """Whether those words are a comment, and not what the number counts or the word describes."""
    parted = BREAK.match(plain, end) is not None or behind > end
    if manner is Manner.BARE:
        counted = FROM_UNIT.match(plain, end) or NUMBERING.match(plain, end)
        return parted and not counted and not re.search(r"[0-9]", plain[behind:])
    if manner is Manner.LOOSE:
        return parted
    return parted or polite_from(plain, end) or plain[end - 1] in TRAILS or end >= 3


# a score with its 分 needs no mark before the comment
TRAILS: Iterable[str] = frozenset("".join(words(FILE, "points")))


def polite_from(plain: str, end: int) -> bool:
    """Whether a word of thanks follows at once."""
    return re.match(literal("thanks"), plain[end:]) is not None


def keeps_reason(text: str) -> bool:
    """Whether a text says that no reason will be given, and says nothing else."""
    plain = Text.of(text).plain.lower()
    found = KEPT.match(plain)
    return found is not None and POLITE.fullmatch(plain, found.end()) is not None


def read_named(text: str) -> tuple[tuple[Rated, ...], bool] | None:
    """The items a text begins with, and whether it names them and says nothing else."""
    plain = Text.of(text).plain.lower()
    at = after(FILLERS, plain, 0)
    if plain[at:].rstrip("".join(words(FILE, "particles"))) in words(FILE, "fillers_all"):
        return tuple(Rated), True
    found = read_items(plain, at)
    if found is None or not found[0]:
        return None
    return found[0], after(TAIL, plain, found[1]) == len(plain)
