"""Words that only tell numbers and particulars, short names of lists, and promises under labels."""

import pytest

from bot.reading.answers.aptness import counts_things, list_among, only_states
from bot.reading.reader import Reader


@pytest.mark.parametrize("text", ["血压计一台", "天平2台、砝码3组", "3台万用表", "压力表 8块"])
def test_things_with_their_number_are_a_list(text: str) -> None:
    assert counts_things(text)


@pytest.mark.parametrize(
    "text", ["血压计", "送一台血压计检定", "5块压力表要校准", "朝阳区3号", "王芳", "一台"]
)
def test_other_words_are_no_list(text: str) -> None:
    assert not counts_things(text)


@pytest.mark.parametrize(
    "text", ["血压计一台", "按GB 2726，全项，每批10袋", "10袋，未开封，检后不退"]
)
def test_particulars_ask_for_nothing(text: str) -> None:
    assert only_states(text)


@pytest.mark.parametrize("text", ["再校2台天平", "ISO9001认证", "水样2瓶测重金属", "想办3个条形码"])
def test_a_wish_is_more_than_particulars(text: str) -> None:
    assert not only_states(text)


def test_one_list_among_several_is_the_list() -> None:
    assert list_among(["开票信息", "计量器具清单"]) == "计量器具清单"
    assert list_among(["器具清单", "场所清单"]) is None
    assert list_among(["开票信息"]) is None


def test_a_list_is_known_by_its_short_name(reader: Reader) -> None:
    assert reader.read("清单：压力表8块").materials["计量器具清单"] == "压力表8块"


@pytest.mark.parametrize("text", ["计量器具清单：回头补", "计量器具清单，下周给"])
def test_a_promise_under_a_label_is_no_value(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.materials == {}
    assert "计量器具清单" in said.later


def test_a_promise_of_another_material_ends_a_value(reader: Reader) -> None:
    said = reader.read("完成期限：12月10日前，委托函窗口交")
    assert said.materials == {"完成期限": "12月10日前"}
    assert said.later["委托函"] == "window"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("温湿度计 20支 0-50℃", "温湿度计 20支 0-50℃"),
        ("我们有压力表8块0-1.6MPa要校准", "压力表8块0-1.6MPa"),
        ("我们厂有压力表 0-1.6MPa 8块 要校准", "压力表 0-1.6MPa 8块"),
    ],
)
def test_things_with_range_and_number_are_a_list(text: str, listed: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.materials["计量器具清单"] == listed
    assert said.fields["need"] == text


def test_sent_back_by_post_is_a_wish(reader: Reader) -> None:
    assert reader.read("都要快递回来").options
    assert not reader.read("寄回来的报告有错").options
