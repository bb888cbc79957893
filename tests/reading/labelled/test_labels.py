"""The words people put before a value, in every spelling, and those that name somebody else."""

import pytest

from bot.domain.catalog import Catalog
from bot.reading.fields.labels import Labels
from bot.reading.labelled.spelling import key_of
from bot.reading.reader import Reader


@pytest.fixture(scope="module")
def labels(catalog: Catalog) -> Labels:
    """The labels of the repository's catalogue."""
    return Labels(catalog)


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Client", "applicant"),
        ("COMPANY NAME", "applicant"),
        ("company_name", "applicant"),
        ("Attn.", "contact"),
        ("Contact Person", "contact"),
        ("job title", "position"),
        ("Tel.", "phone"),
        ("Mobile No.", "phone"),
        ("Add.", "address"),
        ("Main products", "business"),
        ("Service required", "need"),
        ("經辦人", "contact"),
        ("聯絡電話", "phone"),
        ("营业项目", "business"),
        ("部门职能", "business"),
        ("经办人职务", "position"),
        ("委托人电话", "phone"),
        ("收票地址", "address"),
        ("想办什么", "need"),
        ("要做什么", "need"),
        ("报检人手机", "phone"),
        ("您要办理的业务", "need"),
    ],
)
def test_a_label_of_another_name_or_spelling_names_the_same_field(
    label: str, field: str, reader: Reader
) -> None:
    values = {
        "applicant": "柳州市顺达汽车检测站",
        "contact": "潘国庆",
        "position": "认证工程师",
        "phone": "13471582209",
        "address": "柳州市柳南区西环路19号",
        "business": "汽车检测",
        "need": "尾气分析仪检定",
    }
    names = {"applicant": "单位", "contact": "联系人", "position": "职务", "phone": "电话"}
    block = "\n".join(f"{names[name]}：{values[name]}" for name in names if name != field)
    said = reader.read(f"{block}\n{label}：{values[field]}")
    assert said.fields[field] == values[field]
    assert field in said.labelled


@pytest.mark.parametrize(
    "line",
    [
        "施工单位：四川隆昌建筑劳务有限公司",
        "监理单位：成都正信监理有限公司",
        "监理单位电话：13900009999",
        "生产单位：同受检单位",
        "见证人：文建国 13991550001",
        "法定代表人：康振东",
        "法人手机号：13900009999",
        "开户行及账号：浙江农村商业银行 201000087654321",
        "户名：厦门同安食品有限公司",
        "传真：0431-88888888",
        "QQ：13950068174",
        "客户经理：周婷 18800001111",
        "业务员电话：13500000000",
        "办园性质：民办",
        "注册资本：500万元",
        "成立时间：2016-04-22",
        "员工人数：46人",
        "部门：市场部",
        "昵称：风一样的男子",
        "To：业务受理",
        "Fax: +86-574-87561933",
        "Dept.：Export",
    ],
)
def test_what_stands_under_a_label_of_something_else_fills_nothing(
    line: str, reader: Reader
) -> None:
    block = (
        "委托单位：眉山市东坡区岷东项目部\n地址：眉山市东坡区岷东大道12号\n需求：混凝土试块抗压\n"
    )
    without = reader.read(block)
    assert reader.read(block + line).fields == without.fields
    assert reader.read(f"{line}\n{block}").fields == without.fields


def test_the_labels_that_are_meant_come_before_those_that_may_be(reader: Reader) -> None:
    said = reader.read(
        "收件人：业务大厅\n收件地址：长春市朝阳区示例路100号\n受检单位：长兴县鑫源纺织厂\n服务类别：检测\n"
        "委托单位：长兴县夹浦镇织机园区\n联系人：敖丽娟\n地址：长兴县夹浦镇纺都路1号\n需求描述：废水总氮"
    )
    assert said.fields["applicant"] == "长兴县夹浦镇织机园区"
    assert said.fields["contact"] == "敖丽娟"
    assert said.fields["address"] == "长兴县夹浦镇纺都路1号"
    assert said.fields["need"] == "废水总氮"


@pytest.mark.parametrize(
    "text",
    [
        "联系人/职务/电话：严志刚/安环部长/13773019284",
        "联系人、职务、电话：严志刚，安环部长，13773019284",
        "联系人及职务：严志刚 安环部长\n电话：13773019284",
        "姓名 职务 电话：严志刚 安环部长 13773019284",
    ],
)
def test_labels_that_share_a_value_take_their_parts(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.fields["contact"] == "严志刚"
    assert said.fields["position"] == "安环部长"
    assert said.fields["phone"] == "13773019284"


def test_labels_of_free_words_share_all_of_them(reader: Reader) -> None:
    said = reader.read("单位：张三粉条厂\n主营业务及产品：马铃薯淀粉、粉条")
    assert said.fields["business"] == "马铃薯淀粉、粉条"


def test_a_unit_and_its_address_may_share_a_value(reader: Reader) -> None:
    said = reader.read("单位名称及地址：钦州市大寺镇敬老院 广西钦州市钦北区大寺镇大寺街56号")
    assert said.fields["applicant"] == "钦州市大寺镇敬老院"
    assert said.fields["address"] == "广西钦州市钦北区大寺镇大寺街56号"


@pytest.mark.parametrize(
    "said", ["公司名称 Company Name：", "公司名称(Company Name)：", "Company/公司名称: "]
)
def test_a_label_may_be_given_in_two_languages(said: str, reader: Reader) -> None:
    found = reader.read(f"{said}嘉善佳源纽扣有限公司\n联系人(Contact)：Amy Fang 方晓雯").fields
    assert found["applicant"] == "嘉善佳源纽扣有限公司"
    assert found["contact"] == "Amy Fang 方晓雯"


def test_the_position_may_be_the_label_of_a_person(reader: Reader) -> None:
    said = reader.read("厂名：蓬江区荷塘玻璃厂\n厂长：容志超\n电话：0750-3712233")
    assert (said.fields["contact"], said.fields["position"]) == ("容志超", "厂长")


@pytest.mark.parametrize(
    "text",
    [
        "你们的项目，三年内能做完吗",
        "登记缺陷情况；希望贵院做失效分析",
        "需要提供什么样品资料",
        "我们单位同意，电话再说",
        "换生产厂",
        "Service 怎么样",
    ],
)
def test_an_everyday_word_is_no_label_in_a_sentence(text: str, reader: Reader) -> None:
    assert reader.read(text).labelled == frozenset()


def test_the_longest_label_is_the_one_that_is_meant(labels: Labels) -> None:
    found = [label.word for label in labels.find("联系人姓名:张三 经办人电话:139")]
    assert found == ["联系人姓名", "经办人电话"]


def test_one_key_stands_for_all_spellings() -> None:
    assert key_of("Contact-Person") == key_of("contact person") == key_of("CONTACT_PERSON.")
    assert key_of("联 系 人") == key_of("联系人")


def test_a_blank_parts_two_labels_rather_than_making_one(labels: Labels) -> None:
    found = [label.word for label in labels.find("需求:计量 需求描述:电子秤")]
    assert found == ["需求", "需求描述"]
