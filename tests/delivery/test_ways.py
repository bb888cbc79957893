"""The way a push takes, what its failure means, and what is written down of it."""

import logging
from datetime import datetime, timedelta

import pytest

from bot.domain.retry import Failure, SendFailed
from bot.messages import Channel, Push
from bot.wechat.client import Unanswered
from bot.wechat.limits import Way
from storage import outbox
from storage.db import Database
from storage.outbox import Waiting
from storage.people import Act
from tests.delivery.office import CLIENT, Office, refuse
from tests.fixed_clock import FixedClock


def test_five_texts_go_out_after_a_message_and_the_sixth_waits_for_the_next(
    office: Office,
) -> None:
    office.client(Act.WROTE)
    office.put(*(f"k{n}" for n in range(7)))
    office.delivery.drain()
    assert office.clients.sent == [(f"k{n}", Way.CUSTOMER_SERVICE) for n in range(5)]
    assert office.waiting().held == 2
    assert office.why() == ["credits_spent"] * 2
    assert office.client().credits.wrote_sent == 5
    assert office.client(Act.WROTE).held
    taken = office.db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, CLIENT, office.clock()))
    assert [row.push.key for row in taken] == ["k5", "k6"]


def test_after_a_tap_three_texts_go_out_within_the_minute(office: Office) -> None:
    office.client(Act.TAPPED)
    office.put("a")
    office.delivery.drain()
    assert office.client().credits.tapped_sent == 1
    office.clock.forward(timedelta(minutes=1))
    office.put("b")
    office.delivery.drain()
    assert office.clients.keys == ["a"]
    assert office.why() == ["window_closed"]


def test_a_template_takes_over_when_no_credit_is_left(db: Database, clock: FixedClock) -> None:
    office = Office(db, clock, templates={"status"})
    office.client(Act.FOLLOWED)
    clock.forward(timedelta(hours=1))
    office.put("a", fields={"thing1": "x"})
    office.delivery.drain()
    assert office.clients.sent == [("a", Way.TEMPLATE)]
    assert office.client().credits.wrote_sent == 0
    office.delivery.stop()


def test_when_an_urgent_push_has_no_way_staff_are_asked_to_call(office: Office) -> None:
    office.put("a", urgent=True)
    office.put("b", to="openid-2")
    office.delivery.drain()
    assert office.clients.sent == []
    assert office.staff.keys == ["call:a"]
    assert office.waiting().held == 2


def test_who_is_not_known_is_not_written_to(office: Office) -> None:
    office.put("a")
    office.delivery.drain()
    assert office.why() == ["window_closed"]


def test_when_the_platform_knows_of_fewer_credits_our_ledger_learns_it(office: Office) -> None:
    office.client(Act.WROTE)
    office.clients.act = refuse(Failure.UNREACHABLE, 45047, "out of response count limit")
    office.put("a", "b")
    office.delivery.drain()
    assert office.clients.sent == []
    assert office.client().credits.wrote_sent == 5
    assert office.why() == ["unreachable (45047): out of response count limit", "credits_spent"]
    assert office.waiting().held == 2


def test_a_template_goes_out_where_the_platform_refuses_a_text(
    db: Database, clock: FixedClock
) -> None:
    office = Office(db, clock, templates={"status"})
    office.client(Act.WROTE)

    def only_templates(_push: Push) -> None:
        if office.client().credits.wrote_sent == 0:
            raise SendFailed(Failure.UNREACHABLE, 45047, "out of response count limit")

    office.clients.act = only_templates
    office.put("a")
    office.delivery.drain()
    assert office.clients.sent == [("a", Way.TEMPLATE)]
    office.delivery.stop()


def test_a_refusal_is_out_of_date_when_the_client_wrote_meanwhile(office: Office) -> None:
    office.client(Act.WROTE)

    def wrote_meanwhile(_push: Push) -> None:
        office.clients.act = lambda _push: None
        office.clock.forward(timedelta(seconds=1))
        office.client(Act.WROTE)
        raise SendFailed(Failure.UNREACHABLE, 45015, "out of time")

    office.clients.act = wrote_meanwhile
    office.put("a")
    office.delivery.drain()
    assert office.clients.sent == [("a", Way.CUSTOMER_SERVICE)]
    assert office.client().credits.wrote_sent == 1


def test_a_template_that_is_refused_because_nobody_follows_is_held(
    db: Database, clock: FixedClock
) -> None:
    office = Office(db, clock, templates={"status"})
    office.clients.act = refuse(Failure.UNREACHABLE, 43004, "require subscribe")
    office.put("a")
    assert office.delivery.drain() == 1
    assert office.waiting().held == 1
    office.delivery.stop()


@pytest.mark.parametrize("detail", ["'number' is undefined", "argument invalid! data.thing1"])
def test_words_that_a_template_cannot_carry_wait_for_the_next_reply(
    db: Database, clock: FixedClock, detail: str
) -> None:
    office = Office(db, clock, templates={"status"})
    office.clients.act = refuse(Failure.NEVER, 47003, detail)
    office.put("a", "b", urgent=True)
    office.client(Act.FOLLOWED)
    clock.forward(timedelta(hours=1))
    office.delivery.drain()
    assert (office.waiting().held, office.waiting().failed) == (2, 0)
    assert office.staff.keys == ["call:a", "call:b"]
    office.delivery.stop()


def test_a_member_outside_the_app_is_a_failure_that_staff_see(office: Office) -> None:
    office.staff.act = refuse(Failure.UNREACHABLE, 81013, "all invalid")
    office.put_staff(office.to_staff("a"))
    office.delivery.drain()
    assert office.waiting().failed == 1


def test_a_lasting_failure_is_given_up_at_once_and_visible(office: Office) -> None:
    office.client(Act.WROTE)
    office.clients.act = refuse(Failure.NEVER, 70000, "protected")
    office.put("a", urgent=True)
    office.delivery.drain()
    assert office.waiting().failed == 1
    assert office.why() == ["never (70000): protected"]
    assert office.staff.keys == ["call:a"]


def test_a_repeat_that_the_platform_refuses_had_arrived(office: Office) -> None:
    office.staff.act = refuse(Failure.DONE, 42014, "task id repeated")
    office.put_staff(office.to_staff("a"))
    office.delivery.drain()
    assert office.waiting() == Waiting(0, None, 0, 0, 0)


def test_an_error_is_stored_and_logged_without_secrets_or_people(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    detail = f"url?access_token=SECRET&x=1 touser {CLIENT} phone 13804310001"
    office.client(Act.WROTE)
    office.clients.act = refuse(Failure.NEVER, 40003, detail)
    office.put("a")
    with caplog.at_level(logging.DEBUG):
        office.delivery.drain()
    for text in [*office.why(), caplog.text]:
        assert "40003" in text
        assert not any(hidden in text for hidden in ("SECRET", CLIENT, "1380431"))


def test_what_has_expired_is_not_sent_and_is_visible(office: Office) -> None:
    office.client(Act.WROTE)
    office.put("a", expires=office.clock() + timedelta(minutes=5))
    office.clock.forward(timedelta(minutes=5))
    office.delivery.drain()
    assert office.clients.sent == []
    assert office.waiting().failed == 1
    assert office.why() == ["expired"]


def test_a_member_gets_no_more_in_a_minute_than_the_platform_shows(office: Office) -> None:
    office.put_staff(*(office.to_staff(f"s{n}") for n in range(40)))
    times: list[tuple[datetime, str]] = []
    office.staff.act = lambda push: times.append((office.clock(), push.key))
    for _ in range(20):
        office.delivery.drain()
        office.clock.forward(timedelta(seconds=20))
    assert [key for _at, key in times] == [f"s{n}" for n in range(40)]
    for start, _key in times:
        within = [at for at, _ in times if start <= at < start + timedelta(seconds=60)]
        assert len(within) <= 30
    rows = "SELECT max(attempts) FROM outbox"
    assert office.db.run(lambda tx: tx.connection.exec_driver_sql(rows).scalar()) == 1


def test_a_text_that_must_not_repeat_waits_for_staff_when_its_worker_died(
    db: Database, clock: FixedClock
) -> None:
    office = Office(db, clock, never_twice={"survey"})
    office.client(Act.WROTE)
    office.put("a", purpose="survey")
    office.put("b", to="openid-2")
    office.client(Act.WROTE, "openid-2")
    lease = clock() + timedelta(seconds=60)
    db.run(lambda tx: outbox.claim(tx, clock(), "died", lease, 10))
    clock.forward(timedelta(seconds=61))
    office.delivery.drain()
    assert office.clients.keys == ["b"]
    assert office.waiting().uncertain == 1
    office.delivery.stop()


def test_an_answer_that_never_came_counts_as_a_possible_repeat(office: Office) -> None:
    office.client(Act.WROTE)

    def silence(_push: Push) -> None:
        raise Unanswered(Failure.AGAIN, None, "no answer")

    office.clients.act = silence
    office.put("a")
    office.delivery.drain()
    query = "SELECT repeats FROM outbox"
    assert office.db.run(lambda tx: tx.connection.exec_driver_sql(query).scalar()) == 1
