"""Reading catalog.yaml: what comes out of a right one, and what is said of a wrong one."""

import datetime as dt
import re

import pytest

from bot.domain.catalog import Catalog, MaterialKind
from bot.domain.catalog_file import CatalogError, parse
from tests.domain.catalog_texts import SMALL, edited, problems_in

ITEM = "items[test_product]"


def test_what_is_written_comes_out_as_what_is_meant() -> None:
    catalog = parse(SMALL)
    assert catalog.agency.days == {dt.date(2027, 5, 4): True}
    assert catalog.agency.duty[0].start == dt.time(8, 30)
    assert catalog.person["li.na"].duty[0].start == dt.time(8, 30)
    assert catalog.clocks.accept_minutes == 30
    item = catalog.item["test_product"]
    assert (item.turnaround, item.enabled) == (15, True)
    assert [one.optional for one in item.materials] == [False, False, True]
    assert item.materials[0].kind is MaterialKind.TYPED


def test_words_that_yaml_would_turn_into_numbers_or_truth_stay_words() -> None:
    catalog = parse(SMALL)
    assert catalog.person["wang.xin"].number == "010"
    assert catalog.item["test_product"].phrases == ("送检样品", "1:30", "no")
    unquoted = edited('"no"]', "no, yes, 010, 1e3, 0x1F, 2027-01-01, on, true]")
    assert parse(unquoted).item["test_product"].phrases[2:] == (
        "no", "yes", "010", "1e3", "0x1F", "2027-01-01", "on", "true",
    )  # fmt: skip


def test_what_is_said_once_of_a_material_or_qualification_reaches_every_item() -> None:
    item = parse(SMALL).item["test_product"]
    assert item.materials[0].hint == "名称和型号"
    assert item.materials[0].labels == ("样品资料",)
    assert item.qualification is not None
    assert item.qualification.valid_to == dt.date(2031, 6, 30)


def test_an_items_own_hint_wins_over_the_common_one() -> None:
    own = edited("{name: 样品信息, kind: T}", "{name: 样品信息, kind: T, hint: 只要名称}")
    assert parse(own).item["test_product"].materials[0].hint == "只要名称"


def test_a_qualification_may_stand_in_the_item_itself() -> None:
    inline = "qualification: {name: 授权, number: S1, valid_to: 2030-01-31}"
    found = parse(edited("qualification: cma", inline)).item["test_product"].qualification
    assert found is not None
    assert (found.name, found.valid_to) == ("授权", dt.date(2030, 1, 31))


def test_an_answer_quotes_the_agency() -> None:
    assert parse(SMALL).faq[0].answer == "我们在长春市朝阳区示例路1号。"


def test_an_item_is_not_the_agencys_own_after_its_qualification_has_run_out() -> None:
    item = parse(SMALL).item["test_product"]
    assert item.own_service(dt.date(2031, 6, 30))
    assert not item.own_service(dt.date(2031, 7, 1))
    assert not parse(SMALL).item["other"].own_service(dt.date(2026, 1, 1))


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    assert parse("\ufeff" + SMALL.replace("\n", "\r\n")) == parse(SMALL)


def test_bytes_are_read_as_utf_8_with_or_without_a_mark() -> None:
    assert parse(SMALL.encode()) == parse(SMALL.encode("utf-8-sig")) == parse(SMALL)


def test_a_file_saved_in_another_encoding_is_told_with_its_line() -> None:
    with pytest.raises(CatalogError) as caught:
        parse("# only\n# ascii\nname: 检测".encode("gb18030"))
    (found,) = caught.value.problems
    assert found.line == 3
    assert "UTF-8" in found.message


# old text, new text, the part of the new text whose line is named, key, words of the message
ONE_MISTAKE = [
    # the file itself
    ("  name: 小检测站\n", "  name: 小检测站\n  name: 大检测站\n", "  name: 大检测站",
     "agency.name", ["同名的键", "第3行"]),
    ("    turnaround: 15\n", "    turnaround: 15\n    turnaround: 16\n", "turnaround: 16",
     f"{ITEM}.turnaround", ["同名的键"]),
    ("agency:\n  name", "agency: !!python/name:x\n  name", "!!python", "agency", ["标记"]),
    ("fee: 按项目", "fee: !!binary aGk=", "!!binary", f"{ITEM}.fee", ["标记"]),
    ("    fee: 按项目", "    fee: 按项目\n    ? [a]\n    : b", "? [a]", ITEM, ["键必须是一个词"]),
    ("phrases: [别的事]", "phrases: &a [*a]", "phrases: &a", "items[other].phrases[0]", ["绕回"]),
    # one value
    ("    turnaround_text: 7—15个工作日\n", "", "  - id: test_product", f"{ITEM}.turnaround_text",
     ["缺少", "时限"]),
    ("    turnaround: 15", "    turnaroud: 15", "turnaroud", f"{ITEM}.turnaroud",
     ["不认识的键", "turnaround", "turnaround_text"]),
    ("turnaround: 15", "turnaround: 半个月", "半个月", f"{ITEM}.turnaround", ["半个月", "整数"]),
    ("turnaround: 15", "turnaround: 0", "turnaround: 0", f"{ITEM}.turnaround", ["“0”", "不小于1"]),
    ("turnaround: 15", "turnaround: 4000", "4000", f"{ITEM}.turnaround", ["不大于400"]),
    ("turnaround: 15", "turnaround: [15]", "[15]", f"{ITEM}.turnaround", ["一个列表", "整数"]),
    ("accept_minutes: 30", "accept_minutes:", "accept_minutes:", "clocks.accept_minutes",
     ["空白", "整数"]),
    ("fee: 按项目", "fee:", "fee:\n", f"{ITEM}.fee", ["空白", "一段文字"]),
    ("fee: 按项目", 'fee: " "', 'fee: " "', f"{ITEM}.fee", ["太短"]),
    ("fee: 按项目", "fee: {a: b}", "fee: {a", f"{ITEM}.fee", ["一组键值", "一段文字"]),
    ("{name: 需求说明, kind: T}", "{name: 说, kind: T}", "说, kind",
     "items[other].materials[0].name", ["至少2个字"]),
    ("{name: 需求说明, kind: T}", "{name: 需求说明, kind: X}", "kind: X",
     "items[other].materials[0].kind", ["“X”", "U、T、F、B"]),
    ("role: manager", "role: boss", "boss", "staff[li.na].role", ["agent、manager"]),
    ("optional: true", "optional: 也许", "也许",
     f"{ITEM}.materials[2].optional", ["true", "false"]),
    ("valid_to: 2031-06-30", "valid_to: 20310630", "20310630", "qualifications.cma.valid_to",
     ["20310630", "2031-06-30"]),
    ("valid_to: 2031-06-30", "valid_to: 2031-06-31", "06-31", "qualifications.cma.valid_to",
     ["没有这一天"]),
    ("2027-05-04: true", "2027-5-4: true", "2027-5-4", "agency.days.2027-5-4", ["日期"]),
    ("2027-05-04: true", "2027-05-04: 休", "休", "agency.days.2027-05-04", ["true", "false"]),
    ('start: "8:30"', 'start: "830"', '"830"', "staff[li.na].duty[0].start", ["08:30"]),
    ('start: "8:30"', 'start: "8:70"', '"8:70"', "staff[li.na].duty[0].start", ["没有这个时间"]),
    ("  - id: test_product", "  - id: 检验", "id: 检验", "items[检验].id", ["小写字母开头"]),
    ("id: wang.xin", "id: 王欣", "id: 王欣", "staff[王欣].id", ["userid"]),
    ("  privacy:\n", "  number_prefix: jy1\n  privacy:\n", "jy1", "agency.number_prefix",
     ["大写字母"]),
    ("phrases: [别的事]", "phrases: 别的事", "phrases: 别的事", "items[other].phrases", ["列表"]),
    ("phrases: [你们在哪]", "phrases: []", "phrases: []", "faq[address].phrases", ["至少写1个"]),
    ("    materials:\n      - {name: 需求说明, kind: T}", "    materials: [需求说明]", "[需求说明]",
     "items[other].materials[0]", ["键：值", "name", "kind"]),
    ("    fields:\n      thing1: \"{{ item }}\"", "    fields: [a]", "fields: [a]",
     "templates.status.fields", ["键：值"]),
    # between the parts
    ("category: testing", "category: tests", "category: tests", f"{ITEM}.category",
     ["“tests”", "是不是“testing”"]),
    ("    department: desk\n    phrases", "    department: dsk\n    phrases", "dsk",
     "items[other].department", ["“dsk”", "desk"]),
    ("13900001111, department: lab", "13900001111, department: lab, items: [test_product, x]",
     "13900001111", "staff[wang.xin].items[1]", ["“x”", "test_product"]),
    ("when: imported", "when: import", "when: import", f"{ITEM}.materials[2].when",
     ["“import”", "是不是“imported”", "enterprise"]),
    ("kind: U, when: government", "kind: U, when: gov", "when: gov", "standing[0].when", ["“gov”"]),
    ("when: individual", "when: imported", "when: imported, mat", "substitutes[0].when",
     ["不是客户类型", "individual"]),
    ("material: 营业执照复印件", "material: 营业执照", "material: 营业执照,",
     "substitutes[0].material", ["没有任何事项要", "是不是“营业执照复印件”"]),
    ("  样品信息:", "  样品信心:", "样品信心", "materials.样品信心", ["是不是“样品信息”"]),
    ("qualification: cma", "qualification: cna", "cna\n",
     f"{ITEM}.qualification", ["“cna”", "cma"]),
    ("  - id: imported", "  - {id: enterprise, question: 是否？}\n  - id: imported", "  - {id: ent",
     "conditions[enterprise].id", ["客户类型"]),
    ("  - {id: desk, name: 窗口", "  - {id: desk, name: 检测部", "desk, name: 检测部",
     "departments[desk].name", ["重复", "第21行"]),
    ("id: li.na", "id: Wang.Xin", "id: Wang.Xin", "staff[Wang.Xin].id", ["重复", "第24行"]),
    ("number: B2", "number: '010'", "number: '010'", "staff[li.na].number", ["重复"]),
    ("      - {name: 样品信息, kind: T}\n",
     "      - {name: 样品信息, kind: T}\n      - {name: 样品信息, kind: T}\n",
     "      - {name: 样品信息, kind: T}\n      - {name: 营", f"{ITEM}.materials[1].name", ["重复"]),
    ("{name: 需求说明, kind: T}", "{name: 样品信息, kind: B}", "kind: B",
     "items[other].materials[0].kind", ["样品信息", "T", "一致"]),
    ("phone: 13900001111, department: lab}", "phone: 13900001111, department: lab, items: [other]}",
     "  - id: test_product", ITEM, ["没有人能办", "lab"]),
    ("phone: 13900001111", "phone: 12345678901", "12345678901", "staff[wang.xin].phone",
     ["不像电话"]),
    ("  phone: 0431-85370000", "  phone: 85370000", "phone: 85370000", "agency.phone", ["0431"]),
    ("phone: 0431-85370088", "phone: 问前台", "问前台", "items[other].partner.phone", ["问前台"]),
    ('{start: "8:30", end: "12:00"}', '{start: "8:30", end: "8:30"}', '"8:30", end: "8:30"',
     "staff[li.na].duty[0]", ["不早于"]),
    ('{start: "13:00", end: "17:00"}', '{start: "11:00", end: "17:00"}', '"11:00"',
     "agency.duty[1]", ["11:00", "12:00", "重叠"]),
    ("  status:\n", "  statu:\n", "statu:", "templates.statu", ["是不是“status”"]),
    ("{{ item }}", "{{ item }", "{{ item }", "templates.status.fields.thing1", ["花括号"]),
    ("{{ agency.address }}", "{{ agency.adress }}", "adress", "faq[address].answer", ["不存在"]),
    ("{{ agency.address }}", "{{ 1 / 0 }}", "1 / 0", "faq[address].answer", ["不存在"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"),
    ONE_MISTAKE,
    ids=[f"{one[3]}: {one[1]}" for one in ONE_MISTAKE],
)
def test_one_mistake_is_one_problem_with_line_and_key_and_what_was_expected(
    old: str, new: str, at: str, key: str, words: list[str]
) -> None:
    text = edited(old, new)
    line = text[: text.index(at) + len(at) - len(at.lstrip())].count("\n") + 1
    found = problems_in(text)
    assert [(one.file, one.line, one.key) for one in found] == [("catalog.yaml", line, key)]
    assert all(word in found[0].message for word in words), found[0].message


@pytest.mark.parametrize(
    ("old", "new", "line_of", "word"),
    [
        ("fee: 按项目", "fee: 按项目: 合计", "合计", "冒号"),
        ("    fee: 按项目", "\tfee: 按项目", "\tfee", "空格"),
        ("fee: 按项目", "fee: @项目", "@项目", "引号"),
        ("fee: 按项目", "fee: *项目", "*项目", "星号"),
        ("    turnaround: 15", "   turnaround: 15", "   turnaround: 15", "缩进"),
        ("fee: 按项目", "fee: \x07", "\x07", "控制字符"),
        ("fee: 按项目", "fee: \ud800", "\ud800", "控制字符"),
        ("faq:\n", "---\nfaq:\n", "---", "一份内容"),
        ("[你们在哪]", "[你们在哪", "answer", "方括号"),
    ],
)
def test_a_text_that_is_no_yaml_is_told_with_its_line(
    old: str, new: str, line_of: str, word: str
) -> None:
    text = edited(old, new)
    line = text[: text.index(line_of)].count("\n") + 1
    (found,) = problems_in(text)
    assert abs(found.line - line) <= 1
    assert word in found.message
    assert not re.search(r"[a-z]{4}", found.message), "the parser's English came through"


@pytest.mark.parametrize("text", ["", "# 只有注释\n", "[]", "一段话", "null"])
def test_a_file_without_content_is_told_what_it_should_have(text: str) -> None:
    (found,) = problems_in(text)
    assert "agency" in found.message


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = edited("  phone: 0431-85370000", "  phone: 85370000")
    text = edited("turnaround: 15", "turnaround: 半个月", text)
    text = edited("when: imported", "when: import", text)
    text = edited("  - {id: desk, name: 窗口", "  - {id: desk, nam: 窗口", text)
    found = problems_in(text)
    assert [one.key for one in found] == [
        "agency.phone",
        "departments[desk].nam",
        "departments[desk].name",
        f"{ITEM}.materials[2].when",
        f"{ITEM}.turnaround",
    ]
    assert [one.line for one in found] == sorted(one.line for one in found)


def test_an_empty_mapping_names_every_part_that_is_missing() -> None:
    found = problems_in("{}")
    assert {one.key for one in found} == {"agency", "departments", "staff", "categories", "items"}


def test_without_the_item_of_last_resort_the_catalogue_is_refused() -> None:
    text = edited("  - id: other\n    name: 其他\n", "  - id: rest\n    name: 其他\n")
    text = edited("items: [other]", "items: [rest]", text)
    assert [(one.key, "other" in one.message) for one in problems_in(text)] == [("items", True)]


def test_the_error_reads_as_lines_of_file_line_key_and_message() -> None:
    with pytest.raises(CatalogError) as caught:
        parse(edited("turnaround: 15", "turnaround: 半个月"), "mine.yaml")
    assert re.fullmatch(
        r"mine\.yaml:\d+ items\[test_product\]\.turnaround: .*整数.*", str(caught.value)
    )


def test_the_values_of_a_catalogue_cannot_be_changed() -> None:
    catalog = parse(SMALL)
    with pytest.raises(ValueError, match="frozen"):
        catalog.agency.name = "x"  # type: ignore[misc]  # what is tested
    assert isinstance(catalog, Catalog)
