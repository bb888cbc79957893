"""A clock that runs for seven years: each thing goes on its day, and nothing else does."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.domain.cases import NeedState
from bot.domain.complaints import Facts, Voice, VoiceKind, VoiceState
from bot.jobs.desk import Desk
from bot.jobs.retention import empty_records, forget_chats, forget_log, years_before
from bot.messages import Channel
from bot.schedule import JOBS
from storage import cases, complaints, events, inbox, outbox, people, privacy
from storage.db import Database, Tx
from storage.people import Act, Person
from tests.everything_stored import everything
from tests.fixed_clock import FixedClock
from tests.jobs.office import OFFICE
from tests.storage.samples import NEED, NOW, RECORD, push

OPENID, DAY = "openid-1", timedelta(days=1)
# what is kept, by the word that stands in it
DRAFT, REPLY, INPUT, SENT, SAID = "draftword", "replyword", "inputword", "sentword", "saidword"
RESULT, NAME, ENTERPRISE = "resultword", "王小明", "长春市净月仪表厂"
COMPLAINED, DECIDED = "complaintword", "decisionword"
ALL = {
    COMPLAINED,
    DECIDED,
    DRAFT,
    REPLY,
    INPUT,
    SENT,
    SAID,
    RESULT,
    NAME,
    ENTERPRISE,
    OPENID,
    "YS-1",
}


@pytest.fixture
def desk(db: Database, clock: FixedClock) -> Desk:
    """What the jobs work with."""
    return Desk(db, clock, OFFICE, lambda: None)


def life(tx: Tx) -> Person:
    """One of everything, all of it today."""
    person = people.meet(tx, Channel.OFFICIAL, OPENID, NOW, Act.WROTE)
    people.consent(tx, person.id, NOW, "2026-11")
    people.save(tx, person.id, {"form": "intake", "rows": [], "extra": {"x": DRAFT}})
    inbox.claim(tx, "key", Channel.OFFICIAL, NOW)
    inbox.record(tx, "key", REPLY.encode())
    inbox.keep(tx, "key", Channel.OFFICIAL, INPUT.encode(), "KeyError", NOW)
    case = cases.register(tx, "JY-1", person.id, "oa", "zhangsan", RECORD, [NEED], NOW)
    cases.change(tx, case.needs[0], state=NeedState.WITHDRAWN, at=NOW)
    events.append(tx, case.id, None, NOW, "asks_for_person", "client", {"words": SAID})
    events.append(tx, case.id, None, NOW, "feedback", "zhangsan", {"text": RESULT})
    outbox.enqueue(tx, [push("a", body={"text": SENT})])
    (row,) = outbox.claim(tx, NOW, "token", NOW + DAY, 1)
    outbox.mark_sent(tx, row.id, "token", NOW)
    privacy.log(tx, "YS-1", person.id, "see", NOW)
    complaints.add(tx, complaint(person.id))
    return person


def complaint(person_id: int) -> Voice:
    """One that was heard, decided and closed."""
    return Voice(
        id=0,
        number="TS-1",
        kind=VoiceKind.COMPLAINT,
        person_id=person_id,
        case_id=None,
        owner="zhao.qiming",
        about=(),
        confidential=False,
        state=VoiceState.CLOSED,
        facts=Facts(words=(("2026-11-23", COMPLAINED),)),
        decision=DECIDED,
        received_at=NOW,
        due=None,
        since=NOW,
        closed_at=NOW,
        next_at=None,
    )


def kept(desk: Desk) -> set[str]:
    """Which of the words are still there once all jobs have run."""
    for job in JOBS:
        job.run(desk)
    there = everything(desk.db)
    return {one for one in ALL if one in there}


SIX, THREE = (
    datetime(2032, 11, 23, 9, tzinfo=NOW.tzinfo),
    datetime(2029, 11, 23, 9, tzinfo=NOW.tzinfo),
)


def test_each_thing_goes_on_its_day_and_nothing_else_does(desk: Desk, clock: FixedClock) -> None:
    desk.db.run(life)
    gone: set[str] = set()
    for moment, goes in (
        (NOW + 30 * DAY, set()),
        (NOW + 31 * DAY, {DRAFT}),
        (NOW + 180 * DAY, set()),
        (NOW + 180 * DAY + timedelta(minutes=1), {REPLY, INPUT, SENT, SAID}),
        (THREE, set()),
        (THREE + timedelta(minutes=1), {"YS-1"}),
        (SIX, set()),
        (SIX + timedelta(minutes=1), {RESULT, NAME, ENTERPRISE, OPENID, COMPLAINED, DECIDED}),
    ):
        clock.now = moment
        gone |= goes
        assert kept(desk) == ALL - gone, f"at {moment}"
    # what is left is counted: that there was a case, of which item, and how it ended
    case = desk.db.run(lambda tx: cases.by_number(tx, "JY-1"))
    assert case is not None
    assert (case.state, case.needs[0].item, case.registered_at) == (
        NeedState.WITHDRAWN,
        NEED.item,
        NOW,
    )


def test_a_record_counts_from_the_end_of_its_case_and_an_open_one_for_ever(
    desk: Desk, clock: FixedClock
) -> None:
    def still_open(tx: Tx) -> None:
        person = people.meet(tx, Channel.OFFICIAL, OPENID, NOW, Act.WROTE)
        cases.register(tx, "JY-1", person.id, "oa", "zhangsan", RECORD, [NEED, NEED], NOW)

    def end(tx: Tx, row: int, at: datetime) -> None:
        case = cases.by_number(tx, "JY-1")
        assert case is not None
        cases.change(tx, case.needs[row], state=NeedState.WITHDRAWN, at=at)

    desk.db.run(still_open)
    desk.db.run(lambda tx: end(tx, 0, NOW))
    clock.now = SIX + 100 * DAY
    empty_records(desk)
    assert ENTERPRISE in everything(desk.db)
    desk.db.run(lambda tx: end(tx, 1, clock.now))
    clock.now = datetime(2038, 1, 1, tzinfo=NOW.tzinfo)
    empty_records(desk)
    assert ENTERPRISE in everything(desk.db)
    clock.now = datetime(2040, 1, 1, tzinfo=NOW.tzinfo)
    empty_records(desk)
    assert ENTERPRISE not in everything(desk.db)


def test_whoever_was_seen_since_keeps_their_name(desk: Desk, clock: FixedClock) -> None:
    desk.db.run(life)
    clock.now = SIX + DAY
    desk.db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, OPENID, clock.now, Act.WROTE))
    empty_records(desk)
    there = everything(desk.db)
    assert NAME not in there
    assert OPENID in there


def test_many_go_in_slices(desk: Desk, clock: FixedClock) -> None:
    def many(tx: Tx) -> None:
        person = people.meet(tx, Channel.OFFICIAL, OPENID, NOW, Act.WROTE)
        for number in range(120):
            case = cases.register(
                tx, f"JY-{number}", person.id, "oa", "zhangsan", RECORD, [NEED], NOW
            )
            cases.change(tx, case.needs[0], state=NeedState.WITHDRAWN, at=NOW)
            privacy.log(tx, f"YS-{number}", person.id, "see", NOW)

    desk.db.run(many)
    clock.now = SIX + DAY
    empty_records(desk)
    forget_log(desk)
    there = everything(desk.db)
    assert (NAME in there, "YS-" in there, "JY-119" in there) == (False, False, True)


def test_nothing_to_do_costs_a_question_each(desk: Desk) -> None:
    asked: list[str] = []
    plain = Tx.execute

    def counting(self: Tx, statement: Any, params: Any = None) -> object:
        asked.append(str(statement)[:20])
        return plain(self, statement, params)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Tx, "execute", counting)
        for job in (forget_chats, forget_log, empty_records):
            job(desk)
    assert len(asked) == 5


@pytest.mark.parametrize(
    ("now", "then"),
    [("2032-02-29", "2026-02-28"), ("2032-03-01", "2026-03-01"), ("2032-02-28", "2026-02-28")],
)
def test_years_are_counted_by_the_calendar(now: str, then: str) -> None:
    assert years_before(datetime.fromisoformat(now), 6) == datetime.fromisoformat(then)
