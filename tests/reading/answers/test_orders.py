"""是, 好的, 算了 and 上一步 in their many forms, and what only looks like them."""

import pytest

from bot.reading.answers.orders import goes_ahead
from bot.reading.reader import Reader
from bot.reading.reading import Word

SAID = {
    Word.AGREE: ["同意", "我同意", "同意的", "已阅读并同意", "同意！"],
    Word.DISAGREE: ["不同意", "我不同意", "拒绝"],
    Word.YES: [
        "是",
        "是的",
        "对",
        "好的",
        "好",
        "行",
        "可以",
        "没问题",
        "嗯",
        "嗯嗯",
        "嗯嗯嗯",
        "OK",
        "ok",
        "👌",
        "对对对",
        "好的好的",
        "可以的谢谢",
        "行吧",
        "没错",
        "好滴",
    ],
    Word.NO: ["不是", "不用", "不用了", "不用了谢谢", "没有", "否", "不对", "不需要", "暂时不用"],
    Word.CANCEL: [
        "取消",
        "不办了",
        "算了",
        "算了不办了",
        "算了，不办了",
        "我不办了",
        "取消吧",
        "退出",
    ],
    Word.BACK: ["上一步", "返回", "返回上一步"],
    Word.CONTINUE: ["继续", "接着填", "继续办理"],
    Word.CHANGE: ["修改", "我要修改", "改一下"],
    Word.CONFIRM: ["确认", "确认提交", "提交", "没问题，提交吧", "好的，确认"],
    Word.REGISTER_FIRST: ["先登记", "先登记吧", "先登记，材料后补"],
    Word.LATER: ["以后再说", "等会儿", "晚点再说"],
    Word.HELP: ["帮助", "怎么用", "？"],
    Word.RESTART: ["重新开始", "重来"],
    Word.THANKS: ["谢谢", "谢谢您", "辛苦了", "🙏", "谢谢啊孩子", "谢谢姑娘"],
}


@pytest.mark.parametrize(
    ("text", "word"), [(text, word) for word, texts in SAID.items() for text in texts]
)
def test_a_short_answer_is_known_in_this_form(text: str, word: Word, reader: Reader) -> None:
    said = reader.read(text)
    assert said.word is word
    assert said.needs == ()
    assert said.fields == {}


@pytest.mark.parametrize(
    "text",
    [
        "算了，还是寄过去吧",
        "不办了的那个能恢复吗",
        "取消上次那个压力表，改做天平校准",
        "返回的报告有错",
        "对面停车场要钱吗",
        "可以邮寄吗",
        "好像不对劲",
        "是不是要带样品",
        "行业标准查询",
        "不用盖章的报告能出吗",
        "继续教育培训有吗",
        "确认书在哪下载",
        "有没有人",
        "同意书要签吗",
        "我是老师",
    ],
)
def test_a_sentence_that_begins_like_an_order_is_none(text: str, reader: Reader) -> None:
    assert reader.read(text).word is None


@pytest.mark.parametrize(
    "text",
    [
        "同意，我们是长春市二道区味美食品有限公司，电话13500001111",
        "同意 长春市二道区味美食品有限公司 13500001111",
        "同意\n长春市二道区味美食品有限公司\n13500001111",
        "同意，单位：长春市二道区味美食品有限公司，电话：13500001111",
        "同意我们是长春市二道区味美食品有限公司13500001111",
    ],
)
def test_what_follows_an_agreement_is_read_as_usual(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.word is Word.AGREE
    assert said.fields["applicant"] == "长春市二道区味美食品有限公司"
    assert said.fields["phone"] == "13500001111"


def test_yes_before_a_sentence_is_yes_and_the_sentence_is_read(reader: Reader) -> None:
    said = reader.read("是的，电话13500001111")
    assert said.word is Word.YES
    assert said.fields["phone"] == "13500001111"


@pytest.mark.parametrize(
    "text", ["行吧那办吧", "好的", "那就办吧", "不贵，给我办理吧", "可以，登记吧"]
)
def test_after_a_price_this_goes_ahead(text: str) -> None:
    assert goes_ahead(text)


@pytest.mark.parametrize("text", ["太贵了", "再考虑考虑", "办不了吧", "多久能好", "不办了"])
def test_after_a_price_this_does_not(text: str) -> None:
    assert not goes_ahead(text)


def test_the_letters_of_a_standard_are_no_yes(reader: Reader) -> None:
    assert reader.read("YY 0469，全项").word is None
