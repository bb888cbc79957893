"""A reply longer than all bubbles the platform allows: the rest waits, and none of it is lost."""

import pytest

from bot.domain.cases import NeedState
from bot.wechat.limits import OFFICIAL_TEXT_BYTES
from tests.handlers.desk.book import KEEPER, client_of, look, put
from tests.world import World

CLIENT = "client"
# with the summary that repeats it: more than one passive reply and five pushes can carry back
LIST = "".join(f"压力表编号{number:05d}一只；" for number in range(200))
DETAILS = f"""单位：长春市宏达机械有限公司
联系人：王芳
职务：采购经理
电话：13900001111
地址：长春市朝阳区人民大街100号
主营业务：机械加工
企业
证书单位名称和地址：同申请人
开票信息：普票
计量器具清单：{LIST}"""


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: the transcripts play on both."""
    return sqlite_url


def read_by(world: World) -> str:
    """Everything on the client's phone that the office wrote, since it was last asked."""
    return "".join(entry.text for entry in world.news("client", CLIENT))


def test_what_no_push_may_carry_any_more_rides_on_the_next_replies(world: World) -> None:
    for text in ("我们厂有8块压力表要校准", "同意"):
        world.say(CLIENT, text)
    read_by(world)
    world.say(CLIENT, DETAILS)
    world.deliver()
    seen = read_by(world)
    assert "无误请回复“确认”" not in seen
    for _ in range(9):
        world.say(CLIENT, "您好")
        world.deliver()
        seen += read_by(world)
    pieces = [f"压力表编号{number:05d}一只" for number in range(200)]
    assert [piece for piece in pieces if piece not in seen] == []
    assert "无误请回复“确认”" in seen


def test_what_staff_answer_at_length_reaches_the_client_whole(world: World) -> None:
    number, words = put(world, NeedState.EVALUATING), "复核结果如下。" * 96
    before = look(world, number)
    world.order(KEEPER, f"答复 {number} {words}")
    sent = look(world, number).since(before)
    told = [one.text for one in sent if one.to == client_of(number)]
    assert len(told) > 1
    assert all(len(text.encode()) <= OFFICIAL_TEXT_BYTES for text in told)
    assert "".join(told).count("复核结果如下") == 96
