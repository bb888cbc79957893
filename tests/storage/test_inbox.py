"""Each message has one effect and one reply, however often and from wherever it comes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest

from bot.messages import Channel
from storage import inbox, people
from storage.db import Database, Tx
from storage.inbox import Recorded
from storage.people import Act
from tests.storage.samples import NOW


def answer(tx: Tx, key: str, who: str) -> bytes | None:
    """A whole turn: claimed, counted, recorded; a repeat gets the record."""
    known = inbox.claim(tx, key, Channel.OFFICIAL, NOW)
    if known is not None:
        return known.reply
    person = people.meet(tx, Channel.OFFICIAL, who, NOW, Act.WROTE)
    count = int(str(person.progress.get("count", 0))) + 1
    people.save(tx, person.id, {"count": count})
    reply = f"<xml>{key} {count}</xml>".encode()
    inbox.record(tx, key, reply)
    return reply


def test_a_repeated_delivery_gets_the_same_reply(db: Database) -> None:
    first = db.run(lambda tx: answer(tx, "key", "openid-1"))
    assert db.run(lambda tx: answer(tx, "key", "openid-1")) == first == b"<xml>key 1</xml>"


def test_a_message_answered_with_nothing_is_known_too(db: Database) -> None:
    def turn(tx: Tx) -> Recorded | None:
        known = inbox.claim(tx, "key", Channel.WECOM, NOW)
        inbox.record(tx, "key", None)
        return known

    assert db.run(turn) is None
    assert db.run(turn) == Recorded(None)


def test_three_deliveries_at_once_from_16_threads_have_one_effect_and_one_reply(
    db: Database,
) -> None:
    deliveries = [(f"key-{n}", f"openid-{n % 20}") for n in range(200)] * 3

    with ThreadPoolExecutor(16) as pool:
        replies = list(pool.map(lambda one: db.run(lambda tx: answer(tx, *one)), deliveries))
    by_key: dict[str, set[bytes | None]] = {}
    for (key, _who), reply in zip(deliveries, replies, strict=True):
        by_key.setdefault(key, set()).add(reply)
    assert all(len(found) == 1 for found in by_key.values())
    met = [
        db.run(partial(people.find, channel=Channel.OFFICIAL, identity=f"openid-{n}"))
        for n in range(20)
    ]
    assert [person and person.progress for person in met] == [{"count": 10}] * 20


def test_600_messages_three_times_over_are_600_accepted_and_1200_duplicates(db: Database) -> None:
    def accepted(key: str) -> bool:
        return db.run(lambda tx: inbox.claim(tx, key, Channel.OFFICIAL, NOW)) is None

    with ThreadPoolExecutor(16) as pool:
        found = Counter(pool.map(accepted, [f"key-{n}" for n in range(600)] * 3))
    assert found == {True: 600, False: 1200}


def test_a_claim_that_was_undone_leaves_the_message_new(db: Database) -> None:
    class Crash(Exception):
        """The turn failed after its claim."""

    def turn(tx: Tx) -> None:
        answer(tx, "key", "openid-1")
        raise Crash

    with pytest.raises(Crash):
        db.run(turn)
    assert db.run(lambda tx: answer(tx, "key", "openid-1")) == b"<xml>key 1</xml>"


def test_the_input_of_a_failed_turn_is_kept_for_staff(db: Database) -> None:
    raw = "<xml>原文</xml>".encode()
    db.run(lambda tx: inbox.keep(tx, "key", Channel.OFFICIAL, raw, "KeyError", NOW))
    (kept,) = db.run(inbox.kept)
    assert (kept.key, kept.why, kept.raw, kept.at) == ("key", "KeyError", raw, NOW)
    assert db.run(lambda tx: inbox.purge_kept(tx, NOW + timedelta(seconds=1))) == 1
    assert db.run(inbox.kept) == ()


def test_old_messages_are_forgotten_in_slices_and_young_ones_kept(db: Database) -> None:
    def fill(tx: Tx) -> None:
        for day in range(10):
            inbox.claim(tx, f"key-{day}", Channel.OFFICIAL, NOW + timedelta(days=day))

    db.run(fill)
    before = NOW + timedelta(days=7)
    assert [db.run(lambda tx: inbox.purge(tx, before, 3)) for _ in range(4)] == [3, 3, 1, 0]
    assert db.run(lambda tx: inbox.claim(tx, "key-7", Channel.OFFICIAL, NOW)) is not None
