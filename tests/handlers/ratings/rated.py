"""Cases whose service is over, the clocks that follow, and what was sent to ask for a rating."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.cases import NeedState, NewNeed
from bot.domain.improvements import Improvement
from bot.domain.surveys import Rated, Survey
from bot.jobs.ratings import move_surveys, plan_surveys, withdraw_surveys
from bot.messages import Channel
from storage import cases, improvements, people, surveys
from storage.db import Tx
from storage.models import OutboxRow
from storage.people import Act
from tests.domain.test_surveys import moment
from tests.handlers.desk.book import FIRST_ASKED, KEEPER, client_of, text_of
from tests.storage.samples import RECORD
from tests.world import World

HOUR = timedelta(hours=1)
EVENTFUL = frozenset({0, 9, 10, 20})


@dataclass(frozen=True)
class Asked:
    """One push of a survey: what it was, when it arrived, and what it said."""

    what: str
    state: str
    sent_at: datetime | None
    text: str


def put(
    world: World, *states: NeedState, channel: Channel = Channel.OFFICIAL, keeper: str = KEEPER
) -> str:
    """A case with needs in these states, all of them since now; its number."""

    def turn(tx: Tx) -> str:
        now = world.clock()
        number = cases.next_number(tx, "JY", now.date())
        person = people.meet(tx, channel, client_of(number), now, Act.WROTE)
        needs = [
            NewNeed("metrology", "calibrate", "metrology", keeper, "8块压力表要校准", one, None)
            for one in states
        ]
        cases.register(tx, number, person.id, channel, FIRST_ASKED, RECORD, needs, now)
        return number

    number = world.database.run(turn)
    if channel is Channel.OFFICIAL:
        # the platform knows them too: they wrote a moment ago
        world.platform.client_says(client_of(number), "谢谢")
    return number


def finished(world: World) -> str:
    """A case with one need, finished now."""
    return put(world, NeedState.FINISHED)


def tick(world: World) -> None:
    """What the clocks of ratings do in one minute, and the delivery after them."""
    for job in (plan_surveys, withdraw_surveys, move_surveys):
        job(world.app.desk)
    world.deliver()


def pass_time(world: World, hours: int) -> None:
    """Hour by hour; the clocks are looked at when something may be due, and at the end."""
    for left in reversed(range(hours)):
        world.clock.forward(HOUR)
        if left == 0 or world.clock().hour in EVENTFUL:
            tick(world)


def go_to(world: World, moment: datetime) -> None:
    """The clock jumps, and then the machine is on again."""
    world.clock.now = moment
    tick(world)
    # what was only now found to be over is looked at in the next minute
    tick(world)


def survey(world: World, number: str) -> Survey | None:
    """The survey of a case."""

    def turn(tx: Tx) -> Survey | None:
        case = cases.by_number(tx, number)
        assert case is not None
        return surveys.of_case(tx, case.id)

    return world.database.run(turn)


def the_survey(world: World, number: str) -> Survey:
    """The same, where there is one."""
    found = survey(world, number)
    assert found is not None
    return found


def states(world: World, number: str) -> list[NeedState]:
    """How the needs of a case stand."""

    def turn(tx: Tx) -> list[NeedState]:
        case = cases.by_number(tx, number)
        assert case is not None
        return [one.state for one in case.needs]

    return world.database.run(turn)


def asked(world: World) -> list[Asked]:
    """Everything that was sent, or is to be sent, to ask for a rating."""
    columns = (OutboxRow.key, OutboxRow.state, OutboxRow.sent_at, OutboxRow.body)

    def turn(tx: Tx) -> list[Asked]:
        rows = tx.execute(
            select(*columns).where(OutboxRow.purpose == "survey").order_by(OutboxRow.id)
        )
        return [
            Asked(row.key.rsplit(":", 1)[1], row.state, row.sent_at, text_of(tx, row.body))
            for row in rows
        ]

    return world.database.run(turn)


def invitations(world: World) -> list[Asked]:
    """Those that arrived and are no reminder."""
    return [one for one in asked(world) if one.what == "invitation" and one.sent_at]


def letters(world: World) -> Mapping[str, list[str]]:
    """What was sent to each staff member as a text."""

    def turn(tx: Tx) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        query = select(OutboxRow.recipient, OutboxRow.body).where(OutboxRow.channel == "wecom")
        for row in tx.execute(query.order_by(OutboxRow.id)):
            found.setdefault(row.recipient, []).append(text_of(tx, row.body))
        return found

    return world.database.run(turn)


def invited(world: World, keeper: str = KEEPER) -> str:
    """A case whose client was asked a minute ago."""
    number = put(world, NeedState.FINISHED, keeper=keeper)
    tick(world)
    go_to(world, moment("2026-11-24", "10:00"))
    return number


def scores(world: World, number: str) -> dict[Rated, int]:
    """What the client gave."""
    return the_survey(world, number).scores.given()


def improved(world: World, number: str) -> tuple[Improvement, ...]:
    """What the rating led to."""
    found = the_survey(world, number)
    return world.database.run(lambda tx: improvements.of_survey(tx, found))
