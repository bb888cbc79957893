"""What a message was understood to say: values only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.options import Option


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


class Reason(StrEnum):
    """Why a telephone number or a credit code was not taken (domain.md 9.1, 9.2)."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    BAD_PREFIX = "bad_prefix"
    MISSING_AREA_CODE = "missing_area_code"
    BAD_AREA_CODE = "bad_area_code"
    BAD_LOCAL = "bad_local"
    SERVICE_NUMBER = "service_number"
    FOREIGN = "foreign"
    NOT_PHONE = "not_phone"
    BAD_LENGTH = "bad_length"
    BAD_CHAR = "bad_char"
    BAD_REGION = "bad_region"
    BAD_CHECK = "bad_check"
    OLD_NUMBER = "old_number"
    LOOKS_LIKE_ID = "looks_like_id"
    NOT_USCC = "not_uscc"


# a letter, a digit or a mark that may be an answer; without one there are only pictures
_SAYS = re.compile(r"[\w?!\uff1f\uff01]")


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
    """A phone or a credit code that cannot be one; `detail` are the characters at fault."""

    text: str
    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything one message offers. Nothing in it was asked of anybody but the text.

    `fields` holds only what was found; `labelled` are those of them (or the material
    names) that stood under a label or in an explicit correction: they win over what is
    known, where a guess would only fill a gap. `numbered` are answers given by number
    ("1 长春市… 2 张三"); only the dialog knows which number stands for what. `later` are the
    materials promised for later with the way they will come, `all_later` that way for all of
    them. `deadline` are the words that say by when, `same` whether all is as the last time.
    `text` is what the client typed, without what cannot be seen.
    """

    text: str
    intent: Intent | None = None
    needs: tuple[NeedGuess, ...] = ()
    sure: bool = False
    second: NeedGuess | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    labelled: frozenset[str] = frozenset()
    materials: Mapping[str, str] = field(default_factory=dict)
    later: Mapping[str, str] = field(default_factory=dict)
    all_later: str | None = None
    options: Mapping[Option, bool] = field(default_factory=dict)
    deadline: str = ""
    same: bool = False
    facts: Mapping[str, bool] = field(default_factory=dict)
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    corrected: frozenset[str] = frozenset()
    numbered: Mapping[int, str] = field(default_factory=dict)
    word: Word | None = None
    change: str | None = None
    rest: str = ""

    @property
    def kind(self) -> Intent | None:
        """What sort of message it is, thanks and pictures among the talk; None for a bare value."""
        pictures = self.word is None and self.text and not _SAYS.search(self.text)
        only_talk = self.word is Word.THANKS or pictures
        return Intent.CHITCHAT if self.intent is None and only_talk else self.intent

    @property
    def gives_up(self) -> bool:
        """Whether what waits for words is called off."""
        return self.word in {Word.CANCEL, Word.NO, Word.BACK}

    @property
    def materials_later(self) -> frozenset[str]:
        """The materials promised by name."""
        return frozenset(self.later)

    @property
    def wishes(self) -> bool:
        """Whether it says how or by when something is to be done, or that materials will come."""
        return bool(self.options or self.deadline or self.later) or self.all_later is not None
