"""Cases: numbered without gaps or doubles, found, moved under a lock, searched by keyed hashes."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.domain.cases import Case, ClientType, Field, NeedState, NewNeed
from bot.messages import Channel
from storage import cases, people
from storage.cases import Stale
from storage.db import Database, Tx
from storage.models import CaseRow
from storage.people import Act
from tests.storage.samples import NEED, NOW, RECORD

DAY = date(2026, 11, 22)


def registered(
    tx: Tx, needs: Sequence[NewNeed] = (NEED,), who: str = "openid-1", at: datetime = NOW
) -> Case:
    """One more case of that person."""
    person = people.meet(tx, Channel.OFFICIAL, who, at, Act.WROTE)
    number = cases.next_number(tx, "JY", at.date())
    return cases.register(tx, number, person.id, "oa", "zhangsan", RECORD, needs, at)


def test_numbers_count_up_within_a_day_and_a_prefix(db: Database) -> None:
    def four(tx: Tx) -> list[str]:
        days = [("JY", DAY), ("JY", DAY), ("JY", DAY + timedelta(days=1)), ("CC", DAY)]
        return [cases.next_number(tx, prefix, day) for prefix, day in days]

    expected = ["JY20261122-0001", "JY20261122-0002", "JY20261123-0001", "CC20261122-0001"]
    assert db.run(four) == expected


def test_numbers_given_out_at_once_are_all_different_and_without_a_gap(db: Database) -> None:
    with ThreadPoolExecutor(16) as pool:
        one = list(
            pool.map(lambda _n: db.run(lambda tx: cases.next_number(tx, "JY", DAY)), range(80))
        )
    assert sorted(one) == [f"JY20261122-{n:04d}" for n in range(1, 81)]


def test_a_case_comes_back_exactly_as_it_was_registered(db: Database) -> None:
    other = replace(NEED, state=NeedState.TO_SUPPLEMENT, wanted=("营业执照", "fact:x"), due=None)
    case = db.run(lambda tx: registered(tx, [NEED, other]))
    assert [need.position for need in case.needs] == [1, 2]
    assert case.needs[1].wanted == ("营业执照", "fact:x")
    assert case.record == RECORD
    assert db.run(lambda tx: cases.by_number(tx, case.number)) == case
    assert db.run(lambda tx: cases.by_id(tx, case.id)) == case
    assert db.run(lambda tx: cases.need(tx, case.needs[1].id)) == (case, case.needs[1])


def test_a_name_longer_than_any_index_takes_is_registered_whole(db: Database) -> None:
    # characters without a pattern: a repeated one would be compressed until it fits
    name = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(5_000))
    record = replace(RECORD, fields={**RECORD.fields, Field.APPLICANT: name})

    def turn(tx: Tx) -> Case:
        person = people.meet(tx, Channel.OFFICIAL, "openid-1", NOW, Act.WROTE)
        case = cases.register(tx, "JY-1", person.id, "oa", "zhangsan", record, [NEED], NOW)
        cases.rewrite(tx, case.id, record)
        return case

    case = db.run(turn)
    assert db.run(lambda tx: cases.by_number(tx, "JY-1")) == case
    assert case.record.fields[Field.APPLICANT] == name


def test_what_does_not_exist_is_not_found(db: Database) -> None:
    assert db.run(lambda tx: cases.by_number(tx, "JY20261122-0001")) is None
    assert db.run(lambda tx: cases.need(tx, 7)) is None
    assert db.run(lambda tx: cases.of_person(tx, 7)) == ()


def test_times_are_shanghai_times_whatever_zone_they_came_in(db: Database) -> None:
    at = datetime(2026, 11, 22, 16, 30, 1, 123456, tzinfo=UTC)
    case = db.run(lambda tx: registered(tx, at=at))
    stored = db.run(lambda tx: cases.by_id(tx, case.id))
    assert stored == case
    assert str(case.registered_at) == "2026-11-23 00:30:01.123456+08:00"


def test_a_persons_cases_come_newest_first_and_nobody_elses(db: Database) -> None:
    mine = [db.run(registered) for _ in range(4)]
    db.run(lambda tx: registered(tx, who="openid-2"))
    found = db.run(lambda tx: cases.of_person(tx, mine[0].person_id, limit=3))
    assert found == tuple(mine[:0:-1])


def test_a_change_is_stored_and_leaves_the_rest_as_it_was(db: Database) -> None:
    case = db.run(registered)
    (need,) = case.needs
    changed = db.run(
        lambda tx: cases.change(
            tx, need, state=NeedState.TO_SUPPLEMENT, wanted=["营业执照"], reason="看不清", step=None
        )
    )
    expected = replace(
        need,
        state=NeedState.TO_SUPPLEMENT,
        wanted=("营业执照",),
        reason="看不清",
        version=need.version + 1,
    )
    assert changed == expected
    assert db.run(lambda tx: cases.need(tx, need.id)) == (replace(case, needs=(changed,)), changed)


def test_a_change_of_what_somebody_else_has_changed_is_stale(db: Database) -> None:
    (need,) = db.run(registered).needs
    db.run(lambda tx: cases.change(tx, need, assignee="lisi"))
    with pytest.raises(Stale):
        db.run(lambda tx: cases.change(tx, need, assignee="wangwu"))


def test_of_sixteen_who_take_the_same_need_one_gets_it(db: Database) -> None:
    (need,) = db.run(registered).needs

    def take(number: int) -> bool:
        def turn(tx: Tx) -> bool:
            found = cases.need(tx, need.id)
            assert found is not None
            if found[1].state is not NeedState.SUBMITTED:
                return False
            cases.change(tx, found[1], state=NeedState.EVALUATING, assignee=f"staff-{number}")
            return True

        return db.run(turn)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(take, range(16))) == 1


def test_loads_count_open_needs_only(db: Database) -> None:
    other = replace(NEED, assignee="lisi")
    case = db.run(lambda tx: registered(tx, [NEED, NEED, other]))
    assert db.run(cases.open_loads) == {"zhangsan": 2, "lisi": 1}
    db.run(lambda tx: cases.change(tx, case.needs[0], state=NeedState.WITHDRAWN))
    assert db.run(cases.open_loads) == {"zhangsan": 1, "lisi": 1}
    ((found, need),) = db.run(lambda tx: cases.of_assignee(tx, "zhangsan"))
    assert (found.number, need) == (case.number, case.needs[1])
    # a closed need that is opened again weighs again
    again = db.run(lambda tx: cases.need(tx, case.needs[0].id))
    assert again is not None
    db.run(lambda tx: cases.change(tx, again[1], state=NeedState.EVALUATING))
    assert db.run(cases.open_loads) == {"zhangsan": 2, "lisi": 1}


def test_a_staff_members_needs_come_oldest_first_with_the_whole_case(db: Database) -> None:
    made = [db.run(lambda tx: registered(tx, [NEED, NEED])) for _ in range(3)]
    found = db.run(lambda tx: cases.of_assignee(tx, "zhangsan", limit=5))
    assert [case for case, _need in found] == [made[0], made[0], made[1], made[1], made[2]]
    assert [need.id for _case, need in found] == sorted(need.id for _case, need in found)


def test_a_need_nobody_took_up_shows_after_its_time_until_it_is_taken(db: Database) -> None:
    (need,) = db.run(registered).needs
    soon = NOW + timedelta(hours=1)
    assert db.run(lambda tx: cases.unaccepted(tx, NOW)) == ()
    assert db.run(lambda tx: cases.unaccepted(tx, soon)) == (need.id,)
    need = db.run(lambda tx: cases.change(tx, need, assignee="lisi", at=soon))
    assert db.run(lambda tx: cases.unaccepted(tx, soon)) == ()
    assert db.run(lambda tx: cases.unaccepted(tx, soon + timedelta(hours=1))) == (need.id,)
    db.run(lambda tx: cases.change(tx, need, state=NeedState.EVALUATING))
    assert db.run(lambda tx: cases.unaccepted(tx, soon + timedelta(hours=1))) == ()


def test_a_rewritten_record_has_the_hash_of_its_new_phone_and_not_the_old(db: Database) -> None:
    case = db.run(registered)
    fields = {**RECORD.fields, Field.PHONE: "13900000002"}
    record = replace(RECORD, fields=fields)
    db.run(lambda tx: cases.rewrite(tx, case.id, record))
    assert db.run(lambda tx: cases.by_id(tx, case.id)) == replace(case, record=record)
    hashes = db.run(lambda tx: tx.execute(select(CaseRow.phone_hmac)).scalars().all())
    assert hashes == [db.run(lambda tx: tx.vault.digest("13900000002"))]


def test_the_name_of_an_enterprise_is_clear_and_that_of_an_individual_is_not(db: Database) -> None:
    def clear(tx: Tx) -> list[object]:
        query = "SELECT enterprise FROM cases ORDER BY id"
        return list(tx.connection.exec_driver_sql(query).scalars())

    case = db.run(registered)
    db.run(registered)
    individual = replace(RECORD, client_type=ClientType.INDIVIDUAL)
    db.run(lambda tx: cases.rewrite(tx, case.id, individual))
    assert db.run(clear) == [None, "长春市净月仪表厂"]


def test_an_export_walks_over_every_case_from_a_day_on(db: Database) -> None:
    made = [db.run(partial(registered, at=NOW + timedelta(days=n))) for n in range(5)]
    assert db.run(lambda tx: list(cases.page(tx, None, 0, 100))) == made
    assert (
        db.run(lambda tx: list(cases.page(tx, NOW.date() + timedelta(days=2), 0, 100))) == made[2:]
    )
    first = db.run(lambda tx: cases.page(tx, None, limit=2))
    assert first == tuple(made[:2])
    assert db.run(lambda tx: cases.page(tx, None, after=first[-1].id, limit=2)) == tuple(made[2:4])


def test_a_need_put_in_the_place_of_another_version_has_all_of_it(db: Database) -> None:
    case = db.run(registered)
    (need,) = case.needs
    new = replace(
        need,
        category="testing",
        item="test_food",
        department="food",
        assignee="lisi",
        state=NeedState.TO_SUPPLEMENT,
        due=None,
        wanted=("样品信息",),
    )
    changed = db.run(lambda tx: cases.put(tx, need, new, NOW + timedelta(hours=1)))
    assert changed == replace(new, version=need.version + 1)
    assert db.run(lambda tx: cases.need(tx, need.id)) == (replace(case, needs=(changed,)), changed)
    with pytest.raises(Stale):
        db.run(lambda tx: cases.put(tx, need, new))
