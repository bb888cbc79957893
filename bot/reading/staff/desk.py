"""What a staff member types for a client who stands before them or is on the telephone."""

import re
from dataclasses import dataclass

from bot.reading.normalise import Text, normalise
from bot.reading.staff.commands import Command, read_command
from bot.reading.vocabulary import any_of, words

FILE = "desk"
CHANNELS = ("phone", "visit", "email", "web", "qq")
WAYS = {word.lower(): channel for channel in CHANNELS for word in words(FILE, channel)}
SEPARATORS = "".join(words(FILE, "separators")) + " \n\t"
GAP = f"[{re.escape(SEPARATORS)}]*"
VERB, WAY = any_of(words(FILE, "order")), any_of(WAYS)
ORDER = re.compile(
    f"(?:{VERB}{GAP}(?P<way>{WAY})|(?P<before>{WAY}){VERB})(?=[{re.escape(SEPARATORS)}]|$)",
    re.IGNORECASE,
)
BARE = re.compile(f"{VERB}(?=[{re.escape(SEPARATORS)}]|$)")
# 登记电话：0431-85371234 in a pasted block is a number, no order
ONLY_A_NUMBER = re.compile(r"[\d\s()+-]{5,}")
PASSING_ON = re.compile(any_of(words(FILE, "passing_on")) + GAP)
EVERYTHING = frozenset(words(FILE, "everything"))
CARRY_ON = words(FILE, "carry_on")[0]
NUMBERED_ONLY = frozenset(words(FILE, "numbered_only"))
BARE_ONLY = frozenset(words(FILE, "bare_only"))


@dataclass(frozen=True)
class DeskOrder:
    """登记 with the way the need came, and the client's words if some follow.

    `channel` "": the way was not said, or is none we know.
    """

    channel: str
    words: str = ""


def read_desk_order(text: str) -> DeskOrder | None:
    """The order a text begins with; None if it is anything else."""
    typed = Text.of(text)
    found = ORDER.match(typed.plain)
    if found is None:
        bare = BARE.match(typed.plain)
        return None if bare is None else DeskOrder("", behind(typed, bare.end()))
    said = behind(typed, found.end())
    if ONLY_A_NUMBER.fullmatch(said):
        return None
    return DeskOrder(WAYS[(found["way"] or found["before"]).lower()], said)


def behind(typed: Text, start: int) -> str:
    """What was typed from there on, in its own characters."""
    return typed.quote(start, len(typed.plain)).strip(SEPARATORS)


def is_everything(text: str) -> bool:
    """Whether 全部 or the like is all that was said."""
    return normalise(text).strip(SEPARATORS) in EVERYTHING


def passed_on(text: str) -> str:
    """客户同意 as the client said it: 同意. "" if nobody's words are passed on."""
    typed = Text.of(text)
    found = PASSING_ON.match(typed.plain)
    return "" if found is None else behind(typed, found.end())


def own_command(text: str) -> Command | None:
    """A command in the midst of a client's words: one with a number, or one that says no more."""
    command = read_command(text)
    if command is None or command.number:
        return command
    if command.verb in NUMBERED_ONLY:
        return None
    if command.words and ("\n" in text.strip() or command.verb in BARE_ONLY):
        return None
    return command
