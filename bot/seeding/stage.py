"""The office in fast motion: a clock that is set, and people who write through real handlers."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.app import App
from bot.clock import SHANGHAI
from bot.conversation import Conversation
from bot.delivery import Delivery, Policy
from bot.dialogs.intake.draft import Draft
from bot.domain.cases import Case
from bot.domain.retry import Sent
from bot.domain.workdays import is_working_day
from bot.jobs.desk import Desk
from bot.messages import Channel, Inbound, Kind, Push
from bot.schedule import JOBS
from bot.wechat.limits import AccountType, Way
from storage import cases, people
from storage.people import Person

# When the clock jobs are looked at: once what is due at ten is due.
TICK = time(10, 5)


class SetClock:
    """What time it is in the story."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


class Nowhere:
    """A platform that takes everything and shows it to nobody."""

    def send(self, push: Push, _way: Way) -> Sent:
        """Sent, as far as anybody can tell."""
        return Sent(provider_id=hashlib.sha256(push.key.encode()).hexdigest()[:16])


@dataclass
class Stage:
    """Everybody's writing, and the time between."""

    app: App
    clock: SetClock
    written: int = 0
    conversation: Conversation = field(init=False)
    delivery: Delivery = field(init=False)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        office, database = self.app.office, self.app.database
        self.conversation = Conversation(database, office, self.clock, as_plain)
        policy = Policy(
            account=AccountType.CERTIFIED,
            templates=self.app.catalog.templates.keys(),
            phone_task=self.app.phone_task,
        )
        channels = (Channel.OFFICIAL, Channel.WECOM, Channel.KF)
        gateways = {channel: Nowhere() for channel in channels}
        self.delivery = Delivery(database, gateways, self.clock, policy)
        self.desk = Desk(database, self.clock, office, self.delivery.wake)

    def move_to(self, moment: datetime) -> None:
        """Time passes; the clocks run as they would have, and what is due is sent."""
        for tick in self.ticks(self.clock.now, moment):
            self.clock.now = tick
            for job in JOBS:
                job.run(self.desk)
            self.delivery.drain()
        self.clock.now = max(self.clock.now, moment)

    def ticks(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """The moments between at which clocks are looked at: once a working day."""
        day, days = after.astimezone(SHANGHAI).date(), self.app.catalog.agency.days
        while day <= until.astimezone(SHANGHAI).date():
            tick = datetime.combine(day, TICK, SHANGHAI)
            if after < tick <= until and is_working_day(day, days):
                yield tick
            day += timedelta(days=1)

    def write(self, channel: Channel, who: str, text: str) -> str:
        """Somebody writes; what they are answered."""
        self.written += 1
        self.clock.now += timedelta(seconds=20)
        inbound = Inbound(
            key=hashlib.sha256(f"seed {self.written} {who}".encode()).hexdigest(),
            channel=channel,
            person=who,
            account="seed",
            at=self.clock.now,
            kind=Kind.TEXT,
            text=text,
        )
        return (self.conversation.answer(inbound, b"") or b"").decode()

    def say(self, openid: str, text: str) -> str:
        """A client writes to the official account."""
        return self.write(Channel.OFFICIAL, openid, text)

    def order(self, staff: str, text: str) -> str:
        """A staff member writes in WeCom."""
        return self.write(Channel.WECOM, staff, text)

    def person(self, channel: Channel, who: str) -> Person | None:
        """What is known of somebody."""
        return self.app.database.run(lambda tx: people.find(tx, channel, who))

    def case(self, number: str) -> Case | None:
        """The case under a number."""
        return self.app.database.run(lambda tx: cases.by_number(tx, number))

    def close(self) -> None:
        """Sends what is still due."""
        self.delivery.drain()
        self.delivery.stop()


def as_plain(_inbound: Inbound, text: str, _at: datetime) -> bytes:
    """A reply as it is, in no platform's envelope."""
    return text.encode()


def draft_of(person: Person | None) -> Draft | None:
    """The registration somebody is in."""
    if person is None or person.progress.get("form") != "intake":
        return None
    return Draft.model_validate(person.progress)
