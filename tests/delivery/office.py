"""A worker between a real database and two lines that only note what is sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.delivery import Delivery, Policy
from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Channel, Push
from bot.wechat.limits import AccountType, Way
from storage import outbox, people
from storage.db import Database
from storage.outbox import Waiting
from storage.people import Act, Person
from tests.fixed_clock import FixedClock
from tests.storage.samples import push

CLIENT, STAFF = "openid-1", "zhangsan"


class Line:
    """A gateway that notes what is sent, and does what the test says instead of the platform."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Way]] = []
        self.act: Callable[[Push], object] = lambda _push: None

    def send(self, push: Push, way: Way) -> Sent:
        """Sends it, unless `act` raises."""
        self.act(push)
        self.sent.append((push.key, way))
        return Sent(provider_id=f"id of {push.key}", response_code=f"code of {push.key}")

    @property
    def keys(self) -> list[str]:
        """The keys of what was sent, in order."""
        return [key for key, _way in self.sent]


class Office:
    """A database, a clock, two lines, and a worker between them."""

    def __init__(self, db: Database, clock: FixedClock, **policy: Any) -> None:
        self.db, self.clock = db, clock
        self.clients, self.staff = Line(), Line()
        gateways = {Channel.OFFICIAL: self.clients, Channel.WECOM: self.staff}
        settings: dict[str, Any] = {"account": AccountType.CERTIFIED, **policy}
        self.delivery = Delivery(
            db, gateways, clock, Policy(phone_task=self.phone_task, **settings)
        )

    def phone_task(self, lost: Push, why: str) -> list[Push]:
        """What staff are asked when a client cannot be reached."""
        return [self.to_staff(f"call:{lost.key}", body={"text": why})]

    def to_staff(self, key: str, **changes: Any) -> Push:
        """A text for a staff member."""
        return push(key, STAFF, self.clock(), channel=Channel.WECOM, **changes)

    def put(self, *keys: str, to: str = CLIENT, **changes: Any) -> None:
        """Puts texts for a client on their way."""
        pushes = [push(key, to, self.clock(), **changes) for key in keys]
        self.db.run(lambda tx: outbox.enqueue(tx, pushes))

    def put_staff(self, *pushes: Push) -> None:
        """Puts texts for staff on their way."""
        self.db.run(lambda tx: outbox.enqueue(tx, pushes))

    def client(self, act: Act = Act.NOTHING, who: str = CLIENT) -> Person:
        """The client after one more act."""
        return self.db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, who, self.clock(), act))

    def waiting(self) -> Waiting:
        """What has not arrived, whenever it is due."""
        return self.db.run(lambda tx: outbox.waiting(tx, self.clock() + timedelta(days=999)))

    def why(self) -> list[str]:
        """What the rows say about what went wrong."""
        query = "SELECT reason FROM outbox WHERE reason IS NOT NULL ORDER BY id"
        return self.db.run(
            lambda tx: [str(why) for why in tx.connection.exec_driver_sql(query).scalars()]
        )


def refuse(failure: Failure, code: int | None = None, detail: str = "no") -> Callable[[Push], None]:
    """A platform that refuses everything in the same way."""

    def act(_push: Push) -> None:
        raise SendFailed(failure, code, detail)

    return act
