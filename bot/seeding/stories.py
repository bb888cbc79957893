"""What happens to one case: it is registered, worked on, rated; each yield is when it goes on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from bot.clock import SHANGHAI
from bot.domain.actions import Action
from bot.domain.assignment import duty_of
from bot.domain.cases import Case, Need, NeedState
from bot.domain.workdays import due, duty_deadline
from bot.reading.staff.commands import NUMBER
from bot.reading.vocabulary import words as vocabulary
from bot.seeding.clients import Client
from bot.seeding.intake import at_the_desk, in_chat, opening, outright, register
from bot.seeding.plans import LEFT_OPEN, PACE, PATHS, UNREGISTERED, End, Plan
from bot.seeding.stage import Stage
from bot.seeding.words import document, listed, pick
from storage import complaints, improvements

# what each action says, by the list of words it is taken from
WORDS = {
    Action.FINISH: "results",
    Action.ANSWER: "answers",
    Action.REFER: "referrals",
    Action.WITHDRAW: "reasons",
    Action.REOPEN: "reopenings",
    Action.SUPPLEMENT: "lacking",
}
Story = Iterator[datetime]


@dataclass(frozen=True)
class Telling:
    """What a story is told with."""

    stage: Stage
    dice: Random
    plan: Plan
    client: Client
    until: date
    # called once, with the number of the case
    registered: Callable[[str], None]


def story(telling: Telling) -> Story:
    """The whole life of a case."""
    yield beginning(telling)
    number = begin(telling)
    if not number:
        return
    telling.registered(number)
    yield from beside(telling)
    yield from hand_in(telling, number)
    yield from work(telling, number)
    yield from rate(telling)


def beginning(telling: Telling) -> datetime:
    """When it starts: people write when they like, and call when somebody is there."""
    plan, at = telling.plan, telling.plan.begins
    later = at if plan.channel == "oa" else on_duty_at(telling, at)
    return later if later.date() <= telling.until else at


def begin(telling: Telling) -> str:
    """The intake, in the chat or at the desk; "" for one that came to nothing."""
    stage, plan, dice = telling.stage, telling.plan, telling.dice
    words = opening(stage, dice, plan.item)
    if plan.channel == "oa":
        speaker = in_chat(stage, telling.client)
        first = speaker.say(words)
    else:
        ways = document()["desk"]
        way = str(ways[plan.channel]) if isinstance(ways, dict) else ""
        staff = dice.choice([one for one in stage.app.catalog.staff if not one.items]).id
        speaker = at_the_desk(stage, staff)
        first = speaker.say(f"{way} {words}")
    if plan.end in UNREGISTERED:
        speaker.say(pick(dice, "agree"))
        if plan.end is End.CANCELLED:
            speaker.say(pick(dice, "cancel"))
        return ""
    if speaker.draft() is None:
        # it was taken for a question, and its answer names the words that begin
        first = speaker.say(outright(plan.item))
    return register(speaker, dice, telling.client, plan.item, first)


def beside(telling: Telling) -> Story:
    """What a client in the chat says besides: how far is it, an opinion, a complaint."""
    stage, dice, plan = telling.stage, telling.dice, telling.plan
    if plan.channel != "oa":
        return
    if plan.suggests:
        yield stage.clock.now + timedelta(hours=dice.randint(1, 30))
        stage.say(telling.client.openid, pick(dice, "opinions"))
    if plan.grieves:
        yield stage.clock.now + timedelta(hours=dice.randint(3, 60))
        said = stage.say(telling.client.openid, pick(dice, "complaints"))
        yield from settle(telling, number_in(said, "TS"))
    elif dice.random() < 0.2:
        yield stage.clock.now + timedelta(hours=dice.randint(3, 60))
        stage.say(telling.client.openid, pick(dice, "asking"))


def settle(telling: Telling, number: str) -> Story:
    """A complaint is looked into and answered by its owner, unless the plan leaves it open."""
    stage, dice = telling.stage, telling.dice
    find = partial(complaints.by_number, number=number)
    for verb, said in ((Action.ACCEPT, ""), (Action.ANSWER, pick(dice, "settled"))):
        voice = stage.app.database.run(find) if number else None
        if voice is None or dice.random() < LEFT_OPEN:
            return
        yield on_duty_at(telling, stage.clock.now + timedelta(hours=dice.randint(4, 70)))
        stage.order(voice.owner, f"{vocabulary('commands', verb)[0]} {number} {said}".strip())
    if dice.random() < 0.6:
        yield stage.clock.now + timedelta(hours=3)
        stage.say(telling.client.openid, pick(dice, "accepts"))


def improve(telling: Telling, number: str) -> Story:
    """What a low score opened is planned and done by its owner."""
    stage, dice = telling.stage, telling.dice
    found = stage.app.database.run(lambda tx: improvements.by_number(tx, number))
    if found is None or dice.random() < LEFT_OPEN:
        return
    yield on_duty_at(telling, stage.clock.now + timedelta(hours=dice.randint(20, 90)))
    verb = vocabulary("commands", "improve")[0]
    stage.order(found.owner, f"{verb} {number} {pick(dice, 'improved')}")


def number_in(said: str, prefix: str) -> str:
    """The number with that prefix in a reply, or ""."""
    found = (one.group(0) for one in NUMBER.finditer(said))
    return next((one for one in found if one.startswith(prefix)), "")


def hand_in(telling: Telling, number: str) -> Story:
    """Documents that follow later come to the window, unless the case is one that waits."""
    if telling.plan.end is End.LACKING:
        return
    case = telling.stage.case(number)
    if case is None or all(one.state is not NeedState.TO_SUPPLEMENT for one in case.needs):
        return
    yield on_duty(telling, case.needs[0], telling.dice.randint(4, 40))
    for need in fresh(telling, number):
        order(
            telling, need, vocabulary("commands", "received")[0], pick(telling.dice, "everything")
        )


def work(telling: Telling, number: str) -> Story:
    """The steps of its way, one after another, each by whoever is in charge by then."""
    steps = iter(listed("steps"))
    for action in PATHS[telling.plan.end]:
        case = telling.stage.case(number)
        if case is None:
            return
        yield on_duty(telling, case.needs[0], telling.dice.randint(*PACE))
        said = pick(telling.dice, WORDS[action]) if action in WORDS else ""
        said = next(steps) if action is Action.STEP else said
        for need in fresh(telling, number):
            order(telling, need, vocabulary("commands", action)[0], said)


def rate(telling: Telling) -> Story:
    """The answer to the invitation, if this client is one who answers."""
    stage, dice, plan = telling.stage, telling.dice, telling.plan
    if plan.channel != "oa" or not plan.rating or plan.end not in {End.DONE, End.ANSWERED}:
        return
    invited = due(stage.clock.now.date(), 1, stage.app.catalog.agency.days).day
    yield datetime.combine(invited, time(11, dice.randint(0, 59)), SHANGHAI)
    openid = telling.client.openid
    said = stage.say(openid, pick(dice, "ratings", plan.rating))
    number = number_in(said, "GJ")
    if number:
        stage.say(openid, pick(dice, "why_low"))
        yield from improve(telling, number)
    elif dice.random() < 0.3:
        stage.say(openid, pick(dice, "thanks"))


def fresh(telling: Telling, number: str) -> tuple[tuple[Case, Need], ...]:
    """The needs of the case as they now are."""
    case = telling.stage.case(number)
    return () if case is None else tuple((case, need) for need in case.needs)


def order(telling: Telling, found: tuple[Case, Need], verb: str, said: str) -> None:
    """What the person in charge types."""
    case, need = found
    row = f"/{need.position}" if len(case.needs) > 1 else ""
    telling.stage.order(need.assignee, f"{verb} {case.number}{row} {said}".strip())


def on_duty(telling: Telling, need: Need, hours: int) -> datetime:
    """So many hours from now, moved into the duty hours of whoever is in charge."""
    catalog = telling.stage.app.catalog
    staff = catalog.in_charge(need.assignee)
    wait = timedelta(minutes=telling.dice.randint(5, 50))
    later = telling.stage.clock.now + timedelta(hours=hours)
    return duty_deadline(later, wait, duty_of(catalog, staff), catalog.agency.days)


def on_duty_at(telling: Telling, moment: datetime) -> datetime:
    """The moment, moved into the hours of some working day."""
    agency = telling.stage.app.catalog.agency
    wait = timedelta(minutes=telling.dice.randint(5, 150))
    return duty_deadline(moment, wait, agency.duty, agency.days)
