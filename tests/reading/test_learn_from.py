"""What staff corrected: kept without whose words they are, and tried out before it is believed."""

import pytest

from bot.domain.catalog import Catalog
from bot.domain.phrases_file import with_phrases
from bot.reading.masking import mask_personal
from bot.reading.reader import Reader

WORDS = "我们要过双随机那一套"


def best(reader: Reader, text: str) -> str | None:
    return next((one.item for one in reader.read(text).needs), None)


def test_phrases_of_an_item_draw_the_same_words_to_it(catalog: Catalog, reader: Reader) -> None:
    taught = Reader(with_phrases(catalog, {"ems_cert": (WORDS,)}))
    assert best(reader, WORDS) != "ems_cert"
    assert best(taught, WORDS) == "ems_cert"
    for text in ("8块压力表要校准", "办条形码", "水质检测", "办ISO9001"):
        assert best(taught, text) == best(reader, text)


@pytest.mark.parametrize(
    ("text", "expected", "says"),
    [
        ("8块压力表要校准", "8块压力表要校准", True),
        ("我是王芳 13900001111，地磅要校", "我是王* 139****1111，地磅要校", True),
        (
            "发到 wang@x.cn，到长春市朝阳区人民大街100号取样",
            "发到 w***@x.cn，到长春市朝阳区***取样",
            True,
        ),
        ("身份证220102199003070011 办证", "身份证220***********0011 办证", True),
        ("王芳 13900001111", "王* 139****1111", False),
        ("0431-85374567", "0431-****4567", False),
        ("", "", False),
    ],
)
def test_what_says_whose_words_they_are_is_masked_and_what_is_left_is_judged(
    text: str, expected: str, says: bool
) -> None:
    found = mask_personal(text, ["王芳", ""], ["长春市朝阳区人民大街100号"])
    assert (found.text, found.says) == (expected, says)
