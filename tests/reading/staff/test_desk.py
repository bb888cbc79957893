"""What staff type for a client at the desk: the order that begins it, and what is passed on."""

import pytest

from bot.reading.staff.desk import DeskOrder, is_everything, own_command, passed_on, read_desk_order

ORDERS = (
    ("登记 电话", "phone", ""),
    ("登记电话", "phone", ""),
    ("登记 来电 8块压力表要校准", "phone", "8块压力表要校准"),
    ("电话登记：王先生要测水", "phone", "王先生要测水"),
    ("登记：到访", "visit", ""),
    ("登记 上门\n单位：长春宏达机械有限公司", "visit", "单位：长春宏达机械有限公司"),
    ("登记 邮件\n您好，我公司想咨询", "email", "您好，我公司想咨询"),
    ("登记 Email 想办认证", "email", "想办认证"),
    ("登记　网站", "web", ""),
    ("登记QQ 我们厂要校准", "qq", "我们厂要校准"),
    ("登記 電話 要校準", "phone", "要校準"),
    ("登记", "", ""),
    ("登记 王先生要测水", "", "王先生要测水"),
)
NO_ORDERS = (
    "登记电话：0431-85371234",
    "登记表要盖章吗",
    "登记吧",
    "先登记",
    "电话 13900001111",
    "网站上看到的",
    "",
)


@pytest.mark.parametrize(("text", "channel", "words"), ORDERS)
def test_an_order_names_the_way_and_may_hold_the_first_words(
    text: str, channel: str, words: str
) -> None:
    assert read_desk_order(text) == DeskOrder(channel, words)


@pytest.mark.parametrize("text", NO_ORDERS)
def test_what_only_begins_alike_is_no_order(text: str) -> None:
    assert read_desk_order(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("客户同意", "同意"),
        ("客户已同意", "同意"),
        ("客户说：同意", "同意"),
        ("他不同意", "不同意"),
        ("同意", ""),
        ("长春宏达机械有限公司", ""),
    ],
)
def test_a_client_s_answer_is_passed_on_in_their_words(text: str, said: str) -> None:
    assert passed_on(text) == said


@pytest.mark.parametrize("text", ["待办", "接单 0001", "完成 JY20261123-0001 已办完", "帮助"])
def test_an_order_of_staff_counts_among_a_client_s_words(text: str) -> None:
    assert own_command(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "说明：机器坏了",
        "报告 要寄到家里",
        "拒绝",
        "费用 谁出",
        "收到",
        "完成 日期最好是月底\n电话13900001111",
        "我们厂要校准",
    ],
)
def test_a_client_s_words_are_no_order_because_they_begin_like_one(text: str) -> None:
    assert own_command(text) is None


def test_all_of_it_has_come_only_where_that_is_all_that_is_said() -> None:
    assert is_everything("全部")
    assert is_everything("都齐了。")
    assert not is_everything("全部指标的清单")
