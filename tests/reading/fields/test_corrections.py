"""Corrections: a field taken back and said anew, or only named as the one to change."""

import pytest

from bot.reading.reader import Reader

CORRECTED = (
    ("电话打错了，是13900002222", "phone", "13900002222"),
    ("刚才电话写错了，改成13900002222", "phone", "13900002222"),
    ("联系人改成李四", "contact", "李四"),
    ("不是张三是李四", "contact", "李四"),
    ("不是张三，是李四", "contact", "李四"),
    ("错了，是李四", "contact", "李四"),
    ("改地址 长春市南关区人民大街1号", "address", "长春市南关区人民大街1号"),
    ("地址错了，应该是长春市绿园区西安大路99号", "address", "长春市绿园区西安大路99号"),
    ("公司名字应该是长春市新华食品有限公司", "applicant", "长春市新华食品有限公司"),
    ("不对，电话是13500001111", "phone", "13500001111"),
    ("把联系人换成欧阳娜", "contact", "欧阳娜"),
    ("职务改为质量部主任", "position", "质量部主任"),
    ("主营业务改为机械加工", "business", "机械加工"),
    ("我的电话换了，新的是13800001111", "phone", "13800001111"),
)


@pytest.mark.parametrize(("text", "field", "value"), CORRECTED)
def test_a_correction_gives_the_new_value(
    text: str, field: str, value: str, reader: Reader
) -> None:
    said = reader.read(text)
    assert said.fields[field] == value
    assert field in said.corrected
    assert field in said.labelled


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("改电话", "phone"),
        ("我要改一下电话", "phone"),
        ("修改地址", "address"),
        ("电话不对", "phone"),
        ("地址写错了", "address"),
        ("修改联系人", "contact"),
        ("公司名称要改一下", "applicant"),
        ("修改检验项目", "检验项目"),
    ],
)
def test_a_field_named_without_a_value_is_the_one_to_change(
    text: str, field: str, reader: Reader
) -> None:
    said = reader.read(text)
    assert said.change == field
    assert said.fields == {}


@pytest.mark.parametrize(
    "text", ["电话：13900001111", "我们是长春市大华有限公司", "压力表校准", "不是进口的"]
)
def test_a_plain_statement_corrects_nothing(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.corrected == frozenset()
    assert said.change is None
