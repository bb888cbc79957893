"""The JSON of `yizhan read`: every key is always there."""

import json

import pytest

from bot.reading.reader import Reader
from bot.reading.report import FIELDS, as_field_json, as_json, read_field


def test_every_key_is_there_even_for_an_empty_text(reader: Reader) -> None:
    told = as_json(reader.read(""))
    assert told["kind"] is None
    assert told["needs"] == []
    assert told["sure"] is False
    assert told["second"] is None
    assert told["fields"] == dict.fromkeys(FIELDS)


def test_a_need_is_told_with_its_reason_and_the_fields_beside_it(reader: Reader) -> None:
    told = as_json(reader.read("8块压力表要校准，急，联系人：张三 13900001111"))
    assert told["kind"] == "service"
    need = told["needs"][0]  # type: ignore[index]
    assert set(need) == {"category", "item", "score", "because"}
    assert (need["category"], need["item"]) == ("metrology", "calibrate")
    fields = told["fields"]
    assert isinstance(fields, dict)
    assert (fields["contact"], fields["phone"]) == ("张三", "13900001111")
    assert fields["urgency"] == "urgent"
    json.dumps(told)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("phone", "139 0000 1111", {"value": "13900001111"}),
        ("phone", "1390000111", {"value": None, "refused": "too_short"}),
        ("uscc", "91220101ma0y3x7x48", {"value": "91220101MA0Y3X7X48"}),
        ("uscc", "91220101MA0Y3X7X49", {"value": None, "refused": "bad_check"}),
    ],
)
def test_one_field_is_told_alone(field: str, text: str, told: dict[str, object]) -> None:
    assert read_field(field, text) == told


def test_another_field_cannot_be_asked_alone() -> None:
    with pytest.raises(ValueError, match="expected one of phone, uscc"):
        read_field("address", "长春")


def test_a_value_and_a_refusal_have_their_forms() -> None:
    assert as_field_json("1", None) == {"value": "1"}
    assert as_field_json(None, "bad_check") == {"value": None, "refused": "bad_check"}
