"""What a model sees of each character of a text: its neighbours, and what the rules found."""

import re
from collections.abc import Iterator, Sequence

from bot.reading.fields.firms import tails
from bot.reading.fields.people import job_score, name_score, titled
from bot.reading.fields.regions import regions
from bot.reading.findings import Findings
from bot.reading.learned.sequences import Seen
from bot.reading.vocabulary import any_of, words

ROLES = ("applicant", "address", "contact", "position", "business", "need")
_JOB = re.compile(any_of((*words("persons", "jobs"), *words("persons", "job_ends"))))
_HOUSE = re.compile(any_of(words("places", "house")))
_SURNAMES = words("names", "surnames")[0]
_FREQUENT, _KNOWN = frozenset(_SURNAMES[:120]), frozenset(_SURNAMES)
# what is understood already, in place of its characters; and what stands before and behind a text
_TAKEN, _NOTHING = "\u2588", "\x02"
# a feature must fit into a line of a file
_VISIBLE = {"\n": "\u23ce", "\t": " "}
_LEAST_NAME, _LEAST_JOB, _LONGEST_JOB = 1.0, 1.3, 9

Marks = list[set[str]]


def seen(before: Findings, ruled: Findings) -> Seen:
    """The features of each character that is free in `before`; None for the others.

    `ruled` is what the rules made of the same text.
    """
    plain, free = before.text.plain, before.free()
    chars = [
        _TAKEN if one == "\n" != char else _VISIBLE.get(char, char)
        for one, char in zip(free, plain, strict=True)
    ]
    sorts = "".join(map(_sort, chars))
    marks = _marked(plain, free, chars, sorts)
    rules = _rules(before, ruled, free)
    return [
        None if chars[at] == _TAKEN else tuple(_features(at, chars, sorts, marks, rules))
        for at in range(len(plain))
    ]


def _features(
    at: int, chars: Sequence[str], sorts: str, marks: Marks, rules: Sequence[str]
) -> Iterator[str]:
    """The characters around, alone and in pairs and threes; their sorts; what is known of them."""
    a, b, c, d, e = (
        chars[n] if 0 <= n < len(chars) else _NOTHING for n in (at - 2, at - 1, at, at + 1, at + 2)
    )
    yield from ("b", f"0{c}", f"1{b}", f"2{d}", f"3{b}{c}", f"4{c}{d}", f"5{a}{b}", f"6{d}{e}")
    yield from (f"7{b}{c}{d}", f"8{a}{b}{c}", f"9{c}{d}{e}")
    around = f"__{sorts}__"[at : at + 5]
    yield f"t{around[1:4]}"
    yield f"u{around}"
    said = [rules[n] if 0 <= n < len(rules) else "_" for n in (at - 1, at, at + 1)]
    yield f"R{said[1]}"
    if set(said) - {"O"}:
        yield f"Q{'|'.join(said)}"
    here = sorted(marks[at])
    yield from (f"g{one}" for one in here)
    if here:
        yield f"G{'|'.join(here)}"
    if at:
        yield from (f"h{one}" for one in marks[at - 1])
    if at + 1 < len(marks):
        yield from (f"i{one}" for one in marks[at + 1])


def _sort(char: str) -> str:
    """Which sort of character it is, in one letter."""
    if char == _TAKEN:
        return "P"
    if char == _VISIBLE["\n"]:
        return "N"
    if char.isdigit():
        return "D"
    if "\u3400" <= char <= "\u9fff":
        return "H"
    return "A" if char.isascii() and char.isalpha() else "S"


def _marked(plain: str, free: str, chars: Sequence[str], sorts: str) -> Marks:
    """Where places, firms, houses, jobs and names may begin, go on and end."""
    marks: Marks = [set() for _ in plain]
    for start, end in regions(free):
        _mark(marks, "r", start, end)
    for tail in tails(free, 0, len(free)):
        marks[tail.end() - 1].add("fE")
        if tail.end() < len(marks):
            marks[tail.end()].add("fA")
    for house in _HOUSE.finditer(free):
        _mark(marks, "h", *house.span())
    for job in _JOB.finditer(free):
        _mark(marks, "j", *job.span())
        begin = _job_begins(plain, free, job.start(), job.end())
        if begin is not None:
            _mark(marks, "J", begin, job.end())
    for at in (at for at, char in enumerate(chars) if char in _KNOWN):
        _mark_name(marks, plain, sorts, at)
    return marks


def _mark(marks: Marks, sort: str, start: int, end: int) -> None:
    marks[start].add(f"{sort}B")
    for at in range(start + 1, end):
        marks[at].add(f"{sort}I")
    if end < len(marks):
        marks[end].add(f"{sort}E")


def _job_begins(plain: str, free: str, start: int, end: int) -> int | None:
    """Where the longest run of characters begins that is a job and ends there."""
    first = max(free.rfind("\n", 0, end) + 1, end - _LONGEST_JOB, 0)
    runs = range(first, start + 1)
    return next((at for at in runs if job_score(plain[at:end]) >= _LEAST_JOB), None)


def _mark_name(marks: Marks, plain: str, sorts: str, at: int) -> None:
    """Which names and forms of address begin with the surname that stands there."""
    marks[at].add("s1" if plain[at] in _FREQUENT else "s2")
    for size in (2, 3, 4):
        if not sorts.startswith("H" * size, at):
            return
        said = plain[at : at + size]
        score = name_score(said) if size < 4 else 0.0
        if score >= _LEAST_NAME:
            _mark(marks, f"n{size}{min(int(score * 2), 6)}", at, at + size)
        if titled(said):
            _mark(marks, "t", at, at + size)


def _rules(before: Findings, ruled: Findings, free: str) -> list[str]:
    """What the rules say of each character: the role that begins there, goes on or has ended."""
    said = ["O"] * len(free)
    for role in ROLES:
        span = ruled_span(before, ruled, role)
        if span is not None and said[span[0]] == "O":
            start, end = span
            said[start:end] = [f"B{role}", *[f"I{role}"] * (end - start - 1)]
            if end < len(said) and said[end] == "O":
                said[end] = f"E{role}"
    return said


def ruled_span(before: Findings, ruled: Findings, role: str) -> tuple[int, int] | None:
    """Where in the free text the value stands that the rules gave a role, if it is new."""
    if role == "need":
        return ruled.asked if ruled.asked != before.asked else None
    value = ruled.fields.get(role)
    if not value or role in before.fields:
        return None
    free = before.free()
    found = [span for span in places(before.text.said, value) if free[span[0]] != "\n"]
    # the same words may stand in the name of a firm before
    return next((span for span in found if span in ruled.taken), found[0] if found else None)


def places(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Everywhere a value stands in a text."""
    at = text.find(value)
    while at >= 0:
        yield at, at + len(value)
        at = text.find(value, at + 1)
