"""What people may want done with what is kept of them, and what the law has us keep even so.

Access, correction and deletion are PIPL 44-50, withdrawal 15-16; how long things are kept
stands in domain.md 8.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.catalog import Catalog, Clocks
from bot.domain.workdays import SHANGHAI, due, is_working_day


class Wish(StrEnum):
    """What somebody wants done with what is kept of them."""

    SEE = "see"
    CORRECT = "correct"
    DELETE = "delete"
    CONFIRM_DELETE = "confirm_delete"
    KEEP = "keep"
    WITHDRAW_CONSENT = "withdraw_consent"
    UNSUBSCRIBE = "unsubscribe"
    RESUBSCRIBE = "resubscribe"


class RequestState(StrEnum):
    """Where a request stands; every one ends, and says how."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken_back"


# the log of a person whose name we forgot because they left, not because they asked
LEFT = "left"

PREFIX = "YS"


class Thing(StrEnum):
    """What may be kept of a person."""

    DRAFT = "draft"
    MEDIA = "media"
    CHAT = "chat"
    IDENTITY = "identity"
    OPT_OUT = "opt_out"
    CONSENT = "consent"
    OPEN_CASE = "open_case"
    CLOSED_CASE = "closed_case"
    COMPLAINT = "complaint"
    LOG = "log"


@dataclass(frozen=True)
class Holding:
    """What is kept of one person, by number where it has one."""

    draft: bool = False
    media: int = 0
    opted_out: bool = False
    open_cases: tuple[str, ...] = ()
    closed_cases: tuple[str, ...] = ()
    open_complaints: tuple[str, ...] = ()
    closed_complaints: tuple[str, ...] = ()

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The numbers of what must come to its end before the person can be forgotten."""
        return (*self.open_cases, *self.open_complaints)


@dataclass(frozen=True)
class Kept:
    """Something that stays, and for how many years from its end; None: until it has ended."""

    thing: Thing
    years: int | None


@dataclass(frozen=True)
class Fate:
    """What a wish does to what is kept."""

    gone: tuple[Thing, ...]
    kept: tuple[Kept, ...]


# consent and deletion: that they were given and done has to be shown for so long
LOG_YEARS = 3

GOES: Mapping[Wish, tuple[Thing, ...]] = {
    Wish.DELETE: (Thing.DRAFT, Thing.MEDIA, Thing.CHAT, Thing.OPT_OUT, Thing.IDENTITY),
    Wish.WITHDRAW_CONSENT: (Thing.CONSENT, Thing.DRAFT, Thing.MEDIA),
}
ONLY_IF: Mapping[Thing, Callable[[Holding], object]] = {
    Thing.DRAFT: lambda found: found.draft,
    Thing.MEDIA: lambda found: found.media,
    Thing.OPT_OUT: lambda found: found.opted_out,
    Thing.OPEN_CASE: lambda found: found.open_cases,
    Thing.CLOSED_CASE: lambda found: found.closed_cases,
    Thing.COMPLAINT: lambda found: found.open_complaints or found.closed_complaints,
}


def fate(wish: Wish, found: Holding, clocks: Clocks) -> Fate:
    """What goes and what stays of what there is; what is not there is not spoken of."""
    stays = (
        Kept(Thing.OPEN_CASE, None),
        Kept(Thing.CLOSED_CASE, clocks.record_years),
        Kept(Thing.COMPLAINT, clocks.record_years),
        Kept(Thing.LOG, LOG_YEARS),
    )
    return Fate(
        gone=tuple(one for one in GOES.get(wish, ()) if is_there(one, found)),
        kept=tuple(one for one in stays if is_there(one.thing, found)),
    )


def is_there(thing: Thing, found: Holding) -> bool:
    """Whether there is any of it; some things there always are."""
    return thing not in ONLY_IF or bool(ONLY_IF[thing](found))


def answer_by(at: datetime, catalog: Catalog) -> date:
    """The day by which a request has to be carried out."""
    here = at.astimezone(SHANGHAI).date()
    return due(here, catalog.clocks.privacy_days, catalog.agency.days).day


# so many working days before its day a request is brought up, and every working day from then on
AHEAD = 3
MORNING = time(9, 10)


def first_reminder(at: datetime, catalog: Catalog) -> datetime:
    """When a request is first brought up again."""
    here = at.astimezone(SHANGHAI).date()
    wait = max(1, catalog.clocks.privacy_days - AHEAD)
    return datetime.combine(due(here, wait, catalog.agency.days).day, MORNING, SHANGHAI)


def next_reminder(now: datetime, catalog: Catalog) -> datetime:
    """The morning of the next working day."""
    day = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    while not is_working_day(day, catalog.agency.days):
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, SHANGHAI)
