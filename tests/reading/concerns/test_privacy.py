"""What people want done with what is kept of them, said as they say it."""

import pytest

from bot.domain.privacy import Wish
from bot.reading.concerns.privacy import read_wish
from bot.reading.reader import Reader
from bot.reading.reading import Intent
from tests.world import shipped_catalog

READER = Reader(shipped_catalog())

SAID = {
    Wish.SEE: (
        "我的信息|查看我的信息|我的个人信息有哪些|你们存了我哪些信息"
        "|导出我的信息|我的资料给我看看|帮我查一下我的个人资料"
        "|你们都掌握我什么信息|看看我的数据"
    ),
    Wish.CORRECT: ("更正|更正我的信息|修改我的个人信息|我的信息有误|我的资料写错了"),
    Wish.DELETE: (
        "删除我的信息|请把我的信息删了|把我之前留的电话和名字都删了吧|注销账号"
        "|删除我的手机号|能不能把我的资料都清除掉|要求删除我的个人信息"
        "|麻烦删除一下我的信息，谢谢|公司注销了，麻烦把我的个人信息全部删除"
        "|删除我的手机号13804310001，别留着了"
        "|把我的信息从你们系统里抹掉|清空我的聊天记录|请删除本人的全部个人信息"
    ),
    Wish.CONFIRM_DELETE: ("确认删除|确定删除我的信息|确认删除。"),
    Wish.KEEP: ("不删了|先不删了|取消删除|撤回删除请求|还是保留我的信息吧|别删了"),
    Wish.WITHDRAW_CONSENT: (
        "撤回同意|我要撤回同意|取消授权|撤销我之前的同意"
        "|我不同意你们再使用我的信息|我不同意了|收回授权，谢谢"
    ),
    Wish.UNSUBSCRIBE: (
        "退订|TD|td|别再发了|不要给我发消息|别给我发广告了"
        "|不要再打扰我了|取消订阅|停止推送|不想收到你们的消息了|怎么退订"
        "|退订吧|别老给我推送了|以后不用再给我发通知"
    ),
    Wish.RESUBSCRIBE: ("重新订阅|恢复推送|取消退订|恢复订阅|订阅"),
}
NO_WISH = (
    "8块压力表要校准|我的信息会不会泄露|怎么撤回同意|可以撤回同意吗"
    "|退订单怎么办|好的|同意|不同意|取消|恢复|确认"
    "|信息系统的数据删除功能要做软件测试"
    "|把我的电话删了换成13900001111|报告发了吗"
    "|别发快递，我自己取|我们公司信息：长春市宏达机械有限公司"
    "|把报告上的日期改一下|改电话 13900001111|删除|资料不要删"
    "|多久删除我的信息|发消息给我"
)


def wish_of(text: str) -> Wish | None:
    """As the handler asks."""
    return read_wish(text, private=READER.read(text).intent is Intent.PRIVACY)


@pytest.mark.parametrize(
    ("text", "wish"), [(text, wish) for wish, said in SAID.items() for text in said.split("|")]
)
def test_a_wish_is_understood(text: str, wish: Wish) -> None:
    assert wish_of(text) is wish


@pytest.mark.parametrize("text", NO_WISH.split("|"))
def test_other_talk_is_no_wish(text: str) -> None:
    assert wish_of(text) is None
