"""What goes into one turn of the intake and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.dialogs.intake.draft import Draft
from bot.dialogs.readers import Read
from bot.domain.catalog import Catalog
from bot.messages import Media, Say
from bot.reading.reading import Reading


@dataclass(frozen=True)
class Heard:
    """What the client sent: a text as read and in its own characters, or a photo."""

    said: Reading
    photo: Media | None = None
    words: str = ""

    @property
    def quote(self) -> str:
        """The text as it is kept and shown again."""
        return self.words.strip() or self.said.text


@dataclass(frozen=True)
class Setting:
    """What the intake must know of the world. `first_words` were sealed before 同意.

    `upload` is the address of this client's upload page, "" where there is none.
    """

    catalog: Catalog
    today: date
    read: Read
    consented: bool
    first_words: str = ""
    upload: str = ""


class Deed(StrEnum):
    """What the handler has to do besides answering."""

    NONE = "none"
    SEAL = "seal"
    CONSENT = "consent"
    REFUSE = "refuse"
    REGISTER = "register"
    FORGET = "forget"


@dataclass(frozen=True)
class Outcome:
    """The new state, what is said, and what is to be done."""

    draft: Draft
    says: tuple[Say, ...] = ()
    deed: Deed = Deed.NONE
