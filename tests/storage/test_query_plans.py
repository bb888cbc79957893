"""No question that is asked in every turn or every second reads a whole table."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.messages import Channel
from storage import (
    cases,
    consents,
    events,
    files,
    forgetting,
    humans,
    improvements,
    inbox,
    members,
    outbox,
    people,
    privacy,
    quotas,
    runs,
    sent_cards,
    surveys,
    windows,
)
from storage.db import Database, Tx
from storage.people import Act
from tests.storage.samples import NOW, push
from tests.storage.test_cases import registered

WHO = (Channel.OFFICIAL, "openid-1")
SOON = NOW + timedelta(minutes=1)


def hold(tx: Tx) -> None:
    """One held push, so that there is something to take."""
    (row,) = outbox.claim(tx, NOW, "token", SOON, 1)
    outbox.mark_held(tx, row.id, "token", NOW, "no")


QUESTIONS: Mapping[str, object] = {
    "claim a message": lambda tx: inbox.claim(tx, "key", *WHO[:1], NOW),
    "record a reply": lambda tx: inbox.record(tx, "key", b"reply"),
    "purge the inbox": lambda tx: inbox.purge(tx, NOW, 100),
    "meet": lambda tx: people.meet(tx, *WHO, NOW, Act.WROTE),
    "find": lambda tx: people.find(tx, *WHO),
    "who is behind chats": lambda tx: humans.unmarked(tx, *WHO[:1], 20),
    "mark who is behind a chat": lambda tx: humans.mark(tx, 1, "unionid"),
    "gather a history": lambda tx: humans.gather(tx, 1),
    "save": lambda tx: people.save(tx, 1, {"a": 1}),
    "forget first words": lambda tx: people.forget_first_words(tx, NOW),
    "drop drafts": lambda tx: people.drop_drafts(tx, NOW),
    "by number": lambda tx: cases.by_number(tx, "JY20261123-0001"),
    "of person": lambda tx: cases.of_person(tx, 1),
    "need": lambda tx: cases.need(tx, 1),
    "open loads": cases.open_loads,
    "of assignee": lambda tx: cases.of_assignee(tx, "zhangsan"),
    "unaccepted": lambda tx: cases.unaccepted(tx, NOW),
    "events of case": lambda tx: events.of_case(tx, 1),
    "enqueue": lambda tx: outbox.enqueue(tx, [push("another")]),
    "claim pushes": lambda tx: outbox.claim(tx, NOW, "token", SOON, 8),
    "mark": lambda tx: outbox.mark_sent(tx, 1, "token", NOW),
    "take held": lambda tx: outbox.take_held(tx, *WHO, NOW),
    "spend": lambda tx: outbox.spend(tx, *WHO, tapped=False),
    "waiting": lambda tx: outbox.waiting(tx, NOW),
    "privacy requests due": lambda tx: privacy.due(tx, NOW),
    "privacy requests of person": lambda tx: privacy.of_person(tx, 1),
    "purge privacy log": lambda tx: privacy.purge(tx, NOW, 100),
    "who left": forgetting.left,
    "forget chats": lambda tx: forgetting.forget_chat(tx, NOW, 100),
    "cases outlived": lambda tx: forgetting.outlived(tx, NOW, 100),
    "further cases outlived": lambda tx: forgetting.outlived(tx, NOW, 100, (1, NOW)),
    "empty a case": lambda tx: forgetting.empty_case(tx, 1, NOW),
    "complaints outlived": lambda tx: forgetting.empty_voices(tx, NOW, NOW, 100),
    "silence": lambda tx: forgetting.silence(tx, *WHO, NOW, "left"),
    "blank pushes": lambda tx: forgetting.blank_pushes(tx, *WHO, "gone:1"),
    "served": surveys.served,
    "reopened": surveys.reopened,
    "surveys due": lambda tx: surveys.due(tx, NOW),
    "survey of case": lambda tx: surveys.of_case(tx, 1),
    "surveys of person": lambda tx: surveys.of_person(tx, 1),
    "improvements of owner": lambda tx: improvements.of_owner(tx, "zhangsan"),
    "improvements of cases": lambda tx: improvements.of_cases(tx, [1]),
    "fate of a push": lambda tx: outbox.fate(tx, "key"),
    "cards to be greyed": lambda tx: sent_cards.changeable(tx, ["a", "b"], NOW),
    "a member was reached": lambda tx: members.reached(tx, "zhangsan"),
    "a member was not reached": lambda tx: members.unreachable(tx, "zhangsan", NOW),
    "claim media": lambda tx: files.claim(tx, NOW, SOON, 4),
    "store a medium": lambda tx: files.store(tx, 1, b"data", "image/jpeg", NOW),
    "file by key": lambda tx: files.by_key(tx, "key"),
    "files of case": lambda tx: files.of_case(tx, 1),
    "files of person": lambda tx: files.of_person(tx, 1),
    "attach": lambda tx: files.attach(tx, ["key"], 1),
    "purge media": lambda tx: files.purge(tx, NOW),
    "purge loose": lambda tx: files.purge_loose(tx, NOW),
    "once": lambda tx: runs.once(tx, "job", "period"),
    "taken": lambda tx: runs.taken(tx, "job", "period"),
    "consents left": lambda tx: consents.left(tx, 1, "template"),
    "closed ways": lambda tx: quotas.closed_ways(tx, *WHO[:1], NOW),
    "what did not reach clients": lambda tx: outbox.unreached(tx, ["status"], NOW),
    "windows that close": lambda tx: windows.closing(tx, NOW, SOON),
    "held of person": lambda tx: windows.held_of(tx, *WHO),
    "a notice bounces": lambda tx: outbox.bounce(tx, WHO, "id", NOW, "why", held=True),
}


def filled(tx: Tx) -> None:
    """A few rows of everything, so that statements find what they look for."""
    registered(tx)
    outbox.enqueue(tx, [push("a"), push("b", "openid-2")])
    hold(tx)
    files.expect(tx, channel=WHO[0], media_id="m", purpose=files.FilePurpose.MATERIAL, at=NOW)


def plans(tx: Tx, question: object) -> list[str]:
    """How the engine answers each statement of a question, as if the tables were huge."""
    asked: list[tuple[str, object]] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_c: object, _u: object, sql: str, values: object, _x: object, _m: bool) -> None:
        asked.append((sql, values))

    try:
        assert callable(question)
        # the same statements, run where they can be listened to
        question(Tx(tx.connection, tx.vault))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return [explained(tx, sql, values) for sql, values in asked]


def explained(tx: Tx, sql: str, values: object) -> str:
    """The plan of one statement."""
    one: Any = values[0] if isinstance(values, list) else values
    postgres = tx.connection.dialect.name == "postgresql"
    word = "EXPLAIN" if postgres else "EXPLAIN QUERY PLAN"
    found = tx.connection.exec_driver_sql(f"{word} {sql}", one)
    return "\n".join(str(row[-1]) for row in found)


# what a common table expression has found is no table, and a partial index is no whole one
HARMLESS = "takeable|CONSTANT|outbox USING INDEX ix_outbox_parked|needs USING INDEX ix_needs_over"
SCAN = re.compile(rf"SCAN (?!{HARMLESS})|Seq Scan on ")


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_of_a_turn_scans_a_table(db: Database, name: str) -> None:
    def turn(tx: Tx) -> list[str]:
        if tx.connection.dialect.name == "postgresql":
            # an empty table is cheapest read whole; show what is done with a large one
            tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return plans(tx, QUESTIONS[name])

    db.run(filled)
    found = db.run(turn)
    assert found
    assert [plan for plan in found if SCAN.search(plan)] == []


def test_the_claim_reads_only_what_is_due(db: Database) -> None:
    (plan,) = db.run(lambda tx: plans(tx, QUESTIONS["claim pushes"]))
    if db.engine_name == "sqlite":
        assert "USING INDEX ix_outbox_next_at (next_at<?)" in plan
        assert "USING INDEX ix_outbox_order (channel=? AND recipient=?" in plan


def test_held_pushes_and_loads_are_read_from_their_own_indexes(db: Database) -> None:
    def turn(tx: Tx) -> str:
        if tx.connection.dialect.name == "postgresql":
            tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(plans(tx, QUESTIONS["take held"]) + plans(tx, QUESTIONS["open loads"]))

    plan = db.run(turn)
    assert "ix_outbox_parked" in plan
    assert "ix_needs_open_assignee_id" in plan
