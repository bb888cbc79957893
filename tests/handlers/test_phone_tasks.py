"""What managers read when an urgent word to a client found no way: whom to call, what to say."""

import pytest

from bot.domain.cases import NeedState
from bot.simulator.faults import Trouble
from bot.wechat.limits import WECOM_TEXT_BYTES
from tests.handlers.desk.book import KEEPER, MANAGER, client_of, put
from tests.world import World


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


@pytest.mark.parametrize("reason", ["数量看不清", "看不清" * 600])
def test_a_phone_task_names_the_case_and_quotes_what_did_not_arrive(
    world: World, reason: str
) -> None:
    number = put(world, NeedState.EVALUATING)
    world.platform.client_arrives(client_of(number), "张建国")
    for path, code in (("custom/send", 45047), ("template/send", 43004)):
        world.platform.faults.on_call(f"/cgi-bin/message/{path}", Trouble.CODE, code, 9)
    world.order(KEEPER, f"需补料 {number} 计量器具清单 {reason}")
    world.deliver()
    [task] = [one.text for one in world.news("staff", MANAGER) if number in one.text]
    assert f"查看 {number}" in task
    assert f"原因：{reason[:5]}" in task
    assert len(task.encode()) <= WECOM_TEXT_BYTES
    assert "13804310001" in world.order(MANAGER, f"查看 {number}")
