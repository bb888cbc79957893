"""Whoever is forgotten cannot be found again: not by name, not by what was sent to them."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.cases import NeedState
from bot.messages import Channel
from storage import cases, events, files, forgetting, handovers, outbox, people
from storage.db import Database, Tx
from storage.files import FilePurpose, FileState
from storage.models import CaseRow, PushState
from storage.people import Act, Person
from tests.storage.samples import NEED, NOW, RECORD, push
from tests.storage.test_at_rest import on_disk

OPENID = "openid-canary"
SOON = NOW + timedelta(minutes=1)


def photo(tx: Tx, person: Person, purpose: FilePurpose, case_id: int | None = None) -> str:
    """A photo of theirs."""
    file = files.put(
        tx,
        purpose=purpose,
        data=b"jpeg",
        content_type="image/jpeg",
        channel=Channel.OFFICIAL,
        at=NOW,
        person_id=person.id,
        case_id=case_id,
    )
    return file.key


def life(tx: Tx) -> Person:
    """Somebody with everything: a draft, a case, photos, pushes sent, held and on their way."""
    person = people.meet(tx, Channel.OFFICIAL, OPENID, NOW, Act.WROTE)
    people.save(tx, person.id, {"form": "intake"})
    people.keep_first(tx, person.id, "words", NOW)
    people.ask_aside(tx, person.id, {"asks": "something"})
    people.opt_out(tx, person.id, NOW)
    people.consent(tx, person.id, NOW, "2026-11")
    people.hand_to(tx, person.id, "zhangsan")
    handovers.begin(tx, person.id, None, "zhangsan", NOW, SOON)
    case = cases.register(tx, "JY-1", person.id, "oa", "zhangsan", RECORD, [NEED], NOW)
    photo(tx, person, FilePurpose.MATERIAL)
    photo(tx, person, FilePurpose.MATERIAL, case.id)
    photo(tx, person, FilePurpose.COMPLAINT)
    outbox.enqueue(tx, [push("sent", OPENID), push("other", "openid-2")])
    for row in outbox.claim(tx, NOW, "token", SOON, 9):
        outbox.mark_sent(tx, row.id, "token", NOW)
    outbox.enqueue(tx, [push("held", OPENID)])
    (row,) = outbox.claim(tx, NOW, "token", SOON, 1)
    outbox.mark_held(tx, row.id, "token", NOW, "window")
    outbox.enqueue(tx, [push("waiting", OPENID, NOW + timedelta(days=1))])
    found = people.find(tx, Channel.OFFICIAL, OPENID)
    assert found is not None
    return found


def test_nothing_leads_from_the_identity_to_the_person_any_more(db: Database) -> None:
    person = db.run(life)
    db.run(lambda tx: forgetting.vanish(tx, person, SOON, "erased"))
    assert db.run(lambda tx: people.find(tx, Channel.OFFICIAL, OPENID)) is None
    gone = db.run(lambda tx: people.by_id(tx, person.id))
    assert gone is not None
    assert gone.channel is Channel.DESK
    assert (gone.progress, gone.first_words, gone.aside) == ({}, None, {})
    assert (gone.opted_out_at, gone.handed_to, gone.credits.following) == (None, None, False)
    # that they agreed is what the log is kept for
    assert gone.consented_at == NOW
    assert db.run(lambda tx: handovers.of_person(tx, person.id)) is None


def test_their_pushes_are_stopped_and_say_nothing_any_more(db: Database) -> None:
    person = db.run(life)
    db.run(lambda tx: forgetting.vanish(tx, person, SOON, "erased"))
    assert db.run(lambda tx: forgetting.push_state(tx, "held")) is PushState.FAILED
    assert db.run(lambda tx: forgetting.push_state(tx, "waiting")) is PushState.FAILED
    query = "SELECT recipient FROM outbox WHERE key IN ('sent', 'held', 'waiting')"
    to = db.run(lambda tx: list(tx.connection.exec_driver_sql(query).scalars()))
    assert len(to) == 3
    assert all(one.startswith(forgetting.GONE) for one in to)
    other = "SELECT recipient FROM outbox WHERE key = 'other'"
    assert db.run(lambda tx: tx.connection.exec_driver_sql(other).scalar()) == "openid-2"
    assert db.run(lambda tx: outbox.claim(tx, NOW + timedelta(days=2), "t", SOON, 9)) == ()


def test_photos_go_but_for_those_of_a_complaint(db: Database) -> None:
    person = db.run(life)
    db.run(lambda tx: forgetting.vanish(tx, person, SOON, "erased"))
    states = [(one.purpose, one.state) for one in db.run(lambda tx: files.of_person(tx, person.id))]
    assert sorted(states) == [
        (FilePurpose.COMPLAINT, FileState.STORED),
        (FilePurpose.MATERIAL, FileState.ERASED),
        (FilePurpose.MATERIAL, FileState.ERASED),
    ]


def test_dropping_a_draft_leaves_the_photos_of_cases_and_the_talk(db: Database) -> None:
    person = db.run(life)
    db.run(lambda tx: forgetting.drop_draft(tx, person.id))
    kept = db.run(lambda tx: people.by_id(tx, person.id))
    assert kept is not None
    assert (kept.progress, kept.first_words, kept.handed_to) == ({}, None, "zhangsan")
    own = db.run(lambda tx: files.of_person(tx, person.id))
    erased = [one.case_id for one in own if one.state is FileState.ERASED]
    assert erased == [None]


def test_the_case_stays_with_somebody_nobody_knows(db: Database) -> None:
    person = db.run(life)
    db.run(lambda tx: forgetting.vanish(tx, person, SOON, "left"))
    case = db.run(lambda tx: cases.by_number(tx, "JY-1"))
    assert case is not None
    assert (case.person_id, case.record) == (person.id, RECORD)


def test_two_who_are_forgotten_do_not_become_one(db: Database) -> None:
    def both(tx: Tx) -> set[str]:
        for name in ("a", "b"):
            person = people.meet(tx, Channel.OFFICIAL, name, NOW, Act.WROTE)
            forgetting.vanish(tx, person, NOW, "left")
        found = tx.connection.exec_driver_sql("SELECT identity FROM people").scalars()
        return set(found)

    assert len(db.run(both)) == 2


def test_a_stranger_has_the_allowance_and_nothing_else(db: Database) -> None:
    def forget(tx: Tx, person: Person) -> None:
        forgetting.vanish(tx, person, SOON, "erased")
        forgetting.as_stranger(tx, person, SOON)

    person = db.run(life)
    db.run(lambda tx: forget(tx, person))
    found = db.run(lambda tx: people.find(tx, Channel.OFFICIAL, OPENID))
    assert found is not None
    assert found.id != person.id
    assert found.credits == person.credits
    assert (found.progress, found.consented_at, found.held) == ({}, None, False)
    # and whoever writes again is that stranger
    again = db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, OPENID, SOON, Act.WROTE))
    assert again.id == found.id


def test_whoever_writes_while_they_are_forgotten_is_met_as_the_stranger(db: Database) -> None:
    person = db.run(life)
    forgotten = threading.Event()

    def forget(tx: Tx) -> int:
        people.lock(tx, Channel.OFFICIAL, OPENID)
        forgetting.vanish(tx, person, SOON, "erased")
        stranger = forgetting.as_stranger(tx, person, SOON)
        forgotten.set()
        # the other turn is under way by now, and waits for this one
        time.sleep(0.2)
        return stranger

    def write() -> Person:
        forgotten.wait()
        return db.run(lambda tx: people.meet(tx, Channel.OFFICIAL, OPENID, SOON, Act.WROTE))

    with ThreadPoolExecutor(2) as pool:
        met = pool.submit(write)
        stranger = db.run(forget)
        assert met.result().id == stranger


def test_a_case_that_was_kept_long_enough_becomes_a_number(db: Database, engine_url: str) -> None:
    def closed(tx: Tx) -> None:
        person = life(tx)
        case = cases.by_number(tx, "JY-1")
        assert case is not None
        events.append(tx, case.id, None, NOW, "feedback", "zhangsan", {"text": "金丝雀"})
        cases.change(tx, case.needs[0], state=NeedState.WITHDRAWN, report_number="R-1", at=NOW)
        assert (
            forgetting.is_past(tx, person.id, NOW + timedelta(days=9), NOW + timedelta(days=9))
            is False
        )

    def empty(tx: Tx) -> int:
        found = forgetting.outlived(tx, NOW + timedelta(days=9), 9)
        for one in found:
            forgetting.empty_case(tx, one[0], SOON)
        return len(found)

    db.run(closed)
    assert db.run(lambda tx: len(forgetting.outlived(tx, NOW, 9))) == 0
    assert (db.run(empty), db.run(empty)) == (1, 0)
    case = db.run(lambda tx: cases.by_number(tx, "JY-1"))
    assert case is not None
    assert (case.record.client_type, case.record.fields) == (RECORD.client_type, {})
    (need,) = case.needs
    assert (need.state, need.item, need.description) == (NeedState.WITHDRAWN, NEED.item, "")
    assert (need.report_number, need.reason) == ("", "")
    assert all(one.erased for one in db.run(lambda tx: events.of_case(tx, case.id)))
    hashes = db.run(
        lambda tx: tx.execute(select(CaseRow.phone_hmac, CaseRow.phone_last4_hmac)).one()
    )
    assert tuple(hashes) == (None, None)
    assert "长春市净月仪表厂".encode() not in newest(on_disk(engine_url), engine_url)
    past = NOW + timedelta(days=9)
    assert db.run(lambda tx: forgetting.is_past(tx, case.person_id, past, past)) is True


def newest(raw: bytes, url: str) -> bytes:
    """Of PostgreSQL a dump shows what is there; SQLite's file has old pages until it is reused."""
    return raw if url.startswith("postgres") else b""


def test_a_case_with_an_open_need_is_never_emptied(db: Database) -> None:
    db.run(life)
    later = NOW + timedelta(days=9999)
    assert db.run(lambda tx: len(forgetting.outlived(tx, later, 9))) == 0


@pytest.mark.parametrize("slice_", [1, 2, 50])
def test_old_pushes_and_quoted_words_go_in_slices_and_new_ones_stay(
    db: Database, slice_: int
) -> None:
    def fill(tx: Tx) -> int:
        life(tx)
        case = cases.by_number(tx, "JY-1")
        assert case is not None
        for days in (9, 8, 0):
            at = NOW - timedelta(days=days)
            for kind in ("asks_for_person", "feedback"):
                events.append(tx, case.id, None, at, kind, "client", {"words": "x"})
        return case.id

    before = NOW - timedelta(days=5)
    case_id = db.run(fill)
    while db.run(lambda tx: forgetting.forget_chat(tx, before, slice_)) == slice_:
        pass
    lines = db.run(lambda tx: events.of_case(tx, case_id))
    assert [(one.kind, one.erased) for one in lines] == [
        ("asks_for_person", True),
        ("feedback", False),
        ("asks_for_person", True),
        ("feedback", False),
        ("asks_for_person", False),
        ("feedback", False),
    ]
    assert db.run(lambda tx: forgetting.purge_pushes(tx, before, slice_)) == 0
    while db.run(lambda tx: forgetting.purge_pushes(tx, NOW + timedelta(days=1), slice_)):
        pass
    keys = db.run(lambda tx: set(tx.connection.exec_driver_sql("SELECT key FROM outbox").scalars()))
    # what still waits for its hour is not old
    assert keys == {"waiting"}
