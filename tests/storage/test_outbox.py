"""The outbox: each key once for ever, each person in order, each mark only by its owner."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from cryptography.fernet import Fernet

from bot.messages import Channel, Push, PushKind
from storage import outbox
from storage.db import Database, Tx, open_database
from storage.models import PushState
from storage.outbox import Fate, Row
from storage.vault import Vault
from tests.storage.samples import NOW, push

LEASE = timedelta(seconds=60)
SOON = NOW + timedelta(seconds=30)
LATER = NOW + timedelta(seconds=61)


def enqueued(db: Database, *pushes: Push) -> int:
    """How many of them were new."""
    return db.run(lambda tx: outbox.enqueue(tx, pushes))


ONE = "one"


def claimed(db: Database, now: datetime = NOW, token: str = ONE, limit: int = 100) -> list[Row]:
    """What a worker of that token takes."""
    return list(db.run(lambda tx: outbox.claim(tx, now, token, now + LEASE, limit)))


def keys(rows: list[Row] | tuple[Row, ...]) -> list[str]:
    """The keys of the pushes."""
    return [row.push.key for row in rows]


def test_a_push_comes_back_as_it_was_put_in(db: Database) -> None:
    card = push(
        "card",
        to="zhangsan",
        channel=Channel.WECOM,
        kind=PushKind.CARD,
        body={"card": {"task_id": "1-v1", "title": "新任务"}},
        expires=NOW + timedelta(days=3),
        urgent=True,
        fields={"thing1": "压力表校准"},
    )
    assert enqueued(db, card) == 1
    (row,) = claimed(db)
    assert row.push == card
    assert (row.state, row.attempts, row.repeats) == (PushState.SENDING, 1, 0)
    assert row.lease_until == NOW + LEASE


def test_a_key_is_used_once_for_ever(db: Database) -> None:
    assert enqueued(db) == 0
    assert enqueued(db, push("a"), push("b")) == 2
    assert enqueued(db, push("a"), push("c")) == 1
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_sent(tx, row.id, "one", NOW))
    assert enqueued(db, push("a")) == 0


def test_a_turn_that_fails_sends_nothing(db: Database) -> None:
    def turn(tx: Tx) -> None:
        outbox.enqueue(tx, [push("a")])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        db.run(turn)
    assert claimed(db) == []
    assert enqueued(db, push("a")) == 1


def test_nothing_is_taken_before_it_is_due(db: Database) -> None:
    enqueued(db, push("a", due=SOON))
    assert claimed(db) == []
    assert keys(claimed(db, SOON)) == ["a"]


def test_each_person_gets_the_oldest_first_and_others_do_not_wait(db: Database) -> None:
    early, late = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    enqueued(db, push("new", due=late), push("old", due=early), push("other", to="openid-2"))
    first = claimed(db)
    assert keys(first) == ["old", "other"]
    assert claimed(db, token="two") == []
    db.run(lambda tx: outbox.mark_sent(tx, first[0].id, "one", NOW))
    assert keys(claimed(db, token="two")) == ["new"]


def test_two_bubbles_of_one_turn_keep_their_order(db: Database) -> None:
    enqueued(db, *(push(f"bubble-{n}") for n in range(5)))
    seen = []
    while rows := claimed(db):
        seen += keys(rows)
        db.run(partial(outbox.mark_sent, row_id=rows[0].id, token="one", at=NOW))
    assert seen == [f"bubble-{n}" for n in range(5)]


def test_a_push_that_is_tried_again_keeps_its_place(db: Database) -> None:
    enqueued(db, push("old"), push("new"))
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_retry(tx, row.id, "one", SOON, "again (-1): busy"))
    assert claimed(db) == []
    (row,) = claimed(db, SOON)
    assert (row.push.key, row.attempts, row.reason) == ("old", 2, "again (-1): busy")


def test_a_push_that_is_only_put_off_costs_no_attempt(db: Database) -> None:
    enqueued(db, push("a"))
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_retry(tx, row.id, "one", SOON, "paced", counted=False))
    assert [row.attempts for row in claimed(db, SOON)] == [1]


def test_a_push_due_in_days_does_not_hold_up_what_is_due_now(db: Database) -> None:
    enqueued(db, push("survey", due=NOW + timedelta(days=5)), push("status"))
    assert keys(claimed(db)) == ["status"]


def test_a_held_push_holds_up_nobody(db: Database) -> None:
    enqueued(db, push("held"), push("next"))
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_held(tx, row.id, "one", NOW, "window_closed"))
    assert keys(claimed(db)) == ["next"]


def test_only_what_nobody_can_have_seen_is_taken_back(db: Database) -> None:
    names = ("held", "sent", "sending", "unsure")
    # each to somebody else, so that one worker takes them all
    enqueued(db, *(push(name, f"to-{name}") for name in (*names, "due")))
    rows = {row.push.key: row.id for row in claimed(db)}
    db.run(lambda tx: outbox.mark_held(tx, rows["held"], ONE, NOW, "window_closed"))
    db.run(lambda tx: outbox.mark_sent(tx, rows["sent"], ONE, NOW))
    db.run(lambda tx: outbox.mark_retry(tx, rows["unsure"], ONE, SOON, "unheard", doubtful=True))
    db.run(lambda tx: outbox.mark_retry(tx, rows["due"], ONE, SOON, "busy"))
    taken = db.run(lambda tx: outbox.withdraw(tx, (*names, "due", "unknown"), "rated"))
    assert set(taken) == {"held", "due"}
    # nobody has to look at what was taken back, and nobody sends it
    assert db.run(lambda tx: outbox.waiting(tx, NOW)).failed == 0
    assert keys(claimed(db, SOON, token="two")) == ["unsure"]
    assert db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "to-held", NOW)) == ()


def test_what_became_of_a_push_is_known_by_its_key(db: Database) -> None:
    enqueued(db, push("a"))
    assert db.run(lambda tx: outbox.fate(tx, "none")) is None
    assert db.run(lambda tx: outbox.fate(tx, "a")) == Fate(PushState.PENDING, None, "")
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_held(tx, row.id, ONE, NOW, "window_closed"))
    held = Fate(PushState.HELD, None, "window_closed")
    assert db.run(lambda tx: outbox.fate(tx, "a")) == held
    db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", NOW))
    found = db.run(lambda tx: outbox.fate(tx, "a"))
    assert found is not None
    assert (found.state, found.sent_at) == (PushState.SENT, NOW)


def test_a_menu_that_waits_rides_on_a_reply_unless_its_time_is_over(db: Database) -> None:
    soon = NOW + timedelta(hours=1)
    enqueued(db, push("menu", kind=PushKind.MENU, expires=soon))
    (row,) = claimed(db)
    db.run(lambda tx: outbox.mark_held(tx, row.id, ONE, NOW, "window_closed"))
    assert db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", soon)) == ()
    taken = db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", NOW))
    assert keys(taken) == ["menu"]


def test_when_a_lease_runs_out_another_worker_takes_over_and_counts_it(db: Database) -> None:
    enqueued(db, push("a"))
    assert keys(claimed(db)) == ["a"]
    assert claimed(db, SOON, token="two") == []
    (row,) = claimed(db, LATER, token="two")
    assert (row.attempts, row.repeats) == (2, 1)


def test_the_mark_of_a_worker_that_slept_is_refused(db: Database) -> None:
    enqueued(db, push("a"))
    (slept,) = claimed(db)
    (row,) = claimed(db, LATER, token="two")

    def marks(tx: Tx) -> list[bool]:
        return [
            outbox.renew(tx, slept.id, "one", LATER + LEASE),
            outbox.mark_sent(tx, slept.id, "one", LATER),
            outbox.mark_retry(tx, slept.id, "one", LATER, "why"),
            outbox.mark_held(tx, slept.id, "one", LATER, "why"),
            outbox.mark_failed(tx, slept.id, "one", LATER, "why"),
            outbox.mark_uncertain(tx, slept.id, "one", LATER, "why"),
        ]

    assert db.run(marks) == [False] * 6
    assert db.run(lambda tx: outbox.mark_sent(tx, row.id, "two", LATER))
    assert db.run(marks) == [False] * 6


def test_a_renewed_lease_is_not_taken_over(db: Database) -> None:
    enqueued(db, push("a"))
    (row,) = claimed(db)
    assert db.run(lambda tx: outbox.renew(tx, row.id, "one", LATER + LEASE))
    assert claimed(db, LATER, token="two") == []


def test_a_mark_only_counts_while_sending(db: Database) -> None:
    enqueued(db, push("a"))
    (row,) = claimed(db)
    assert db.run(lambda tx: outbox.mark_sent(tx, row.id, "one", NOW, "msgid", "code"))
    assert not db.run(lambda tx: outbox.mark_sent(tx, row.id, "one", NOW))
    assert db.run(lambda tx: outbox.code_of(tx, "a")) == "code"
    assert db.run(lambda tx: outbox.code_of(tx, "b")) is None


def parked(db: Database, *keys_: str) -> list[Row]:
    """Pushes of one person, all held."""
    enqueued(db, *(push(key) for key in keys_))
    found = []
    while rows := claimed(db):
        found += rows
        db.run(partial(outbox.mark_held, row_id=rows[0].id, token="one", at=NOW, reason="no"))
    return found


def test_held_texts_are_taken_oldest_first_and_once(db: Database) -> None:
    parked(db, "first", "second")
    enqueued(db, push("other", to="openid-2"))
    taken = db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", NOW))
    assert keys(taken) == ["first", "second"]
    assert {row.state for row in taken} == {PushState.SENT}
    assert db.run(lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", NOW)) == ()
    assert keys(claimed(db)) == ["other"]


def test_of_many_replies_at_once_one_carries_the_held_texts(db: Database) -> None:
    parked(db, "first", "second")
    with ThreadPoolExecutor(8) as pool:
        taken = list(
            pool.map(
                lambda _n: db.run(
                    lambda tx: outbox.take_held(tx, Channel.OFFICIAL, "openid-1", NOW)
                ),
                range(8),
            )
        )
    assert sorted(map(len, taken)) == [0] * 7 + [2]


def test_what_is_held_goes_out_again_when_a_way_opens(db: Database) -> None:
    parked(db, "first", "second")
    assert db.run(lambda tx: outbox.release(tx, Channel.OFFICIAL, "openid-1", SOON)) == 2
    assert keys(claimed(db, SOON)) == ["first"]


def test_held_pushes_that_nobody_needs_any_more_become_failures(db: Database) -> None:
    enqueued(db, push("a", expires=SOON), push("b", to="openid-2"))
    for row in claimed(db):
        db.run(partial(outbox.mark_held, row_id=row.id, token="one", at=NOW, reason="no"))
    assert db.run(lambda tx: outbox.expire_held(tx, NOW)) == 0
    assert db.run(lambda tx: outbox.expire_held(tx, LATER)) == 1
    assert db.run(lambda tx: outbox.waiting(tx, LATER)) == outbox.Waiting(0, None, 1, 0, 1)


def test_staff_can_have_a_failed_push_sent_after_all_but_not_a_sent_one(db: Database) -> None:
    enqueued(db, push("a"), push("b", to="openid-2"))
    failed, sent = claimed(db)
    db.run(lambda tx: outbox.mark_failed(tx, failed.id, "one", NOW, "never (40003): bad openid"))
    db.run(lambda tx: outbox.mark_sent(tx, sent.id, "one", NOW))
    assert db.run(lambda tx: outbox.again(tx, failed.id, NOW))
    assert not db.run(lambda tx: outbox.again(tx, sent.id, NOW))
    assert [(row.push.key, row.attempts) for row in claimed(db)] == [("a", 1)]


def test_what_waits_is_counted_for_the_health_page(db: Database) -> None:
    enqueued(db, *(push(f"p{n}", to=f"openid-{n}") for n in range(6)))
    rows = claimed(db, limit=4)
    db.run(lambda tx: outbox.mark_held(tx, rows[0].id, "one", NOW, "no"))
    db.run(lambda tx: outbox.mark_failed(tx, rows[1].id, "one", NOW, "no"))
    db.run(lambda tx: outbox.mark_uncertain(tx, rows[2].id, "one", NOW, "no"))
    db.run(lambda tx: outbox.mark_sent(tx, rows[3].id, "one", NOW))
    assert db.run(lambda tx: outbox.waiting(tx, SOON)) == outbox.Waiting(2, NOW, 1, 1, 1)


def test_sixteen_workers_take_every_push_once_and_each_person_in_order(db: Database) -> None:
    persons, each = 25, 8
    for n in range(each):
        enqueued(db, *(push(f"{p}-{n}", to=f"openid-{p}") for p in range(persons)))
    seen: list[str] = []

    def work(number: int) -> None:
        token = f"worker-{number}"
        while rows := claimed(db, token=token, limit=3):
            for row in rows:
                seen.append(row.push.key)
                assert db.run(partial(outbox.mark_sent, row_id=row.id, token=token, at=NOW))

    while db.run(lambda tx: outbox.waiting(tx, NOW)).due:
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(work, range(16)))
    assert Counter(seen) == {f"{p}-{n}": 1 for p in range(persons) for n in range(each)}
    for p in range(persons):
        mine = [key for key in seen if key.startswith(f"{p}-")]
        assert mine == [f"{p}-{n}" for n in range(each)]


def test_a_claim_takes_no_more_than_it_was_asked_for(db: Database) -> None:
    enqueued(db, *(push(f"p{n}", to=f"openid-{n}") for n in range(40)))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: claimed(db, token=f"t{n}", limit=3), range(8)))
    assert all(len(rows) <= 3 for rows in found)


def test_a_push_that_is_replaced_by_nothing_changes_nothing(db: Database) -> None:
    first = push("a", body={"text": "first"})
    enqueued(db, first)
    enqueued(db, replace(first, body={"text": "second"}))
    assert [row.push.body["text"] for row in claimed(db)] == ["first"]


def test_a_push_under_a_lost_key_holds_up_nobody_and_is_visible(
    db: Database, engine_url: str
) -> None:
    other = open_database(engine_url, Vault([Fernet.generate_key().decode()], "lookup"))
    enqueued(other, push("lost"))
    other.close()
    enqueued(db, push("well", to="openid-2"))
    assert keys(claimed(db)) == ["well"]
    assert db.run(lambda tx: outbox.waiting(tx, NOW)).failed == 1
