"""改项: what is wanted, who has it and by when follow the new item, and nothing given is lost."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.actions import REROUTED
from bot.domain.cases import Field, How, Need, NeedState, NewNeed, Provided
from bot.domain.cases import NeedState as S
from bot.messages import Channel
from storage import cases, events, milestones, people
from storage.db import Tx
from storage.events import Event
from storage.people import Act
from tests.handlers.desk.book import (
    COLLEAGUE,
    FIRST_ASKED,
    KEEPER,
    MANAGER,
    Book,
    client_of,
    look,
    put,
)
from tests.storage.samples import RECORD
from tests.world import World

LIST, BILL, PLACE, ROOM = "计量器具清单", "开票信息", "现场地址和期望日期", "现场条件说明"
ONSITE, WATER = "现场检定/校准", "水质检测"
HERE = Provided(How.TYPED, "有")
GIVEN = dict.fromkeys((LIST, BILL, "证书单位名称和地址"), HERE)
ALL = GIVEN | {PLACE: HERE, ROOM: HERE}
# ten working days from Monday the 23rd
DUE = date(2026, 12, 7)
NOW = date(2026, 11, 23)


def give(world: World, number: str, materials: dict[str, Provided]) -> None:
    """The client gave just this."""
    record = replace(RECORD, materials=materials)
    world.database.run(lambda tx: cases.rewrite(tx, look_id(tx, number), record))


def look_id(tx: Tx, number: str) -> int:
    """Our own number of a case."""
    case = cases.by_number(tx, number)
    assert case is not None
    return case.id


def changed(world: World, number: str, **changes: Any) -> Need:
    """The need as it may have become."""
    need = look(world, number).need
    return world.database.run(lambda tx: cases.change(tx, need, **changes))


def timeline(world: World, number: str, kind: str) -> list[Event]:
    """The lines of that kind."""
    found = world.database.run(lambda tx: events.of_case(tx, look_id(tx, number)))
    return [one for one in found if one.kind == kind]


def texts_to(before: Book, after: Book, who: str) -> list[str]:
    """What was said to somebody since."""
    return [one.text for one in after.since(before) if one.to == who and one.text]


def test_where_nothing_lacks_it_goes_on_with_who_has_it_and_another_date(world: World) -> None:
    for state, becomes in REROUTED.items():
        number = put(world, state)
        give(world, number, ALL)
        before = look(world, number)
        reply = world.order(KEEPER, f"改项 {number} {ONSITE}")
        after = look(world, number)
        need = after.need
        assert (need.category, need.item, need.department) == (
            "metrology", "calibrate_onsite", "metrology",
        ), reply  # fmt: skip
        assert (need.state, need.assignee, need.wanted) == (becomes, KEEPER, ()), state
        assert (need.due, need.promised_from, need.promised_days) == (DUE, NOW, 10), state
        assert after.case.record == before.case.record
        [told] = texts_to(before, after, client_of(number))
        for said in (number, "检定/校准（送检）", ONSITE, "刘敏", "0431-85370021", "12月7日"):
            assert said in told, state
        # a card with what can be done now
        assert [one.kind for one in after.since(before) if one.to == KEEPER] == ["card"], state


def test_what_lacks_is_told_once_and_the_rest_need_not_be_sent_again(world: World) -> None:
    for state in REROUTED:
        number = put(world, state)
        give(world, number, GIVEN)
        changed(world, number, due=NOW, promised_from=NOW, promised_days=1, step="样品已收")
        before = look(world, number)
        reply = world.order(KEEPER, f"改项 {number} {ONSITE}")
        after = look(world, number)
        need = after.need
        assert (need.state, need.wanted) == (S.TO_SUPPLEMENT, (PLACE, ROOM)), state
        # a number of days is promised, and no date yet
        assert (need.due, need.promised_from, need.promised_days) == (None, None, None)
        assert (need.step, need.estimated) == ("", False)
        assert after.case.record.materials == GIVEN
        [told] = texts_to(before, after, client_of(number))
        lacking, kept = told.index(f"1. {PLACE}"), told.index("不用再发")
        assert kept < told.index(LIST) < lacking < told.index(f"2. {ROOM}")
        assert "材料收齐后10个工作日内完成" in told
        assert f"还缺：{PLACE}、{ROOM}" in reply
        world.say(client_of(number), f"{PLACE}：本厂，下周\n{ROOM}：有电")
        done = look(world, number)
        assert (done.need.state, done.need.wanted, done.need.due) == (S.SUBMITTED, (), DUE), state
        assert set(done.case.record.materials) == {*GIVEN, PLACE, ROOM}


def test_what_staff_sent_back_stays_wanted_where_the_new_item_asks_it_too(world: World) -> None:
    number = put(world, S.EVALUATING)
    give(world, number, ALL)
    world.order(KEEPER, f"需补料 {number} {LIST} 证书单位名称和地址 联系电话 看不清")
    world.order(KEEPER, f"改项 {number} {ONSITE}")
    need = look(world, number).need
    # the address of the certificate is none of the new item's
    assert set(need.wanted) == {LIST, "phone"}
    assert (need.state, need.reason) == (S.TO_SUPPLEMENT, "看不清")
    world.order(KEEPER, f"改项 {number} 商品条码")
    assert set(look(world, number).need.wanted) == {"营业执照复印件", "phone"}


def test_what_is_on_its_way_is_wanted_and_not_asked_for_again(world: World) -> None:
    number = put(world, S.SUBMITTED)
    give(world, number, ALL | {PLACE: Provided(How.LATER, "post"), ROOM: Provided(How.LATER)})
    before = look(world, number)
    world.order(KEEPER, f"改项 {number} {ONSITE}")
    after = look(world, number)
    assert after.need.wanted == (PLACE, ROOM)
    [told] = texts_to(before, after, client_of(number))
    assert f"1. {ROOM}" in told
    assert f"您说好稍后送到或寄来的：{PLACE}" in told


def test_another_department_gets_it_by_the_rules_and_the_first_asked_stays(world: World) -> None:
    number = put(world, S.EVALUATING)
    busy = put(world, S.SUBMITTED)
    world.order(KEEPER, f"改项 {busy} {WATER}")
    other = look(world, busy).need.assignee
    before = look(world, number)
    reply = world.order(KEEPER, f"改项 {number} {WATER}")
    after = look(world, number)
    need = after.need
    assert (need.category, need.department) == ("testing", "testing")
    # the load is shared as at registration
    assert {need.assignee, other} == {"wang.xin", "li.na"}
    assert after.case.agent == FIRST_ASKED
    staff = world.app.catalog.person[need.assignee]
    assert f"转由 {staff.name}（检测部" in reply
    [told] = texts_to(before, after, client_of(number))
    assert f"{staff.name}（工号 {staff.number}，电话 {staff.phone}）" in told
    assert "首问责任人 孙悦" in told
    assert any("转由您负责" in one for one in texts_to(before, after, staff.id))
    assert "由 " + staff.name in world.order(KEEPER, f"改项 {number} {ONSITE}")


def test_the_clock_of_acceptance_starts_again(world: World) -> None:
    number = put(world, S.SUBMITTED)
    give(world, number, ALL)
    world.clock.forward(timedelta(hours=2))
    late = world.clock() - timedelta(minutes=30)
    need = look(world, number).need
    assert world.database.run(lambda tx: cases.unaccepted(tx, late)) == (need.id,)
    world.order(KEEPER, f"改项 {number} {ONSITE}")
    assert world.database.run(lambda tx: cases.unaccepted(tx, late)) == ()


def test_half_and_all_of_the_new_time_are_brought_up_though_the_old_were(world: World) -> None:
    number = put(world, S.EVALUATING)
    give(world, number, ALL)
    need = changed(world, number, due=NOW, promised_from=NOW, promised_days=1)

    def reached(tx: Tx) -> None:
        for mark in ("half", "full", f"still:{need.version}"):
            assert milestones.reach(tx, need.id, mark, need.version, world.clock())

    world.database.run(reached)
    world.order(KEEPER, f"改项 {number} {ONSITE}")
    seen = world.database.run(lambda tx: milestones.one(tx, need.id))
    assert seen is not None
    assert [one.key for one in seen.known] == [f"still:{need.version}"]
    assert (seen.standing.due, seen.standing.start, seen.standing.days) == (DUE, NOW, 10)
    assert seen.standing.since == world.clock()


def test_the_timeline_keeps_from_where_to_where_who_and_the_clients_words(world: World) -> None:
    number = put(world, S.SUBMITTED)
    world.order(MANAGER, f"改项 {number} {WATER}")
    [line] = timeline(world, number, "reroute")
    need = look(world, number).need
    assert (line.actor, line.need_id) == (MANAGER, need.id)
    assert dict(line.values) == {
        "from": "calibrate",
        "to": "test_water_env",
        "words": "8块压力表要校准",
        "states": ["submitted", "to_supplement"],
    }
    [handed] = timeline(world, number, "assigned")
    assert (handed.values["from"], handed.values["to"]) == (KEEPER, need.assignee)


def test_who_has_it_hears_of_it_from_anybody_but_themselves(world: World) -> None:
    number = put(world, S.SUBMITTED)
    give(world, number, ALL)
    before = look(world, number)
    world.order(MANAGER, f"改项 {number} {ONSITE}")
    [told] = texts_to(before, look(world, number), KEEPER)
    assert "赵启明 把" in told
    assert "仍由您负责" in told


def test_one_row_of_several_is_moved_and_the_others_stay(world: World) -> None:
    def turn(tx: Tx) -> str:
        now = world.clock()
        number = cases.next_number(tx, "JY", now.date())
        person = people.meet(tx, Channel.OFFICIAL, client_of(number), now, Act.WROTE)
        rows = [
            NewNeed("metrology", "calibrate", "metrology", KEEPER, text, S.SUBMITTED, None)
            for text in ("8块压力表要校准", "地磅要校准")
        ]
        cases.register(tx, number, person.id, "oa", FIRST_ASKED, RECORD, rows, now)
        return number

    number = world.database.run(turn)
    assert f"{number}/1" in world.order(KEEPER, f"改项 {number} {ONSITE}")
    assert f"{number}/2 已由" in world.order(KEEPER, f"改项 {number}/2 {ONSITE}")
    first, second = look(world, number).case.needs
    assert (first.item, second.item) == ("calibrate", "calibrate_onsite")
    assert first.version == 1


REFUSED: Sequence[tuple[str, str, str]] = (
    (KEEPER, "", "改为哪一项"),
    (KEEPER, "炒菜", "没有“炒菜”"),
    (KEEPER, "炒菜", "发“事项”看全部"),
    (KEEPER, "培训", "最接近的"),
    (KEEPER, "calibrate", "现在就是"),
    (COLLEAGUE, ONSITE, "由 刘敏 负责"),
    (FIRST_ASKED, ONSITE, "由 刘敏 负责"),
)


@pytest.mark.parametrize(("staff", "name", "said"), REFUSED)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    world: World, staff: str, name: str, said: str
) -> None:
    number = put(world, NeedState.SUBMITTED)
    before = look(world, number)
    assert said in world.order(staff, f"改项 {number} {name}".strip())
    assert look(world, number) == before


def test_at_most_three_items_are_named_and_all_are_shown_on_demand(world: World) -> None:
    number = put(world, S.SUBMITTED)
    names = [item.name for item in world.app.catalog.items]
    reply = world.order(KEEPER, f"改项 {number} 培训")
    assert 1 <= sum(name in reply.splitlines() for name in names) <= 3
    world.order(KEEPER, "事项")
    world.deliver()
    shown = "\n".join(one.text for one in world.platform.staff_phone(KEEPER))
    assert all(name in shown for name in names)


def test_an_item_that_partners_do_promises_nothing_of_ours(world: World) -> None:
    number = put(world, S.REFERRED)
    give(world, number, {})
    changed(world, number, due=NOW, promised_from=NOW, promised_days=0)
    partnered = next((one for one in world.app.catalog.items if one.partner is not None), None)
    assert partnered is not None
    before = look(world, number)
    world.order(KEEPER, f"改项 {number} {partnered.id}")
    after = look(world, number)
    assert after.need.due is None
    assert partnered.partner is not None
    [told] = texts_to(before, after, client_of(number))
    assert partnered.partner.name in told
    assert timeline(world, number, "to_coordinate")


def test_a_client_without_a_chat_is_told_by_one_call_of_who_has_it(world: World) -> None:
    number = put(world, S.SUBMITTED)
    world.database.run(
        lambda tx: people.meet(tx, Channel.OFFICIAL, client_of(number), world.clock(), Act.LEFT)
    )
    before = look(world, number)
    reply = world.order(KEEPER, f"改项 {number} {WATER}")
    after = look(world, number)
    assert "请打电话告知客户" in reply
    [call] = [one for one in texts_to(before, after, after.need.assignee) if "请联系客户" in one]
    assert RECORD.fields[Field.PHONE] in call
    assert "采样地点和用途" in call
    assert not texts_to(before, after, client_of(number))


@pytest.mark.parametrize("named", ["{}", "1"])
def test_what_the_client_sends_that_very_moment_is_not_lost(world: World, named: str) -> None:
    number = put(world, S.EVALUATING)
    give(world, number, GIVEN)
    world.order(KEEPER, f"需补料 {number} {BILL} 税号不对")
    world.say(client_of(number), "谢谢")
    with ThreadPoolExecutor(2) as pool:
        order = pool.submit(world.order, KEEPER, f"改项 {named.format(number)} {ONSITE}")
        words = pool.submit(world.say, client_of(number), f"{BILL}：专票，税号已更正")
        assert "已由" in order.result()
        assert BILL in words.result()
    after = look(world, number)
    assert after.case.record.materials[BILL].value == "专票，税号已更正"
    assert (after.need.state, after.need.wanted) == (S.TO_SUPPLEMENT, (PLACE, ROOM))


def test_a_question_that_decides_says_what_a_yes_would_ask_for(world: World) -> None:
    number = put(world, S.SUBMITTED)
    record = replace(RECORD, facts={}, materials={})
    world.database.run(lambda tx: cases.rewrite(tx, look_id(tx, number), record))
    before = look(world, number)
    world.order(KEEPER, f"改项 {number} test_product")
    [told] = texts_to(before, look(world, number), client_of(number))
    assert "是否为进口产品？如是，还需：进口货物报关单复印件" in told
    reply = world.say(client_of(number), "是进口产品")
    assert "进口货物报关单复印件" in reply
    need = look(world, number).need
    assert "if:imported" not in need.wanted
    assert "进口货物报关单复印件" in need.wanted
