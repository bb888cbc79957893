"""What photos show, in people's words: 这是营业执照, 第一张是标签第二张是执照, 1和3."""

import re
from collections.abc import Sequence

from bot.reading.answers.choices import as_number, read_choice
from bot.reading.normalise import normalise
from bot.reading.vocabulary import words

FILE = "photos"
POINTS = re.compile("|".join(words(FILE, "points")))
WRONG = re.compile("|".join(words(FILE, "wrong")))
CLAUSES = re.compile("|".join(words(FILE, "clauses")))
DENIED = re.compile("|".join(words(FILE, "denied")))
BETWEEN = re.compile("".join(words(FILE, "between")))
COMMON = frozenset(words(FILE, "common"))
# a longer message is about more than a photo
LONGEST = 40
# so many characters of a name stand for all of it, if they stand for no other
SHORTEST_PART = 2


def points_at_photo(text: str) -> bool:
    """Whether a short text speaks of a photo that was sent."""
    plain = normalise(text)
    return len(plain) <= LONGEST and POINTS.search(plain) is not None


def says_wrong(text: str) -> bool:
    """Whether it says that something was taken for what it is not."""
    return WRONG.search(normalise(text)) is not None


def named_in(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """Which of the names a short text says, in its order; what it denies is left out.

    Where nothing points at a photo, half of the words must be the name: 王梅安全员 is no 安全制度.
    """
    plain = normalise(text)
    if len(plain) > LONGEST:
        return ()
    share = 0 if POINTS.search(plain) else 2
    found = [
        index
        for clause in CLAUSES.split(plain)
        if not denied(clause)
        for piece in BETWEEN.split(clause)
        if (index := meant(piece, names, share)) is not None
    ]
    return tuple(dict.fromkeys(found))


def denied(clause: str) -> bool:
    """Whether it says what a photo does not show."""
    return DENIED.match(clause) is not None


def meant(piece: str, names: Sequence[str], share: int = 0) -> int | None:
    """The one name of which most is said; of the piece that is one part in `share` at least."""
    scores = [len(longest_part(piece, normalise(name))) for name in names]
    best = max(scores, default=0)
    if best < SHORTEST_PART or best * share < len(piece) * bool(share):
        return None
    return scores.index(best) if scores.count(best) == 1 else None


def longest_part(piece: str, name: str) -> str:
    """The longest part of a name that is said and means something."""
    for size in range(len(name), SHORTEST_PART - 1, -1):
        for start in range(len(name) - size + 1):
            part = name[start : start + size]
            if part in piece and part not in COMMON:
                return part
    return ""


def numbers_in(text: str, most: int) -> tuple[int, ...]:
    """The numbers of an answer that consists of numbers, from 0: 1和3 -> (0, 2)."""
    pieces = [piece for piece in BETWEEN.split(normalise(text).strip()) if piece]
    found = [as_number(piece) for piece in pieces]
    if not found or any(one is None or not 1 <= one <= most for one in found):
        return ()
    return tuple(one - 1 for one in found if one is not None)


def picks(text: str, names: Sequence[str], count: int) -> tuple[int, ...]:
    """Which of the names are meant: one for all photos, or as many as there are photos."""
    found = numbers_in(text, len(names)) or named_in(text, names)
    if not found and (one := read_choice(text, tuple(names))) is not None:
        found = (one,)
    return found if len(found) in {1, count} else ()


def says_all(text: str) -> bool:
    """Whether it speaks of all the last photos, not of the last one alone."""
    return any(word in normalise(text) for word in words(FILE, "everything"))
