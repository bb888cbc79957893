"""What is to become of each case: spread over all items, channels and ends, the same every time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from bot.clock import SHANGHAI
from bot.domain.actions import Action
from bot.domain.catalog import Catalog, Item
from bot.domain.workdays import is_working_day


class End(StrEnum):
    """How far a case comes, if there is time enough."""

    WAITING = "waiting"
    TAKEN = "taken"
    ANSWERED = "answered"
    REFERRED = "referred"
    ACCEPTED = "accepted"
    IN_WORK = "in_work"
    LACKING = "lacking"
    DONE = "done"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"
    CANCELLED = "cancelled"


A = Action
PATHS = {
    End.WAITING: (),
    End.TAKEN: (A.TAKE,),
    End.ANSWERED: (A.TAKE, A.ANSWER),
    End.REFERRED: (A.TAKE, A.REFER),
    End.ACCEPTED: (A.TAKE, A.ACCEPT),
    End.IN_WORK: (A.TAKE, A.ACCEPT, A.START, A.STEP),
    End.LACKING: (A.TAKE, A.SUPPLEMENT),
    End.DONE: (A.TAKE, A.ACCEPT, A.START, A.STEP, A.STEP, A.FINISH),
    End.REOPENED: (A.TAKE, A.ACCEPT, A.START, A.FINISH, A.REOPEN),
    End.WITHDRAWN: (A.TAKE, A.WITHDRAW),
}
# most cases of some months are done; the newest are under way by themselves
ENDS = (
    *[End.DONE] * 14,
    *[End.ANSWERED] * 2,
    End.REFERRED,
    End.WITHDRAWN,
    End.IN_WORK,
    End.ACCEPTED,
    End.LACKING,
    End.TAKEN,
    End.WAITING,
    End.REOPENED,
)
UNREGISTERED = (End.ABANDONED, End.CANCELLED)
CHANNELS = ("oa", "oa", "phone", "oa", "visit", "oa", "oa", "email", "oa", "web", "oa", "qq")
# working time between two steps of a case, in hours of the clock
PACE = (2, 60)
RATINGS = ("high", "high", "", "high", "middling", "high", "low", "")
# every so many cases, a complaint, an opinion, a registration that comes to nothing
GRIEVES, SUGGESTS, FAILS, RETURNS = 17, 23, 11, 4
# how likely a complaint or an improvement is still open
LEFT_OPEN = 0.25
HOURS = (time(8, 40), time(19, 30))


@dataclass(frozen=True)
class Plan:
    """One case to be."""

    number: int
    begins: datetime
    item: Item
    channel: str
    end: End
    rating: str
    grieves: bool
    suggests: bool
    returns: bool


def plans(dice: Random, catalog: Catalog, count: int, until: date) -> list[Plan]:
    """So many cases that are registered, and a few that are not, oldest first."""
    moments = beginnings(dice, catalog, count + count // FAILS, until)
    items = shuffled_rounds(dice, catalog.items, count)
    found, made = [], 0
    for number, begins in enumerate(moments):
        fails = number % FAILS == FAILS - 1 and number - made < count // FAILS
        end = UNREGISTERED[made % 2] if fails else end_of(made)
        item = dice.choice(items) if fails else items[made]
        made += not fails
        found.append(
            Plan(
                number=number,
                begins=begins,
                item=item,
                channel="oa" if fails else CHANNELS[made % len(CHANNELS)],
                end=end,
                rating=RATINGS[made % len(RATINGS)],
                grieves=made % GRIEVES == GRIEVES - 1,
                suggests=made % SUGGESTS == SUGGESTS - 1,
                returns=made % RETURNS == RETURNS - 1,
            )
        )
    return found


def end_of(made: int) -> End:
    """The ends in turn, in an order that has little to do with that of the items."""
    return ENDS[made * 7 % len(ENDS)]


def beginnings(dice: Random, catalog: Catalog, count: int, until: date) -> list[datetime]:
    """When people begin to write: over some months, on working days and a little on others."""
    span = max(45, min(150, count // 3))
    days = [until - timedelta(days=back) for back in range(1, span)]
    weights = [8 if is_working_day(day, catalog.agency.days) else 1 for day in days]
    first, last = (moment.hour * 60 + moment.minute for moment in HOURS)
    found = []
    for day in dice.choices(days, weights, k=count):
        minutes = dice.randint(first, last)
        at = time(minutes // 60, minutes % 60)
        found.append(datetime.combine(day, at, SHANGHAI))
    return sorted(found)


def shuffled_rounds(dice: Random, items: Sequence[Item], count: int) -> list[Item]:
    """Every item once before any comes again."""
    found: list[Item] = []
    while len(found) < count:
        round_ = list(items)
        dice.shuffle(round_)
        found += round_
    return found[:count]
