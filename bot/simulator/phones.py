"""What each phone shows: a chat of bubbles, and cards that can change after they were sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.clock import SHANGHAI, Clock

_NOT_YET = datetime(1970, 1, 1, tzinfo=SHANGHAI)


class Side(StrEnum):
    """Who a bubble is from; NOTICE is the grey line in the middle."""

    MINE = "mine"
    THEIRS = "theirs"
    NOTICE = "notice"


class Bubble(StrEnum):
    """What a bubble holds."""

    TEXT = "text"
    IMAGE = "image"
    MENU = "menu"
    TEMPLATE = "template"
    CARD = "card"
    EVENT = "event"
    FAULT = "fault"
    OTHER = "other"


@dataclass(frozen=True)
class CardFace:
    """A template card as its owner sees it; `replaced` is the greyed text once it was updated."""

    task_id: str
    body: Mapping[str, object]
    replaced: str = ""


@dataclass(frozen=True)
class Entry:
    """One bubble. `changed` grows over the whole phone, so that a page can ask for the news."""

    id: int
    at: datetime
    side: Side
    kind: Bubble
    text: str = ""
    card: CardFace | None = None
    media_id: str = ""
    # what an in-chat menu offers: id and text of each option
    options: tuple[tuple[str, str], ...] = ()
    # and what stands below them
    tail: str = ""
    # a template message: title line and (key, value) rows
    rows: tuple[tuple[str, str], ...] = ()
    changed: int = 0


@dataclass
class Phone:
    """The chat of one person with the account. Guarded by the platform's lock."""

    clock: Clock
    entries: list[Entry] = field(default_factory=list)
    changed: int = 0

    def show(self, entry: Entry) -> Entry:
        """Put a bubble at the bottom; its id, time and change number are given here."""
        self.changed += 1
        shown = replace(entry, id=len(self.entries) + 1, at=self.clock(), changed=self.changed)
        self.entries.append(shown)
        return shown

    def say(self, side: Side, text: str, kind: Bubble = Bubble.TEXT) -> Entry:
        """Put a bubble of text."""
        return self.show(blank(side, kind, text))

    def card(self, task_id: str) -> CardFace | None:
        """The last card with this task id."""
        found = [e.card for e in self.entries if e.card is not None and e.card.task_id == task_id]
        return found[-1] if found else None

    def change_card(self, task_id: str, change: Callable[[CardFace], CardFace]) -> bool:
        """Redraw the last card with this task id; False when this phone has none."""
        for index in range(len(self.entries) - 1, -1, -1):
            card = self.entries[index].card
            if card is not None and card.task_id == task_id:
                self.changed += 1
                self.entries[index] = replace(
                    self.entries[index], card=change(card), changed=self.changed
                )
                return True
        return False

    def since(self, changed: int) -> tuple[Entry, ...]:
        """The bubbles that came or were redrawn after this change number."""
        return tuple(entry for entry in self.entries if entry.changed > changed)


def blank(side: Side, kind: Bubble, text: str = "") -> Entry:
    """A bubble that no phone shows yet."""
    return Entry(id=0, at=_NOT_YET, side=side, kind=kind, text=text)
