"""Nobody learns of another's case: not that it exists, not whose it is, not by trying."""

from datetime import timedelta

from bot.domain.cases import NeedState
from storage import cases
from storage.db import Tx
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import KEEPER, client_of, put
from tests.storage.samples import RECORD
from tests.world import World

UNKNOWN, REPORT, TAIL, WRONG = "JY20261123-0099", "BG-2026-0012", "0001", "9999"
NOT_FOUND = "未查询到"


def put_with_report(world: World) -> str:
    """A case in service whose report has a number."""
    number = put(world, NeedState.IN_SERVICE)

    def turn(tx: Tx) -> None:
        case = cases.by_number(tx, number)
        assert case is not None
        cases.change(tx, case.needs[0], report_number=REPORT, amount="1200元")

    world.database.run(turn)
    return number


def without(reply: str, number: str) -> str:
    """A reply without the number it repeats."""
    return reply.replace(number, "…")


def test_an_unknown_number_reads_like_anothers_number_and_like_wrong_digits(world: World) -> None:
    number = put_with_report(world)
    asked = {one: world.say("a", one) for one in (number, UNKNOWN, REPORT, "BG-2026-9999")}
    assert len({without(reply, one) for one, reply in asked.items()}) == 1
    refused = [
        world.say("b", f"{number} {WRONG}"),
        world.say("b", f"{UNKNOWN} {TAIL}"),
        world.say("b", f"查报告{REPORT} 尾号{WRONG}"),
        world.say("b", f"查报告BG-2026-9999 尾号{TAIL}"),
    ]
    assert len(set(refused)) == 1
    assert NOT_FOUND in refused[0]


def test_who_proves_a_number_learns_nothing_personal(world: World) -> None:
    number = put_with_report(world)
    replies = [world.say("a", f"{number} {TAIL}"), world.say("b", f"查报告{REPORT}，尾号{TAIL}")]
    keeper = world.app.catalog.person[KEEPER]
    for reply in replies:
        assert "服务中" in reply
        assert keeper.name in reply
        for word in (*RECORD.fields.values(), *RECORD.extra.values(), "压力表", "1200"):
            assert word not in reply


def test_ones_own_number_needs_no_proof_and_costs_no_try(world: World) -> None:
    number = put_with_report(world)
    for _ in range(8):
        reply = world.say(client_of(number), number)
        assert "1200元" in reply
        assert REPORT in reply
    assert "1200元" in world.say(client_of(number), f"报告{REPORT}好了吗")


def test_five_tries_an_hour_whatever_is_tried_and_another_persons_are_their_own(
    world: World, clock: FixedClock
) -> None:
    number = put_with_report(world)
    for text in (f"{number} {WRONG}", f"{UNKNOWN} {TAIL}", number, WRONG, WRONG):
        world.say("a", text)
    assert "服务中" in world.say("a", f"{number} {TAIL}")
    sixth = world.say("a", f"{number} {TAIL}")
    assert "服务中" not in sixth
    assert world.app.catalog.agency.phone in sixth
    assert "服务中" in world.say("b", f"{number} {TAIL}")
    clock.forward(timedelta(minutes=59))
    assert world.say("a", f"{number} {TAIL}") == sixth
    clock.forward(timedelta(minutes=2))
    assert "服务中" in world.say("a", f"{number} {TAIL}")


def test_a_retry_of_the_platform_is_no_further_try(world: World) -> None:
    number = put_with_report(world)
    world.say("a", f"{number} {WRONG}")
    for _ in range(6):
        world.platform.client_again("a")
    assert "服务中" in world.say("a", f"{number} {TAIL}")


def test_a_number_typed_into_an_open_form_is_an_answer_of_the_form(world: World) -> None:
    put_with_report(world)
    world.say("a", "我想补一份报告")
    world.say("a", "同意")
    reply = world.say("a", f"原报告或证书编号：{REPORT}")
    assert NOT_FOUND not in reply
    assert "后四位" not in reply
    assert REPORT in reply


def test_the_question_for_digits_ends_with_any_other_message(world: World) -> None:
    number = put_with_report(world)
    world.say("a", number)
    assert "校准" in world.say("a", "我们厂有8块压力表要校准")
    assert "服务中" not in world.say("a", TAIL)
