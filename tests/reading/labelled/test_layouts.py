"""Every mark between label and value that several lines share is as good as a colon."""

import pytest

from bot.reading.reader import Reader

WANT = {
    "applicant": "丽江束河留白客栈",
    "address": "云南省丽江市古城区仁里村33号",
    "contact": "和秀芳",
    "position": "计量管理员",
    "phone": "13988812760",
    "business": "住宿、餐饮",
    "need": "泳池水检测",
}
LABELS = {
    "applicant": "单位名称",
    "address": "详细地址",
    "contact": "联系人",
    "position": "职务",
    "phone": "联系电话",
    "business": "主营业务",
    "need": "服务需求",
}
ENGLISH = {
    "applicant": "Company Name",
    "address": "Address",
    "contact": "Contact Person",
    "position": "Job Title",
    "phone": "Mobile",
    "business": "Main Business",
    "need": "Service required",
}
LINES = (
    "{}：{}", "{} : {}", "{}={}", "{}→{}", "{} -> {}", "{} => {}", "{}——{}", "{}—{}", "{}-{}",
    "{} - {}", "{}丨{}", "{}｜{}", "{} | {}", "{}\t{}", "{} {}", "{}    {}", "{}；{}", "{}，{}",
    "{}、{}", "{}/{}", "{}……{}", "{}>{}", "{}~{}", "{}：____{}____", "{}____{}____", "{}\n{}",
    "{}\n{}\n", "{}：\n{}", "【{}】{}", "［{}］{}", "<{}>{}", "「{}」{}", "（{}）{}", "【{}】：{}",
    "【{}：】{}", "**{}**：{}", "**{}：** {}", "- **{}**: {}", "# {}\n{}", "## {}\n{}\n",
    "① {}：{}", "（一）{}：{}", "一、{}：{}", "1）{} {}", "A. {}：{}", "🏢{}：{}", "📌 {} {}",
    "✅{}：{}", "★{}：{}", "*{}：{}", "{}*：{}", "{}（必填）：{}", "{}（必填） {}",
    "{}（如实填写）：{}",
    "{}：{}（必填）", "{}：“{}”", "{}：【{}】", "我的{}：{}", "您的{}：{}", "{}是{}",
)  # fmt: skip


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("labels", [LABELS, ENGLISH], ids=["Chinese", "English"])
def test_any_mark_that_the_lines_share_parts_label_and_value(
    line: str, labels: dict[str, str], reader: Reader
) -> None:
    said = reader.read("\n".join(line.format(labels[name], WANT[name]) for name in WANT))
    assert {name: said.fields.get(name) for name in WANT} == WANT
    assert set(WANT) <= said.labelled


@pytest.mark.parametrize("between", ["，", "；", " ", " | ", "", "。", "\t", " / ", "&"])
def test_one_line_may_hold_the_whole_block(between: str, reader: Reader) -> None:
    said = reader.read(between.join(f"{LABELS[name]}：{WANT[name]}" for name in WANT))
    assert {name: said.fields.get(name) for name in WANT} == WANT


def test_nothing_may_stand_between_label_and_value_in_one_line(reader: Reader) -> None:
    said = reader.read("，".join(f"{LABELS[name]}{WANT[name]}" for name in WANT))
    assert {name: said.fields.get(name) for name in WANT} == WANT


def test_two_labels_may_share_a_line(reader: Reader) -> None:
    pairs = [f"{LABELS[name]} {WANT[name]}" for name in WANT]
    said = reader.read("\n".join("   ".join(pairs[at : at + 2]) for at in range(0, 7, 2)))
    assert {name: said.fields.get(name) for name in WANT} == WANT


def test_json_is_a_block_too(reader: Reader) -> None:
    rows = ", ".join(f'"{LABELS[name]}": "{WANT[name]}"' for name in WANT)
    assert reader.read(f"{{{rows}}}").fields.items() >= WANT.items()


def test_a_gap_before_words_that_are_no_values_is_no_layout(reader: Reader) -> None:
    said = reader.read("电话 打不通\n地址 找不到\n单位 没人")
    assert not {"phone", "address", "applicant"} & said.fields.keys()


def test_a_blank_inside_a_label_is_layout_and_between_two_words_none(reader: Reader) -> None:
    said = reader.read(
        "联 系 人：乔 峰\n电    话：0352-4021177\n需求：泳池水检测 地址：大同市云冈区口泉街道11号"
    )
    assert said.fields["contact"] == "乔峰"
    assert said.fields["phone"] == "0352-4021177"
    assert said.fields["need"] == "泳池水检测"
    assert said.fields["address"] == "大同市云冈区口泉街道11号"


@pytest.mark.parametrize(
    "text",
    [
        "职务：老板\n联系电话：13988812760",
        "职务｜老板\n联系电话｜13988812760",
        "职务\n老板\n联系电话\n13988812760",
        "职务、老板\n联系电话、13988812760",
    ],
)
def test_a_value_may_be_a_word_that_is_a_label_elsewhere(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.fields["phone"] == "13988812760"
    assert said.fields.get("position") in ("老板", None)
    assert "contact" not in said.fields
