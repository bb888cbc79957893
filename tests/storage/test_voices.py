"""Complaints and talks on both engines: kept sealed, found again, changed under a lock."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.domain.complaints import Facts, Voice, VoiceKind, VoiceState
from bot.messages import Channel
from storage import complaints, handovers, people
from storage.db import Database, Tx
from storage.models import ComplaintRow
from storage.people import Act
from tests.storage.samples import NOW
from tests.storage.test_cases import registered

HOUR = timedelta(hours=1)


def person(tx: Tx, openid: str = "o1") -> int:
    """Somebody who wrote."""
    return people.meet(tx, Channel.OFFICIAL, openid, NOW, Act.WROTE).id


def voice(person_id: int, number: str = "TS20261123-0001", **changes: Any) -> Voice:
    """A complaint about to be stored."""
    facts = Facts(
        words=(("2026-11-23T09:00", "态度太差"), ("2026-11-23T09:05", "跑了三趟")),
        phone="13804310001",
        files=("key1",),
        steps=(("2026-11-23T10:00", "boss", "acknowledged", ""),),
    )
    new = Voice(
        id=0,
        number=number,
        kind=VoiceKind.COMPLAINT,
        person_id=person_id,
        case_id=None,
        owner="boss",
        about=("liu.min", "sun.yue"),
        confidential=False,
        state=VoiceState.RECEIVED,
        facts=facts,
        decision="",
        received_at=NOW,
        due=date(2026, 12, 14),
        since=NOW,
        next_at=NOW + HOUR,
    )
    return replace(new, **changes)


def test_a_complaint_comes_back_as_it_was_said_and_changed(db: Database) -> None:
    added = db.run(lambda tx: complaints.add(tx, voice(person(tx))))
    assert db.run(lambda tx: complaints.by_number(tx, added.number)) == added
    decided = replace(
        added,
        state=VoiceState.DECIDED,
        decision="已道歉",
        owner="other",
        about=(),
        confidential=True,
        facts=replace(added.facts, anonymous=True, phone=""),
        since=NOW + HOUR,
        next_at=None,
    )
    db.run(lambda tx: complaints.save(tx, decided))
    assert db.run(lambda tx: complaints.hold(tx, added.id)) == decided
    assert db.run(lambda tx: complaints.by_id(tx, added.id + 1)) is None


def test_complaints_are_found_by_person_owner_and_time(db: Database) -> None:
    def turn(tx: Tx) -> tuple[int, Voice, Voice, Voice]:
        me, other = person(tx), person(tx, "o2")
        first = complaints.add(tx, voice(me))
        second = complaints.add(tx, voice(me, "TS20261123-0002", next_at=NOW + 2 * HOUR))
        closed = voice(other, "YJ20261123-0001", state=VoiceState.CLOSED, next_at=None)
        return me, first, second, complaints.add(tx, closed)

    me, first, second, closed = db.run(turn)
    assert db.run(lambda tx: complaints.of_person(tx, me)) == (second, first)
    assert db.run(lambda tx: complaints.of_owner(tx, "boss")) == (first, second)
    assert db.run(lambda tx: complaints.of_owner(tx, "nobody")) == ()
    assert db.run(lambda tx: complaints.due(tx, NOW + HOUR)) == (first.id,)
    assert db.run(lambda tx: complaints.due(tx, NOW + 3 * HOUR)) == (first.id, second.id)
    assert closed.id not in db.run(lambda tx: complaints.due(tx, NOW + timedelta(days=999)))


def test_what_is_confidential_is_not_among_what_is_said_of_a_case(db: Database) -> None:
    def turn(tx: Tx) -> tuple[int, Voice]:
        case = registered(tx)
        open_one = complaints.add(tx, voice(case.person_id, case_id=case.id))
        hidden = voice(case.person_id, "TS20261123-0002", case_id=case.id, confidential=True)
        complaints.add(tx, hidden)
        return case.id, open_one

    case_id, open_one = db.run(turn)
    found = db.run(lambda tx: complaints.of_cases(tx, [case_id, case_id + 1]))
    assert found == {case_id: (open_one,)}


def test_words_and_decisions_are_not_readable_at_rest(db: Database) -> None:
    db.run(lambda tx: complaints.add(tx, voice(person(tx), decision="已道歉")))
    [row] = db.run(lambda tx: tx.execute(select(ComplaintRow.__table__)).all())
    clear = "".join(str(value) for value in row) + "".join(
        bytes(value).decode("utf-8", "ignore") for value in row if isinstance(value, bytes)
    )
    assert not [one for one in ("态度", "三趟", "13804310001", "道歉") if one in clear]


def begun(tx: Tx, staff: str = "liu.min", at: datetime = NOW) -> handovers.Handover:
    """A talk that has just begun."""
    return handovers.begin(tx, person(tx, f"of {staff} {at}"), None, staff, at, at + HOUR)


def test_a_talk_is_found_by_person_staff_and_time_until_it_ends(db: Database) -> None:
    talk = db.run(begun)
    other = db.run(lambda tx: begun(tx, "sun.yue", NOW + HOUR))
    assert db.run(lambda tx: handovers.of_person(tx, talk.person_id)) == talk
    assert db.run(lambda tx: handovers.of_staff(tx, "liu.min")) == (talk,)
    assert db.run(handovers.open_all) == (talk, other)
    assert db.run(handovers.open_loads) == {"liu.min": 1, "sun.yue": 1}
    assert db.run(lambda tx: handovers.due(tx, NOW + HOUR)) == (talk.id,)
    assert db.run(lambda tx: handovers.end(tx, talk.id, "liu.min", NOW + HOUR))
    assert not db.run(lambda tx: handovers.end(tx, talk.id, "clock", NOW + HOUR))
    ended = db.run(lambda tx: handovers.by_id(tx, talk.id))
    assert ended is not None
    assert (ended.ended_at, ended.ended_by) == (NOW + HOUR, "liu.min")
    assert db.run(lambda tx: handovers.of_person(tx, talk.person_id)) is None
    assert db.run(lambda tx: handovers.due(tx, NOW + 9 * HOUR)) == (other.id,)


def test_who_said_something_last_is_known(db: Database) -> None:
    talk = db.run(begun)
    assert talk.unanswered

    def after(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    db.run(lambda tx: handovers.answered(tx, talk.id, after(1), after(60)))
    answered = db.run(lambda tx: handovers.by_id(tx, talk.id))
    assert answered is not None
    assert (answered.unanswered, answered.last) == (False, after(1))
    db.run(lambda tx: handovers.asked(tx, talk.id, after(2), after(17)))
    asked = db.run(lambda tx: handovers.by_id(tx, talk.id))
    assert asked is not None
    assert (asked.unanswered, asked.last) == (True, after(2))
    db.run(lambda tx: handovers.give(tx, talk.id, "sun.yue", after(3), after(18)))
    [given] = db.run(lambda tx: handovers.of_staff(tx, "sun.yue"))
    assert (given.staff, given.asked_at) == ("sun.yue", after(3))
    db.run(lambda tx: handovers.look(tx, talk.id, after(30)))
    assert db.run(lambda tx: handovers.due(tx, after(29))) == ()


@pytest.mark.parametrize("change", ["asked", "answered", "look", "give"])
def test_a_talk_that_has_ended_is_not_changed_any_more(db: Database, change: str) -> None:
    talk = db.run(begun)
    db.run(lambda tx: handovers.end(tx, talk.id, "clock", NOW))
    before = db.run(lambda tx: handovers.by_id(tx, talk.id))
    deeds = {
        "asked": lambda tx: handovers.asked(tx, talk.id, NOW + HOUR, NOW + HOUR),
        "answered": lambda tx: handovers.answered(tx, talk.id, NOW + HOUR, NOW + HOUR),
        "look": lambda tx: handovers.look(tx, talk.id, NOW + HOUR),
        "give": lambda tx: handovers.give(tx, talk.id, "x", NOW + HOUR, NOW + HOUR),
    }
    db.run(deeds[change])
    assert db.run(lambda tx: handovers.by_id(tx, talk.id)) == before
