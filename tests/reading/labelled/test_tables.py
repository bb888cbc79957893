"""Tables: the labels in one line or one column, and the values in the next."""

import pytest

from bot.reading.reader import Reader

LABELS = ("单位名称", "联系人", "职务", "联系电话", "单位地址", "服务需求")
VALUES = (
    "曲靖市麒麟区第三中学",
    "晏家富",
    "后勤主任",
    "0874-3215566",
    "云南省曲靖市麒麟区寥廓北路118号",
    "食堂油烟检测",
)
WANT = dict(
    zip(("applicant", "contact", "position", "phone", "address", "need"), VALUES, strict=True)
)
TABLES = {
    "CSV": ",".join(LABELS) + "\n" + ",".join(VALUES),
    "Excel": "\t".join(LABELS) + "\n" + "\t".join(VALUES),
    "blanks": "  ".join(LABELS) + "\n" + "  ".join(VALUES),
    "one blank": " ".join(LABELS) + "\n" + " ".join(VALUES),
    "columns": "\n".join(LABELS) + "\n" + "\n".join(VALUES),
    "markdown, labels above": (
        f"| {' | '.join(LABELS)} |\n|{'---|' * len(LABELS)}\n| {' | '.join(VALUES)} |"
    ),
    "markdown, labels beside": "| 项目 | 内容 |\n|---|---|\n"
    + "\n".join(f"| {label} | {value} |" for label, value in zip(LABELS, VALUES, strict=True)),
    "a column more": "\t".join(("序号", *LABELS)) + "\n" + "\t".join(("1", *VALUES)),
}


@pytest.mark.parametrize("table", TABLES)
def test_every_value_is_found_under_its_label(table: str, reader: Reader) -> None:
    said = reader.read(TABLES[table])
    assert {name: said.fields.get(name) for name in WANT} == WANT
    assert said.fields.get("business") is None


def test_a_quoted_cell_may_hold_commas(reader: Reader) -> None:
    said = reader.read('单位名称,联系人,联系电话\n"Dalian Rope Co., Ltd",隋 强,0411-82637715')
    assert said.fields["applicant"] == "Dalian Rope Co., Ltd"
    assert said.fields["phone"] == "0411-82637715"


def test_lines_with_a_label_and_a_value_each_are_no_head_of_a_table(reader: Reader) -> None:
    said = reader.read("职务\t老板\t联系人\t和秀芳\n联系电话\t13988812760\t主营业务\t住宿")
    assert said.fields["position"] == "老板"
    assert said.fields["contact"] == "和秀芳"
    assert said.fields["business"] == "住宿"


def test_an_empty_form_in_a_column_fills_nothing(reader: Reader) -> None:
    assert reader.read("单位名称\n联系人\n联系电话\n通讯地址").fields == {}
