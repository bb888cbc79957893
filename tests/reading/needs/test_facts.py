"""Facts said in words: conditions of the catalogue, and what is promised for later."""

import pytest

from bot.reading.reader import Reader


@pytest.mark.parametrize(
    ("text", "condition", "value"),
    [
        ("是进口的", "imported", True),
        ("不是进口的", "imported", False),
        ("非进口", "imported", False),
        ("国产的", "imported", False),
        ("是否进口：否", "imported", False),
        ("是否为进口产品：是", "imported", True),
        ("水样我们自己送", "self_sampled", True),
        ("请你们来采样", "self_sampled", False),
        ("我是经办人，代办的", "filed_by_agent", True),
        ("不涉及专利", "patent", False),
        ("没有食品生产许可证", "food_producer", False),
    ],
)
def test_a_fact_said_in_words_is_read(
    text: str, condition: str, value: bool, reader: Reader
) -> None:
    assert reader.read(text).facts[condition] is value


@pytest.mark.parametrize("text", ["进口的和国产的收费一样吗", "是进口的吗", "进口产品吗？"])
def test_a_question_about_a_fact_says_nothing(text: str, reader: Reader) -> None:
    assert reader.read(text).facts.get("imported") is not True


def test_import_and_agent_are_fields_too(reader: Reader) -> None:
    assert reader.read("进口产品，代办的").fields["import"] == "yes"
    assert reader.read("国产的").fields["import"] == "no"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("营业执照到时候带过去", {"营业执照复印件"}),
        ("营业执照复印件邮寄给你们", {"营业执照复印件"}),
        ("产品说明书或图纸窗口交", {"产品说明书或图纸"}),
        ("委托函后补", {"委托函"}),
    ],
)
def test_a_material_promised_for_later_is_known_by_its_name(
    text: str, names: set[str], reader: Reader
) -> None:
    assert reader.read(text).materials_later >= names


def test_a_material_only_named_is_not_promised(reader: Reader) -> None:
    assert reader.read("要不要营业执照").materials_later == frozenset()
