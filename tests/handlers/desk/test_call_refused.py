"""What managers read when the platform refuses a call to the whole account."""

import pytest

from bot.handlers.desk.reminders import call_refused
from bot.messages import Channel
from bot.wechat.limits import Way
from tests.fixed_clock import MONDAY_MORNING as NOW
from tests.jobs.office import OFFICE

OA, KF = Channel.OFFICIAL, Channel.KF


@pytest.mark.parametrize(
    ("channel", "way", "code", "words"),
    [
        (OA, Way.TEMPLATE, 40037, ["模板消息", "模板编号不对", "核对目录文件"]),
        (OA, Way.SUBSCRIPTION, 48004, ["订阅通知", "接口被封禁", "一小时后"]),
        (OA, Way.CUSTOMER_SERVICE, 50002, ["公众号客服消息", "账号受限"]),
        (OA, Way.CUSTOMER_SERVICE, 45009, ["今天的客服消息次数已用完"]),
        (KF, Way.CUSTOMER_SERVICE, 95017, ["微信客服消息", "没有开启接口"]),
    ],
)
def test_each_manager_reads_which_call_and_what_to_look_at(
    channel: Channel, way: Way, code: int, words: list[str]
) -> None:
    found = call_refused(OFFICE, (channel, way), code, NOW)
    assert [one.to for one in found] == [one.id for one in OFFICE.catalog.managers]
    text = str(found[0].body["text"])
    assert all(word in text for word in words)
    # one key a day: nobody reads it twice
    assert call_refused(OFFICE, (channel, way), code, NOW)[0].key == found[0].key
