"""What 微信客服 keeps of an account: its clients, their sessions, the log and single-use codes."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.simulator.phones import Phone
from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import KF_HISTORY, KF_TOKEN_LIFETIME, WINDOWS, Grant

Json = dict[str, object]

# states of a session (wechat_platform.md 6.4) and the moves that an API call may make
NEW, ROBOT, POOL, HUMAN, OVER = range(5)
MOVES: Mapping[int, frozenset[int]] = {
    NEW: frozenset({ROBOT, POOL, HUMAN, OVER}),
    ROBOT: frozenset({POOL, HUMAN, OVER}),
    POOL: frozenset({HUMAN, OVER}),
    HUMAN: frozenset({HUMAN, OVER}),
    OVER: frozenset(),
}
WINDOW = WINDOWS[Grant.WROTE]
# a welcome code comes only to who was neither welcomed nor heard in this time (6.1)
FORGOTTEN = timedelta(hours=48)


@dataclass
class Customer:
    """One client of the account."""

    external_userid: str
    name: str
    phone: Phone
    unionid: str = ""
    state: int = OVER
    servicer: str = ""
    wrote_at: datetime | None = None
    welcomed_at: datetime | None = None
    sent: int = 0
    # fail_type with which the next message that is taken does not arrive after all
    fails_with: int | None = None

    def writes(self, now: datetime) -> None:
        """A message renews the allowance; with nobody there it opens a session."""
        if self.state_at(now) == OVER:
            self.state, self.servicer = NEW, ""
        self.wrote_at, self.sent = now, 0

    def state_at(self, now: datetime) -> int:
        """The session's state; one that nobody goes on with is over after 48 hours."""
        if self.state in (NEW, ROBOT) and (
            self.wrote_at is None or now - self.wrote_at >= WINDOW.lasts
        ):
            self.state = OVER
        return self.state

    def spend(self, now: datetime) -> None:
        """One message by API; or ApiRefusal."""
        if self.wrote_at is None or now - self.wrote_at >= WINDOW.lasts:
            raise ApiRefusal(95002)
        if self.state_at(now) not in (NEW, ROBOT):
            raise ApiRefusal(95018)
        if self.sent >= WINDOW.count:
            raise ApiRefusal(95001)
        self.sent += 1

    def left(self, now: datetime) -> int:
        """How many messages could be sent now."""
        if self.wrote_at is None or now - self.wrote_at >= WINDOW.lasts:
            return 0
        return WINDOW.count - self.sent if self.state_at(now) in (NEW, ROBOT) else 0


@dataclass(frozen=True)
class Code:
    """A single-use code: whose, until when, for which types, and the state it still needs."""

    customer: Customer
    until: datetime
    kinds: frozenset[str]
    state: int | None


@dataclass
class Reception:
    """One account. Guarded by the platform's lock."""

    clock: Clock
    open_kfid: str = field(default_factory=lambda: "wk" + secrets.token_urlsafe(22))
    customers: dict[str, Customer] = field(default_factory=dict)
    # userid -> whether they take clients now
    servicers: dict[str, bool] = field(default_factory=dict)
    log: list[Json] = field(default_factory=list)
    page_size: int | None = None
    # whether the corporation has given it to the API
    managed: bool = True

    def __post_init__(self) -> None:
        self._tokens: dict[str, datetime] = {}
        self._codes: dict[str, Code] = {}
        # msgids of the caller's own choice
        self.taken: set[str] = set()

    def customer(self, external_userid: str, name: str = "") -> Customer:
        """The client under this id, met now if never before."""
        if external_userid not in self.customers:
            found = Customer(external_userid, name or external_userid, Phone(self.clock))
            self.customers[external_userid] = found
        return self.customers[external_userid]

    def addressee(self, open_kfid: object, external_userid: object) -> Customer:
        """The client an API call names; ApiRefusal when there is none."""
        if open_kfid != self.open_kfid:
            raise ApiRefusal(95000)
        found = self.customers.get(str(external_userid))
        if found is None:
            raise ApiRefusal(40096)
        return found

    def write(self, item: Json) -> str:
        """One more item of the log; its msgid."""
        msgid = secrets.token_urlsafe(16)
        stamp = int(self.clock().timestamp())
        self.log.append({"msgid": msgid, "send_time": stamp, **item})
        return msgid

    def token(self) -> str:
        """The token of a new bell."""
        value = "ENC" + secrets.token_urlsafe(24)
        self._tokens[value] = self.clock() + KF_TOKEN_LIFETIME
        return value

    def knows(self, token: str) -> bool:
        """Whether a bell gave this token, and not too long ago."""
        return token in self._tokens and self.clock() < self._tokens[token]

    def page(self, cursor: str, limit: int) -> tuple[list[Json], str, bool]:
        """Items from the cursor on, the next cursor, and whether there is more."""
        begins = self._begins(cursor)
        ends = min(len(self.log), begins + min(limit, self.page_size or limit))
        return self.log[begins:ends], f"4gw{ends}", ends < len(self.log)

    def _begins(self, cursor: str) -> int:
        if cursor:
            number = cursor.removeprefix("4gw")
            if not number.isdigit() or int(number) > len(self.log):
                raise ApiRefusal(40058, "cursor")
            return int(number)
        oldest = int((self.clock() - KF_HISTORY).timestamp())
        fresh = (at for at, one in enumerate(self.log) if int(str(one["send_time"])) >= oldest)
        return next(fresh, len(self.log))

    def take(self, msgid: object) -> str:
        """A msgid of the caller's choice, or one of ours; 95033 if it was taken before."""
        if msgid is None:
            return secrets.token_urlsafe(16)
        if msgid in self.taken:
            raise ApiRefusal(95033)
        self.taken.add(str(msgid))
        return str(msgid)

    def issue(self, code: Code) -> str:
        """A new single-use code."""
        value = secrets.token_urlsafe(24)
        self._codes[value] = code
        return value

    def redeem(self, value: object, kind: object) -> Customer:
        """Whom the code lets us write to, once; or ApiRefusal."""
        code = self._codes.get(str(value))
        now = self.clock()
        if code is None or now >= code.until or kind not in code.kinds:
            raise ApiRefusal(40058, "code")
        if code.state is not None and code.customer.state_at(now) != code.state:
            raise ApiRefusal(95018)
        del self._codes[str(value)]
        return code.customer
