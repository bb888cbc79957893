"""What is sent to staff: paced by minute and hour; never lost where one cannot be reached."""

from datetime import timedelta

import pytest

from bot.domain.retry import Failure, SendFailed
from bot.messages import Push, PushKind
from bot.wechat.limits import WECOM_PER_MEMBER_HOUR, WECOM_PER_MEMBER_MINUTE
from storage import members, outbox
from storage.db import Database
from storage.models import PushState
from tests.delivery.office import STAFF, Office, refuse
from tests.fixed_clock import FixedClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CARD = {"card": {"task_id": "next-1-2"}}


def test_one_member_gets_no_more_in_any_minute_or_hour_than_the_platform_takes(
    office: Office,
) -> None:
    office.put_staff(*(office.to_staff(f"s{n}") for n in range(1200)))
    sent = []
    for _ in range(4 * 60):
        office.delivery.drain()
        sent.append(len(office.staff.sent))
        office.clock.forward(MINUTE)
    assert sent[-1] == 1200
    for step, most in ((1, WECOM_PER_MEMBER_MINUTE), (60, WECOM_PER_MEMBER_HOUR)):
        assert max(b - a for a, b in zip(sent, sent[step:], strict=False)) <= most
    assert office.staff.keys == [f"s{n}" for n in range(1200)]


def test_who_used_up_the_hour_waits_for_the_next_and_others_do_not(office: Office) -> None:
    office.put_staff(*(office.to_staff(f"s{n}") for n in range(501)))
    for _ in range(59):
        office.delivery.drain()
        office.clock.forward(MINUTE)
    assert len(office.staff.sent) == WECOM_PER_MEMBER_HOUR // 2
    office.delivery.drain()
    assert office.why() == ["paced"]
    office.clock.forward(MINUTE)
    office.delivery.drain()
    assert len(office.staff.sent) == 501


@pytest.mark.parametrize("failure", [Failure.UNREACHABLE, Failure.NEVER])
def test_what_a_member_cannot_be_sent_fails_visibly_and_goes_to_somebody_else(
    db: Database, clock: FixedClock, failure: Failure
) -> None:
    given: list[tuple[str, str]] = []

    def stand_in(lost: Push, why: str) -> list[Push]:
        given.append((lost.key, why))
        return []

    office = Office(db, clock, stand_in=stand_in)
    office.staff.act = refuse(failure, None, "the member is outside the app's range")
    office.put_staff(office.to_staff("a"))
    office.delivery.drain()
    [(key, why)] = given
    assert key == "a"
    assert "outside the app's range" in why
    assert office.waiting().failed == 1
    marked = {STAFF} if failure is Failure.UNREACHABLE else set()
    assert db.run(lambda tx: members.absent(tx, clock())) == marked
    office.staff.act = lambda _push: None
    office.put_staff(office.to_staff("b"))
    office.delivery.drain()
    assert db.run(lambda tx: members.absent(tx, clock())) == frozenset()
    office.delivery.stop()


def test_a_task_id_taken_on_a_repeat_means_that_the_card_was_sent(office: Office) -> None:
    answers = iter([SendFailed(Failure.AGAIN, None, "no answer"), TAKEN])
    office.staff.act = lambda _push: raising(next(answers))
    office.put_staff(office.to_staff("card", kind=PushKind.CARD, body=CARD))
    office.delivery.drain()
    office.clock.forward(MINUTE)
    office.delivery.drain()
    fate = office.db.run(lambda tx: outbox.fate(tx, "card"))
    assert fate is not None
    assert fate.state is PushState.SENT
    assert office.staff.sent == []


def test_a_task_id_taken_before_the_card_was_ever_sent_goes_out_under_another(
    office: Office,
) -> None:
    known = {"next-1-2"}

    def act(push: Push) -> None:
        card = push.body["card"]
        assert isinstance(card, dict)
        if card["task_id"] in known:
            raise TAKEN

    office.staff.act = act
    office.put_staff(office.to_staff("card", kind=PushKind.CARD, body=CARD))
    office.delivery.drain()
    assert office.staff.keys == ["card:anew"]
    assert office.waiting().failed == 0


def test_a_task_id_that_is_never_good_is_given_up_where_staff_see_it(office: Office) -> None:
    office.staff.act = lambda _push: raising(TAKEN)
    office.put_staff(office.to_staff("card", kind=PushKind.CARD, body=CARD))
    office.delivery.drain()
    assert office.staff.sent == []
    assert office.waiting().failed == 1


TAKEN = SendFailed(Failure.DONE, 42014, "taskid has existed")


def raising(trouble: SendFailed) -> None:
    """What the platform answers."""
    raise trouble
