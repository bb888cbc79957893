"""An invitation to rate: in time, once, by day; or none, with a reason that staff read."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain.cases import Need, NeedState
from bot.domain.quiet_hours import is_quiet
from bot.domain.surveys import Lapse, SurveyState
from bot.domain.workdays import is_working_day
from bot.jobs.ratings import move_surveys
from bot.messages import Channel
from storage import cases, people
from storage.db import Tx
from storage.vault import Vault
from tests.domain.test_surveys import BEFORE_HOLIDAYS, moment
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import KEEPER, client_of
from tests.handlers.ratings.rated import (
    asked,
    finished,
    go_to,
    invitations,
    letters,
    pass_time,
    put,
    states,
    survey,
    the_survey,
    tick,
)
from tests.world import World, open_world, shipped_catalog


@pytest.fixture
def mute(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office whose account has no template for invitations."""
    catalog = shipped_catalog()
    templates = {key: one for key, one in catalog.templates.items() if key != "survey"}
    with open_world(
        engine_url, vault, clock, catalog.model_copy(update={"templates": templates})
    ) as found:
        yield found


def change(world: World, number: str, state: NeedState, position: int = 1) -> None:
    """A need of the case comes to another state now."""

    def turn(tx: Tx) -> Need:
        case = cases.by_number(tx, number)
        assert case is not None
        return cases.change(tx, case.needs[position - 1], state=state, at=world.clock())

    world.database.run(turn)


def expired_for(world: World, number: str) -> Lapse | None:
    """Why the rating of the case expired; fails if it has not."""
    found = the_survey(world, number)
    assert found.state is SurveyState.EXPIRED
    return found.reason


def told(world: World, words: str) -> int:
    """How many texts to the person in charge say that."""
    return sum(words in text for text in letters(world).get(KEEPER, []))


@pytest.mark.parametrize(("end", "first", "fifth"), BEFORE_HOLIDAYS)
def test_an_end_before_a_holiday_brings_one_invitation_in_time_and_by_day(
    world: World, end: str, first: str, fifth: str
) -> None:
    world.clock.now = moment(end, "16:00")
    number = finished(world)
    day = world.clock.now.date()
    while day <= date.fromisoformat(fifth):
        day += timedelta(days=1)
        for hour in (0, 10, 19, 20):
            go_to(world, moment(f"{day}", f"{hour:02d}:00"))
    (one,) = invitations(world)
    assert one.sent_at == moment(first, "10:00")
    assert number in one.text
    days = shipped_catalog().agency.days
    for every in asked(world):
        assert every.sent_at is not None
        assert is_working_day(every.sent_at.date(), days)
        assert not is_quiet(every.sent_at)
    assert len(asked(world)) <= 2


@pytest.mark.parametrize(
    ("on_again", "invited"),
    [
        ("2026-11-24 10:00", "2026-11-24 10:00"),
        ("2026-11-24 22:10", "2026-11-25 08:30"),
        ("2026-11-28 12:00", "2026-11-30 08:30"),
        ("2026-11-30 19:59", "2026-11-30 19:59"),
    ],
)
def test_a_machine_that_was_off_asks_at_the_next_chance(
    world: World, on_again: str, invited: str
) -> None:
    finished(world)
    tick(world)
    go_to(world, moment(*on_again.split()))
    if not invitations(world):
        go_to(world, moment(*invited.split()))
    assert [one.sent_at for one in invitations(world)] == [moment(*invited.split())]


def test_off_for_too_long_it_does_not_ask_and_says_so_once(world: World) -> None:
    number = finished(world)
    go_to(world, moment("2026-11-30", "20:00"))
    assert expired_for(world, number) is Lapse.TOO_LATE
    pass_time(world, 48)
    assert asked(world) == []
    assert told(world, "错过了5个工作日的邀请期") == 1


def test_a_case_found_over_only_after_a_week_expires_at_once(world: World) -> None:
    number = finished(world)
    world.clock.forward(timedelta(days=9))
    tick(world)
    assert asked(world) == []
    assert expired_for(world, number) is Lapse.TOO_LATE


def opt_out(world: World, number: str) -> None:
    """They want to hear no more."""

    def turn(tx: Tx) -> None:
        person = people.find(tx, Channel.OFFICIAL, client_of(number))
        assert person is not None
        people.opt_out(tx, person.id, world.clock())

    world.database.run(turn)


def test_who_opted_out_is_not_asked_and_the_person_in_charge_reads_why(world: World) -> None:
    number = finished(world)
    opt_out(world, number)
    pass_time(world, 26)
    assert expired_for(world, number) is Lapse.OPTED_OUT
    assert asked(world) == []
    assert told(world, "客户已退订") == 1


def test_who_left_is_not_asked(world: World) -> None:
    number = finished(world)
    world.platform.client_unfollows(client_of(number))
    pass_time(world, 26)
    assert expired_for(world, number) in {Lapse.UNFOLLOWED, Lapse.GONE}
    assert asked(world) == []


def test_who_came_by_telephone_is_not_asked(world: World) -> None:
    number = put(world, NeedState.FINISHED, channel=Channel.DESK)
    pass_time(world, 26)
    assert expired_for(world, number) is Lapse.NO_CHANNEL
    assert told(world, "无法邀请") == 1


def test_without_any_way_it_waits_for_the_fifth_day_and_then_says_so(mute: World) -> None:
    mute.clock.now = moment("2026-11-20", "16:00")
    number = finished(mute)
    mute.clock.now = moment("2026-11-24", "09:00")
    while mute.clock.now < moment("2026-11-27", "19:00"):
        pass_time(mute, 1)
    assert the_survey(mute, number).state is SurveyState.INVITED
    pass_time(mute, 1)
    assert expired_for(mute, number) is Lapse.NO_WAY
    assert told(mute, "没有可用的送达途径") == 1
    reply = mute.say(client_of(number), "进度")
    assert "请您评价" not in reply
    assert invitations(mute) == []


def test_what_waits_for_a_reply_comes_as_numbered_lines_and_can_be_answered(mute: World) -> None:
    mute.clock.now = moment("2026-11-20", "16:00")
    number = finished(mute)
    go_to(mute, moment("2026-11-24", "10:00"))
    reply = mute.say(client_of(number), "进度")
    assert "5 非常满意\n4 满意\n3 基本满意\n2 不满意\n1 非常不满意" in reply
    assert len(invitations(mute)) == 1
    assert "已记录：总体 4分" in mute.say(client_of(number), "4")
    assert the_survey(mute, number).scores.overall == 4


def test_a_case_that_was_withdrawn_whole_is_never_asked_about(world: World) -> None:
    number = put(world, NeedState.WITHDRAWN, NeedState.WITHDRAWN)
    pass_time(world, 24 * 7)
    assert survey(world, number) is None
    assert asked(world) == []


def test_withdrawing_the_last_open_need_ends_the_service_of_the_others(world: World) -> None:
    number = put(world, NeedState.FINISHED, NeedState.IN_SERVICE)
    pass_time(world, 24 * 9)
    assert survey(world, number) is None
    change(world, number, NeedState.WITHDRAWN, position=2)
    ended = world.clock()
    pass_time(world, 26)
    (one,) = invitations(world)
    assert one.sent_at is not None
    assert ended.date() < one.sent_at.date()
    assert the_survey(world, number).ended_at == ended


def test_a_case_reopened_before_the_invitation_is_asked_about_after_its_new_end(
    world: World,
) -> None:
    number = finished(world)
    pass_time(world, 3)
    change(world, number, NeedState.EVALUATING)
    pass_time(world, 24 * 8)
    assert asked(world) == []
    change(world, number, NeedState.ANSWERED)
    ended = world.clock()
    pass_time(world, 48)
    (one,) = invitations(world)
    assert one.sent_at is not None
    assert one.sent_at > ended


def test_reopened_and_ended_again_within_a_minute_it_counts_from_the_new_end(world: World) -> None:
    number = finished(world)
    tick(world)
    world.clock.now = moment("2026-11-24", "09:58")
    change(world, number, NeedState.EVALUATING)
    change(world, number, NeedState.FINISHED)
    go_to(world, moment("2026-11-24", "10:00"))
    assert invitations(world) == []
    go_to(world, moment("2026-11-25", "10:00"))
    assert len(invitations(world)) == 1


def test_an_invitation_nobody_has_seen_is_taken_back_when_work_goes_on(mute: World) -> None:
    mute.clock.now = moment("2026-11-20", "16:00")
    number = finished(mute)
    go_to(mute, moment("2026-11-24", "10:00"))
    change(mute, number, NeedState.EVALUATING)
    tick(mute)
    assert "请您评价" not in mute.say(client_of(number), "进度")
    assert the_survey(mute, number).state is SurveyState.PLANNED
    change(mute, number, NeedState.FINISHED)
    tick(mute)
    go_to(mute, moment("2026-11-25", "10:00"))
    assert len(invitations(mute)) == 1


def test_there_is_one_invitation_however_often_a_case_is_reopened(world: World) -> None:
    number = finished(world)
    pass_time(world, 26)
    assert len(invitations(world)) == 1
    for _ in range(2):
        change(world, number, NeedState.EVALUATING)
        pass_time(world, 5)
        change(world, number, NeedState.FINISHED)
        pass_time(world, 24 * 3)
    assert len(invitations(world)) == 1
    pass_time(world, 24 * 25)
    assert len(invitations(world)) == 1
    assert len(asked(world)) <= 2
    assert states(world, number) == [NeedState.CLOSED]


def test_transferring_a_finished_need_does_not_put_the_invitation_off(world: World) -> None:
    number = finished(world)
    tick(world)
    world.clock.now = moment("2026-11-24", "09:30")
    assert "转派" in world.order("zhao.qiming", f"转派 {number} 陈刚")
    go_to(world, moment("2026-11-24", "10:00"))
    assert len(invitations(world)) == 1


def test_the_silent_are_reminded_once_and_the_case_is_put_on_file(world: World) -> None:
    number = finished(world)
    pass_time(world, 24 * 17)
    kinds = [(one.what, one.sent_at) for one in asked(world)]
    assert kinds == [
        ("invitation", moment("2026-11-24", "10:00")),
        ("reminder", moment("2026-11-27", "10:00")),
    ]
    assert expired_for(world, number) is Lapse.NO_ANSWER
    assert states(world, number) == [NeedState.CLOSED]
    assert told(world, "不计分") == 1


def test_who_opts_out_after_the_invitation_is_not_reminded(world: World) -> None:
    number = finished(world)
    pass_time(world, 26)
    opt_out(world, number)
    pass_time(world, 24 * 6)
    assert [one.what for one in asked(world)] == ["invitation"]


def test_any_number_of_processes_invites_once(world: World) -> None:
    finished(world)
    tick(world)
    world.clock.now = moment("2026-11-24", "10:00")
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(lambda _n: move_surveys(world.app.desk), range(8)))
    assert [one.what for one in asked(world)] == ["invitation"]


def test_an_invitation_that_could_not_be_sent_by_day_does_not_go_out_at_night(
    world: World,
) -> None:
    finished(world)
    tick(world)
    world.clock.now = moment("2026-11-24", "10:00")
    move_surveys(world.app.desk)
    # the delivery stood still until now
    world.clock.now = moment("2026-11-24", "21:00")
    world.deliver()
    assert invitations(world) == []
    world.clock.now = moment("2026-11-25", "08:30")
    world.deliver()
    assert [one.sent_at for one in invitations(world)] == [moment("2026-11-25", "08:30")]


def test_every_reason_has_words_that_staff_see_in_details(world: World) -> None:
    number = finished(world)
    opt_out(world, number)
    pass_time(world, 26)
    assert "评价：没有（客户已退订）" in world.order(KEEPER, f"查看 {number}")
    for lapse in Lapse:
        assert f"lapse_{lapse}" in world.app.office.renderer.texts["rating"]


def test_a_day_of_the_agencys_own_moves_the_invitation(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    catalog = shipped_catalog()
    agency = catalog.agency.model_copy(update={"days": {date(2026, 11, 24): False}})
    with open_world(
        engine_url, vault, clock, catalog.model_copy(update={"agency": agency})
    ) as world:
        finished(world)
        pass_time(world, 60)
        assert [one.sent_at for one in invitations(world)] == [
            datetime.combine(date(2026, 11, 25), time(10, 0), world.clock().tzinfo)
        ]
