"""Phrases to be tried out: added behind the catalogue's own, or refused by line and key."""

import pytest

from bot.domain.catalog_file import CatalogError, parse
from bot.domain.phrases_file import parse_phrases, with_phrases
from tests.domain.catalog_texts import SMALL

CATALOG = parse(SMALL)
GOOD = """\
items:
  - id: test_product
    name: 产品检验
    phrases: [查成分, no, 查成分]
  - id: test_product
    phrases: [送检样品, 查含量]
"""
BAD = [
    ("", "m.yaml", "文件是空的"),
    ("items: [", "m.yaml:2", "格式有误"),
    ("- 查成分\n", "m.yaml:1", "可用的键：items"),
    ("items: 查成分\n", "m.yaml:1 items", "应为列表"),
    ("items: []\nitem: []\n", "m.yaml:2 item", "items"),
    ("items:\n- phrases: [查成分]\n", "m.yaml:2 items[0].id", "编号"),
    ("items:\n- id: other\n", "m.yaml:2 items[other].phrases", "至少一句"),
    ("items:\n- id: other\n  phrases: []\n", "m.yaml:3", "至少写1个"),
    ("items:\n- id: other\n  phrases: ['']\n", "m.yaml:3", "至少1个字"),
    ("items:\n- id: other\n  phrase: [查成分]\n", "m.yaml:3 items[other].phrase", "phrases"),
    ("items:\n- id: test_prodct\n  phrases: [查成分]\n", "m.yaml:2", "是不是“test_product”"),
]


def test_phrases_come_behind_the_catalogues_own_each_once() -> None:
    more = parse_phrases("\ufeff" + GOOD, CATALOG, "m.yaml")
    assert more == {"test_product": ("查成分", "no", "送检样品", "查含量")}
    # what was looked up before must not be looked up again
    assert CATALOG.item["test_product"].phrases == ("送检样品", "1:30", "no")
    found = with_phrases(CATALOG, more)
    phrases = ("送检样品", "1:30", "no", "查成分", "查含量")
    assert found.item["test_product"].phrases == phrases
    assert CATALOG.item["test_product"].phrases == phrases[:3]
    assert found.item["other"] == CATALOG.item["other"]
    assert (found.staff, found.faq) == (CATALOG.staff, CATALOG.faq)


def test_nothing_corrected_changes_nothing() -> None:
    assert parse_phrases("items: []\n", CATALOG, "m.yaml") == {}
    assert with_phrases(CATALOG, {}).items == CATALOG.items


@pytest.mark.parametrize(("text", "place", "said"), BAD)
def test_a_mistake_is_named_by_line_and_key(text: str, place: str, said: str) -> None:
    with pytest.raises(CatalogError) as fault:
        parse_phrases(text, CATALOG, "m.yaml")
    assert place in str(fault.value)
    assert said in str(fault.value)


def test_another_encoding_is_named() -> None:
    with pytest.raises(CatalogError, match="UTF-8"):
        parse_phrases("items: []\n# 查".encode("gbk"), CATALOG, "m.yaml")
