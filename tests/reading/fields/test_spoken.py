"""Details spoken in one breath, firms without an ending, and who is only spoken of."""

import pytest

from bot.reading.fields.addresses import last_place
from bot.reading.fields.firms import firms
from bot.reading.fields.matters import asks
from bot.reading.fields.people import name_score
from bot.reading.fields.phones import find_phones
from bot.reading.fields.runs import lay_out
from bot.reading.reader import Reader

SPOKEN = {
    "a firm, a job, a name and a need": (
        "您好我是大连旅顺港丰轴承厂的采购主管孟凡林我们有一批塞规要校准电话13844441101",
        {
            "applicant": "大连旅顺港丰轴承厂",
            "position": "采购主管",
            "contact": "孟凡林",
            "need": "有一批塞规要校准",
        },
    ),
    "a unit before the name": (
        "四平第二酒厂质检科赵小曼酒精计六支想校准13844441102",
        {"applicant": "四平第二酒厂", "contact": "赵小曼", "need": "酒精计六支想校准"},
    ),
    "a surname, then the name": (
        "我姓司马叫司马云住辽源龙山区南康街12号2栋301井水有点浑想化验13844441103",
        {"contact": "司马云", "address": "辽源龙山区南康街12号2栋301"},
    ),
    "a surname said twice": ("我姓温温玉兰手机13844441104想测甲醛", {"contact": "温玉兰"}),
    "where the factory is": (
        "我们是白城洮北区百泉服装厂在白城市洮北区幸福街8号联系人姜雪13844441105",
        {
            "applicant": "白城洮北区百泉服装厂",
            "address": "白城市洮北区幸福街8号",
            "contact": "姜雪",
        },
    ),
    "what the factory is called": (
        "我是榆树五棵树镇的砖厂叫红旗建材我叫关大勇想测砖的抗压13844441106",
        {"applicant": "红旗建材", "contact": "关大勇"},
    ),
    "the shop at a place": (
        "四平市铁西区站前街路边上的老孙油坊法人代表孙长河13844441107豆油想化验",
        {"applicant": "老孙油坊", "contact": "孙长河", "position": "法人代表"},
    ),
    "what the firm does, then its name": (
        "您好我们是做线束的叫鹤岗天一电子在鹤岗市向阳区黎阳路100号质量部孙丽丽13844441109要做拉力试验",
        {"business": "线束", "applicant": "鹤岗天一电子", "contact": "孙丽丽"},
    ),
    "a unit of a school": (
        "喂我是长春市第二实验中学总务处的小张13844441110体重秤要检",
        {"applicant": "长春市第二实验中学", "contact": "小张"},
    ),
    "the brand before the region": (
        "我是中石油通化二道江加油站的站长于波，加油机要强检，13844441108",
        {"applicant": "中石油通化二道江加油站", "contact": "于波", "position": "站长"},
    ),
}

LINES = {
    "a brand": (
        "海尔\n长春市绿园区皓月大路1号\n质检 单文静\n13844441111\n内胆送检",
        {"applicant": "海尔", "contact": "单文静", "position": "质检"},
    ),
    "whose shop it is": (
        "老赵五金\n通化市东昌区新华大街20号\n13844441112\n台秤两台要检定",
        {"applicant": "老赵五金"},
    ),
    "an industry": (
        "吉林瑞丰净水\n吉林市船营区越山路5号\n林晓东 13844441113",
        {"applicant": "吉林瑞丰净水", "contact": "林晓东"},
    ),
    "a branch in brackets": (
        "华润饮品（长春）\n长春市宽城区北人民大街3号\n丛珊 检测组长\n13844441114",
        {"applicant": "华润饮品（长春）", "contact": "丛珊"},
    ),
    "a private person with a sample": (
        "石磊\n磐石市明城镇西关村三组\n13844441115\n井水化验",
        {"applicant": "石磊", "contact": "石磊", "need": "井水化验"},
    ),
    "a supplier spoken of": (
        "供应商是吉林大华五金有限公司，我们是松原东海电子，联系人李强13844441116，要测盐雾",
        {"applicant": "松原东海电子", "contact": "李强"},
    ),
    "an agent": (
        "代延边恒丰模具有限公司咨询，我是认证公司的小李，13844441117，要做9001",
        {"applicant": "延边恒丰模具有限公司", "contact": "小李"},
    ),
    "a platform": (
        "京东要质检报告 刘洋 13844441118 做电热毯",
        {"applicant": "刘洋", "contact": "刘洋", "business": "电热毯"},
    ),
}


@pytest.mark.parametrize("said", SPOKEN)
def test_what_is_spoken_in_one_breath_is_taken_apart(said: str, reader: Reader) -> None:
    text, want = SPOKEN[said]
    fields = reader.read(text).fields
    assert {name: fields.get(name) for name in want} == want


@pytest.mark.parametrize("line", LINES)
def test_whose_block_it_is_may_be_told_by_its_place_alone(line: str, reader: Reader) -> None:
    text, want = LINES[line]
    fields = reader.read(text).fields
    assert {name: fields.get(name) for name in want} == want


@pytest.mark.parametrize(
    "text",
    [
        "我想咨询 13844441121 微信同号 随时联系",
        "张伟\n13844441122\n下午方便",
        "李明 13844441123 想测甲醛 新房刚装修",
        "李雪 13844441124 明天送样 冷链车过去",
    ],
)
def test_what_is_left_beside_a_telephone_is_no_firm(text: str, reader: Reader) -> None:
    fields = reader.read(text).fields
    assert fields.get("applicant") in (None, fields.get("contact"))
    assert "business" not in fields


@pytest.mark.parametrize(
    "text",
    [
        "从高铁站到你们朝阳区那个地址坐几路车",
        "新闻里说长春有个幼儿园食物中毒",
        "快递说放在人民路18号菜鸟驿站了",
    ],
)
def test_a_place_in_a_story_is_no_address(text: str, reader: Reader) -> None:
    assert "address" not in reader.read(text).fields


def test_letters_on_the_line_before_are_no_part_of_a_number() -> None:
    assert [one.value for one in find_phones("3C\n13844441131")] == ["13844441131"]


def test_a_given_name_is_known_by_its_characters() -> None:
    assert name_score("李晓梅") > name_score("李水检")
    assert name_score("龙飞飞") > name_score("龙飞假")


def test_a_city_is_no_surname() -> None:
    assert name_score("安徽宣") < 0


def test_a_name_of_a_firm_begins_behind_words_that_point_at_it() -> None:
    text = "河边上的老孙油坊"
    best = max(firms(text, 0, len(text)), key=lambda firm: firm.score)
    assert text[best.start : best.end] == "老孙油坊"


def test_a_place_ends_where_a_sentence_begins() -> None:
    text = "南康街12号自来水有味道"
    assert text[: last_place(text, 0, len(text))] == "南康街12号"


def test_a_unit_named_after_what_it_does_asks_for_nothing() -> None:
    assert asks("计量站") == 0
    assert asks("化验室") == 0


def test_a_firm_may_stand_right_behind_a_place_in_a_run() -> None:
    text = "通化市东昌区金厂镇夹皮沟村8组益民酒坊"
    found = {role: text[start:end] for role, start, end, _ in lay_out(text, 0, len(text))}
    assert found["applicant"] == "益民酒坊"
