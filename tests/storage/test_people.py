"""People: met once, locked while spoken to, sealed, and forgotten when it is time."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.messages import Channel, Credits
from storage import outbox, people
from storage.db import Database, Tx
from storage.people import Act, Person
from tests.storage.samples import NOW, push

WHO = (Channel.OFFICIAL, "openid-1")


def met(db: Database, act: Act = Act.NOTHING, at: datetime = NOW) -> Person:
    """The person after one more act."""
    return db.run(lambda tx: people.meet(tx, *WHO, at, act))


def test_a_person_is_the_same_at_every_meeting_and_another_on_another_channel(
    db: Database,
) -> None:
    first = met(db)
    assert met(db).id == first.id
    other = db.run(lambda tx: people.meet(tx, Channel.WECOM, WHO[1], NOW, Act.NOTHING))
    assert other.id != first.id
    assert db.run(lambda tx: people.by_id(tx, first.id)) == first
    assert db.run(lambda tx: people.find(tx, *WHO)) == first
    assert db.run(lambda tx: people.lock(tx, *WHO)) == first


def test_whoever_was_never_met_is_not_found(db: Database) -> None:
    assert db.run(lambda tx: people.find(tx, *WHO)) is None
    assert db.run(lambda tx: people.lock(tx, *WHO)) is None
    assert db.run(lambda tx: people.by_id(tx, 1)) is None


LATER = NOW + timedelta(hours=1)
SPENT = Credits(NOW, 2, NOW, 1, following=True)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (Act.WROTE, Credits(LATER, 0, NOW, 1, following=True)),
        (Act.TAPPED, Credits(NOW, 2, LATER, 0, following=True)),
        (Act.FOLLOWED, Credits(NOW, 2, LATER, 0, following=True)),
        (Act.LEFT, Credits(NOW, 2, NOW, 1, following=False)),
        (Act.NOTHING, SPENT),
    ],
)
def test_each_act_grants_what_the_platform_grants(
    db: Database, act: Act, expected: Credits
) -> None:
    def spend(tx: Tx) -> None:
        for tapped in (False, False, True):
            outbox.spend(tx, *WHO, tapped)

    met(db, Act.WROTE)
    met(db, Act.TAPPED)
    db.run(spend)
    assert met(db).credits == SPENT
    assert met(db, act, LATER).credits == expected
    assert met(db).credits == expected


def test_who_left_and_follows_or_writes_again_can_be_reached_again(db: Database) -> None:
    assert not met(db, Act.LEFT).credits.following
    assert met(db, Act.FOLLOWED).credits.following
    assert not met(db, Act.LEFT).credits.following
    assert met(db, Act.WROTE).credits.following


def test_the_first_act_counts_as_well(db: Database) -> None:
    assert met(db, Act.WROTE).credits == Credits(wrote_at=NOW)
    tapped = db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, "two", NOW, Act.FOLLOWED))
    assert tapped.credits == Credits(tapped_at=NOW)


def test_progress_comes_back_as_it_was_saved(db: Database) -> None:
    person = met(db)
    progress = {"form": "intake", "answers": {"地址": "净月区"}, "times": 2, "list": [1, None]}
    db.run(lambda tx: people.save(tx, person.id, progress))
    assert met(db).progress == progress
    db.run(lambda tx: people.save(tx, person.id, {}))
    assert met(db).progress == {}


def test_consent_is_kept_with_its_version_and_can_be_taken_back(db: Database) -> None:
    person = met(db)
    db.run(lambda tx: people.consent(tx, person.id, NOW, "2026-11"))
    assert (met(db).consented_at, met(db).consent_version) == (NOW, "2026-11")
    db.run(lambda tx: people.consent(tx, person.id, None, "2026-11"))
    assert met(db).consented_at is None


def test_first_words_are_forgotten_after_their_time_and_not_before(db: Database) -> None:
    person = met(db)
    db.run(lambda tx: people.keep_first(tx, person.id, "我是王小明 13804310001", NOW))
    assert met(db).first_words == "我是王小明 13804310001"
    assert db.run(lambda tx: people.forget_first_words(tx, NOW)) == 0
    assert db.run(lambda tx: people.forget_first_words(tx, NOW + timedelta(seconds=1))) == 1
    assert met(db).first_words is None


def test_first_words_can_be_forgotten_at_once(db: Database) -> None:
    person = met(db)
    db.run(lambda tx: people.keep_first(tx, person.id, "text", NOW))
    db.run(lambda tx: people.keep_first(tx, person.id, None, NOW))
    assert met(db).first_words is None
    assert db.run(lambda tx: people.forget_first_words(tx, NOW + timedelta(days=9))) == 0


def test_drafts_are_dropped_of_those_who_have_not_been_seen_since(db: Database) -> None:
    person = met(db)
    db.run(lambda tx: people.save(tx, person.id, {"draft": 1}))
    assert db.run(lambda tx: people.drop_drafts(tx, NOW)) == 0
    assert db.run(lambda tx: people.drop_drafts(tx, NOW + timedelta(days=1))) == 1
    assert met(db).progress == {}


def test_a_day_begins_at_midnight_in_shanghai(db: Database) -> None:
    at = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight on the 23rd
    person = met(db, at=at)
    db.run(lambda tx: people.save(tx, person.id, {"draft": 1}))
    midnight = datetime(2026, 11, 23, tzinfo=SHANGHAI)
    assert db.run(lambda tx: people.drop_drafts(tx, midnight)) == 0


def test_a_person_is_known_to_have_held_pushes(db: Database) -> None:
    def hold(tx: Tx) -> None:
        outbox.enqueue(tx, [push("one", WHO[1]), push("two", "somebody else")])
        for row in outbox.claim(tx, NOW, "token", NOW + timedelta(minutes=1), 10):
            if row.push.to == WHO[1]:
                outbox.mark_held(tx, row.id, "token", NOW, "window_closed")

    assert not met(db).held
    db.run(hold)
    assert met(db).held
    assert db.run(lambda tx: people.by_id(tx, 1)) == met(db)
    db.run(lambda tx: outbox.take_held(tx, *WHO, NOW))
    assert not met(db).held
