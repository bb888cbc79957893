"""Pasted blocks in every layout people use: labels win, and one span fills one slot."""

import pytest

from bot.reading.reader import Reader
from bot.reading.reading import Reason

WANT = {
    "applicant": "长春市大众机械有限公司",
    "address": "长春市朝阳区工农大路123号",
    "contact": "张三",
    "position": "质检科长",
    "phone": "13900001111",
}
LABELS = {
    "applicant": "申请人",
    "address": "详细地址",
    "contact": "联系人",
    "position": "职务",
    "phone": "联系电话",
}
PAIRS = [(LABELS[name], value) for name, value in WANT.items()]

LAYOUTS = {
    "full-width colons": "\n".join(f"{label}：{value}" for label, value in PAIRS),
    "half-width colons": "\n".join(f"{label}: {value}" for label, value in PAIRS),
    "equals signs": "\n".join(f"{label}={value}" for label, value in PAIRS),
    "blanks": "\n".join(f"{label} {value}" for label, value in PAIRS),
    "tabs": "\n".join(f"{label}\t{value}" for label, value in PAIRS),
    "enumeration commas": "\n".join(f"{label}、{value}" for label, value in PAIRS),
    "commas": "\n".join(f"{label}，{value}" for label, value in PAIRS),
    "line ends": "\n".join(f"{label}\n{value}" for label, value in PAIRS),
    "nothing between": "\n".join(f"{label}{value}" for label, value in PAIRS),
    "one line, commas": "，".join(f"{label}：{value}" for label, value in PAIRS),
    "one line, semicolons": "；".join(f"{label}：{value}" for label, value in PAIRS),
    "one line, blanks": " ".join(f"{label}：{value}" for label, value in PAIRS),
    "one line, bars": " | ".join(f"{label}：{value}" for label, value in PAIRS),
    "one line, nothing": "".join(f"{label}：{value}" for label, value in PAIRS),
    "brackets": "\n".join(f"【{label}】{value}" for label, value in PAIRS),
    "numbers": "\n".join(f"{n}、{label}：{value}" for n, (label, value) in enumerate(PAIRS, 1)),
    "numbers with dots": "\n".join(
        f"{n}.{label}：{value}" for n, (label, value) in enumerate(PAIRS, 1)
    ),
    "bullets": "\n".join(f"· {label}：{value}" for label, value in PAIRS),
    "empty lines between": "\n\n".join(f"{label}：{value}" for label, value in PAIRS),
    "spread labels": "\n".join(f"{' '.join(label)}：{value}" for label, value in PAIRS),
    "copulas": "，".join(f"{label}是{value}" for label, value in PAIRS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_field_is_read_whatever_the_layout(layout: str, reader: Reader) -> None:
    said = reader.read(LAYOUTS[layout])
    assert {name: said.fields.get(name) for name in WANT} == WANT
    assert set(WANT) <= said.labelled
    assert said.intent is None


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("委托单位", "applicant"),
        ("单位名称", "applicant"),
        ("抬头", "applicant"),
        ("经办人", "contact"),
        ("对接人", "contact"),
        ("岗位", "position"),
        ("手机号", "phone"),
        ("Tel", "phone"),
        ("☎", "phone"),
        ("📞", "phone"),
        ("通讯地址", "address"),
        ("寄件地址", "address"),
    ],
)
def test_a_label_of_another_name_names_the_same_field(
    label: str, field: str, reader: Reader
) -> None:
    assert reader.read(f"{label}：{WANT[field]}").fields[field] == WANT[field]


def test_noise_around_a_block_fills_nothing(reader: Reader) -> None:
    said = reader.read(
        "李姐 10月8日 10:22\n您好，以下是我们信息：\n单位：长春市大华医院\n"
        "税号：91220101MA0Y3X7X48\n"
        "开户行：工商银行长春支行\n账号：6222021234567890123\n邮箱：a@163.com\nQQ：12345678\n"
        "传真：0431-88888888\n邮编：130000\n质量第一，客户至上\n联系人：张三\n谢谢"
    )
    assert said.fields == {
        "applicant": "长春市大华医院",
        "uscc": "91220101MA0Y3X7X48",
        "contact": "张三",
        "client_type": "institution",
    }


def test_labels_win_when_company_and_address_were_swapped(reader: Reader) -> None:
    said = reader.read("地址：长春市大华食品有限公司\n单位：长春市绿园区西安大路99号")
    assert said.fields["address"] == "长春市大华食品有限公司"
    assert said.fields["applicant"] == "长春市绿园区西安大路99号"


def test_one_label_for_two_fields_fills_both(reader: Reader) -> None:
    said = reader.read("联系人及电话：李四 13900001111")
    assert (said.fields["contact"], said.fields["phone"]) == ("李四", "13900001111")


def test_a_title_beside_the_name_is_the_position(reader: Reader) -> None:
    said = reader.read("联系人：罗永胜（理事长）13944560000")
    assert (said.fields["contact"], said.fields["position"]) == ("罗永胜", "理事长")


def test_a_title_inside_the_name_is_both(reader: Reader) -> None:
    said = reader.read("联系人：王经理")
    assert (said.fields["contact"], said.fields["position"]) == ("王经理", "经理")


def test_a_form_of_address_is_no_position(reader: Reader) -> None:
    said = reader.read("联系人：陈女士")
    assert said.fields["contact"] == "陈女士"
    assert "position" not in said.fields


def test_the_dot_of_a_name_has_one_form(reader: Reader) -> None:
    assert reader.read("联系人：买买提•吐尔逊").fields["contact"] == "买买提·吐尔逊"


def test_an_empty_form_fills_nothing(reader: Reader) -> None:
    said = reader.read("申请人：\n详细地址：\n联系人：\n职务：\n联系电话：\n主营业务：\n服务需求：")
    assert said.fields == {}


def test_a_value_on_the_next_line_belongs_to_its_label_only_if_that_line_has_none(
    reader: Reader,
) -> None:
    said = reader.read("联系人：\n电话：13900001111")
    assert "contact" not in said.fields
    assert said.fields["phone"] == "13900001111"


def test_a_wrong_phone_under_a_label_is_refused_with_the_reason(reader: Reader) -> None:
    said = reader.read("联系人：张三\n电话：1390000111")
    assert said.refused["phone"].reason is Reason.TOO_SHORT
    assert "phone" not in said.fields


def test_an_identity_number_is_kept_out_of_every_field(reader: Reader) -> None:
    said = reader.read("张三 22010419900101123X 13900001111")
    assert said.refused["uscc"].reason is Reason.LOOKS_LIKE_ID
    assert all("22010419" not in value for value in said.fields.values())


def test_a_material_of_the_catalogue_is_read_under_its_name(reader: Reader) -> None:
    said = reader.read("检验项目：菌落总数、大肠菌群\n执行标准或检验依据：GB 7099")
    assert said.materials["检验项目"] == "菌落总数、大肠菌群"
    assert said.materials["执行标准或检验依据"] == "GB 7099"
    assert {"检验项目", "执行标准或检验依据"} <= said.labelled


def test_the_clients_own_brackets_are_kept(reader: Reader) -> None:
    said = reader.read("单位：长春（高新）食品有限公司")
    assert said.fields["applicant"] == "长春（高新）食品有限公司"


@pytest.mark.parametrize(
    "text",
    [
        "电话打不通",
        "地址在哪",
        "联系人是谁",
        "单位要求我们做9001",
        "你们电话是多少",
        "项目进度怎么样",
    ],
)
def test_a_word_that_is_a_label_elsewhere_fills_nothing_in_a_sentence(
    text: str, reader: Reader
) -> None:
    fields = set(reader.read(text).fields) - {"need", "client_type"}
    assert fields == set()


def test_an_address_may_go_on_in_the_next_line(reader: Reader) -> None:
    said = reader.read("地址：吉林省长春市朝阳区\n工农大路123号\n电话：13900001111")
    assert said.fields["address"] == "吉林省长春市朝阳区工农大路123号"
    assert said.fields["phone"] == "13900001111"


def test_a_nurse_and_a_colleague_are_contacts(reader: Reader) -> None:
    assert reader.read("联系人李护士长 13596001234").fields["contact"] == "李护士长"
    assert reader.read("长春市应急管理局 小王 0431-88776655").fields["contact"] == "小王"
    assert reader.read("联系人：陈静女士").fields["contact"] == "陈静"


def test_a_local_number_beside_a_name_is_asked_for_its_area_code(reader: Reader) -> None:
    said = reader.read("长春市应急管理局，办公室 小王 88776655")
    assert said.refused["phone"].reason is Reason.MISSING_AREA_CODE
    assert said.intent is None


def test_a_company_in_general_is_no_applicant(reader: Reader) -> None:
    for text in ("我是个人，不是公司", "代客户申请，我们是代理公司", "你们是检测公司吗"):
        assert "applicant" not in reader.read(text).fields
