"""A talk handed to staff: nothing is lost, nothing gets into the form, nobody waits unheard."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from bot.clock import SHANGHAI
from bot.domain.cases import NeedState
from bot.messages import Channel
from bot.schedule import JOBS
from bot.simulator import photos, recordings
from bot.simulator.phones import Side
from bot.wechat.limits import WECOM_TEXT_BYTES
from storage import events, handovers, people
from storage.db import Tx
from storage.people import Act
from tests.handlers.desk.book import COLLEAGUE, KEEPER, MANAGER, client_of, look, put
from tests.world import World

CLIENT = "oclient"
WINDOW = "sun.yue"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


def shown(world: World, staff: str) -> list[str]:
    """What others put on a staff member's phone."""
    world.deliver()
    phone = world.platform.staff_phone(staff)
    return [entry.text for entry in phone if entry.side is not Side.MINE and entry.text]


def heard(world: World, client: str = CLIENT) -> list[str]:
    """What the office put on a client's phone."""
    world.deliver()
    phone = world.platform.client_phone(client)
    return [entry.text for entry in phone if entry.side is not Side.MINE]


def progress(world: World, client: str = CLIENT) -> Mapping[str, object]:
    """Where the client's form stands."""
    found = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, client))
    return found.progress if found else {}


def with_case(world: World) -> tuple[str, str]:
    """A client whose case somebody is in charge of; openid and number."""
    number = put(world, NeedState.EVALUATING)
    world.platform.client_arrives(client_of(number), "张建国")
    return client_of(number), number


def minutes_pass(world: World, minutes: int) -> None:
    """The clock jobs of each five minutes."""
    for _ in range(minutes // 5):
        world.clock.forward(timedelta(minutes=5))
        for job in JOBS:
            job.run(world.app.desk)
    world.deliver()


def test_the_person_in_charge_of_the_newest_open_case_is_asked(world: World) -> None:
    client, number = with_case(world)
    assert "刘敏（工号 B001" in world.say(client, "人工")
    world.deliver()
    card = world.card(KEEPER).card
    assert card is not None
    title = card.body["main_title"]
    assert isinstance(title, dict)
    assert number in title["title"]
    kinds = look(world, number).kinds
    world.say(client, "证书要两份")
    world.order(KEEPER, f"回复 {number} 好的，两份")
    after = look(world, number).kinds
    assert after - kinds == {"talk_client": 1, "talk_answered": 1}
    assert "两份" in heard(world, client)[-1]


def test_what_is_said_in_a_talk_stands_sealed_in_the_timeline(world: World) -> None:
    client, number = with_case(world)
    world.say(client, "人工")
    world.say(client, "证书要两份")
    world.order(KEEPER, "回复 没问题")
    case = look(world, number).case
    lines = world.database.run(lambda tx: events.of_case(tx, case.id))
    said = [(one.kind, one.actor, one.values.get("words")) for one in lines]
    assert said[-2:] == [
        ("talk_client", "client", "证书要两份"),
        ("talk_answered", KEEPER, "没问题"),
    ]


@pytest.mark.parametrize("words", ["长" * 3000, "第一行\n" * 700, "😀" * 1500])
def test_a_long_message_reaches_staff_whole_in_pieces_that_fit(world: World, words: str) -> None:
    world.say(CLIENT, "人工")
    before = len(shown(world, WINDOW))
    world.say(CLIENT, words)
    parts = shown(world, WINDOW)[before:]
    assert all(len(part.encode()) <= WECOM_TEXT_BYTES for part in parts)
    assert "".join(words.split()) in "".join("".join(parts).split())


SENT = {
    "voice": (recordings.voice(), recordings.AMR),
    "video": (recordings.video(), recordings.MP4),
    "shortvideo": (recordings.video(), recordings.MP4),
}


@pytest.mark.parametrize("sort", ["voice", "video", "link", "file", "shortvideo"])
def test_whatever_kind_it_is_staff_hear_of_it_and_the_form_does_not(
    world: World, sort: str
) -> None:
    world.say(CLIENT, "8块压力表要校准")
    world.say(CLIENT, "同意")
    world.say(CLIENT, "人工")
    before, seen = progress(world), len(shown(world, KEEPER))
    data, kind = SENT.get(sort, (photos.document(), photos.PDF))
    media_id = world.platform.hub.shelf.keep(data, kind, world.clock())
    delivery = world.platform.client_sends(CLIENT, sort, {"MediaId": media_id, "Title": "t"})
    assert (delivery.reply or "") == ""
    assert len(shown(world, KEEPER)) == seen + 1
    assert progress(world) == before


def test_nothing_said_to_staff_gets_into_the_form(world: World) -> None:
    world.say(CLIENT, "8块压力表要校准")
    world.say(CLIENT, "同意")
    world.say(CLIENT, "人工")
    before = progress(world)
    for text in ("13500001234", "长春市净月区生态大街1号", "确认", "取消", "联系人：孟丽", "进度"):
        assert world.say(CLIENT, text) == ""
    world.platform.client_sends_photo(CLIENT)
    assert progress(world) == before
    assert "还需填写" in world.say(CLIENT, "继续")
    assert "13500001234" in world.say(CLIENT, "电话13500001234")


def test_a_staff_member_who_left_the_catalogue_leaves_nobody_unheard(world: World) -> None:
    def turn(tx: Tx) -> None:
        now = world.clock()
        person = people.meet(tx, Channel.OFFICIAL, CLIENT, now, Act.WROTE)
        handovers.begin(tx, person.id, None, "gone", now, now)
        people.hand_to(tx, person.id, "gone")

    world.platform.client_arrives(CLIENT, "孟丽")
    world.database.run(turn)
    assert "服务时间" in world.say(CLIENT, "几点下班")
    assert "一站式服务" in world.say(CLIENT, "你好")


def test_a_clock_frees_a_talk_of_somebody_who_left(world: World) -> None:
    def turn(tx: Tx) -> int:
        now = world.clock()
        person = people.meet(tx, Channel.OFFICIAL, CLIENT, now, Act.WROTE)
        people.hand_to(tx, person.id, "gone")
        return handovers.begin(tx, person.id, None, "gone", now, now).id

    talk = world.database.run(turn)
    minutes_pass(world, 5)
    ended = world.database.run(lambda tx: handovers.by_id(tx, talk))
    assert ended is not None
    assert ended.ended_by == "clock"


def test_unanswered_talks_are_brought_up_once_with_staff_then_managers_and_client(
    world: World,
) -> None:
    world.say(CLIENT, "人工")
    minutes_pass(world, 120)
    assert len([one for one in shown(world, WINDOW) if "等待 15 分钟" in one]) == 1
    assert len([one for one in shown(world, MANAGER) if "等待 30 分钟" in one]) == 1
    assert len([one for one in heard(world) if "久等" in one]) == 1
    world.order(WINDOW, "回复 来了")
    world.say(CLIENT, "好")
    minutes_pass(world, 20)
    assert len([one for one in shown(world, WINDOW) if "等待 15 分钟" in one]) == 2


def test_an_idle_talk_is_given_back_by_day_and_both_are_told(world: World) -> None:
    world.say(CLIENT, "人工")
    world.clock.now = datetime(2026, 11, 23, 16, 50, tzinfo=SHANGHAI)
    world.order(WINDOW, "回复 好的")
    world.clock.now = datetime(2026, 11, 24, 16, 50, tzinfo=SHANGHAI)
    minutes_pass(world, 5)
    assert "先为您结束" in heard(world)[-1]
    assert "已交还助手" in shown(world, WINDOW)[-1]
    assert world.say(CLIENT, "几点下班") != ""


def test_no_talk_is_given_back_at_night(world: World) -> None:
    world.say(CLIENT, "人工")
    world.clock.now = datetime(2026, 11, 23, 21, 0, tzinfo=SHANGHAI)
    world.order(WINDOW, "回复 好的")
    world.clock.now = datetime(2026, 11, 24, 22, 0, tzinfo=SHANGHAI)
    minutes_pass(world, 30)
    assert "结束" not in heard(world)[-1]
    world.clock.now = datetime(2026, 11, 25, 8, 25, tzinfo=SHANGHAI)
    minutes_pass(world, 5)
    assert "先为您结束" in heard(world)[-1]


def test_a_client_of_the_weekend_is_not_given_back_before_anybody_was_there(world: World) -> None:
    world.clock.now = datetime(2026, 11, 27, 19, 0, tzinfo=SHANGHAI)
    world.say(CLIENT, "人工")
    world.clock.now = datetime(2026, 11, 30, 8, 35, tzinfo=SHANGHAI)
    minutes_pass(world, 5)
    assert "不好意思" not in "".join(heard(world))
    [talk] = world.database.run(handovers.open_all)
    assert talk.ended_at is None


def test_a_colleague_cannot_speak_into_a_talk_and_a_manager_can(world: World) -> None:
    client, number = with_case(world)
    world.say(client, "人工")
    before = len(heard(world, client))
    for text in (f"回复 {number} 你好", "回复 你好", "交还", f"转接 {number} 孙悦"):
        assert "没有客户在等您" in world.order(COLLEAGUE, text)
    assert len(heard(world, client)) == before
    assert "已发给" in world.order(MANAGER, f"回复 {number} 我来跟进")
    assert "赵启明" in heard(world, client)[-1]


def test_a_tap_on_the_card_of_an_ended_talk_says_so(world: World) -> None:
    world.say(CLIENT, "人工")
    world.deliver()
    world.say(CLIENT, "继续")
    world.tap(WINDOW, "talk_reply")
    assert "已经结束" in shown(world, WINDOW)[-1]
    assert "可用的指令" in world.order(WINDOW, "你好")


def test_the_card_alone_gives_the_talk_back(world: World) -> None:
    world.say(CLIENT, "人工")
    world.deliver()
    world.tap(WINDOW, "talk_return")
    assert "助手继续为您服务" in heard(world)[-1]
    assert "服务时间" in world.say(CLIENT, "几点下班")


def test_a_photo_for_staff_is_fetched_before_the_platform_drops_it(world: World) -> None:
    world.say(CLIENT, "人工")
    world.platform.client_sends_photo(CLIENT)
    assert "客户发来照片" in shown(world, WINDOW)[-1]


def test_asking_twice_before_anybody_is_there_is_one_talk(world: World) -> None:
    world.clock.now = datetime(2026, 11, 27, 19, 0, tzinfo=SHANGHAI)
    world.say(CLIENT, "人工")
    assert "11月30日 08:30" in world.say(CLIENT, "怎么还没人，转人工")
    assert len(world.database.run(handovers.open_all)) == 1


def test_words_kept_back_reach_the_one_that_is_named_and_can_be_dropped(world: World) -> None:
    for client in ("oa", "ob"):
        world.say(client, "人工")
    talks = world.database.run(handovers.open_all)
    first = talks[0].staff
    world.order(talks[1].staff, f"转接 {talks[1].id} {first}")
    before = len(heard(world, "oa")), len(heard(world, "ob"))
    assert "哪一位" in world.order(first, "回复 明天来取")
    assert "没有改动" in world.order(first, "算了")
    assert "哪一位" in world.order(first, "回复 明天来取")
    assert "没有找到" in world.order(first, "99") or "哪一位" in world.order(first, "99")
    world.order(first, str(talks[1].id))
    assert len(heard(world, "oa")) == before[0]
    assert "明天来取" in heard(world, "ob")[-1]


STILL_THERE = "您刚才的登记还在"


def test_a_tap_on_the_menu_says_who_is_listening_while_staff_talk(world: World) -> None:
    def tapped() -> str:
        world.clock.forward(timedelta(minutes=1))
        return world.platform.client_taps(CLIENT, "apply").reply or ""

    world.say(CLIENT, "温湿度计校准")
    world.say(CLIENT, "同意")
    assert STILL_THERE in tapped()
    world.say(CLIENT, "人工")
    followed = world.platform.client_follows(CLIENT).reply or ""
    for told in (tapped(), followed):
        assert "刘敏（工号 B001）正在为您服务，您发的消息都会直接转给工作人员" in told
        assert STILL_THERE not in told
    world.say(CLIENT, "继续")
    assert STILL_THERE in tapped()


def test_what_is_answered_beside_a_talk_does_not_ask_for_the_form(world: World) -> None:
    client, _ = with_case(world)
    world.say(client, "温湿度计校准")
    world.say(client, "同意")
    assert STILL_THERE in world.say(client, "我的信息")
    world.say(client, "人工")
    told = world.say(client, "我的信息")
    assert told
    assert STILL_THERE not in told


def test_a_complaint_that_ends_a_talk_says_that_the_form_is_there_again(world: World) -> None:
    world.say(CLIENT, "温湿度计校准")
    world.say(CLIENT, "同意")
    world.say(CLIENT, "人工")
    assert STILL_THERE in world.say(CLIENT, "我要投诉，窗口的人态度太差")
