"""No pattern of the reading can be read two ways so often that a text makes it try them all."""

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module

# the parser of patterns has no public name and no stubs
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import bot.reading

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
ENDLESS = int(op.MAXREPEAT)
# what is repeated more seldom is tried often enough by the other tests
OFTEN = 20
# a language of more words is not looked at word by word
MOST = 3000
HARMLESS = {
    # a mark stands before each repetition, and the text is short
    "bot.reading.concerns.lookups._REPORTS.0",
    "bot.reading.concerns.lookups._REPORTS.2",
    # only ever matched at a place, where it cannot fail
    "bot.reading.concerns.ratings.FILLERS",
    # only asked about forty characters
    "bot.reading.needs.facts._PROMISE",
}


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern at the top of a module of the reading, in its folders as well."""
    for found in pkgutil.walk_packages(bot.reading.__path__, "bot.reading."):
        for name, value in vars(import_module(found.name)).items():
            yield from within(f"{found.name}.{name}", value)


def within(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The patterns of one value, of a table or of a row of tables."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from within(f"{name}.{number}", one)
    elif isinstance(value, dict) and not name.endswith("__builtins__"):
        for key, one in value.items():
            yield from within(f"{name}.{key}", one)


def bodies(parsed: Any, around: int = 1) -> Iterator[tuple[int, int, Any]]:
    """What a pattern repeats, how often, and how often that in its turn is repeated."""
    if not isinstance(parsed, parser.SubPattern | list | tuple):
        return
    items = list(parsed)
    if len(items) == 2 and any(items[0] is code for code in REPEATS):
        _, most, body = items[1]
        yield around, int(most), body
        yield from bodies(body, max(around, int(most)))
    else:
        for one in items:
            yield from bodies(one, around)


def language(parsed: Any) -> set[str] | None:
    """Every text a part of a pattern stands for; None if they are too many."""
    found = {""}
    for code, value in parsed:
        part = spelled(code, value)
        if part is None or len(found) * len(part) > MOST:
            return None
        found = {one + other for one in found for other in part}
    return found


def spelled(code: Any, value: Any) -> set[str] | None:
    """The texts of one item of a parsed pattern."""
    known = {op.LITERAL: literal, op.IN: one_of, op.BRANCH: branches, op.SUBPATTERN: group}
    if any(code is repeat for repeat in REPEATS):
        return repeated(value)
    if code in {op.AT, op.ASSERT, op.ASSERT_NOT}:
        return {""}
    return known[code](value) if code in known else None


def literal(value: int) -> set[str]:
    return {chr(value)}


def one_of(value: Any) -> set[str]:
    found = set()
    for code, what in value:
        if code is op.RANGE and what[1] - what[0] <= 2 * OFTEN:
            found |= {chr(point) for point in range(what[0], what[1] + 1)}
        else:
            # of a class so wide one character that stands for all of it
            found.add(chr(what) if code is op.LITERAL else f"<{what}>"[:1])
    return found


def branches(value: Any) -> set[str] | None:
    found: set[str] = set()
    for branch in value[1]:
        one = language(branch)
        if one is None:
            return None
        found |= one
    return found


def group(value: Any) -> set[str] | None:
    return language(value[-1])


def repeated(value: Any) -> set[str] | None:
    least, most, body = value
    one = language(body) if most <= 3 else None
    if one is None or len(one) ** int(most) > MOST:
        return None
    found, said = set(), {""}
    for times in range(int(most) + 1):
        found |= said if times >= least else set()
        said = {left + right for left in said for right in one}
    return found


def read_two_ways(found: set[str]) -> str | None:
    """What is left over where two rows of these words say the same; None if none do."""
    left = behind(found, found) - {""}
    seen: set[frozenset[str]] = set()
    while left and frozenset(left) not in seen:
        if left & found:
            return min(left & found)
        seen.add(frozenset(left))
        left = (behind(found, left) | behind(left, found)) - {""}
    return None


def behind(heads: set[str], wholes: set[str]) -> set[str]:
    return {whole[len(head) :] for head in heads for whole in wholes if whole.startswith(head)}


ALL_PATTERNS = {name: one for name, one in patterns() if name not in HARMLESS}


@pytest.mark.parametrize("name", ALL_PATTERNS)
def test_what_is_repeated_can_be_read_in_one_way(name: str) -> None:
    pattern = ALL_PATTERNS[name]
    for around, most, body in bodies(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)):
        assert (around, most) != (ENDLESS, ENDLESS)
        said = language(body) if most > OFTEN else None
        if said is None:
            continue
        if pattern.flags & re.IGNORECASE:
            lower = [one.lower() for one in said]
            assert all(len(one) == 1 or lower.count(one) == 1 for one in lower)
            said = set(lower)
        assert read_two_ways(said) is None


@pytest.mark.parametrize(
    ("pattern", "two_ways"), [("(?:ab|a|b)*", True), ("(?:ab|abc|d)*", False), ("[ab]+", False)]
)
def test_words_that_make_up_another_one_are_seen(pattern: str, two_ways: bool) -> None:
    ((_, _, body),) = bodies(parser.parse(pattern))
    said = language(body)
    assert said is not None
    assert (read_two_ways(said) is not None) is two_ways


def test_a_repetition_within_a_repetition_is_seen() -> None:
    found = {(around, most) for around, most, _ in bodies(parser.parse("(?:ab?c+|d)*"))}
    assert (ENDLESS, ENDLESS) in found
