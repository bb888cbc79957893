"""Which item staff name: what is beyond doubt is taken, anything else gets the nearest three."""

import pytest

from bot.reading.staff.commands import read_command
from bot.reading.staff.items import find_item
from tests.world import shipped_catalog

CATALOG = shipped_catalog()

MEANT = [
    ("calibrate_onsite", "calibrate_onsite"),
    ("CALIBRATE", "calibrate"),
    ("现场检定/校准", "calibrate_onsite"),
    ("现场检定校准", "calibrate_onsite"),
    ("检定／校准(送检)", "calibrate"),
    ("“强制检定”", "verify_mandatory"),
    ("为强制检定", "verify_mandatory"),
    ("归到 条码", "barcode"),
    ("改为计量培训", "metrology_training"),
    ("现场检定", "calibrate_onsite"),
    ("水质", "test_water_env"),
    ("9001", "qms_cert"),
    ("上门校准", "calibrate_onsite"),
    ("标签审核", "food_rd"),
    ("蓝帽子", "health_food"),
    ("其他", "other"),
]
UNSURE = [
    ("培训", {"metrology_training", "test_training", "ms_consult"}),
    ("检定", {"verify_mandatory", "calibrate", "calibrate_onsite"}),
    ("计量服务", {"metrology_consult", "metrology_data", "metrology_training"}),
]
# a word of one phrase is not what an item is called
UNSURE += [
    ("办证", {"sc_license"}),
    ("地磅", {"calibrate_onsite"}),
]
NOBODY = ["", "检", "？", "炒菜", "zzz", "2"]


@pytest.mark.parametrize(("said", "item"), MEANT)
def test_a_key_a_name_or_what_only_one_item_has_is_taken(said: str, item: str) -> None:
    found = find_item(CATALOG, said)
    assert not isinstance(found, tuple), [one.name for one in found]
    assert found.id == item


@pytest.mark.parametrize(("said", "some"), UNSURE)
def test_what_several_items_have_is_asked_back(said: str, some: set[str]) -> None:
    found = find_item(CATALOG, said)
    assert isinstance(found, tuple)
    assert 0 < len(found) <= 3
    assert some & {one.id for one in found}, [one.name for one in found]


@pytest.mark.parametrize("said", NOBODY)
def test_what_no_item_has_names_none(said: str) -> None:
    assert find_item(CATALOG, said) == ()


def test_every_item_is_found_by_its_key_and_by_its_name() -> None:
    for item in CATALOG.items:
        assert find_item(CATALOG, item.id) == find_item(CATALOG, item.name) == item


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("改项 0007 现场检定", ("reroute", "0007", None, "现场检定")),
        ("改项目0007/2，现场检定", ("reroute", "0007", 2, "现场检定")),
        ("归到 JY20261123-0007#2 条码", ("reroute", "JY20261123-0007", 2, "条码")),
        ("转为项目 条码", ("reroute", "", None, "条码")),
        ("改类别：7 3C认证", ("reroute", "7", None, "3C认证")),
        ("改项", ("reroute", "", None, "")),
        ("事项", ("items", "", None, "")),
    ],
)
def test_the_order_takes_number_row_and_name(
    text: str, expected: tuple[str, str, int | None, str]
) -> None:
    command = read_command(text)
    assert command is not None
    assert (command.verb, command.number, command.row, command.words) == expected


@pytest.mark.parametrize("text", ["改项目负责人是谁", "归到哪里", "事项太多了"])
def test_words_that_only_begin_like_it_are_no_order(text: str) -> None:
    assert read_command(text) is None
