"""What is said or filmed: kept where somebody will listen, fetched once, and lost with a word."""

from datetime import timedelta

import pytest

from bot.domain.files import FileSort, FileState
from bot.handlers.files.documents import MOST_IN_A_DAY
from bot.handlers.files.news import FileNews
from bot.messages import Channel
from bot.simulator import photos
from bot.simulator.recordings import voice
from storage import files, people, quotas
from storage.db import Tx
from storage.files import File
from tests.test_deliveries import STORY
from tests.world import World

CLIENT, KEEPER = "oclient", "liu.min"


def sent(world: World) -> tuple[File, ...]:
    """The files of the client."""

    def turn(tx: Tx) -> tuple[File, ...]:
        person = people.find(tx, Channel.OFFICIAL, CLIENT)
        assert person is not None
        return files.of_person(tx, person.id)

    return world.database.run(turn)


def says(world: World, *texts: str) -> None:
    """The client types."""
    for text in texts:
        world.say(CLIENT, text)


def heard(world: World) -> str:
    """The client sends a voice message; the reply."""
    return world.platform.client_sends_voice(CLIENT).reply or ""


def staff_read(world: World) -> list[str]:
    """Everything the person in charge was sent."""
    return [one.text for one in world.platform.staff_phone(KEEPER)]


def test_before_the_consent_nothing_is_fetched_and_the_client_is_told_what_to_do(
    world: World,
) -> None:
    assert "打字" in heard(world)
    says(world, STORY[0])
    for send in (world.platform.client_sends_voice, world.platform.client_sends_video):
        assert send(CLIENT).reply
    assert sent(world) == ()


def test_a_voice_message_belongs_to_the_case_that_comes_of_the_registration(world: World) -> None:
    says(world, *STORY[:2])
    heard(world)
    world.deliver()
    [file] = sent(world)
    assert (file.sort, file.state, file.case_id) == (FileSort.VOICE, FileState.STORED, None)
    assert (file.content_type, file.size) == ("audio/amr", len(voice()))
    assert world.database.run(lambda tx: files.read(tx, file.id)) == voice()
    assert world.database.run(lambda tx: files.digests(tx, [file.key]))
    says(world, *STORY[2:])
    [file] = sent(world)
    assert file.case_id is not None
    world.deliver()
    assert sum("客户发来语音" in text for text in staff_read(world)) == 1


def test_what_was_said_two_days_before_is_not_part_of_a_case(world: World) -> None:
    says(world, *STORY[:2])
    heard(world)
    world.clock.forward(timedelta(days=2, minutes=1))
    says(world, *STORY[2:])
    assert [one.case_id for one in sent(world)] == [None]


def test_a_message_that_comes_twice_is_kept_once_and_answered_alike(world: World) -> None:
    says(world, *STORY)
    first = heard(world)
    assert world.platform.client_again(CLIENT).reply == first
    assert len(sent(world)) == 1


def test_words_the_platform_heard_fill_the_form_and_no_number_is_kept_as_a_sound(
    world: World,
) -> None:
    says(world, *STORY[:2])
    done = world.platform.client_sends_voice(CLIENT, recognition="联系人王芳，电话13900001111。")
    assert "联系电话：13900001111" in (done.reply or "")
    assert [one.sort for one in sent(world)] == [FileSort.SPOKEN]
    masked = "身份证号220102199003074014，职务是采购经理"
    done = world.platform.client_sends_voice(CLIENT, recognition=masked)
    assert "220102199003074014" not in (done.reply or "")
    assert len(sent(world)) == 1


def test_no_more_is_taken_in_a_day_than_anybody_needs(world: World) -> None:
    says(world, *STORY[:2])
    day = world.clock().replace(hour=0, minute=0, second=0, microsecond=0)
    person = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, CLIENT))
    assert person is not None
    for _ in range(MOST_IN_A_DAY - 1):
        world.database.run(
            lambda tx: quotas.take(tx, f"upload:{person.id}", day, MOST_IN_A_DAY),
        )
    assert "语音收到了" in heard(world)
    refused = (heard(world), world.platform.client_sends_photo(CLIENT, photos.good(1)).reply or "")
    assert all(str(MOST_IN_A_DAY) in one and "没有收下" in one for one in refused)
    assert len(sent(world)) == 1
    world.clock.forward(timedelta(days=1))
    assert "语音收到了" in heard(world)


@pytest.mark.parametrize(("sort", "word"), [("voice", "语音"), ("video", "视频")])
def test_what_expired_is_told_to_the_client_and_left_to_staff(
    world: World, sort: str, word: str
) -> None:
    says(world, *STORY)
    if sort == "voice":
        world.platform.client_sends_voice(CLIENT)
    else:
        world.platform.client_sends_video(CLIENT)
    [file] = sent(world)
    news = FileNews(world.app.office, world.clock)

    def turn(tx: Tx) -> None:
        assert files.lose(tx, file.id, "expired")
        news.useless(tx, file, "expired")

    world.database.run(turn)
    world.deliver()
    told = world.platform.client_phone(CLIENT)[-1].text
    assert f"{word}在平台上已过期" in told
    assert "照片" not in told.partition("。")[0]
    [task] = [text for text in staff_read(world) if "已过期" in text]
    assert "请致电客户问清" in task
