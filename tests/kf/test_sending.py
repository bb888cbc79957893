"""What is sent to clients of 微信客服: once, within the allowance, and into no servicer's talk."""

import time
from datetime import timedelta

import pytest

from bot.messages import Channel
from bot.simulator.faults import Trouble
from bot.simulator.reception import HUMAN, OVER, POOL
from storage import outbox, people
from tests.kf.counter import WHO, customer, heard, identity, pushes, says, told
from tests.storage.samples import push
from tests.world import World

SEND = "/cgi-bin/kf/send_msg"
MANAGER = "zhao.qiming"
HOUR = timedelta(hours=1)


def tell(world: World, key: str, text: str = "进展", **changes: object) -> list[str]:
    """What the client reads of a push."""
    values = {"channel": Channel.KF, "body": {"text": text}, **changes}
    one = push(key, identity(world), world.clock(), **values)
    world.database.run(lambda tx: outbox.enqueue(tx, [one]))
    return heard(world)


def reported(world: World) -> None:
    """Until the platform has told what became of the last push; a thread of its own does."""
    for _ in range(200):
        heard(world)
        if pushes(world)[-1][0] != "sent":
            return
        time.sleep(0.02)


def staffed(world: World) -> bool:
    """Whether we take the session for a servicer's."""
    found = world.database.run(lambda tx: people.find(tx, Channel.KF, identity(world)))
    assert found is not None
    return found.credits.staffed


def test_a_repeat_under_the_same_id_is_not_seen(world: World) -> None:
    says(world, "你好")
    world.platform.faults.on_call(SEND, Trouble.LOST_ANSWER)
    assert tell(world, "a") == ["进展"]
    world.clock.forward(timedelta(minutes=1))
    assert heard(world) == []
    assert pushes(world)[-1] == ("sent", "")
    assert customer(world).sent == 2


def test_the_window_runs_from_when_somebody_wrote_and_not_from_when_it_was_read(
    world: World,
) -> None:
    says(world, "你好")
    world.clock.forward(HOUR)
    world.platform.kf.says(WHO, "谢谢")
    # the machine was off for two days
    world.clock.forward(48 * HOUR)
    assert heard(world) == []
    assert pushes(world)[-1] == ("held", "window_closed")
    refused = [one for one in world.platform.journal.since(0) if one.code == 95002]
    assert refused == []


def test_the_sixth_message_waits_and_rides_on_the_next_answer(world: World) -> None:
    says(world, "你好")
    assert [tell(world, f"{n}", f"第{n}条") for n in range(4)] == [[f"第{n}条"] for n in range(4)]
    assert tell(world, "5", "第五条") == []
    assert pushes(world)[-1] == ("held", "credits_spent")
    (answer,) = says(world, "谢谢")
    assert answer.endswith("第五条")


def test_after_48_hours_there_is_no_way_but_a_call(world: World) -> None:
    says(world, "你好")
    world.clock.forward(48 * HOUR)
    told(world, MANAGER)
    assert tell(world, "a") == []
    assert pushes(world)[-1] == ("held", "window_closed")
    assert told(world, MANAGER) == []
    assert tell(world, "b", urgent=True) == []
    assert len(told(world, MANAGER)) == 1


def test_a_count_that_was_wrong_is_put_right_by_the_platform(world: World) -> None:
    says(world, "你好")
    customer(world).sent = 5
    assert tell(world, "a") == []
    assert tell(world, "b") == []
    assert [state for state, _ in pushes(world)] == ["sent", "held", "held"]
    assert [one.code for one in world.platform.journal.since(0) if one.what.endswith(SEND)] == [
        0,
        95001,
    ]


@pytest.mark.parametrize(
    ("reason", "state", "words"),
    [
        (6, "held", "条数已用完"),
        (4, "held", "48小时"),
        (10, "failed", "拒收"),
        (0, "failed", "fail_0"),
    ],
)
def test_a_message_that_does_not_arrive_is_seen_by_staff(
    world: World, reason: int, state: str, words: str
) -> None:
    says(world, "你好")
    told(world, MANAGER)
    customer(world).fails_with = reason
    assert tell(world, "a", "很重要") == []
    reported(world)
    assert pushes(world)[-1][0] == state
    (note,) = told(world, MANAGER)
    assert "很重要" in note
    assert words in note
    (answer,) = says(world, "谢谢")
    assert answer.endswith("很重要") == (state == "held")


@pytest.mark.parametrize("reason", [1, 4, 5, 6, 10])
def test_after_a_failure_nothing_else_is_sent_in_vain(world: World, reason: int) -> None:
    says(world, "你好")
    customer(world).fails_with = reason
    assert tell(world, "a") == []
    reported(world)
    assert tell(world, "b") == []
    sends = [one for one in world.platform.journal.since(0) if one.what.endswith("kf/send_msg")]
    assert len(sends) == 2
    assert any("很好" in text for text in [*says(world, "谢谢"), *tell(world, "c", "很好")])


def test_a_failure_of_what_we_never_sent_changes_nothing(world: World) -> None:
    says(world, "你好")
    body = {"external_userid": WHO, "fail_msgid": "nobody's", "fail_type": 10}
    world.platform.kf.happens("msg_send_fail", body)
    assert heard(world) == []
    assert pushes(world) == [("sent", "")]


@pytest.mark.parametrize("state", [HUMAN, POOL])
def test_in_a_servicers_session_nothing_is_said(world: World, state: int) -> None:
    says(world, "你好")
    told(world, MANAGER)
    # an event of it got lost: the platform's refusal says so
    customer(world).state = state
    assert tell(world, "a", "很重要") == []
    assert pushes(world)[-1][0] == "held"
    assert staffed(world)
    assert "很重要" in told(world, MANAGER)[0]
    assert says(world, "在吗") == []
    # and it ends without an event, too
    customer(world).state = OVER
    (answer,) = says(world, "谢谢")
    assert answer.endswith("很重要")
    assert not staffed(world)


def test_nobody_is_asked_whose_session_it_is_without_need(world: World) -> None:
    says(world, "你好")
    world.platform.kf.taken("liu.min", WHO)
    assert says(world, "在吗") == []
    says(world, "在吗")
    asked = [one for one in world.platform.journal.since(0) if one.what.endswith("state/get")]
    assert len(asked) == 2


def test_a_session_that_is_over_takes_no_message(world: World) -> None:
    says(world, "你好")
    customer(world).state = OVER
    assert tell(world, "a") == []
    assert pushes(world)[-1][0] == "held"
    assert not staffed(world)


def test_without_a_servicer_the_talk_goes_through_the_app(world: World) -> None:
    says(world, "你好")
    says(world, "转人工")
    assert not staffed(world)
    assert says(world, "在吗") == []
    staff = next(one.id for one in world.app.catalog.staff if told(world, one.id)[1:])
    world.order(staff, "回复 1 您好")
    assert "您好" in heard(world)[0]


@pytest.mark.parametrize(
    "event",
    [
        ("user_recall_msg", {"external_userid": WHO, "recall_msgid": "m"}),
        ("servicer_recall_msg", {"external_userid": WHO, "recall_msgid": "m"}),
        ("servicer_status_change", {"servicer_userid": "liu.min", "status": 2, "stop_type": 0}),
        ("reject_customer_msg_switch_change", {"external_userid": WHO, "reject_switch": 1}),
        ("something_new", {"external_userid": WHO}),
    ],
)
def test_events_that_nobody_waits_for_are_silent(
    world: World, event: tuple[str, dict[str, object]]
) -> None:
    says(world, "你好")
    world.platform.kf.happens(*event)
    assert heard(world) == []
    assert len(pushes(world)) == 1


def test_a_welcome_that_comes_too_late_is_not_sent_at_all(world: World) -> None:
    world.platform.kf.enters(WHO, "hall", "")
    world.clock.forward(timedelta(seconds=21))
    assert heard(world) == []
    assert pushes(world) == [("failed", "expired")]
    assert len(says(world, "你好")) == 1


def test_a_code_is_good_for_one_message(world: World) -> None:
    world.platform.kf.enters(WHO, "hall", "")
    assert len(heard(world)) == 1
    world.platform.kf.enters(WHO, "hall", "")
    assert heard(world) == []
