"""Requests about personal data: open until they are ended, never overlooked, forgotten in time."""

from datetime import date, datetime, timedelta

from bot.domain.privacy import RequestState, Wish
from bot.messages import Channel
from storage import people, privacy
from storage.db import Database, Tx
from storage.people import Act
from storage.privacy import Request
from tests.storage.samples import NOW


def wish(tx: Tx, number: str = "YS20261123-0001", at: datetime = NOW) -> Request:
    """A wish to be forgotten."""
    person = people.meet(tx, Channel.OFFICIAL, "openid-1", at, Act.WROTE)
    return privacy.open_request(
        tx,
        number=number,
        person_id=person.id,
        wish=Wish.DELETE.value,
        owner="zhangsan",
        at=at,
        due=date(2026, 12, 14),
        next_at=at + timedelta(days=1),
        note={"words": "金丝雀"},
    )


def test_a_request_is_found_by_number_and_person_until_it_is_closed(db: Database) -> None:
    request = db.run(wish)
    assert db.run(lambda tx: privacy.by_number(tx, request.number)) == request
    assert db.run(lambda tx: privacy.open_of(tx, request.person_id)) == (request,)
    assert db.run(privacy.all_open) == (request,)
    db.run(lambda tx: privacy.close(tx, request, RequestState.DONE, NOW, note={"by": "zhangsan"}))
    ended = db.run(lambda tx: privacy.by_number(tx, request.number))
    assert ended is not None
    assert (ended.state, ended.done_at) == (RequestState.DONE, NOW)
    assert ended.note == {"words": "金丝雀", "by": "zhangsan"}
    assert db.run(privacy.all_open) == db.run(lambda tx: privacy.open_of(tx, 1)) == ()


def test_a_request_ends_once(db: Database) -> None:
    request = db.run(wish)
    db.run(lambda tx: privacy.close(tx, request, RequestState.DONE, NOW, note={}))
    db.run(lambda tx: privacy.close(tx, request, RequestState.REFUSED, NOW, note={}))
    ended = db.run(lambda tx: privacy.lock(tx, request.id))
    assert ended is not None
    assert ended.state is RequestState.DONE


def test_a_clock_finds_what_is_due_and_no_more(db: Database) -> None:
    request = db.run(wish)
    later = NOW + timedelta(days=1)
    assert db.run(lambda tx: privacy.due(tx, NOW)) == ()
    assert db.run(lambda tx: privacy.due(tx, later)) == (request.id,)
    db.run(lambda tx: privacy.look(tx, request.id, later + timedelta(hours=1)))
    assert db.run(lambda tx: privacy.due(tx, later)) == ()


def test_the_log_goes_with_its_time_and_open_requests_never(db: Database) -> None:
    old = NOW - timedelta(days=5000)
    asked = db.run(lambda tx: wish(tx, at=old))
    db.run(lambda tx: privacy.log(tx, "YS2", asked.person_id, "left", old))
    db.run(lambda tx: privacy.log(tx, "YS3", asked.person_id, "left", NOW))
    gone = db.run(lambda tx: privacy.purge(tx, NOW - timedelta(days=1), 10))
    assert gone == (asked.person_id,)
    left = {one.number for one in db.run(lambda tx: privacy.of_person(tx, asked.person_id))}
    assert left == {asked.number, "YS3"}
