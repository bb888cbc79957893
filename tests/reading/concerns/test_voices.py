"""Complaints, opinions and wishes for a person in unseen words, and what only looks like one."""

import pytest

from bot.domain.catalog import Staff
from bot.reading.concerns import voices
from bot.reading.reader import Reader

KINDS = {
    "complaint": [
        "报告等得花都谢了",
        "说三天出结果，这都第八天了",
        "电话永远打不通",
        "打了十几个电话没人接",
        "你们是不是歧视我们小厂",
        "说好的上门结果放我鸽子",
        "你们采样的人迟到两小时",
        "你们收了钱不开票",
        "要给个说法",
        "你们单位太坑了吧",
        "谁来管管啊",
        "弄丢样品",
        "样品丢了你们得赔",
        "你们多收了我两百",
        "收样的师傅暗示要给红包",
        "你们那个王欣私下跟我要500块钱，说不给就排到下个月",
        "工程师让我请他吃饭才给出报告",
        "等了半个月没人管",
        "我要举报你们窗口",
        "三番五次让我补材料",
        "打官腔",
        "前台小姑娘翻白眼",
    ],
    "human": [
        "帮我接通接线员",
        "叫个能做主的来",
        "我想跟你们领导谈谈",
        "你不是人吧",
        "有没有值班的",
        "能不能找懂行的人问问",
        "找个老师傅咨询下",
        "我不想和电脑说话",
        "能不能找个活人",
        "换个人来",
        "喊你们管事的",
    ],
    "faq": ["怎么投诉？", "投诉要走什么流程", "投诉多久有结果", "周末有人值班吗", "投诉电话是多少"],
    "service": [
        "客户投诉我们产品有异味，想检测一下",
        "被消费者投诉了要做检测",
        "小区居民投诉噪声，我们要做噪声检测",
        "请派个专业的人来检测",
        "想找专家看看质量问题",
        "我们不收红包，想做廉洁认证",
    ],
}
NOT_COMPLAINTS = [
    "有什么建议吗",
    "建议你们怎么做检测",
    "能给点建议吗",
    "说好周三上门采样",
    "证书丢了能补办吗",
    "我建议增加微信支付吗",
    "我们没意见",
]


@pytest.mark.parametrize(
    ("text", "kind"), [(text, kind) for kind, texts in KINDS.items() for text in texts]
)
def test_said_like_this_it_is_of_this_kind(text: str, kind: str, reader: Reader) -> None:
    assert reader.read(text).intent == kind


@pytest.mark.parametrize("text", NOT_COMPLAINTS)
def test_this_is_no_complaint(text: str, reader: Reader) -> None:
    assert reader.read(text).intent != "complaint"


@pytest.mark.parametrize(
    "text",
    [
        "提个建议：窗口多放把椅子",
        "意见箱",
        "建议你们把窗口改到一楼",
        "我有个小建议，公众号上加个排队人数",
        "意见：大厅太冷",
        "我建议增加微信支付",
    ],
)
def test_this_is_an_opinion(text: str) -> None:
    assert voices.is_opinion(text)


@pytest.mark.parametrize(
    "text",
    [
        "有什么建议吗",
        "建议你们怎么做检测",
        "你们建议测哪些项目",
        "我对你们的态度有意见",
        "提个意见，你们太慢了，我要投诉",
        "需要专家意见",
        "要出一份项目建议书",
        "我没意见",
    ],
)
def test_this_is_no_opinion(text: str) -> None:
    assert not voices.is_opinion(text)


@pytest.mark.parametrize(
    ("text", "bare"),
    [("意见箱", True), ("提个意见", True), ("我想提点建议", True), ("提个建议：加椅子", False)],
)
def test_an_opinion_that_is_only_announced_is_asked_for(text: str, bare: bool) -> None:
    assert voices.bare_opinion(text) is bare


@pytest.mark.parametrize("text", ["傻逼", "你们是一群废物", "滚", "垃圾", "妈的智障"])
def test_abuse_alone_is_no_matter_to_look_into(text: str) -> None:
    assert voices.is_abuse(text)


@pytest.mark.parametrize(
    "text", ["你们真他妈慢，报告拖了一个月", "垃圾填埋场渗滤液检测", "报告是假的，妈的退钱"]
)
def test_abuse_with_a_matter_is_about_the_matter(text: str) -> None:
    assert not voices.is_abuse(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("TS20261123-0001", "TS20261123-0001"),
        ("ts20261123-0012怎么样了", "TS20261123-0012"),
        ("我的YJ202611230003呢", "YJ20261123-0003"),
        ("JY20261123-0001", ""),
        ("CATS20261123-0001", ""),
    ],
)
def test_the_number_of_a_complaint_is_found(text: str, number: str) -> None:
    assert voices.voice_number(text) == number


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("我的投诉怎么样了", True),
        ("投诉进度", True),
        ("上次提的意见有结果吗", True),
        ("查一下我的投诉", True),
        ("投诉处理到哪一步了", True),
        ("投诉了三天没人管", False),
        ("我要投诉你们进度太慢", False),
    ],
)
def test_a_question_how_a_complaint_stands_is_told_from_a_complaint(text: str, asks: bool) -> None:
    assert voices.asks_status(text) is asks


STAFF = (
    Staff(id="liu.min", name="刘敏", number="B001", phone="0431-85370021", department="m"),
    Staff(id="sun.yue", name="孙悦", number="A002", phone="0431-85370012", department="w"),
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("刘敏收我红包", ["liu.min"]),
        ("那个姓刘的", ["liu.min"]),
        ("刘工态度差", ["liu.min"]),
        ("小孙不理人，B001也一样", ["liu.min", "sun.yue"]),
        ("孙悦和刘老师", ["liu.min", "sun.yue"]),
        ("我们厂姓王", []),
        ("牛栏山刘家村的井", []),
    ],
)
def test_who_is_complained_about_is_found_however_they_are_called(
    text: str, named: list[str]
) -> None:
    assert sorted(one.id for one in voices.named_staff(text, STAFF)) == named


@pytest.mark.parametrize("text", ["不接受", "我不接受这个结果，凭什么", "不满意，重新查", "我不服"])
def test_a_decision_is_refused(text: str) -> None:
    assert voices.behind("refuses", text) is not None


@pytest.mark.parametrize("text", ["接受", "满意", "好的", "结果我看到了"])
def test_this_refuses_nothing(text: str) -> None:
    assert voices.behind("refuses", text) is None


@pytest.mark.parametrize(
    "text", ["继续", "返回助手", "机器人", "不用人工了", "回到机器人", "继续登记", "退出人工"]
)
def test_back_to_the_assistant(text: str) -> None:
    assert voices.says("back_to_assistant", text)


@pytest.mark.parametrize("text", ["那我继续等", "你们用机器人检测吗", "继续说吧", "好的"])
def test_talk_with_staff_goes_on(text: str) -> None:
    assert not voices.says("back_to_assistant", text)


@pytest.mark.parametrize("text", ["我这个水合格吗", "是否达标", "这数值超标吗", "准不准"])
def test_a_verdict_is_asked_for(text: str) -> None:
    assert voices.says("verdict", text)


@pytest.mark.parametrize("text", ["校准不了", "要合格证", "批准不批准"])
def test_no_verdict_is_asked_for(text: str) -> None:
    assert not voices.says("verdict", text)
