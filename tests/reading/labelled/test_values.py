"""How far a value reaches, what is trimmed from it, and what is no value at all."""

import pytest

from bot.reading.reader import Reader

BLOCK = "单位：芜湖鸠江区江城儿童家具厂\n电话：0553-5881234\n地址：芜湖市鸠江区官陡街道12号\n"


@pytest.mark.parametrize(
    "nothing",
    [
        "",
        "无",
        "暂无",
        "/",
        "——",
        "N/A",
        "none",
        "待补充",
        "xxx",
        "（请填写）",
        "请输入",
        "____",
        "略",
    ],
)
def test_a_word_for_nothing_fills_nothing(nothing: str, reader: Reader) -> None:
    said = reader.read(f"{BLOCK}联系人：{nothing}\n职务：{nothing}\n主营：{nothing}")
    assert {"contact", "position", "business", "need"}.isdisjoint(said.fields)


def test_the_same_as_above_leaves_the_value_above(reader: Reader) -> None:
    assert reader.read(BLOCK + "邮寄地址：同上").fields["address"] == "芜湖市鸠江区官陡街道12号"


def test_a_contact_who_is_the_applicant_is_called_so(reader: Reader) -> None:
    said = reader.read("申请人：吕慧敏\n联系人：本人\n电话：15665823317")
    assert said.fields["contact"] == "吕慧敏"


def test_a_person_who_applies_for_a_unit_is_its_contact(reader: Reader) -> None:
    said = reader.read(
        "委托单位：吴忠市金积镇奶牛养殖合作社\n委托人：买春花\n委托人电话：13519538826"
    )
    assert said.fields["applicant"] == "吴忠市金积镇奶牛养殖合作社"
    assert said.fields["contact"] == "买春花"


def test_an_invoice_title_gives_way_to_whoever_applies(reader: Reader) -> None:
    said = reader.read("抬头：个人\n申请人：吕慧敏\n联系电话：15665823317")
    assert said.fields["applicant"] == "吕慧敏"


@pytest.mark.parametrize(
    ("said", "name", "position"),
    [
        ("Jason Xu", "Jason Xu", None),
        ("Frank Qian 钱峰", "Frank Qian 钱峰", None),
        ("钱峰 Frank Qian", "钱峰 Frank Qian", None),
        ("Müller", "Müller", None),
        ("Mr. Wang", "Mr. Wang", None),
        ("Peter Lau, Sales Director", "Peter Lau", "Sales Director"),
        ("Eric 薛", "Eric 薛", None),
        ("邢 建军", "邢建军", None),
        ("旷新宇 (采购部)", "旷新宇", None),
        ("鲍玉山（场长）", "鲍玉山", "场长"),
        ("璩志宏，设备副总监", "璩志宏", "设备副总监"),
        ("王静 13893160427", "王静", None),
        ("三彩画室 王兴发", "王兴发", None),
        ("关雪 / 苏克", "关雪", None),
    ],
)
def test_a_contact_is_called_as_they_wrote_it(
    said: str, name: str, position: str | None, reader: Reader
) -> None:
    found = reader.read(f"{BLOCK}联系人：{said}").fields
    assert found["contact"] == name
    assert found.get("position") == position
    assert "business" not in found


@pytest.mark.parametrize(
    "said",
    ["认证工程师", "计量管理员", "General Manager", "质量部 副部长", "采购/质检", "QC", "跟单"],
)
def test_a_position_is_any_short_value(said: str, reader: Reader) -> None:
    assert reader.read(f"{BLOCK}联系人：张三\n职务：{said}").fields["position"] == said
    assert reader.read(f"{BLOCK}职务：{said} 13900001111").fields["position"] == said


def test_a_position_of_its_own_says_more_than_a_title_in_the_name(reader: Reader) -> None:
    said = reader.read("联系人：林科长\n职务：食品科科长\n电话：0431-85285555")
    assert (said.fields["contact"], said.fields["position"]) == ("林科长", "食品科科长")


@pytest.mark.parametrize(
    "said",
    [
        "Ningbo Hengtai Bearing Co., Ltd.",
        "上海恩菲特实验室设备（昆山）有限公司",
        "中建西南第三工程公司眉山项目部",
        "恩施市硒茶研究中心（筹）",
    ],
)
def test_a_unit_keeps_its_own_characters(said: str, reader: Reader) -> None:
    assert reader.read(f"单位名称：{said}\n联系人：张三").fields["applicant"] == said


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("芜湖市鸠江区官陡街道12号 邮编241000", "芜湖市鸠江区官陡街道12号"),
        ("芜湖市鸠江区官陡街道12号，241000", "芜湖市鸠江区官陡街道12号"),
        ("芜湖市鸠江区官陡街道12号 0553-5881234", "芜湖市鸠江区官陡街道12号"),
        ("芜湖市鸠江区官陡街道12号 我先吃口饭", "芜湖市鸠江区官陡街道12号"),
        ("芜湖市鸠江区官陡街道\n12号院3栋", "芜湖市鸠江区官陡街道12号院3栋"),
        ("江西省九江市濂溪区姑塘镇联丰村涂家垄", "江西省九江市濂溪区姑塘镇联丰村涂家垄"),
        ("4/F, No. 26 Xianghong Road, Xiamen", "4/F, No. 26 Xianghong Road, Xiamen"),
    ],
)
def test_an_address_ends_where_something_else_begins(
    said: str, address: str, reader: Reader
) -> None:
    assert reader.read(f"联系人：张三\n地址：{said}").fields["address"] == address


def test_the_first_mobile_of_all_numbers_is_the_phone(reader: Reader) -> None:
    said = reader.read(
        "联系人：张三\n座机：0571-82476633\n手机：13588047729\n其他电话：13588047730"
    )
    assert said.fields["phone"] == "13588047729"


def test_a_need_may_be_a_list_of_lines(reader: Reader) -> None:
    said = reader.read(f"{BLOCK}需求：1、电缆导体电阻\n2、绝缘厚度\n\n谢谢")
    assert said.fields["need"] == "1、电缆导体电阻\n2、绝缘厚度"


def test_a_need_may_be_things_in_lines_without_numbers(reader: Reader) -> None:
    said = reader.read(f"{BLOCK}需求：压力表10块\n温度计5支\n联系人：张三")
    assert said.fields["need"] == "压力表10块\n温度计5支"


@pytest.mark.parametrize("remark", ["急用", "请工作日联系", "样品已邮寄，请查收", "要13%专票"])
def test_a_remark_that_asks_for_nothing_is_no_need(remark: str, reader: Reader) -> None:
    assert "need" not in reader.read(f"{BLOCK}备注：{remark}").fields


def test_a_remark_that_asks_for_a_service_is_one_unless_a_need_is_named(reader: Reader) -> None:
    remark = f"{BLOCK}备注：台秤两台要检定"
    assert reader.read(remark).fields["need"] == "台秤两台要检定"
    assert reader.read(f"{remark}\n需求：甲醛检测").fields["need"] == "甲醛检测"


def test_a_remark_still_tells_how_it_is_to_be_done(reader: Reader) -> None:
    plain = reader.read(f"{BLOCK}需求：甲醛检测\n备注：要加急")
    assert plain.fields["need"] == "甲醛检测"


def test_of_boxes_the_ticked_ones_are_meant(reader: Reader) -> None:
    said = reader.read(f"{BLOCK}服务需求（勾选）：√检验检测 □标准 □计量")
    assert said.fields["need"] == "检验检测"
    worded = reader.read(f"{BLOCK}服务需求（勾选）：√检验检测 □标准 需求描述：甲醛检测")
    assert worded.fields["need"] == "甲醛检测"


def test_thanks_and_notes_of_the_form_are_no_part_of_a_value(reader: Reader) -> None:
    said = reader.read(
        "单位名称：自贡市何市镇彩灯扎制部 ( 盖章 )\n联系人：张三\n需求：耐压强度，谢谢！"
    )
    assert said.fields["applicant"] == "自贡市何市镇彩灯扎制部"
    assert said.fields["need"] == "耐压强度"
