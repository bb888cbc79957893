"""How people say how satisfied they are, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.surveys import Rated
from bot.reading.concerns.ratings import Manner, read_named, read_rating

P, T, H, O = Rated  # noqa: E741 - the fourth item is the overall one

ONE_SCORE = [
    # as domain.md 5 lists them
    ("5", Manner.BARE, 5),
    ("５", Manner.BARE, 5),
    ("五", Manner.BARE, 5),
    ("五星", Manner.PLAIN, 5),
    ("5分", Manner.PLAIN, 5),
    ("非常满意", Manner.PLAIN, 5),
    ("一般", Manner.LOOSE, 3),
    ("还行", Manner.LOOSE, 3),
    # numbers
    ("1", Manner.BARE, 1),
    (" 3 ", Manner.BARE, 3),
    ("5️⃣", Manner.BARE, 5),
    ("⑤", Manner.BARE, 5),
    ("4。", Manner.BARE, 4),
    ("5谢谢", Manner.BARE, 5),
    ("5，谢谢", Manner.BARE, 5),
    ("２分", Manner.PLAIN, 2),
    ("五分！", Manner.PLAIN, 5),
    ("4星", Manner.PLAIN, 4),
    ("五颗星", Manner.PLAIN, 5),
    ("我给5分", Manner.PLAIN, 5),
    ("给你们打个5分吧", Manner.PLAIN, 5),
    ("打4分", Manner.PLAIN, 4),
    ("满意度5", Manner.PLAIN, 5),
    ("总体5", Manner.PLAIN, 5),
    ("改成3分", Manner.PLAIN, 3),
    ("评价：4分", Manner.PLAIN, 4),
    ("5 非常满意", Manner.PLAIN, 5),
    ("2、不满意", Manner.PLAIN, 2),
    ("5（非常满意）", Manner.PLAIN, 5),
    ("谢谢，非常满意", Manner.PLAIN, 5),
    ("好的，5分", Manner.PLAIN, 5),
    ("非常满意🌹🌹", Manner.PLAIN, 5),
    ("满意满意", Manner.PLAIN, 4),
    ("还可以，4分", Manner.PLAIN, 4),
    ("挺一般的", Manner.LOOSE, 3),
    ("巴适", Manner.LOOSE, 5),
    ("不赖", Manner.LOOSE, 4),
    # words
    ("满意", Manner.PLAIN, 4),
    ("满意的", Manner.PLAIN, 4),
    ("很满意！！！", Manner.PLAIN, 5),
    ("非常滿意", Manner.PLAIN, 5),
    ("我们非常满意", Manner.PLAIN, 5),
    ("这次服务非常满意", Manner.PLAIN, 5),
    ("挺满意的", Manner.PLAIN, 4),
    ("比较满意", Manner.PLAIN, 4),
    ("基本满意", Manner.PLAIN, 3),
    ("还算满意吧", Manner.PLAIN, 3),
    ("不满意", Manner.PLAIN, 2),
    ("不太满意", Manner.PLAIN, 2),
    ("不是很满意", Manner.PLAIN, 2),
    ("非常不满意", Manner.PLAIN, 1),
    ("很不满意", Manner.PLAIN, 1),
    ("一点都不满意", Manner.PLAIN, 1),
    ("满分", Manner.PLAIN, 5),
    ("好评", Manner.PLAIN, 5),
    ("五星好评！", Manner.PLAIN, 5),
    ("很好", Manner.LOOSE, 5),
    ("完美", Manner.LOOSE, 5),
    ("不错", Manner.LOOSE, 4),
    ("还可以吧", Manner.LOOSE, 3),
    ("一般般吧", Manner.LOOSE, 3),
    ("马马虎虎", Manner.LOOSE, 3),
    ("凑合", Manner.LOOSE, 3),
    ("不怎么样", Manner.LOOSE, 2),
    ("太差了", Manner.LOOSE, 1),
    ("总体满意", Manner.PLAIN, 4),
    ("总的来说还行", Manner.LOOSE, 3),
    # signs, and scales that are not ours, count after a yes
    ("👍", Manner.SIGN, 5),
    ("👍👍👍", Manner.SIGN, 5),
    ("👍🏻", Manner.SIGN, 5),
    ("[强]", Manner.SIGN, 5),
    ("⭐⭐⭐⭐⭐", Manner.SIGN, 5),
    ("★★★★☆", Manner.SIGN, 4),
    ("👎", Manner.SIGN, 1),
    ("😡", Manner.SIGN, 1),
    ("10分", Manner.SIGN, 5),
    ("100分", Manner.SIGN, 5),
]


@pytest.mark.parametrize(("text", "manner", "score"), ONE_SCORE)
def test_one_score_is_the_overall_one(text: str, manner: Manner, score: int) -> None:
    said = read_rating(text)
    assert said is not None
    assert (said.manner, said.scores, said.comment) == (manner, {O: score}, "")


SEVERAL = [
    ("5 5 5 5", Manner.BARE, [5, 5, 5, 5]),
    ("5545", Manner.BARE, [5, 5, 4, 5]),
    ("５５４５", Manner.BARE, [5, 5, 4, 5]),
    ("5，5，4，5", Manner.BARE, [5, 5, 4, 5]),
    ("5/4/5/5", Manner.BARE, [5, 4, 5, 5]),
    ("5\n5\n4\n5", Manner.BARE, [5, 5, 4, 5]),
    ("五五四五", Manner.BARE, [5, 5, 4, 5]),
    ("5分、4分、5分、5分", Manner.BARE, [5, 4, 5, 5]),
    ("1、5 2、4 3、5 4、5", Manner.BARE, [5, 4, 5, 5]),
    ("1.5\n2.4\n3.5\n4.5", Manner.BARE, [5, 4, 5, 5]),
    ("都满意", Manner.PLAIN, [4, 4, 4, 4]),
    ("都非常满意", Manner.PLAIN, [5, 5, 5, 5]),
    ("全5分", Manner.PLAIN, [5, 5, 5, 5]),
    ("都是5", Manner.PLAIN, [5, 5, 5, 5]),
    ("四项都5分", Manner.PLAIN, [5, 5, 5, 5]),
    ("全部不满意", Manner.PLAIN, [2, 2, 2, 2]),
    ("都很好", Manner.LOOSE, [5, 5, 5, 5]),
    ("专业5 及时4 廉洁5 总体5", Manner.PLAIN, [5, 4, 5, 5]),
    ("专业5及时4廉洁5总体5", Manner.PLAIN, [5, 4, 5, 5]),
    ("专业性：5分，及时性：4分，廉洁性：5分，满意度：5分", Manner.PLAIN, [5, 4, 5, 5]),
    ("专业性满意 及时性不满意 廉洁性非常满意 总体满意", Manner.PLAIN, [4, 2, 5, 4]),
    ("总体4，廉洁5，及时3，专业5", Manner.PLAIN, [5, 3, 5, 4]),
    ("专业、及时5分，廉洁和总体4分", Manner.PLAIN, [5, 5, 4, 4]),
    ("及时2，其他5", Manner.PLAIN, [5, 2, 5, 5]),
    ("专业性（5）及时性（4）廉洁性（5）总体（5）", Manner.PLAIN, [5, 4, 5, 5]),
    ("专业: 5 分，及时: 4 分，廉洁: 5 分，总体: 5 分", Manner.PLAIN, [5, 4, 5, 5]),
    ("四个5", Manner.PLAIN, [5, 5, 5, 5]),
]


@pytest.mark.parametrize(("text", "manner", "scores"), SEVERAL)
def test_all_four_items_at_once(text: str, manner: Manner, scores: list[int]) -> None:
    said = read_rating(text)
    assert said is not None
    assert (said.manner, said.comment) == (manner, "")
    assert said.scores == dict(zip(Rated, scores, strict=True))


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        ("及时2", {T: 2}),
        ("廉洁性：1", {H: 1}),
        ("专业5，及时4", {P: 5, T: 4}),
        ("速度太慢不满意", None),
        ("5分，及时性4分", {O: 5, T: 4}),
        ("总体5，及时2", {O: 5, T: 2}),
        ("效率很好", {T: 5}),
    ],
)
def test_single_items_leave_the_others_empty(text: str, scores: dict[Rated, int] | None) -> None:
    said = read_rating(text)
    assert (said.scores if said else None) == scores


@pytest.mark.parametrize(
    ("text", "scores", "comment"),
    [
        ("5分,师傅很专业", {O: 5}, "师傅很专业"),
        ("5分 师傅很专业，下次还来", {O: 5}, "师傅很专业，下次还来"),
        ("5分师傅很专业", {O: 5}, "5分师傅很专业"),
        ("5，报告很清楚", {O: 5}, "报告很清楚"),
        ("满意，但是时间有点长", {O: 4}, "但是时间有点长"),
        ("非常满意谢谢师傅", {O: 5}, "非常满意谢谢师傅"),
        ("很不满意，等了一个月", {O: 1}, "等了一个月"),
        ("1分！！！等了一个月没人管", {O: 1}, "等了一个月没人管"),
        ("不错，下次还来", {O: 4}, "下次还来"),
        ("5545，报告很清楚", {P: 5, T: 5, H: 4, O: 5}, "报告很清楚"),
        ("总体5，及时2，等太久了", {O: 5, T: 2}, "等太久了"),
        ("廉洁 2，收了我红包", {H: 2}, "收了我红包"),
        ("不满意的地方是报告慢", {O: 2}, "不满意的地方是报告慢"),
        ("改评，非常满意，回复很快", {O: 5}, "回复很快"),
        ("师傅很专业，5分", {O: 5}, "师傅很专业"),
        ("服务态度很好，非常满意！", {O: 5}, "服务态度很好"),
        ("我们领导看了，不满意", {O: 2}, "我们领导看了"),
        ("2分（时间太长）", {O: 2}, "时间太长"),
    ],
)
def test_what_is_said_behind_a_score_is_kept(
    text: str, scores: dict[Rated, int], comment: str
) -> None:
    said = read_rating(text)
    assert said is not None
    assert (said.scores, said.comment) == (scores, comment)


@pytest.mark.parametrize("text", ["差评", "给个差评", "差评！", "差评，三天没人理"])
def test_a_bad_review_asks_which_item_it_is(text: str) -> None:
    said = read_rating(text)
    assert said is not None
    assert (said.manner, said.scores) == (Manner.BAD, {})


@pytest.mark.parametrize(
    "text",
    ["5 4", "5 5 4", "很好，1分", "6", "0", "6分", "0分", "4.5分", "1分 非常满意", "5 非常不满意"],
)
def test_what_cannot_be_a_score_is_asked_again(text: str) -> None:
    said = read_rating(text)
    assert said is not None
    assert (said.manner, said.scores) == (Manner.UNCLEAR, {})


NO_RATINGS = """
13900001111
0431-85370000
139 0000 1111
18
2025
2026-11-23
11月23日
5块压力表
5块压力表要校准
5 块压力表要校准
8块压力表
5个
5台天平
5楼
5号
5天
5点
5%
5.5
5-6
5mm
5公斤
5 kg
5级粉尘
5分钟后到
5分公司
5分之一
五星级酒店要做水质检测
五一放假吗
一般纳税人
一般多久能出报告
一般要几天
三台天平
三楼
两份报告
1、压力表 2、天平
1 长春市朝阳区人民大街100号
1。长春市朝阳区人民大街100号 2。张三
专业设备5台
专业人员到现场
及时雨公司
及时通知我
效率低
速度5m/s的风速仪
廉洁奶粉厂
综合楼5层
总体设计院
满意吗
满意度
满意度调查要做5份
满意的话就续签
没有不满意的
没什么不满意的
客户不满意，要求复检
2. 长春市
2、水质检测
四个压力表要校准
要测5个点，3个平行样
差压变送器
差多少钱
优盘
良种场
不错误差多少
我要投诉
投诉王师傅
我要投诉你们态度太差
你们态度太差了
好
好的
好的谢谢
可以
行
嗯
是
是的
对
不是
谢谢
谢谢您
辛苦了
收到
同意
确认
取消
继续
进度
人工
你好
在吗
🙏
👌
OK
长春市宏达机械有限公司
张三
采购经理
怎么评价
评价在哪里
分数是多少
JL-2026-0331
GB 5009
5009
""".strip().split("\n")


@pytest.mark.parametrize("text", NO_RATINGS)
def test_what_is_about_something_else_is_no_rating(text: str) -> None:
    assert read_rating(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("及时性", ((T,), True)),
        ("及时性，太慢", ((T,), False)),
        ("是廉洁性", ((H,), True)),
        ("专业和及时", ((P, T), True)),
        ("都", (tuple(Rated), True)),
        ("全部", (tuple(Rated), True)),
        ("等了三天", None),
        ("", None),
    ],
)
def test_an_item_named_without_a_score(text: str, found: object) -> None:
    assert read_named(text) == found


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error_and_scores_stay_on_the_scale(text: str) -> None:
    said = read_rating(text)
    if said is not None:
        assert all(1 <= score <= 5 for score in said.scores.values())
        assert bool(said.scores) != (said.manner in {Manner.BAD, Manner.UNCLEAR})


@given(st.lists(st.integers(1, 5), min_size=4, max_size=4), st.sampled_from(["", " ", "，", "、"]))
def test_four_numbers_are_the_four_items_in_their_order(scores: list[int], between: str) -> None:
    said = read_rating(between.join(map(str, scores)))
    assert said is not None
    assert said.scores == dict(zip(Rated, scores, strict=True))
