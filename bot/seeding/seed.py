"""Plays months of an invented office into an empty database, the same for the same numbers."""

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from bot.app import App
from bot.clock import SHANGHAI
from bot.config import Settings
from bot.domain.cases import ClientType
from bot.domain.catalog import Catalog
from bot.seeding.clients import Client, invent
from bot.seeding.plans import Plan, plans
from bot.seeding.stage import SetClock, Stage
from bot.seeding.stories import Story, Telling, story
from bot.seeding.words import listed
from storage import people
from storage.db import Database


class NotEmpty(Exception):
    """The database holds data of people; invented ones must not be mixed in."""


@dataclass(frozen=True)
class Seeded:
    """What was made: the cases' numbers by what became of them."""

    numbers: tuple[str, ...]
    states: Mapping[str, int]


@dataclass(frozen=True)
class Order:
    """What is wanted."""

    seed: int = 1
    cases: int = 200
    until: date = date(2026, 11, 20)


def seed(settings: Settings, catalog: Catalog, database: Database, wanted: Order) -> Seeded:
    """Fills the database; NotEmpty if anybody ever wrote to it."""
    if database.run(people.anybody):
        raise NotEmpty
    dice = Random(wanted.seed)
    planned = plans(dice, catalog, wanted.cases, wanted.until)
    clock = SetClock(planned[0].begins - timedelta(hours=1))
    stage = Stage(App(settings, catalog, database, clock), clock)
    numbers: list[str] = []
    tellings = cast(stage, wanted, planned, numbers)
    play(stage, [story(one) for one in tellings], end_of_day(wanted.until))
    stage.close()
    found = [case for number in numbers if (case := stage.case(number))]
    return Seeded(tuple(numbers), Counter(str(case.state) for case in found))


def cast(stage: Stage, wanted: Order, planned: list[Plan], numbers: list[str]) -> list[Telling]:
    """Each story with its client; some clients come again."""
    dice = Random(f"cast {wanted.seed}")
    known: list[Client] = []
    found = []
    for plan in planned:
        official = plan.item.id in listed("government_items")
        kind = ClientType.GOVERNMENT if official else None
        again = plan.returns and known and not official
        client = dice.choice(known) if again else invent(dice, plan.number + 1, kind)
        if plan.channel == "oa" and client not in known:
            known.append(client)
        own = Random(dice.getrandbits(64))
        found.append(Telling(stage, own, plan, client, wanted.until, numbers.append))
    return found


def play(stage: Stage, stories: list[Story], until: datetime) -> None:
    """All stories side by side, in the order of time; what lies behind `until` does not happen."""
    queue = [(next(one), number, one) for number, one in enumerate(stories)]
    heapq.heapify(queue)
    while queue and queue[0][0] <= until:
        moment, number, one = heapq.heappop(queue)
        stage.move_to(moment)
        following = next(one, None)
        if following is not None:
            heapq.heappush(queue, (max(following, stage.clock.now), number, one))
    stage.move_to(until)


def end_of_day(day: date) -> datetime:
    """When the office closes on that day."""
    return datetime.combine(day, time(17, 0), SHANGHAI)
