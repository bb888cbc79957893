"""What a client may undo in each state, and what staff enter of a need."""

import pytest

from bot.domain.cases import MOVES
from bot.domain.cases import NeedState as S
from bot.export import need_row
from storage import cases, events
from storage.db import Tx
from storage.events import Event
from tests.handlers.desk.book import FIRST_ASKED, KEEPER, client_of, look, put
from tests.world import World

WITHDRAWABLE = {state for state in S if S.WITHDRAWN in MOVES[state]}
OVER = {S.ANSWERED, S.FINISHED}


def timeline(world: World, number: str, kind: str) -> list[Event]:
    """The lines of that kind."""

    def turn(tx: Tx) -> list[Event]:
        case = cases.by_number(tx, number)
        assert case is not None
        return [one for one in events.of_case(tx, case.id) if one.kind == kind]

    return world.database.run(turn)


def test_a_client_takes_back_what_the_table_lets_them_after_a_yes_and_not_before(
    world: World,
) -> None:
    for state in S:
        number = put(world, state)
        client, before = client_of(number), look(world, number)
        asked = world.say(client, "不办了")
        assert look(world, number).need == before.need, state
        world.say(client, "确认，找别家了")
        after = look(world, number)
        if state not in WITHDRAWABLE:
            assert after.need == before.need, state
            assert ("不能撤回" in asked) is (state in OVER), state
            continue
        assert after.need.state is S.WITHDRAWN, state
        (line,) = timeline(world, number, "withdraw")
        assert (line.actor, line.values["from"]) == ("client", state)
        assert "找别家了" in str(line.values["words"])
        told = after.since(before)
        assert {one.to for one in told} == {KEEPER, FIRST_ASKED}, state
        assert all("找别家了" in one.text for one in told)
        world.say(client, "确认")
        assert look(world, number).since(after) == [], state


@pytest.mark.parametrize(
    "answer", ["不是", "不撤回", "好的，那不撤了", "知道了", "今天几点下班", "谢谢"]
)
def test_anything_but_a_yes_leaves_it_as_it_was(world: World, answer: str) -> None:
    number = put(world, S.ACCEPTED)
    before = look(world, number)
    world.say(client_of(number), "取消")
    world.say(client_of(number), answer)
    world.say(client_of(number), "好的")
    assert look(world, number).need == before.need


def test_nobody_takes_back_anothers_case(world: World) -> None:
    number = put(world, S.ACCEPTED)
    before = look(world, number)
    theirs = world.say("stranger", f"撤回{number}")
    unknown = world.say("stranger", "撤回JY20261123-0099")
    assert theirs.replace(number, "…") == unknown.replace("JY20261123-0099", "…")
    world.say("stranger", "确认撤回")
    assert look(world, number).need == before.need


def test_a_draft_that_is_cancelled_is_the_draft_alone(world: World) -> None:
    number = put(world, S.ACCEPTED)
    client, before = client_of(number), look(world, number)
    world.say(client, "我们厂还有3台天平要校准")
    world.say(client, "不办了")
    world.say(client, "确认")
    assert look(world, number).need == before.need


def test_what_was_not_solved_is_looked_at_again_from_where_the_table_lets_it(
    world: World,
) -> None:
    for state in S:
        number = put(world, state)
        client, before = client_of(number), look(world, number)
        world.say(client, "问题还没解决")
        after = look(world, number)
        if state not in OVER | {S.CLOSED}:
            assert after.need == before.need, state
            continue
        assert after.need.state is S.EVALUATING, state
        assert after.need.due is not None
        (line,) = timeline(world, number, "reopen")
        assert (line.actor, line.values["words"]) == ("client", "问题还没解决")
        kinds = sorted((one.to, one.kind) for one in after.since(before))
        assert kinds == sorted([(KEEPER, "card"), (KEEPER, "text"), (FIRST_ASKED, "text")])


def test_a_mere_hint_is_asked_about_first(world: World) -> None:
    number = put(world, S.ANSWERED)
    client, before = client_of(number), look(world, number)
    world.say(client, "没用")
    assert look(world, number).need == before.need
    world.say(client, "是的")
    assert look(world, number).need.state is S.EVALUATING


def test_what_staff_enter_is_stored_word_for_word_told_and_corrected_with_its_history(
    world: World,
) -> None:
    number = put(world, S.IN_SERVICE)
    before = look(world, number)
    world.order(KEEPER, f"金额 {number} ¥1,200.00 8块")
    world.order(KEEPER, f"金额 {number} 大概1500")
    world.order(KEEPER, f"金额 {number} 1150元")
    world.order(KEEPER, f"报告 {number} BG-2026-0012")
    after = look(world, number)
    assert (after.need.amount, after.need.report_number) == ("1150元", "BG-2026-0012")
    lines = [one.values for one in timeline(world, number, "amount")]
    assert [(one["old"], one["new"]) for one in lines] == [
        ("", "¥1,200.00"),
        ("¥1,200.00", "1150元"),
    ]
    told = [one.text for one in after.since(before) if one.to == client_of(number)]
    assert "¥1,200.00（8块）" in told[0]
    assert "1150元，原为 ¥1,200.00" in told[1]
    assert "BG-2026-0012" in told[2]
    row = need_row(after.need, world.app.catalog)
    assert (row["amount"], row["report_number"]) == ("1150元", "BG-2026-0012")


def test_only_who_is_in_charge_enters_sums(world: World) -> None:
    number = put(world, S.IN_SERVICE)
    world.order("chen.gang", f"金额 {number} 1200元")
    assert look(world, number).need.amount == ""
    world.order("zhao.qiming", f"金额 {number} 1200元")
    assert look(world, number).need.amount == "1200元"


def test_a_referrals_cycle_becomes_its_promise(world: World) -> None:
    number = put(world, S.EVALUATING)
    world.order(KEEPER, f"转协调 {number} 省计量院，李工，约十个工作日")
    need = look(world, number).need
    assert (str(need.due), need.promised_days) == ("2026-12-07", 10)
    other = put(world, S.EVALUATING)
    world.order(KEEPER, f"转协调 {other} 省计量院，李工，两周")
    need = look(world, other).need
    assert (str(need.due), need.promised_days) == ("2026-12-07", 0)
