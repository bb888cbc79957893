"""What a client says of a finished case, where it goes, and who must never hear of it."""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.domain.cases import NeedState, NewNeed
from bot.domain.surveys import Rated, SurveyState
from bot.messages import Channel
from storage import cases, events, people
from storage.db import Tx
from storage.vault import Vault
from tests.domain.test_surveys import moment
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import FIRST_ASKED, KEEPER, client_of
from tests.handlers.ratings.rated import (
    asked,
    finished,
    go_to,
    invited,
    pass_time,
    scores,
    states,
    the_survey,
    tick,
)
from tests.world import World, open_world, shipped_catalog


def kinds(world: World, number: str) -> list[str]:
    """The timeline of a case."""

    def turn(tx: Tx) -> list[str]:
        case = cases.by_number(tx, number)
        assert case is not None
        return [one.kind for one in events.of_case(tx, case.id)]

    return world.database.run(turn)


def ask_aside(world: World, number: str, question: Mapping[str, object]) -> None:
    """Another feature has asked the client something."""

    def turn(tx: Tx) -> None:
        person = people.find(tx, Channel.OFFICIAL, client_of(number))
        assert person is not None
        people.ask_aside(tx, person.id, question)

    world.database.run(turn)


def option(world: World, number: str, score: int) -> str:
    """The line of the case's menu that stands for a score."""
    menus = [one for one in world.platform.client_phone(client_of(number)) if one.options]
    return next(key for menu in menus for key, _ in menu.options if key.endswith(f"-{score}"))


def test_a_tap_rates_and_puts_the_case_on_file(world: World) -> None:
    number = invited(world)
    done = world.platform.client_picks(client_of(number), option(world, number, 4))
    assert "已记录：总体 4分（满意）" in (done.reply or "")
    assert "0431-85370009" in (done.reply or "")
    assert scores(world, number) == {Rated.OVERALL: 4}
    assert states(world, number) == [NeedState.CLOSED]
    assert {"invited", "rated", "closed"} <= set(kinds(world, number))


def test_a_tap_that_comes_without_its_id_is_read_by_its_words(world: World) -> None:
    number = invited(world)
    world.platform.client_picks(client_of(number), option(world, number, 4), with_id=False)
    assert scores(world, number) == {Rated.OVERALL: 4}


def test_a_tap_grants_three_messages_and_is_no_message_of_theirs(world: World) -> None:
    number = invited(world)

    def allowed(tx: Tx) -> tuple[object, object]:
        person = people.find(tx, Channel.OFFICIAL, client_of(number))
        assert person is not None
        return person.credits.wrote_at, person.credits.tapped_at

    wrote_at, _ = world.database.run(allowed)
    world.platform.client_picks(client_of(number), option(world, number, 5))
    assert world.database.run(allowed) == (wrote_at, world.clock())


def test_an_old_menu_answers_for_its_own_case(world: World) -> None:
    old = invited(world)
    person = client_of(old)

    def second(tx: Tx) -> str:
        case = cases.by_number(tx, old)
        assert case is not None
        number = cases.next_number(tx, "JY", world.clock().date())
        new = NewNeed(
            "metrology", "calibrate", "metrology", KEEPER, "3台天平", NeedState.FINISHED, None
        )
        now = world.clock()
        cases.register(tx, number, case.person_id, "oa", FIRST_ASKED, case.record, [new], now)
        return number

    newer = world.database.run(second)
    tick(world)
    go_to(world, moment("2026-11-25", "10:00"))
    world.platform.client_picks(person, option(world, old, 3))
    assert scores(world, old) == {Rated.OVERALL: 3}
    assert the_survey(world, newer).state is SurveyState.INVITED
    # typed words answer the one that is still asked for, or the one they name
    world.say(person, "5")
    assert scores(world, newer) == {Rated.OVERALL: 5}
    world.say(person, f"{old} 4分")
    assert scores(world, old) == {Rated.OVERALL: 4}


def test_nobody_rates_for_somebody_else(world: World) -> None:
    number = invited(world)
    found = the_survey(world, number)
    tags = {"Content": "非常满意", "bizmsgmenuid": f"rate-{found.id}-5"}
    world.platform.client_sends("ostranger", "text", tags)
    assert scores(world, number) == {}
    assert the_survey(world, number).state is SurveyState.INVITED


@pytest.mark.parametrize("text", ["5", "一般", "👍", "非常满意", "不满意", "差评"])
def test_who_was_never_asked_rates_nothing(world: World, text: str) -> None:
    world.say("ostranger", text)
    assert asked(world) == []


def test_who_says_it_outright_before_being_asked_is_heard_and_not_asked_again(
    world: World,
) -> None:
    number = finished(world)
    tick(world)
    person = client_of(number)
    world.say(person, "5")
    assert the_survey(world, number).state is SurveyState.PLANNED
    assert "已记录" in world.say(person, "非常满意，谢谢王工")
    pass_time(world, 24 * 5)
    assert asked(world) == []
    assert scores(world, number) == {Rated.OVERALL: 5}


def test_the_question_of_another_feature_takes_a_number_first(world: World) -> None:
    number = invited(world)
    unknown = {"asks": "lookup_proof", "number": "JY20250101-0001", "is_case": True}
    ask_aside(world, number, unknown)
    world.say(client_of(number), "5545")
    assert scores(world, number) == {}
    world.say(client_of(number), "非常满意")
    assert scores(world, number) == {Rated.OVERALL: 5}


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("一般", {Rated.OVERALL: 3}),
        ("五星", {Rated.OVERALL: 5}),
        ("都满意", dict.fromkeys(Rated, 4)),
        ("5545", dict(zip(Rated, (5, 5, 4, 5), strict=True))),
        ("13900001111", {}),
        ("5块压力表", {}),
        ("我要投诉", {}),
        ("好的", {}),
        ("谢谢", {}),
    ],
)
def test_what_is_typed_after_an_invitation(
    world: World, text: str, given: dict[Rated, int]
) -> None:
    number = invited(world)
    world.say(client_of(number), text)
    assert scores(world, number) == given


def test_a_sign_counts_after_a_yes_and_not_before(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    assert "5分（非常满意）吗" in world.say(person, "👍")
    assert scores(world, number) == {}
    assert "没有记下" in world.say(person, "不是")
    assert scores(world, number) == {}
    world.say(person, "👍")
    assert "已记录" in world.say(person, "是的")
    assert scores(world, number) == {Rated.OVERALL: 5}


def test_a_sign_left_without_a_yes_is_no_score(world: World) -> None:
    number = invited(world)
    world.say(client_of(number), "👍")
    world.say(client_of(number), "你们几点下班")
    world.say(client_of(number), "好的")
    assert scores(world, number) == {}


def test_a_new_rating_replaces_the_old_one_until_the_window_closes(world: World) -> None:
    number = invited(world)
    person = client_of(number)
    world.say(person, "5545")
    world.say(person, "及时3")
    assert scores(world, number) == dict(zip(Rated, (5, 3, 4, 5), strict=True))
    world.say(person, "4分")
    assert scores(world, number) == {Rated.OVERALL: 4}
    assert kinds(world, number).count("rated") == 3
    # words that are said of other things as well change nothing any more
    world.say(person, "很好")
    assert scores(world, number) == {Rated.OVERALL: 4}
    world.clock.now = moment("2026-12-08", "23:59")
    assert "已更新" in world.say(person, "5分")
    world.clock.now = moment("2026-12-09", "00:00")
    assert "已于12月8日截止" in world.say(person, "3分")
    assert scores(world, number) == {Rated.OVERALL: 5}


def test_after_a_rating_nothing_asks_for_it_any_more(world: World) -> None:
    number = invited(world)
    world.say(client_of(number), "4")
    before = len(asked(world))
    pass_time(world, 24 * 16)
    assert len(asked(world)) == before
    assert the_survey(world, number).state is SurveyState.RATED


def test_a_reminder_that_waits_does_not_ride_on_the_thanks(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    catalog = shipped_catalog()
    templates = {key: one for key, one in catalog.templates.items() if key != "survey"}
    with open_world(
        engine_url, vault, clock, catalog.model_copy(update={"templates": templates})
    ) as world:
        number = finished(world)
        pass_time(world, 24 * 5)
        assert [one.state for one in asked(world)] == ["sent", "held"]
        reply = world.say(client_of(number), "5")
        assert "已记录" in reply
        assert "只提醒这一次" not in reply


def test_a_rating_with_a_new_wish_answers_both(world: World) -> None:
    number = invited(world)
    reply = world.say(client_of(number), "非常满意！另外我们还有3台天平要校准")
    assert "已记录" in reply
    assert "您要办的是" in reply


def test_a_rating_of_a_reopened_case_leaves_what_is_worked_on_open(world: World) -> None:
    number = invited(world)
    assert "已重新评估" in world.order(KEEPER, f"重办 {number} 客户要重做")
    world.say(client_of(number), "2")
    assert states(world, number) == [NeedState.EVALUATING]
    world.clock.forward(timedelta(days=30))
    tick(world)
    assert states(world, number) == [NeedState.EVALUATING]
