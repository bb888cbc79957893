"""What staff hear before a window closes and when nothing reaches a client: who, when, once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.clock import SHANGHAI
from bot.domain.cases import Case, NeedState
from bot.domain.quiet_hours import is_quiet
from bot.handlers.ways import Account
from bot.jobs.desk import Desk
from bot.jobs.windows import (
    LONGEST_LEAD,
    WINDOW,
    remind_at,
    remind_of_windows,
    reopen,
    tell_unreached,
)
from bot.messages import Channel
from bot.wechat.limits import AccountType, Way
from storage import cases, handovers, outbox, people, quotas
from storage.db import Database, Tx
from storage.models import OutboxRow
from storage.people import Act
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import text_of
from tests.jobs.office import OFFICE
from tests.storage.samples import NEED, RECORD, push

KEEPER, OTHER = "liu.min", "zheng.hao"
BOTH = pytest.mark.parametrize("channel", [Channel.OFFICIAL, Channel.KF])
HOUR = timedelta(hours=1)


@pytest.fixture
def desk(db: Database, clock: FixedClock) -> Desk:
    """What the jobs work with, on a Monday at nine."""
    return Desk(db, clock, OFFICE, lambda: None)


def forward(desk: Desk, **time: float) -> None:
    """Time passes."""
    assert isinstance(desk.clock, FixedClock)
    desk.clock.forward(timedelta(**time))


def client(
    desk: Desk, channel: Channel, *states: NeedState, who: str = "openid-1", keeper: str = KEEPER
) -> Case:
    """A client who wrote just now and has needs in these states."""
    now = desk.clock()
    needs = [replace(NEED, item="calibrate", assignee=keeper, state=one) for one in states]

    def turn(tx: Tx) -> Case:
        person = people.meet(tx, channel, who, now, Act.WROTE)
        number = cases.next_number(tx, "JY", now.date())
        return cases.register(tx, number, person.id, "oa", keeper, RECORD, needs, now)

    return desk.db.run(turn)


def hold(
    desk: Desk, case: Case, channel: Channel, *keys: str, reason: str = "window_closed"
) -> None:
    """News of the case that found no way to the client."""
    now, fields = desk.clock(), {"number": case.number}
    lost = [push(key, "openid-1", now, channel=channel, fields=fields) for key in keys]

    def turn(tx: Tx) -> None:
        outbox.enqueue(tx, lost)
        for _ in keys:
            for row in outbox.claim(tx, now, "token", now + HOUR, 9):
                if row.push.channel is channel:
                    outbox.mark_held(tx, row.id, "token", now, reason)

    desk.db.run(turn)


def texts(desk: Desk) -> list[tuple[str, str]]:
    """What staff were sent: to whom, and the words."""

    def read(tx: Tx) -> list[tuple[str, str]]:
        columns = (OutboxRow.recipient, OutboxRow.body)
        query = select(*columns).where(OutboxRow.channel == "wecom").order_by(OutboxRow.id)
        return [(one.recipient, text_of(tx, one.body)) for one in tx.connection.execute(query)]

    return desk.db.run(read)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of that November."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("wrote", "reminded"),
    [
        (at(23, 9, 30), at(25, 8, 30)),
        (at(23, 15), at(25, 14)),
        (at(23, 20, 59), at(25, 19, 59)),
        # the hour before the end falls into the night: the evening before it
        (at(23, 21), at(25, 19, 30)),
        (at(23, 23, 30), at(25, 19, 30)),
        (at(24, 1), at(25, 19, 30)),
        (at(24, 9, 29), at(25, 19, 30)),
    ],
)
def test_the_reminder_comes_at_hour_47_or_the_evening_before(
    wrote: datetime, reminded: datetime
) -> None:
    assert remind_at(wrote) == reminded


@given(st.integers(0, 365 * 24 * 60))
def test_a_reminder_is_never_by_night_nor_after_the_window(minutes: int) -> None:
    wrote = at(1, 0) + timedelta(minutes=minutes)
    found = remind_at(wrote)
    assert not is_quiet(found)
    assert wrote < found < wrote + WINDOW
    assert wrote + WINDOW - found <= LONGEST_LEAD


@BOTH
def test_who_has_a_need_that_nobody_answered_is_reminded_once(desk: Desk, channel: Channel) -> None:
    case = client(desk, channel, NeedState.SUBMITTED, NeedState.IN_SERVICE)
    forward(desk, hours=34.4)
    remind_of_windows(desk)
    assert texts(desk) == []
    forward(desk, hours=0.2)
    for _ in range(3):
        remind_of_windows(desk)
    ((to, text),) = texts(desk)
    assert to == KEEPER
    assert case.number in text
    assert "11月25日 09:00" in text
    assert text.count("·") == 1


@BOTH
def test_each_of_two_in_charge_is_told_of_their_own(desk: Desk, channel: Channel) -> None:
    client(desk, channel, NeedState.SUBMITTED)
    case = client(desk, channel, NeedState.EVALUATING, keeper=OTHER)
    person = desk.db.run(lambda tx: people.find(tx, channel, "openid-1"))
    assert person is not None
    asked = desk.clock()
    desk.db.run(lambda tx: handovers.begin(tx, person.id, case.id, OTHER, asked, asked + HOUR))
    forward(desk, hours=34.6)
    remind_of_windows(desk)
    found = dict(texts(desk))
    assert set(found) == {KEEPER, OTHER}
    assert "人工对话" in found[OTHER]
    assert "人工对话" not in found[KEEPER]


@BOTH
def test_a_message_that_waits_is_a_reason_too(desk: Desk, channel: Channel) -> None:
    case = client(desk, channel, NeedState.IN_SERVICE)
    hold(desk, case, channel, "a", "b", reason="credits_spent")
    forward(desk, hours=34.6)
    remind_of_windows(desk)
    ((to, text),) = texts(desk)
    assert to == KEEPER
    assert "2 条消息" in text
    assert RECORD.fields["phone"] in text  # type: ignore[index]  # a StrEnum is its value


@BOTH
def test_nobody_is_reminded_where_nothing_waits_or_the_client_wrote_again(
    desk: Desk, channel: Channel
) -> None:
    client(desk, channel, NeedState.IN_SERVICE, NeedState.TO_SUPPLEMENT, NeedState.FINISHED)
    client(desk, channel, NeedState.SUBMITTED, who="openid-2")
    forward(desk, hours=34)
    now = desk.clock()
    desk.db.run(lambda tx: people.meet(tx, channel, "openid-2", now, Act.WROTE))
    forward(desk, hours=0.6)
    remind_of_windows(desk)
    assert texts(desk) == []
    # the new window is reminded of in its own time
    forward(desk, hours=46 - 0.6)
    remind_of_windows(desk)
    assert texts(desk) == []
    forward(desk, hours=1)
    remind_of_windows(desk)
    assert len(texts(desk)) == 0 if is_quiet(desk.clock()) else 1


def test_an_account_that_may_send_nothing_has_no_window(desk: Desk) -> None:
    small = replace(OFFICE, account=Account(AccountType.SUBSCRIPTION))
    client(desk, Channel.OFFICIAL, NeedState.SUBMITTED)
    forward(desk, hours=34.6)
    remind_of_windows(replace(desk, office=small))
    assert texts(desk) == []


def test_four_replicas_remind_once(desk: Desk) -> None:
    client(desk, Channel.KF, NeedState.SUBMITTED)
    forward(desk, hours=34.6)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: remind_of_windows(desk), range(4)))
    assert len(texts(desk)) == 1


def test_staff_hear_once_a_day_that_a_client_was_not_reached_and_why(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    hold(desk, case, Channel.KF, "a", "b")
    tell_unreached(desk)
    forward(desk, hours=1)
    hold(desk, case, Channel.KF, "c")
    tell_unreached(desk)
    ((to, text),) = texts(desk)
    assert to == KEEPER
    assert f"【{case.number}】王小明 13804310001：2条，超过48小时没有来信" in text
    # the third is news of the next day, and then there is none
    for _ in range(2):
        forward(desk, days=1)
        tell_unreached(desk)
        assert len(texts(desk)) == 2


def test_one_text_names_every_client_of_a_staff_member(desk: Desk) -> None:
    made = [client(desk, Channel.KF, NeedState.IN_SERVICE, who=f"openid-{n}") for n in range(1, 4)]
    for number, case in enumerate(made, start=1):
        now, fields = desk.clock(), {"number": case.number}
        one = push(f"k{number}", f"openid-{number}", now, channel=Channel.KF, fields=fields)

        def turn(tx: Tx, one: object = one, now: datetime = now) -> None:
            outbox.enqueue(tx, [one])  # type: ignore[list-item]  # bound early
            (row,) = outbox.claim(tx, now, "token", now + HOUR, 1)
            outbox.mark_held(tx, row.id, "token", now, "credits_spent")

        desk.db.run(turn)
    tell_unreached(desk)
    ((_to, text),) = texts(desk)
    assert all(case.number in text for case in made)


def test_four_replicas_tell_once(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    hold(desk, case, Channel.KF, "a", "b")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _n: tell_unreached(desk), range(4)))
    assert len(texts(desk)) == 1


def test_what_belongs_to_no_case_is_told_to_nobody(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    # a complaint may be confidential, and whoever has the case must not read of it
    hold(desk, replace(case, number="TS20261123-0001"), Channel.KF, "a")
    tell_unreached(desk)
    assert texts(desk) == []


def test_what_the_platform_would_not_take_is_told_with_its_code(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    hold(desk, case, Channel.KF, "a")
    now, fields = desk.clock(), {"number": case.number}
    lost = push("b", "openid-1", now, channel=Channel.KF, fields=fields)

    def fail(tx: Tx) -> None:
        outbox.enqueue(tx, [lost])
        (row,) = outbox.claim(tx, now, "token", now + HOUR, 1)
        outbox.mark_failed(tx, row.id, "token", now, "never (45001): too large")

    desk.db.run(fail)
    tell_unreached(desk)
    ((_to, text),) = texts(desk)
    assert "2条，平台没有接收（never (45001): too large）（其中1条不会再送）" in text


def test_by_night_nobody_is_told(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.SUBMITTED)
    forward(desk, hours=12)
    hold(desk, case, Channel.KF, "a")
    tell_unreached(desk)
    forward(desk, hours=24)
    remind_of_windows(desk)
    assert texts(desk) == []
    forward(desk, hours=12)
    tell_unreached(desk)
    assert len(texts(desk)) == 1


def test_whoever_was_told_in_an_answer_is_not_told_again(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    now = desk.clock()
    desk.db.run(lambda tx: people.told_unreached(tx, case.person_id, now))
    hold(desk, case, Channel.KF, "a")
    for _ in range(2):
        tell_unreached(desk)
        forward(desk, days=1)
    assert texts(desk) == []


def test_what_waited_for_a_closed_call_goes_out_when_it_may_be_tried_again(desk: Desk) -> None:
    case = client(desk, Channel.KF, NeedState.IN_SERVICE)
    now = desk.clock()
    close = Way.CUSTOMER_SERVICE
    desk.db.run(lambda tx: quotas.close_way(tx, Channel.KF, close, 95017, now + HOUR))
    hold(desk, case, Channel.KF, "a", reason="switched_off")
    hold(desk, case, Channel.KF, "b")
    reopen(desk)
    assert desk.db.run(lambda tx: outbox.waiting(tx, desk.clock())).held == 2
    forward(desk, hours=1)
    reopen(desk)
    waiting = desk.db.run(lambda tx: outbox.waiting(tx, desk.clock()))
    assert (waiting.held, waiting.due) == (1, 1)
