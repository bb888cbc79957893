"""The delivery worker with its real gateways and clients, and the platform they call."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.clock import Clock
from bot.delivery import Delivery, Gateway, Policy
from bot.domain.catalog import Template
from bot.messages import Channel, Push
from bot.simulator.accounts import Accounts
from bot.simulator.phones import Side
from bot.simulator.platform import Platform
from bot.simulator.server import serve_platform
from bot.wechat import errors
from bot.wechat.calls import Calls
from bot.wechat.client import Client
from bot.wechat.kf import CustomerService
from bot.wechat.kf_messages import identity_of
from bot.wechat.limits import AccountType
from bot.wechat.official import OfficialAccount
from bot.wechat.tokens import Tokens, stable_token, wecom_token
from bot.wechat.wecom import StaffApp
from storage import outbox, people
from storage.db import Database
from storage.models import OutboxRow, PushState
from storage.people import Act
from tests.fixed_clock import FixedClock
from tests.storage.samples import push

STAFF = "ZhangSan"
LEASE = timedelta(seconds=60)
CUSTOM, TEMPLATE = "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send"
WECOM, KF = "/cgi-bin/message/send", "/cgi-bin/kf/send_msg"
# the way a push takes, and the call it is made by
PATHS = {"text": CUSTOM, "template": TEMPLATE, "staff": WECOM, "service": KF}
# where a repeat is seen, since the platform has no key to know it by
REPEATABLE = frozenset({"text"})


@dataclass(frozen=True)
class Way:
    """Where the platform listens and who we are there: all that another process has to know."""

    official_url: str
    wecom_url: str
    app_id: str
    secret: str
    corp_id: str
    corp_secret: str
    agent_id: int

    def official_calls(self, db: Database, clock: Clock) -> Calls:
        """The official account's API."""
        client = Client(self.official_url, errors.OFFICIAL)
        fetch = stable_token(client, self.app_id, self.secret)
        return Calls(client, Tokens(db, "oa", fetch, clock))

    def gateways(self, db: Database, clock: Clock) -> Mapping[Channel, Gateway]:
        """What the office sends through."""
        wecom = Client(self.wecom_url, errors.WECOM)
        tokens = Tokens(db, "wecom", wecom_token(wecom, self.corp_id, self.corp_secret), clock)
        kf = Client(self.wecom_url, errors.KF)
        template = Template(id="template-1", fields={"thing1": "{{ words }}"})
        return {
            Channel.OFFICIAL: OfficialAccount(self.official_calls(db, clock), {"notice": template}),
            Channel.WECOM: StaffApp(Calls(wecom, tokens), self.agent_id),
            Channel.KF: CustomerService(Calls(kf, tokens)),
        }


def worker(
    db: Database, way: Way, clock: Clock, lease: timedelta = LEASE, workers: int = 8
) -> Delivery:
    """The delivery worker of such an office."""
    policy = Policy(AccountType.CERTIFIED, templates=["notice"], lease=lease, workers=workers)
    return Delivery(db, way.gateways(db, clock), clock, policy)


class Line:
    """One office's way out. A person is whoever is named; what they are sent is on their phone."""

    def __init__(self, db: Database, clock: Clock, way: Way, platform: Platform) -> None:
        self.db, self.clock, self.way, self.platform = db, clock, way, platform
        self.delivery = worker(db, way, clock)

    def put(self, way: str, key: str, who: str, **changes: Any) -> None:
        """One push that has no other way than that."""
        self.put_all(way, [key], who, **changes)

    def put_all(self, way: str, keys: Sequence[str], who: str, **changes: Any) -> None:
        """Several of them, in one transaction."""
        made = [getattr(self, f"_{way}")(key, who, changes) for key in keys]
        self.db.run(lambda tx: outbox.enqueue(tx, made))

    def _text(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        self.platform.client_says(who, "hi")
        self._meet(Channel.OFFICIAL, who, Act.WROTE)
        return push(key, who, self.clock(), **changes)

    def _template(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        self.platform.client_follows(who)
        self._meet(Channel.OFFICIAL, who, Act.NOTHING)
        fields = {"purpose": "notice", "fields": {"words": key}}
        return push(key, who, self.clock(), **fields, **changes)

    def _staff(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        return push(key, who or STAFF, self.clock(), channel=Channel.WECOM, **changes)

    def _service(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        self.platform.kf.says(who, "hi")
        named = identity_of(self.platform.kf.reception.open_kfid, who)
        self._meet(Channel.KF, named, Act.WROTE)
        return push(key, named, self.clock(), channel=Channel.KF, **changes)

    def _meet(self, channel: Channel, who: str, act: Act) -> None:
        self.db.run(lambda tx: people.meet(tx, channel, who, self.clock(), act))

    def phone(self, way: str, who: str) -> list[str]:
        """What came to the phone of that person, in order."""
        platform = self.platform
        match way:
            case "staff":
                found = platform.staff_phone(who)
            case "service":
                found = platform.customer_phone(who)
            case _:
                found = platform.client_phone(who)
        theirs = [one for one in found if one.side is Side.THEIRS]
        return [one.text or one.rows[0][1] for one in theirs]

    def states(self) -> dict[str, tuple[PushState, int, str]]:
        """Every push by key: its state, how often it may have been repeated, and the reason."""
        query = select(OutboxRow.key, OutboxRow.state, OutboxRow.repeats, OutboxRow.reason)
        rows = self.db.run(lambda tx: tx.connection.execute(query).all())
        return {row.key: (PushState(row.state), row.repeats, row.reason or "") for row in rows}


class FakeLine(Line):
    """A line on which time passes when a test says so."""

    clock: FixedClock

    def later(self, step: timedelta = timedelta(minutes=2), times: int = 3) -> None:
        """Time passes; what is due is sent."""
        for _ in range(times):
            self.clock.forward(step)
            self.delivery.drain()


@contextmanager
def platform_for(clock: Clock, staff: Mapping[str, str]) -> Iterator[tuple[Platform, Way]]:
    """The platform, listening, and the way to it."""
    heard = (200, dict[str, str](), b"success")
    platform = Platform(Accounts.random(), clock, lambda *_: heard, staff=staff)
    server = serve_platform(platform)
    oa, corp = platform.accounts.official, platform.accounts.corp
    try:
        yield (
            platform,
            Way(
                server.official_url,
                server.wecom_url,
                oa.app_id,
                oa.secret,
                corp.corp_id,
                corp.secret,
                corp.agent_id,
            ),
        )
    finally:
        server.stop()


@contextmanager
def open_line(db: Database, clock: FixedClock) -> Iterator[FakeLine]:
    """The line, and the platform listening at its other end."""
    with platform_for(clock, {STAFF: "Zhang San"}) as (platform, way):
        line = FakeLine(db, clock, way, platform)
        try:
            yield line
        finally:
            line.delivery.stop()
