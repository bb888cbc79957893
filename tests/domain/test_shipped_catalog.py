"""The catalogue that comes with the program: complete, polite, and an example worth copying."""

import datetime as dt
import importlib.resources
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.catalog import Catalog, Item, Material, Role
from bot.domain.catalog_file import parse
from bot.domain.catalog_warnings import warnings
from tests.domain.catalog_texts import SHIPPED

ITEMS_OF_THE_STANDARD = Path(__file__).parent / "items_of_the_standard.txt"
TODAY = dt.date(2026, 6, 1)

# the facts the standard's list states in words, item by item, and what the catalogue calls them
FACTS = {
    "专利": "patent", "食品生产企业": "food_producer", "自送样": "self_sampled",
    "工程送检": "project_sample", "多型号": "multi_model", "商标非自有": "trademark_licensed",
    "培训": "training", "有许可要求": "has_licence_duty", "自行上机": "self_operated",
    "特殊食品": "special_food", "特定全营养": "full_nutrition", "延续": "renewal",
    "已有": "recall_plan_ready", "更改": "report_change", "涉及专利": "patent",
    "sc_change 变更": "change", "cert_maintain 变更": "cert_change",
    "环评批复和验收文件": "eia_required", "排污许可证复印件": "discharge_permit",
    "污染物监测报告": "pollutant_monitoring", "安全生产许可证复印件": "safety_licence",
    "职业病危害因素检测报告": "occupational_hazard",
}  # fmt: skip
WHEN = {"": None, "E": "enterprise", "IMP": "imported", "AGT": "filed_by_agent", "opt": None}

# 7.3.1: what a courteous window does not say
UNKIND = (
    "不知道", "不归我", "不归我们", "不清楚，", "自己看", "没办法", "不可能", "急什么", "别的部门",
    "不行", "你去", "必须马上", "听不懂", "有意见找",
)  # fmt: skip

Row = tuple[str, str, str | None, bool]


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return parse(SHIPPED)


def expected_rows(item: str, text: str, lists: dict[str, list[Row]]) -> list[Row]:
    """The materials a line of the list names: (name, kind, when, optional)."""
    rows: list[Row] = []
    for part in text.split("; "):
        if part.startswith("the nine of "):
            rows += lists[part.removeprefix("the nine of ")][:9]
            continue
        row = re.fullmatch(r"(\S+) ([UTFB])(-(.+))?", part)
        assert row, part
        name, kind, _, condition = row.groups()
        fact = (condition or "").removeprefix("if:")
        if condition and condition.startswith("if:"):
            found = [FACTS.get(key) for key in (f"{item} {fact}", fact, name)]
            when: str | None = next(one for one in found if one)
        else:
            when = WHEN[fact]
        rows.append((name, kind, when, condition == "opt"))
    # the standing rule: whoever files for another shows who they are
    if any(when == "filed_by_agent" for _, _, when, _ in rows):
        rows += [("授权委托书", "U", "filed_by_agent", False)]
        rows += [("经办人身份证明", "B", "filed_by_agent", False)]
    return rows


def expected_items() -> dict[str, tuple[str, set[Row]]]:
    """The list of the standard: item id -> name and materials."""
    lists: dict[str, list[Row]] = {}
    names: dict[str, str] = {}
    for line in ITEMS_OF_THE_STANDARD.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            item, names[item], materials = line.split(" | ")
            lists[item] = expected_rows(item, materials, lists)
    return {item: (names[item], set(rows)) for item, rows in lists.items()}


EXPECTED = expected_items()


def row(material: Material) -> Row:
    return (material.name, material.kind.value, material.when, material.optional)


@pytest.mark.parametrize("item", EXPECTED)
def test_an_item_of_the_standard_asks_for_exactly_its_materials(
    catalog: Catalog, item: str
) -> None:
    name, materials = EXPECTED[item]
    found = catalog.item[item]
    assert found.name == name
    assert {row(one) for one in found.materials} == materials
    assert len(found.materials) == len(materials)


def test_there_are_all_the_items_of_the_standard_and_no_others(catalog: Catalog) -> None:
    assert len(EXPECTED) == 46
    assert set(catalog.item) == set(EXPECTED)


def test_the_ten_categories_are_those_of_chapter_six_and_each_has_items(catalog: Catalog) -> None:
    assert [(one.id, one.clause, one.name) for one in catalog.categories] == [
        ("metrology", "6.1", "计量服务"),
        ("standards", "6.2", "标准服务"),
        ("testing", "6.3", "检验检测服务"),
        ("accreditation_consulting", "6.4", "认证认可咨询服务"),
        ("quality_management", "6.5", "质量管理服务"),
        ("certification", "6.6", "质量认证服务"),
        ("instrument_sharing", "6.7", "仪器共享服务"),
        ("food_audit", "6.8", "食品审核服务"),
        ("recall", "6.9", "产品召回服务"),
        ("other", "6.10", "其他服务"),
    ]
    assert all(any(catalog.items_of(one.id)) for one in catalog.categories)
    assert all(one.phrases for one in catalog.categories)


def test_the_standing_rules_are_those_of_the_standard(catalog: Catalog) -> None:
    assert [row(one) for one in catalog.standing] == [("委托函", "U", "government", False)]
    assert {(one.when, one.material, one.to) for one in catalog.substitutes} == {
        ("institution", "营业执照复印件", "事业单位法人证书复印件"),
        ("individual", "营业执照复印件", None),
        ("government", "营业执照复印件", None),
    }


def test_nothing_is_left_to_warn_of_while_the_holidays_are_published(catalog: Catalog) -> None:
    assert warnings(catalog, TODAY, SHIPPED) == ()


def test_near_the_end_of_the_published_years_only_the_calendar_is_warned_of(
    catalog: Catalog,
) -> None:
    found = warnings(catalog, dt.date(2029, 12, 20), SHIPPED)
    assert {one.key for one in found} == {"agency.days"}


def test_every_item_has_six_to_fifteen_phrases_as_clients_say_them(catalog: Catalog) -> None:
    for item in catalog.items:
        assert 6 <= len(item.phrases) <= 15, item.id
        assert all(2 <= len(phrase) <= 30 for phrase in item.phrases), item.id


def test_every_typed_material_says_what_to_write(catalog: Catalog) -> None:
    for item in catalog.items:
        for one in item.materials:
            assert one.hint or one.kind.value != "T", one.name


def test_every_condition_is_a_question_with_words_for_yes_and_for_no(catalog: Catalog) -> None:
    used = {one.when for item in catalog.items for one in item.materials}
    for condition in catalog.conditions:
        assert condition.question.endswith("？")
        assert condition.yes
        assert condition.no
        assert not set(condition.yes) & set(condition.no)
        assert condition.id in used, f"no material asks about {condition.id}"


def test_the_agency_is_big_enough_to_show_everything(catalog: Catalog) -> None:
    assert len(catalog.departments) >= 3
    assert len(catalog.staff) >= 8
    assert any(one.role is Role.MANAGER for one in catalog.staff)
    assert any(item.partner for item in catalog.items)
    assert any(item.qualification for item in catalog.items)
    assert len(catalog.faq) >= 12


def test_every_number_to_call_is_a_made_up_one_of_this_agency(catalog: Catalog) -> None:
    # a real subscriber must never be called because of an example
    numbers = re.findall(r"(?<!\d)(?:0\d{2,3}-\d{7,8}|1[3-9]\d{9})(?!\d)", SHIPPED)
    assert numbers
    assert all(number.startswith("0431-853700") for number in numbers)
    assert "示例" in catalog.agency.name


def said_to_clients(catalog: Catalog) -> list[str]:
    """Everything of the catalogue that a client may read."""
    said = [one.answer for one in catalog.faq] + [one.question for one in catalog.conditions]
    said += [one.hint for one in catalog.materials.values()]
    for item in catalog.items:
        said += [item.name, item.fee, item.turnaround_text]
    return said


def test_nothing_said_to_a_client_is_unkind_or_an_amount_of_money(catalog: Catalog) -> None:
    for text in said_to_clients(catalog):
        assert not [word for word in UNKIND if word in text], text
        assert not re.search(r"\d\s*(元|块|万|%)|[¥￥]", text), text


def test_what_is_sent_by_wechat_fits_into_one_message(catalog: Catalog) -> None:
    assert all(len(one.answer.encode()) <= 2048 for one in catalog.faq)


def test_an_ordinary_yaml_tool_reads_the_same_as_we_do() -> None:
    # so that whoever edits the file by program does not turn `yes` into true
    dumped = yaml.safe_dump(yaml.safe_load(SHIPPED), allow_unicode=True, sort_keys=False)
    assert parse(dumped) == parse(SHIPPED)


def test_the_packaged_copy_is_the_file_at_the_root() -> None:
    packaged = importlib.resources.files("bot") / "catalog.yaml"
    assert packaged.read_text(encoding="utf-8") == SHIPPED


# text that YAML could take for something else, and ordinary text of every script
WORDS = st.sampled_from(
    ["no", "1:30", "010", "~", "null", "2027-01-01", "# 号", "- 项", "a: b", "{x}", "'引'", "校秤"]
) | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=2, max_size=30)


@st.composite
def new_items(draw: st.DrawFn) -> dict[str, Any]:
    """An item nobody has thought of yet, as it would be written."""
    kinds = draw(st.lists(st.sampled_from("UTFB"), min_size=1, max_size=6))
    materials = [
        {"name": f"新材料{number}", "kind": kind}
        | draw(st.sampled_from([{}, {"when": "imported"}, {"when": "government"}]))
        | draw(st.sampled_from([{}, {"optional": True}]))
        for number, kind in enumerate(kinds)
    ]
    return {
        "id": "new_" + draw(st.text("abcdefgh_0123456789", max_size=12)),
        "name": "新事项" + draw(WORDS),
        "category": draw(st.sampled_from(["testing", "metrology", "other"])),
        "department": draw(st.sampled_from(["testing", "window"])),
        "phrases": draw(st.lists(WORDS, max_size=5)),
        "materials": materials,
        "turnaround": draw(st.none() | st.integers(1, 400)),
        "turnaround_text": draw(WORDS),
        "fee": draw(WORDS),
    }


@settings(max_examples=40, deadline=None)
@given(new_items())
def test_adding_an_item_is_adding_its_lines(written: dict[str, Any]) -> None:
    lines = indent(yaml.safe_dump([written], allow_unicode=True, sort_keys=False), "  ")
    start = SHIPPED.index("\nitems:\n") + len("\nitems:\n")
    extended = parse(SHIPPED[:start] + lines + SHIPPED[start:])
    assert extended.item[written["id"]] == Item.model_validate(written)
    assert len(extended.items) == len(EXPECTED) + 1
