"""What a staff member typed: which action, on which case and row, with which words."""

import re
from dataclasses import dataclass

from bot.reading.normalise import Text
from bot.reading.vocabulary import any_of, keys, words

FILE = "commands"
NOT_VERBS = {"separators", "because", "counts", "no_words", "into"}
VERBS = tuple(
    sorted(
        ((word, key) for key in keys(FILE) if key not in NOT_VERBS for word in words(FILE, key)),
        key=lambda pair: -len(pair[0]),
    )
)
NUMBER = re.compile(r"([A-Z]{1,4})?(\d{8})-(\d{4,6})(?:[/#](\d{1,2}))?", re.IGNORECASE)
# 进度1样品已收 is about number 1, 完成8块 and 1,200 are about none
SHORT = re.compile(
    rf"^#?(\d{{1,6}})(?:[/#](\d{{1,2}}))?"
    rf"(?=\s|$|[,、;:|。](?!\d)|(?!{any_of(words(FILE, 'counts'))})[\u4e00-\u9fff])"
)
SEPARATORS = "".join(words(FILE, "separators")) + " \n\t"


@dataclass(frozen=True)
class Command:
    """A typed command. `verb` is an action's name, or `list`, `show`, `items`, `help`.

    `number` is the whole case number or the digits of its end; "" means: the only one there is.
    `row` is the position of the need inside its case, where the case has several.
    """

    verb: str
    number: str = ""
    row: int | None = None
    words: str = ""


def read_command(text: str) -> Command | None:
    """The command a text begins with, or None if it is plain talk."""
    typed = Text.of(text)
    for word, verb in VERBS:
        if typed.plain.startswith(word):
            rest = typed.plain[len(word) :]
            if rest and not (rest[0] in SEPARATORS or rest[0].isascii()):
                continue
            return with_number(verb, typed, len(word))
    return None


def with_number(verb: str, typed: Text, start: int) -> Command:
    """The command, its case number taken out; the words are the staff member's own characters."""
    rest = typed.plain[start:]
    skipped = len(rest) - len(rest.lstrip(SEPARATORS))
    start, rest = start + skipped, rest[skipped:]
    found = NUMBER.search(rest) or SHORT.match(rest)
    if found is None:
        return Command(verb, words=own_words(typed, start))
    whole = "-" in found.group(0)
    number = found.group(0).upper().replace("#", "/").split("/")[0] if whole else found.group(1)
    row = found.groups()[-1]
    before = typed.quote(start, start + found.start()).strip(SEPARATORS)
    behind = own_words(typed, start + found.end())
    return Command(verb, number, int(row) if row else None, f"{before} {behind}".strip())


def own_words(typed: Text, start: int) -> str:
    """What was typed from there on."""
    return typed.quote(start, len(typed.plain)).strip(SEPARATORS)


def says_nothing(text: str) -> bool:
    """Whether it is a nod, a greeting or a picture, and no words that an order could wait for."""
    bare = re.sub(r"\W+", "", Text.of(text).plain)
    return not bare or bare in NO_WORDS


NO_WORDS = frozenset(Text.of(one).plain for one in words(FILE, "no_words"))


def split_wanted(text: str, names: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Which of the names a 需补料 lists, in their order, and the reason that is left."""
    wanted, rest = [], text
    for name in sorted(names, key=len, reverse=True):
        if name in rest:
            wanted.append(name)
            rest = rest.replace(name, " ")
    rest = rest.strip(SEPARATORS)
    for word in words(FILE, "because"):
        rest = rest.removeprefix(word).strip(SEPARATORS)
    return tuple(name for name in names if name in wanted), " ".join(rest.split())
