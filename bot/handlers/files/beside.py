"""What is known of photos beside any form: those nobody has named, and where the last one went.

They stand in the person's aside: `keys` of photos nobody has named, or `case`, `name` and `last`
of the photo that last went to a case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.dialogs.form import Answer, Given
from bot.dialogs.intake.draft import Draft
from bot.dialogs.intake.photos import keys_of
from bot.domain.cases import Case
from bot.handlers.turn import Turn
from bot.messages import Kind
from storage import people

ASKS = "photo"
# an album comes within a minute; a photo that nobody named is kept until tomorrow
ALBUM, KEPT = timedelta(minutes=10), timedelta(hours=24)


@dataclass(frozen=True)
class Beside:
    """What stands in the aside about photos, if it does and is not too old."""

    keys: tuple[str, ...] = ()
    case: str = ""
    name: str = ""
    # the last photo that went there
    last: str = ""

    @classmethod
    def of(cls, turn: Turn) -> "Beside":
        """As it stands; empty if it is about something else."""
        aside = turn.person.aside
        if aside.get("asks") != ASKS:
            return cls()
        keys, age = aside.get("keys"), turn.now - datetime.fromisoformat(str(aside["at"]))
        if isinstance(keys, list):
            return cls(keys=tuple(map(str, keys))) if age <= KEPT else cls()
        last = str(aside.get("last", ""))
        fresh = cls(case=str(aside["case"]), name=str(aside["name"]), last=last)
        return fresh if age <= ALBUM else cls()


def remember(turn: Turn, **what: object) -> None:
    """Keeps it beside the form."""
    people.ask_aside(turn.tx, turn.person.id, {"asks": ASKS, "at": turn.now.isoformat(), **what})


def went_to(turn: Turn, case: Case, answers: Mapping[str, Answer]) -> None:
    """Notes where a photo went, since an album brings its further pages as further messages."""
    keys = {name: keys_of(one) for name, one in answers.items() if isinstance(one, Given)}
    files = {name: own for name, own in keys.items() if own}
    if turn.inbound.kind is Kind.IMAGE and len(files) == 1:
        (name, own), *_ = files.items()
        remember(turn, case=case.number, name=name, last=own[-1])


def taken_over(turn: Turn, draft: Draft) -> Draft:
    """The draft with the photos that were kept for it."""
    keys = Beside.of(turn).keys
    if not keys:
        return draft
    people.ask_aside(turn.tx, turn.person.id, None)
    return draft.but(photos=tuple(dict.fromkeys((*draft.photos, *keys))))
