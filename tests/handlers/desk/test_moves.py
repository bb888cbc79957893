"""Every action in every state: as domain.md 2 has it and told once, or refused and untouched."""

from collections.abc import Mapping

from bot.domain.actions import Action
from bot.domain.cases import OPEN
from bot.domain.cases import NeedState as S
from tests.handlers.desk.book import (
    COLLEAGUE,
    FIRST_ASKED,
    KEEPER,
    MANAGER,
    client_of,
    look,
    put,
)
from tests.world import World

# The table of domain.md 2, by what staff type: from which states, and to which.
LEGAL: Mapping[Action, Mapping[S, S]] = {
    Action.TAKE: {S.SUBMITTED: S.EVALUATING},
    Action.ACCEPT: {S.EVALUATING: S.ACCEPTED},
    Action.ANSWER: {S.EVALUATING: S.ANSWERED},
    Action.REFER: dict.fromkeys((S.EVALUATING, S.ACCEPTED), S.REFERRED),
    Action.START: dict.fromkeys((S.ACCEPTED, S.REFERRED), S.IN_SERVICE),
    Action.STEP: {S.IN_SERVICE: S.IN_SERVICE},
    Action.FINISH: dict.fromkeys((S.REFERRED, S.IN_SERVICE), S.FINISHED),
    Action.SUPPLEMENT: dict.fromkeys(
        (S.SUBMITTED, S.EVALUATING, S.ACCEPTED, S.IN_SERVICE), S.TO_SUPPLEMENT
    ),
    Action.WITHDRAW: dict.fromkeys(
        (S.SUBMITTED, S.TO_SUPPLEMENT, S.EVALUATING, S.ACCEPTED, S.REFERRED, S.IN_SERVICE),
        S.WITHDRAWN,
    ),
    Action.REOPEN: dict.fromkeys((S.ANSWERED, S.REFERRED, S.FINISHED, S.CLOSED), S.EVALUATING),
    Action.TRANSFER: {state: state for state in S if state not in {S.CLOSED, S.WITHDRAWN}},
    # the item named below lacks what the client has not given
    Action.REROUTE: dict.fromkeys(OPEN, S.TO_SUPPLEMENT),
}
TYPED: Mapping[Action, tuple[str, str]] = {
    Action.TAKE: ("接单", ""),
    Action.ACCEPT: ("受理", ""),
    Action.ANSWER: ("答复", "每年校一次即可"),
    Action.REFER: ("转协调", "省计量院，李工，约十个工作日"),
    Action.START: ("开始", ""),
    Action.STEP: ("进度", "样品已收"),
    Action.FINISH: ("完成", "报告编号 JY-1，可来窗口领取"),
    Action.SUPPLEMENT: ("需补料", "计量器具清单 数量看不清"),
    Action.WITHDRAW: ("撤回", "客户来电不办了"),
    Action.REOPEN: ("重办", "客户说问题还在"),
    Action.TRANSFER: ("转派", "陈刚"),
    Action.REROUTE: ("改项", "现场检定/校准"),
}
# what is named in one line with the order, or asked for in a list
NAMED = {Action.TRANSFER, Action.REROUTE}
PAIRS = [(action, state) for action in Action for state in S]
# what no reader should have to guess
CHINESE: Mapping[S, str] = {
    S.SUBMITTED: "已登记",
    S.TO_SUPPLEMENT: "待补正",
    S.EVALUATING: "评估中",
    S.ANSWERED: "已即时答复",
    S.ACCEPTED: "已受理",
    S.REFERRED: "已转协调部门",
    S.IN_SERVICE: "服务中",
    S.FINISHED: "服务已完成",
    S.CLOSED: "已归档",
    S.WITHDRAWN: "已撤回",
}


def command(action: Action, number: str, words: str | None = None) -> str:
    """What a staff member types."""
    verb, usual = TYPED[action]
    return f"{verb} {number} {usual if words is None else words}".strip()


def test_the_table_covers_every_action_and_every_state() -> None:
    assert LEGAL.keys() == TYPED.keys() == set(Action)
    assert CHINESE.keys() == set(S)


def test_a_legal_move_is_made_noted_and_told_to_the_client_once(world: World) -> None:
    for action, state in PAIRS:
        if state not in LEGAL[action]:
            continue
        number = put(world, state)
        before = look(world, number)
        reply = world.order(KEEPER, command(action, number))
        after = look(world, number)
        what = f"{action} in {state}: {reply}"
        assert after.need.state is LEGAL[action][state], what
        assert after.need.version == before.need.version + 1, what
        assert after.kinds[action] == 1, what
        assert number in reply, what
        [to_client] = [one for one in after.since(before) if one.to == client_of(number)]
        assert number in to_client.text, what
        # whatever had to be said in words, the client reads
        said = TYPED[action][1].split()[-1:] if action is not Action.REOPEN else []
        assert all(one in to_client.text for one in said), what


def test_an_illegal_move_is_refused_with_a_reason_and_changes_nothing(world: World) -> None:
    for action, state in PAIRS:
        if state in LEGAL[action]:
            continue
        number = put(world, state)
        before = look(world, number)
        reply = world.order(KEEPER, command(action, number))
        what = f"{action} in {state}: {reply}"
        assert look(world, number) == before, what
        assert f"{number} 现在是“{CHINESE[state]}”" in reply, what
        possible = [one for one in Action if state in LEGAL[one]]
        assert ("现在可以：" in reply) == bool(possible), what


def test_a_move_repeated_is_told_once(world: World) -> None:
    number = put(world, S.SUBMITTED)
    before = look(world, number)
    first, second = (world.order(KEEPER, command(Action.TAKE, number)) for _ in range(2))
    assert "已接单" in first
    assert "不能" in second
    told = [one for one in look(world, number).since(before) if one.to == client_of(number)]
    assert len(told) == 1


def test_only_the_one_in_charge_and_the_managers_may_move_a_need(world: World) -> None:
    number = put(world, S.SUBMITTED)
    before = look(world, number)
    assert "由 刘敏 负责" in world.order(COLLEAGUE, command(Action.TAKE, number))
    world.platform.hub.people.hire("stranger", "路人")
    assert "不在本单位的服务人员名单中" in world.order("stranger", command(Action.TAKE, number))
    assert look(world, number) == before
    world.order(MANAGER, command(Action.TAKE, number))
    assert look(world, number).need.state is S.EVALUATING


def test_words_that_lack_are_asked_for_and_may_be_given_up(world: World) -> None:
    for action, (_, usual) in TYPED.items():
        if not usual or action in NAMED:
            continue
        asked, words = usual.split() if action is Action.SUPPLEMENT else ("", usual)
        state, becomes = next(iter(LEGAL[action].items()))
        number = put(world, state)
        before = look(world, number)
        for last in ("算了", words):
            reply = world.order(KEEPER, command(action, number, asked))
            assert "请直接回复" in reply, f"{action}: {reply}"
            assert look(world, number) == before
            world.order(KEEPER, last)
        after = look(world, number)
        assert after.need.state is becomes
        [to_client] = [one for one in after.since(before) if one.to == client_of(number)]
        assert words in to_client.text or action is Action.REOPEN


def test_a_transfer_changes_who_is_in_charge_and_never_who_was_asked_first(world: World) -> None:
    for state in LEGAL[Action.TRANSFER]:
        number = put(world, state)
        before = look(world, number)
        world.order(KEEPER, command(Action.TRANSFER, number))
        after = look(world, number)
        assert (before.need.assignee, after.need.assignee) == (KEEPER, COLLEAGUE)
        assert (after.case.agent, after.need.state) == (FIRST_ASKED, state)
        fresh = after.since(before)
        [to_client] = [one for one in fresh if one.to == client_of(number)]
        assert "陈刚" in to_client.text
        assert "首问责任人 孙悦" in to_client.text
        assert [one for one in fresh if one.to == COLLEAGUE]
        assert "由 陈刚 负责" in world.order(KEEPER, command(Action.TAKE, number))


def test_a_transfer_needs_a_colleague_who_exists(world: World) -> None:
    number = put(world, S.SUBMITTED)
    before = look(world, number)
    assert "可转派给" in world.order(KEEPER, command(Action.TRANSFER, number, "张三丰"))
    assert "转派给谁" in world.order(KEEPER, command(Action.TRANSFER, number, ""))
    assert "可转派给" in world.order(KEEPER, command(Action.TRANSFER, number, "刘敏"))
    assert look(world, number) == before
