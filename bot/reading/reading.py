"""What a message was understood to say: values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Intent(StrEnum):
    """What sort of message it is; a bare field value or a plain yes has none."""

    SERVICE = "service"
    PROGRESS = "progress"
    COMPLAINT = "complaint"
    HUMAN = "human"
    GREETING = "greeting"
    FAQ = "faq"
    CHITCHAT = "chitchat"
    PRIVACY = "privacy"


class Word(StrEnum):
    """A message that is just a command, or begins with one."""

    AGREE = "agree"
    DISAGREE = "disagree"
    YES = "yes"
    NO = "no"
    CANCEL = "cancel"
    BACK = "back"
    CONTINUE = "continue"
    CHANGE = "change"
    CONFIRM = "confirm"
    REGISTER_FIRST = "register_first"
    LATER = "later"
    HELP = "help"
    RESTART = "restart"
    THANKS = "thanks"


@dataclass(frozen=True)
class NeedGuess:
    """One need in the client's own words, and where it seems to belong.

    `item` is None when the category is clear and the item is not. `because` are the
    words of the client's text that decided; `score` is 0..1.
    """

    text: str
    category: str
    item: str | None
    score: float
    because: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """A phone or a credit code that cannot be one, with the reason of domain.md 9."""

    text: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """Everything one message offers. Nothing in it was asked of anybody but the text.

    `fields` holds only what was found; `labelled` are those of them (or the material
    names) that stood under a label or in an explicit correction: they win over what is
    known, where a guess would only fill a gap. `numbered` are answers given by number
    ("1 长春市… 2 张三"); only the dialog knows which number stands for what.
    """

    text: str
    intent: Intent | None = None
    needs: tuple[NeedGuess, ...] = ()
    sure: bool = False
    second: NeedGuess | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    labelled: frozenset[str] = frozenset()
    materials: Mapping[str, str] = field(default_factory=dict)
    materials_later: frozenset[str] = frozenset()
    facts: Mapping[str, bool] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    numbered: Mapping[int, str] = field(default_factory=dict)
    word: Word | None = None
    change: str | None = None
    rest: str = ""
