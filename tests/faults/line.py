"""The delivery worker with its real gateways and clients, and the platform they call."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.delivery import Delivery, Gateway, Policy
from bot.domain.catalog import Template
from bot.messages import Channel, Push
from bot.simulator.accounts import Accounts
from bot.simulator.phones import Side
from bot.simulator.platform import Platform
from bot.simulator.server import RunningServer, serve_platform
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
CUSTOM, TEMPLATE = "/cgi-bin/message/custom/send", "/cgi-bin/message/template/send"
WECOM, KF = "/cgi-bin/message/send", "/cgi-bin/kf/send_msg"
# the way a push takes, and the call it is made by
PATHS = {"text": CUSTOM, "template": TEMPLATE, "staff": WECOM, "service": KF}
# where a repeat is seen, since the platform has no key to know it by
REPEATABLE = frozenset({"text"})


class Line:
    """One office's way out. A person is whoever is named; what they are sent is on their phone."""

    def __init__(self, db: Database, clock: FixedClock, server: RunningServer, platform: Platform):
        self.db, self.clock, self.platform = db, clock, platform
        oa, corp = platform.accounts.official, platform.accounts.corp
        official, wecom = (
            Client(server.official_url, errors.OFFICIAL),
            Client(server.wecom_url, errors.WECOM),
        )
        kf = Client(server.wecom_url, errors.KF)
        tokens = Tokens(db, "oa", stable_token(official, oa.app_id, oa.secret), clock)
        of_corp = Tokens(db, "wecom", wecom_token(wecom, corp.corp_id, corp.secret), clock)
        self.official = OfficialAccount(
            Calls(official, tokens),
            {"notice": Template(id="template-1", fields={"thing1": "{{ words }}"})},
        )
        gateways: dict[Channel, Gateway] = {
            Channel.OFFICIAL: self.official,
            Channel.WECOM: StaffApp(Calls(wecom, of_corp), corp.agent_id),
            Channel.KF: CustomerService(Calls(kf, of_corp)),
        }
        policy = Policy(AccountType.CERTIFIED, templates=["notice"])
        self.delivery = Delivery(db, gateways, clock, policy)

    def put(self, way: str, key: str, who: str, **changes: Any) -> None:
        """One push that has no other way than that."""
        made = getattr(self, f"_{way}")(key, who, changes)
        self.db.run(lambda tx: outbox.enqueue(tx, [made]))

    def _text(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        self.platform.client_says(who, "hi")
        self._meet(Channel.OFFICIAL, who, Act.WROTE)
        return push(key, who, self.clock(), **changes)

    def _template(self, key: str, who: str, changes: dict[str, Any]) -> Push:
        self.platform.client_follows(who)
        self._meet(Channel.OFFICIAL, who, Act.NOTHING)
        fields = {"purpose": "notice", "fields": {"words": key}}
        return push(key, who, self.clock(), **fields, **changes)

    def _staff(self, key: str, _who: str, changes: dict[str, Any]) -> Push:
        return push(key, STAFF, self.clock(), channel=Channel.WECOM, **changes)

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
                found = platform.staff_phone(STAFF)
            case "service":
                found = platform.customer_phone(who)
            case _:
                found = platform.client_phone(who)
        theirs = [one for one in found if one.side is Side.THEIRS]
        return [one.text or one.rows[0][1] for one in theirs]

    def later(self, step: timedelta = timedelta(minutes=2), times: int = 3) -> None:
        """Time passes; what is due is sent."""
        for _ in range(times):
            self.clock.forward(step)
            self.delivery.drain()

    def states(self) -> dict[str, tuple[PushState, int, str]]:
        """Every push by key: its state, how often it may have been repeated, and the reason."""
        query = select(OutboxRow.key, OutboxRow.state, OutboxRow.repeats, OutboxRow.reason)
        rows = self.db.run(lambda tx: tx.connection.execute(query).all())
        return {row.key: (PushState(row.state), row.repeats, row.reason or "") for row in rows}


@contextmanager
def open_line(db: Database, clock: FixedClock) -> Iterator[Line]:
    """The line, and the platform listening at its other end."""
    heard = (200, dict[str, str](), b"success")
    platform = Platform(Accounts.random(), clock, lambda *_: heard, staff={STAFF: "Zhang San"})
    server = serve_platform(platform)
    line = Line(db, clock, server, platform)
    try:
        yield line
    finally:
        line.delivery.stop()
        server.stop()
