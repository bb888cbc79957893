"""A refusal moves a push along the chain, whatever the code and the way, and never in circles."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.delivery import Delivery, Policy
from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Channel, Push
from bot.wechat import errors
from bot.wechat.errors import About
from bot.wechat.limits import AccountType, Way
from storage import consents, outbox, people
from storage.db import Database, Tx
from storage.models import ClosedWayRow, ConsentRow, OutboxRow, PersonRow
from storage.people import Act
from tests.delivery.office import CLIENT, STAFF, Line
from tests.fixed_clock import FixedClock
from tests.storage.samples import push

NOTICE = "TEMPLATE-OF-NOTICES"
TABLES = {Channel.OFFICIAL: errors.OFFICIAL, Channel.KF: errors.KF}
C, S, T = Way.CUSTOMER_SERVICE, Way.SUBSCRIPTION, Way.TEMPLATE
WRITES = "writes"


def refusal(channel: Channel, code: int) -> SendFailed:
    """What the gateway of that channel raises for a code."""
    return SendFailed(errors.judge(TABLES[channel], code), code, "no")


@dataclass
class Clients(Line):
    """A platform that refuses as told: by the way, or one call after the other."""

    channel: Channel = Channel.OFFICIAL
    by_way: Mapping[Way, int] = field(default_factory=dict)
    script: list[int | str] = field(default_factory=list)
    calls: list[tuple[str, Way, int]] = field(default_factory=list)
    writes: Callable[[], object] = lambda: None

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, push: Push, way: Way) -> Sent:
        """Refuses, or takes it."""
        while self.script and self.script[0] == WRITES:
            self.script.pop(0)
            self.writes()
        code = int(self.script.pop(0)) if self.script else self.by_way.get(way, 0)
        self.calls.append((push.key, way, code))
        if code:
            raise refusal(self.channel, code)
        return super().send(push, way)


@dataclass
class Sender:
    """An office that sends from one account, and the client it writes to."""

    db: Database
    clock: FixedClock
    clients: Clients
    delivery: Delivery
    staff: Line

    def put(self, *keys: str, **changes: Any) -> None:
        """Lays texts for the client into the outbox."""
        made = [
            push(key, CLIENT, self.clock(), channel=self.clients.channel, **changes) for key in keys
        ]
        self.db.run(lambda tx: outbox.enqueue(tx, made))

    def acts(self, act: Act = Act.WROTE) -> people.Person:
        """The client does something."""
        channel, now = self.clients.channel, self.clock()
        return self.db.run(lambda tx: people.meet(tx, channel, CLIENT, now, act))

    def agrees(self, times: int) -> None:
        """The client asks for so many notices."""
        person = self.acts(Act.NOTHING)
        for _ in range(times):
            self.db.run(lambda tx: consents.grant(tx, person.id, NOTICE))

    def settle(self, most: int) -> int:
        """Sends until nothing is on its way; how many times the clock had to be moved on."""
        for moved in range(most):
            self.delivery.drain()
            if not self.db.run(lambda tx: outbox.waiting(tx, self.clock() + FAR)).due:
                return moved
            self.clock.forward(timedelta(hours=1))
        raise AssertionError("something is on its way for ever")

    def states(self) -> dict[str, tuple[str, str]]:
        """State and reason of each push for the client."""
        rows = self.db.run(lambda tx: read(tx, "key, state, reason, recipient FROM outbox"))
        return {row[0]: (row[1], row[2] or "") for row in rows if row[3] == CLIENT}

    def closed(self) -> list[tuple[Any, ...]]:
        """The calls that are left alone."""
        return self.db.run(lambda tx: read(tx, "channel, way, code FROM closed_ways"))


FAR = timedelta(days=999)


def read(tx: Tx, what: str) -> list[tuple[Any, ...]]:
    """Rows as they are stored."""
    return [tuple(row) for row in tx.connection.exec_driver_sql(f"SELECT {what}")]


def empty(tx: Tx) -> None:
    """Forgets what an example before has left."""
    for table in (OutboxRow, ConsentRow, ClosedWayRow, PersonRow):
        tx.connection.execute(delete(table))


@contextmanager
def sender(db: Database, channel: Channel = Channel.OFFICIAL, **policy: Any) -> Iterator[Sender]:
    """Everything there is to send with, on an empty outbox."""
    clock, clients, staff = FixedClock(), Clients(channel), Line()
    db.run(empty)

    def call(lost: Push, why: str) -> list[Push]:
        return [push(f"call:{lost.key}", STAFF, clock(), channel=Channel.WECOM, body={"text": why})]

    def alarm(on: Channel, way: Way, code: int, _now: object) -> list[Push]:
        key = f"alarm:{on}:{way}:{code}"
        return [push(key, STAFF, clock(), channel=Channel.WECOM, body={"text": str(code)})]

    given = {"account": AccountType.CERTIFIED, "templates": {"status"}, "workers": 1, **policy}
    made = Policy(phone_task=call, alarm=alarm, subscriptions={"status": NOTICE}, **given)
    delivery = Delivery(db, {channel: clients, Channel.WECOM: staff}, clock, made)
    found = Sender(db, clock, clients, delivery, staff)
    clients.writes = lambda: (clock.forward(timedelta(seconds=1)), found.acts())
    try:
        yield found
    finally:
        delivery.stop()


# what becomes of a message that customer service refuses for ever with this code, where a notice
# was asked for: sent as a notice, kept for the next reply, given up where staff see it, or tried
# again until it is taken
OFFICIAL = {
    "notice": (45015, 45047, 45002, 48001, 48004, 50002, 61007, 43101, 47003, 40036, 40037),
    "held": (40003, 43004, 43019, 48002),
    "failed": (
        *(40007, 40029, 40163, 41001, 42003, 43002, 44002, 44004, 45001, 45008, 45072, 45080),
        *(45081, 46003, 47001, 50001, 70000),
    ),
    "again": (
        *(-1, 40001, 40014, 42001, 40013, 40125, 40164, 40200, 40243, 41002, 41004, 48006),
        *(61004, 89503, 45009, 45011),
    ),
}
KF = {
    "held": (95001, 95002, 95013, 95018, 95031, 40096, 43009, 48002, 60251, 60252, 60253, 95017),
    # refused as a repeat: it had arrived
    "sent": (95033, 42014),
}


def fate_of(office: Sender) -> str:
    """What has become of the one push there is."""
    ((state, _reason),) = office.states().values()
    if state == "pending":
        return "again"
    if state != "sent":
        return state
    return "notice" if (("a", S, 0) in office.clients.calls) else "sent"


@pytest.mark.parametrize(
    ("code", "fate"), [(code, fate) for fate, codes in OFFICIAL.items() for code in codes]
)
def test_each_code_of_the_official_account_leads_somewhere(
    db: Database, code: int, fate: str
) -> None:
    with sender(db) as office:
        office.clients.by_way = {C: code}
        office.acts()
        office.agrees(1)
        office.put("a")
        office.delivery.drain()
        # one that may be without cause is tried once more, later
        office.clock.forward(timedelta(minutes=2))
        office.delivery.drain()
        assert fate_of(office) == fate
        assert len(office.clients.calls) <= 3


def test_no_code_of_the_official_account_is_left_out() -> None:
    assert {code for codes in OFFICIAL.values() for code in codes} == set(errors.OFFICIAL)


@pytest.mark.parametrize("code", sorted(errors.KF))
def test_each_code_of_kf_leads_somewhere(db: Database, code: int) -> None:
    known = {one: fate for fate, codes in KF.items() for one in codes}
    failure = errors.KF[code]
    by_kind = "failed" if failure is Failure.NEVER else "again"
    if failure is Failure.UNREACHABLE:
        by_kind = "held"
    with sender(db, Channel.KF) as office:
        office.clients.by_way = {C: code}
        office.acts()
        office.put("a")
        office.delivery.drain()
        assert fate_of(office) == known.get(code, by_kind)
        assert len(office.clients.calls) == 1


@pytest.mark.parametrize(
    ("refused", "calls", "state"),
    [
        # 43101: no consent any more, so the template
        ({C: 45047, S: 43101}, [C, S, T], "sent"),
        # the values fit neither: the words wait
        ({C: 45015, S: 47003, T: 47003}, [C, S, T], "held"),
        # nobody follows: no template is tried
        ({C: 45015, S: 43004}, [C, S], "held"),
        ({C: 45015, S: 48001, T: 48001}, [C, S, T], "held"),
        # a template that is not ours
        ({C: 45015, S: 45047, T: 40037}, [C, S, T], "held"),
        # codes that make no sense there
        ({C: 43101, S: 45015, T: 45047}, [C, S, T], "held"),
    ],
)
def test_the_chain_is_followed_to_its_end_and_not_again(
    db: Database, refused: dict[Way, int], calls: list[Way], state: str
) -> None:
    with sender(db) as office:
        office.clients.by_way = refused
        office.acts()
        office.agrees(3)
        office.put("a")
        for _ in range(3):
            office.delivery.drain()
            office.clock.forward(timedelta(minutes=10))
        assert [way for _key, way, _code in office.clients.calls] == calls
        assert office.states()["a"][0] == state


def test_a_call_that_is_closed_to_the_account_is_met_by_one_push_and_not_by_all(
    db: Database,
) -> None:
    with sender(db, templates=()) as office:
        office.clients.by_way = {C: 48001}
        office.acts()
        office.put(*"abcd")
        office.delivery.drain()
        assert [key for key, _way, _code in office.clients.calls] == ["a"]
        assert {state for state, _ in office.states().values()} == {"held"}
        assert {why for _, why in office.states().values()} == {"switched_off"}
        assert office.staff.keys == ["alarm:oa:customer_service:48001"]
        # an hour later it is tried again
        office.clients.by_way = {}
        office.clock.forward(timedelta(hours=1))
        office.put("e")
        office.delivery.drain()
        assert office.states()["e"][0] == "sent"


def test_when_the_calls_of_a_day_are_used_up_staff_hear_of_it_and_the_rest_waits(
    db: Database,
) -> None:
    with sender(db) as office:
        office.clients.by_way = {C: 45009}
        office.acts()
        office.put("a")
        for _ in range(3):
            office.delivery.drain()
            office.clock.forward(timedelta(hours=1))
        assert fate_of(office) == "again"
        assert office.staff.keys == ["alarm:oa:customer_service:45009"]
        office.clients.by_way = {}
        office.delivery.drain()
        assert fate_of(office) == "sent"


def test_who_cannot_be_reached_is_not_written_to_until_they_write(db: Database) -> None:
    with sender(db) as office:
        office.clients.by_way = {C: 40003}
        office.acts()
        office.put("a", "b", urgent=True)
        office.delivery.drain()
        assert len(office.clients.calls) == 1
        assert office.staff.keys == ["call:a", "call:b"]
        office.clients.by_way = {}
        office.clock.forward(timedelta(hours=1))
        assert office.acts().held
        office.put("c")
        office.delivery.drain()
        assert office.states()["c"][0] == "sent"


def test_a_notice_is_sent_for_each_consent_and_no_more(db: Database) -> None:
    with sender(db, templates=()) as office:
        office.acts(Act.NOTHING)
        office.agrees(2)
        office.put("a", "b", "c")
        office.delivery.drain()
        assert [way for _key, way, _code in office.clients.calls] == [S, S]
        assert office.states()["c"] == ("held", "window_closed")


moves = st.lists(
    st.sampled_from([WRITES, 0, *sorted(errors.OFFICIAL), *sorted(errors.KF)]), max_size=14
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    channel=st.sampled_from([Channel.OFFICIAL, Channel.KF]),
    account=st.sampled_from(AccountType),
    template=st.booleans(),
    agreed=st.integers(0, 2),
    acts=st.lists(st.sampled_from([Act.WROTE, Act.TAPPED, Act.LEFT]), max_size=3),
    urgent=st.booleans(),
    count=st.integers(1, 4),
    script=moves,
)
def test_every_push_comes_to_an_end_and_none_is_lost(
    db: Database,
    channel: Channel,
    account: AccountType,
    template: bool,
    agreed: int,
    acts: list[Act],
    urgent: bool,
    count: int,
    script: list[int | str],
) -> None:
    templates = {"status"} if template else set()
    with sender(db, channel, account=account, templates=templates) as office:
        for act in acts:
            office.acts(act)
        office.agrees(agreed)
        office.clients.script, wrote = list(script), script.count(WRITES)
        keys = [f"k{n}" for n in range(count)]
        office.put(*keys, urgent=urgent)
        office.settle(most=60)
        states = office.states()
        assert set(states) == set(keys)
        assert {state for state, _why in states.values()} <= {"sent", "held", "failed"}
        # the platform is asked no more often than it has answers, and once for what it takes
        assert len(office.clients.calls) <= len(script) + count
        arrived = Counter(key for key, _way, code in office.clients.calls if not code)
        assert all(times == 1 for times in arrived.values())
        for key, (state, _why) in states.items():
            if urgent and state != "sent":
                assert f"call:{key}" in office.staff.keys
        assert_no_circle(office, channel, wrote)


def assert_no_circle(office: Sender, channel: Channel, wrote: int) -> None:
    """No way is tried again for a push that was refused on it, but where something changed."""
    refused = Counter(
        (key, way)
        for key, way, code in office.clients.calls
        if errors.about(channel, code) not in {About.NOTHING, About.TEMPLATE}
    )
    for (_key, way), times in refused.items():
        # a message and a tap allow a call each
        allowed = 2 if way is C else 1
        assert times <= allowed * (1 + wrote)
