"""A low score: why it was given, who sees to it, and who must never hear of it."""

import pytest

from bot.domain.cases import NeedState
from tests.handlers.desk.book import FIRST_ASKED, KEEPER, MANAGER, client_of
from tests.handlers.ratings.rated import improved, invited, letters, states
from tests.world import World

OTHER_MANAGER = "gao.yuan"


def test_a_low_score_asks_why_once_and_opens_one_improvement(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    reply = world.say(person, "2")
    (found,) = improved(world, number)
    assert found.number in reply
    assert "12月1日前回访" in reply
    assert "只问这一次" in reply
    assert (found.owner, f"{found.due}") == (MANAGER, "2026-12-01")
    assert any(found.number in text for text in letters(world)[MANAGER])
    assert any(found.number in text for text in letters(world)[KEEPER])
    assert "补进" in world.say(person, "报告晚了三天也没人说一声")
    (found,) = improved(world, number)
    assert found.facts["reason"] == "报告晚了三天也没人说一声"
    assert any("报告晚了三天" in text for text in letters(world)[MANAGER])
    reply = world.say(person, "1分")
    assert "只问这一次" not in reply
    assert len(improved(world, number)) == 1


def test_the_reason_may_come_along_or_be_refused(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    assert "只问这一次" not in world.say(person, "2分，报告里型号写错了")
    (found,) = improved(world, number)
    assert found.facts["comment"] == "报告里型号写错了"


@pytest.mark.parametrize("text", ["不用了", "算了"])
def test_who_does_not_want_to_say_why_is_not_pressed(world: World, text: str) -> None:
    number = invited(world)
    person = client_of(number)
    world.say(person, "2")
    assert "仍会回访您" in world.say(person, text)
    (found,) = improved(world, number)
    assert "reason" not in found.facts


@pytest.mark.parametrize("text", ["进度", "人工", "我们厂有8块压力表要校准", "谢谢", "几点下班？"])
def test_something_else_is_not_taken_for_the_reason(world: World, text: str) -> None:
    number = invited(world)
    person = client_of(number)
    world.say(person, "2")
    assert "补进" not in world.say(person, text)
    (found,) = improved(world, number)
    assert "reason" not in found.facts
    world.say(person, "等太久了")
    (found,) = improved(world, number)
    assert "reason" not in found.facts


def test_a_grievance_beside_a_score_is_offered_a_complaint(world: World) -> None:
    number = invited(world)
    reply = world.say(client_of(number), "1分，催了三遍没人管，态度恶劣")
    assert "回复“投诉 ”" in reply


@pytest.mark.parametrize("texts", [("2分，问题根本没解决",), ("2", "问题根本没解决")])
def test_what_is_not_solved_is_rated_explained_and_taken_up_again(
    world: World, texts: tuple[str, ...]
) -> None:
    number = invited(world)
    # the words that were told the client are what is not solved
    assert "已重新评估" in world.order(KEEPER, f"重办 {number} 再查一次")
    for order in ("受理", "开始"):
        world.order(KEEPER, f"{order} {number}")
    world.order(KEEPER, f"完成 {number} 证书已出")
    for text in texts:
        world.say(client_of(number), text)
    assert states(world, number) == [NeedState.EVALUATING]
    (found,) = improved(world, number)
    assert "问题根本没解决" in {found.facts.get("reason"), found.facts.get("comment")}


SECRET_WORDS = ("廉洁", "红包", "GJ2026", "1分", "2分")


def test_a_doubt_about_integrity_reaches_a_manager_alone(world: World) -> None:
    number = invited(world)
    before = {who: len(texts) for who, texts in letters(world).items()}
    reply = world.say(client_of(number), "专业5 及时5 廉洁1 总体2，师傅要红包")
    assert "对办理人员保密" in reply
    (found,) = improved(world, number)
    assert found.confidential
    assert found.owner == MANAGER
    for who in (KEEPER, FIRST_ASKED):
        news = letters(world).get(who, [])[before.get(who, 0) :]
        seen = [
            *news,
            world.order(who, "待办"),
            world.order(who, f"查看 {number}"),
            world.order(who, "改进"),
            world.order(who, f"改进 {found.number}"),
            world.order(who, f"改进 {found.number} 完成 没有的事"),
        ]
        assert not [word for text in seen for word in SECRET_WORDS if word in text]
    assert any("红包" in text for text in letters(world)[MANAGER])
    assert "红包" in world.order(MANAGER, f"改进 {found.number}")


def test_a_manager_in_doubt_does_not_look_into_it(world: World) -> None:
    number = invited(world, keeper=MANAGER)
    world.say(client_of(number), "廉洁1")
    (found,) = improved(world, number)
    assert found.owner == OTHER_MANAGER
    assert "没有找到" in world.order(MANAGER, f"改进 {found.number}")
    assert "廉洁" not in world.order(MANAGER, f"查看 {number}")


def test_a_doubt_that_comes_later_stays_apart_from_the_open_improvement(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    world.say(person, "2分，慢")
    world.say(person, "廉洁1分，要了红包")
    secret, plain = improved(world, number)
    assert (secret.confidential, plain.confidential) == (True, False)
    assert not [text for text in letters(world)[KEEPER] if "红包" in text or "廉洁" in text]


def test_an_improvement_that_is_done_is_told_to_the_client(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    world.say(person, "2分，报告里型号写错了")
    (found,) = improved(world, number)
    assert "请写明做了什么" in world.order(MANAGER, f"改进 {found.number} 完成")
    assert "计划已记下" in world.order(MANAGER, f"改进 {found.number} 计划 重新出报告")
    assert "已告知客户" in world.order(MANAGER, f"改进 {found.number} 完成 已重新出报告")
    world.deliver()
    bubbles = world.platform.client_phone(person)
    assert "已重新出报告" in bubbles[-1].text
    assert "不再变动" in world.order(MANAGER, f"改进 {found.number} 完成 又一次")
    assert "没有待办的改进" in world.order(MANAGER, "改进")


def test_a_done_improvement_of_somebody_who_left_is_to_be_told_by_telephone(world: World) -> None:
    number = invited(world)
    world.say(client_of(number), "2分，报告里型号写错了")
    (found,) = improved(world, number)
    world.platform.client_unfollows(client_of(number))
    assert "请电话告知" in world.order(MANAGER, f"改进 {found.number} 完成 已重新出报告")
