"""Taken back or not solved: what says so, and what only sounds like it."""

import pytest

from bot.reading.concerns.afterwards import (
    Sureness,
    declines,
    means_all,
    read_unsolved,
    says_keep,
    says_withdraw,
)

WITHDRAWS = [
    "不办了",
    "撤回JY20261123-0001",
    "撤销申请",
    "我要撤回登记",
    "取消登记",
    "取消JY20261123-0001",
    "麻烦把那个校准的单子取消",
    "压力表不校了",
    "我们那批水样不检了",
    "不想做了，太远",
    "这个认证我们不需要办了",
    "撤单吧",
    "撤吧",
    "别给我检了",
    "先别检了，我们改主意了",
    "计划变了不做检测了",
    "领导说不做了",
    "那个单子给我取消了",
    "终止委托",
    "上次登记的那个取消掉吧",
]
KEEPS = ["不取消", "别撤", "没说要取消啊", "先别撤回", "不撤回", "不是要取消"]
NEITHER = [
    "不用了谢谢",
    "撤回同意",
    "取消关注怎么弄",
    "你们怎么不做了",
    "是不是不检了",
    "不行了",
    "不好意思打扰了",
    "我不知道了",
    "压力表校准好了吗",
    "取样什么时候来",
    "8块压力表要校准",
    "投诉撤销了",
]


@pytest.mark.parametrize("text", WITHDRAWS)
def test_who_takes_something_back_is_understood(text: str) -> None:
    assert says_withdraw(text)
    assert not says_keep(text)


@pytest.mark.parametrize("text", KEEPS)
def test_who_wants_to_keep_it_takes_nothing_back(text: str) -> None:
    assert says_keep(text)
    assert not says_withdraw(text)


@pytest.mark.parametrize("text", NEITHER)
def test_other_talk_takes_nothing_back(text: str) -> None:
    assert not says_withdraw(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("还没解决", Sureness.PLAIN),
        ("问题还在", Sureness.PLAIN),
        ("还是不行，一校就报错", Sureness.PLAIN),
        ("没有解决我的问题", Sureness.PLAIN),
        ("答非所问", Sureness.PLAIN),
        ("没解决", Sureness.PLAIN),
        ("麻烦重新处理一下", Sureness.PLAIN),
        ("没用", Sureness.HINT),
        ("你说的没用", Sureness.HINT),
        ("答复不对", Sureness.HINT),
        ("一点用都没有", Sureness.HINT),
        ("这个答复我不认可", Sureness.PLAIN),
        ("还是没弄明白", Sureness.PLAIN),
        ("不对", Sureness.HINT),
        ("不行啊！", Sureness.HINT),
        ("没问题", None),
        ("已经解决了", None),
        ("解决了，谢谢", None),
        ("没用过你们的服务，想问下怎么收费", None),
        ("电话不对，改成13900001111", None),
        ("好的", None),
    ],
)
def test_what_was_not_solved_is_plain_or_a_hint(text: str, found: Sureness | None) -> None:
    assert read_unsolved(text) is found


def test_all_of_several_and_a_polite_no() -> None:
    assert means_all("全部")
    assert means_all("都撤了吧")
    assert not means_all("第一个")
    assert declines("不用了谢谢")
    assert not declines("不对")
