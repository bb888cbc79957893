"""Values without a label: what is clear is filled, and talk fills nothing."""

import pytest

from bot.reading.reader import Reader

NAMED = ("applicant", "address", "contact", "position", "phone", "business")

FILLS = (
    (
        "吉林省长白山食品有限公司\n长春市朝阳区工农大路1号3楼\n张三\n质量部经理\n13900001111",
        {
            "applicant": "吉林省长白山食品有限公司",
            "address": "长春市朝阳区工农大路1号3楼",
            "contact": "张三",
            "position": "质量部经理",
            "phone": "13900001111",
        },
    ),
    (
        "我们是长春市大华食品厂的，想办SC证，我叫李丽，13844445555",
        {"applicant": "长春市大华食品厂", "contact": "李丽", "phone": "13844445555"},
    ),
    (
        "长春市朝阳区工农大路123号吉林省大地测绘有限公司张三13900001111",
        {
            "applicant": "吉林省大地测绘有限公司",
            "address": "长春市朝阳区工农大路123号",
            "contact": "张三",
            "phone": "13900001111",
        },
    ),
    (
        "我叫赵德柱，家在榆树市五棵树镇新民村二组，电话15943001234",
        {"contact": "赵德柱", "address": "榆树市五棵树镇新民村二组", "phone": "15943001234"},
    ),
    ("张三", {"contact": "张三"}),
    ("王经理", {"contact": "王经理", "position": "经理"}),
    ("我们主要做膨化食品", {"business": "膨化食品"}),
    ("我们是生产汽车线束的企业", {"business": "汽车线束"}),
)

TALK = (
    "你们几点下班",
    "收费标准是多少",
    "张三丰电影好看吗",
    "吉林大学怎么走",
    "你们公司周末上班吗，朝阳区那边有没有分部",
    "一家食品厂做SC证大概要多久",
    "我们公司有十几台设备，都是德国进口的，打算下周三送过去",
    "市场监管局说我这个秤要检定，12315也打过了",
    "方便的话加个微信",
    "昨天在万达广场看的",
    "高兴",
    "周末",
    "明白",
    "订单号20261013900001111已付款",
    "你们是第三方检测机构吗",
    "查进度",
)


@pytest.mark.parametrize(("text", "want"), FILLS)
def test_what_can_be_nothing_else_is_filled(
    text: str, want: dict[str, str], reader: Reader
) -> None:
    fields = reader.read(text).fields
    assert {name: fields[name] for name in NAMED if name in fields} == want


@pytest.mark.parametrize("text", TALK)
def test_talk_fills_no_slot(text: str, reader: Reader) -> None:
    fields = reader.read(text).fields
    assert [name for name in NAMED if name in fields] == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("单位：长春市大华有限公司", "enterprise"),
        ("单位：长春市南关区老王豆腐坊", "sole_trader"),
        ("单位：长春市市场监督管理局", "government"),
        ("单位：吉林市昌邑区人民医院", "institution"),
        ("我家井水想化验一下", "individual"),
        ("我是个体户，想检个秤", "sole_trader"),
        ("我们局要做抽检", "government"),
    ],
)
def test_who_asks_is_told_from_the_name_or_the_words(text: str, kind: str, reader: Reader) -> None:
    assert reader.read(text).fields["client_type"] == kind


def test_urgency_is_read_and_its_denial_is_not(reader: Reader) -> None:
    assert reader.read("压力表校准，挺急的").fields["urgency"] == "urgent"
    assert "urgency" not in reader.read("压力表校准，不着急").fields


@pytest.mark.parametrize(
    "text",
    [
        "王工，麻烦联系下检验中心，把那台硬度计送去检定",
        "俺村合作社的大米要测农残",
        "我们的校准证书上名字打错了给改改",
    ],
)
def test_who_is_spoken_to_or_of_is_nobody_of_the_form(text: str, reader: Reader) -> None:
    assert not {"applicant", "contact"} & reader.read(text).fields.keys()


def test_a_surname_beside_values_is_still_a_contact(reader: Reader) -> None:
    assert reader.read("王工，13900001111，长春市宏达机械有限公司").fields["contact"] == "王工"


def test_a_trade_may_be_told_in_a_block_with_whatever_ending(reader: Reader) -> None:
    said = reader.read("长春市麦香园食品有限公司\n李敏 法人\n15500001111\n做面包糕点的")
    assert said.fields["business"] == "面包糕点"
    assert said.fields["phone"] == "15500001111"


def test_a_department_of_a_signature_is_no_part_of_the_need(reader: Reader) -> None:
    said = reader.read("我司拟委托贵中心对一批口罩进行检验\n质量部 陈思远\n电话：0431-88886666")
    assert said.fields["need"].endswith("对一批口罩进行检验")


def test_a_number_as_it_is_said_is_a_number(reader: Reader) -> None:
    said = reader.read("孙大海 厂长 电话一三九零四三一零零零零 收粮食的")
    assert said.fields["phone"] == "13904310000"
    assert said.fields["business"] == "收粮食"
