"""Blocks without labels: each value is found by its shape and by what stands around it."""

import pytest

from bot.reading.fields.firms import firms
from bot.reading.fields.introductions import introduced
from bot.reading.fields.matters import asks, bare_need, trades
from bot.reading.fields.people import job_score, name_score, read_phrase
from bot.reading.fields.pieces import pieces
from bot.reading.fields.regions import regions
from bot.reading.fields.runs import lay_out
from bot.reading.normalise import Text
from bot.reading.reader import Reader

NAMED = ("applicant", "address", "contact", "position", "phone", "business", "need")

BLOCKS = {
    "commas": (
        "余成，13844440101，吉林省延边州图们市月晴镇白龙村3组，图们白龙木耳加工厂，黑木耳，厂长",
        {
            "contact": "余成",
            "phone": "13844440101",
            "address": "吉林省延边州图们市月晴镇白龙村3组",
            "applicant": "图们白龙木耳加工厂",
            "business": "黑木耳",
            "position": "厂长",
        },
    ),
    "a sentence": (
        "我是通化县快大茂镇振兴铸件厂的质检员孟晓，厂在通化县快大茂镇工业大街7号，"
        "我们做刹车盘的，13844440102，想给硬度计做校准",
        {
            "applicant": "通化县快大茂镇振兴铸件厂",
            "position": "质检员",
            "contact": "孟晓",
            "address": "通化县快大茂镇工业大街7号",
            "business": "刹车盘",
            "phone": "13844440102",
            "need": "给硬度计做校准",
        },
    ),
    "no separator": (
        "抚松县松江河镇宏林人参加工厂吕志刚13844440103",
        {
            "applicant": "抚松县松江河镇宏林人参加工厂",
            "contact": "吕志刚",
            "phone": "13844440103",
        },
    ),
    "pictures": (
        "🏭磐石市明城镇宏发石灰窑 👤楼小路（窑工） 📞13844440104",
        {
            "applicant": "磐石市明城镇宏发石灰窑",
            "contact": "楼小路",
            "position": "窑工",
            "phone": "13844440104",
        },
    ),
    "a private person": (
        "石柱 13844440105 家里井水想测一下",
        {
            "applicant": "石柱",
            "contact": "石柱",
            "phone": "13844440105",
            "need": "家里井水想测一下",
        },
    ),
    "a title in the name": (
        "敦化市鑫源乳品有限公司 母老板 13844440106",
        {
            "applicant": "敦化市鑫源乳品有限公司",
            "contact": "母老板",
            "phone": "13844440106",
        },
    ),
    "a job behind the name": (
        "李桂芬厂长 13844440107 集安市清河镇益民酒坊",
        {
            "contact": "李桂芬",
            "position": "厂长",
            "phone": "13844440107",
            "applicant": "集安市清河镇益民酒坊",
        },
    ),
}


@pytest.mark.parametrize("block", BLOCKS)
def test_a_block_is_read_whatever_stands_between_its_values(block: str, reader: Reader) -> None:
    text, want = BLOCKS[block]
    fields = reader.read(text).fields
    assert {name: fields[name] for name in NAMED if name in fields} == want


@pytest.mark.parametrize(
    "text",
    [
        "我表哥在东莞长安镇一家电子厂当组长，上个月刚涨工资",
        "李老师说王校长的儿子考上大学了",
        "快递放菜鸟驿站了，取件码 5-2-1087",
    ],
)
def test_a_story_fills_no_slot_of_a_block(text: str, reader: Reader) -> None:
    assert not {"applicant", "address", "contact", "position"} & reader.read(text).fields.keys()


def test_a_private_person_at_a_place_of_work_asks_in_their_own_name(reader: Reader) -> None:
    said = reader.read("个人 余成 13844440108 长春市朝阳区前进大街2699号吉林大学")
    assert said.fields["applicant"] == "余成"


def test_what_is_left_of_a_block_is_no_need(reader: Reader) -> None:
    said = reader.read("回头再说 余成 13844440109 敦化市鑫源乳品有限公司 法务")
    assert said.needs == ()
    assert "need" not in said.fields


@pytest.mark.parametrize("name", ["欧阳志远", "阿依古丽·买买提", "斯琴高娃", "楼丽丽", "王芳"])
def test_a_name_is_known_by_its_shape(name: str) -> None:
    assert name_score(name) > 1


@pytest.mark.parametrize("text", ["质检员", "铸造", "是不是", "了"])
def test_a_word_is_no_name(text: str) -> None:
    assert name_score(text) <= 0.5


@pytest.mark.parametrize("text", ["质检员", "质量部主管", "EHS专员", "老板兼厨师", "Sales Manager"])
def test_a_job_is_known_by_its_end(text: str) -> None:
    assert job_score(text) > 1


@pytest.mark.parametrize("text", ["加工", "会员", "我们做维修工", "特长"])
def test_what_only_ends_like_a_job_is_none(text: str) -> None:
    assert job_score(text) < 0


def test_a_job_and_a_name_are_told_apart_in_either_order() -> None:
    for text, name in (("质检主管路遥", "路遥"), ("解玉梅护士长", "解玉梅")):
        phrase = read_phrase(text, 0, len(text))
        assert phrase.name is not None
        assert text[slice(*phrase.name)] == name


def test_a_firm_begins_with_its_region_and_ends_where_its_name_does() -> None:
    text = "路桥村5号白山市鑫鑫木器厂的王芳"
    best = max(firms(text, 0, len(text)), key=lambda firm: firm.score)
    assert text[best.start : best.end] == "白山市鑫鑫木器厂"


def test_the_name_of_a_town_is_no_firm() -> None:
    text = "廊坊市香河县钳屯镇"
    assert list(firms(text, 0, len(text))) == []


def test_a_region_is_known_by_its_official_name() -> None:
    text = "住在吉林省白山市抚松县里"
    assert [text[start:end] for start, end in regions(text)] == ["吉林省白山市抚松县"]


def test_words_of_introduction_say_whose_value_follows() -> None:
    assert introduced("我叫王芳", 0, 4) == (2, "contact")
    assert introduced("你好王芳", 0, 4) == (2, "")


def test_a_blank_within_an_address_does_not_cut_it() -> None:
    text = Text.of("长春市 朝阳区工农大路1号 王芳").plain
    assert [text[one.start : one.end] for one in pieces(text, [])][-1] == "王芳"
    assert len(pieces(text, [])) == 2


def test_a_need_and_a_trade_are_told_apart() -> None:
    assert asks("压力表要校准") > trades("压力表要校准")
    assert trades("铸钢阀门") > asks("铸钢阀门")


def test_polite_words_are_no_part_of_a_need() -> None:
    text = "麻烦问一下压力表校准"
    assert text[bare_need(text) :] == "压力表校准"


def test_a_run_without_marks_is_laid_out_as_a_row() -> None:
    text = "通化市鑫达机械有限公司业务经理王小芳"
    found = {role: text[start:end] for role, start, end, _ in lay_out(text, 0, len(text))}
    assert found == {
        "applicant": "通化市鑫达机械有限公司",
        "position": "业务经理",
        "contact": "王小芳",
    }
