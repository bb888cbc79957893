"""What is remembered of reading: the words everybody sends, and nothing of anybody."""

import pytest

from bot.domain.catalog import Catalog
from bot.reading import reader as reader_module
from bot.reading import remembered
from bot.reading.reader import Reader
from bot.reading.remembered import Remembering


@pytest.fixture(scope="module")
def reader(catalog: Catalog) -> Remembering:
    """One that has read nothing yet."""
    return Remembering(catalog)


@pytest.mark.parametrize("text", ["同意", "确认", "进度", "谢谢", "你们几点上班", "人工"])
def test_a_common_word_is_read_once(reader: Remembering, catalog: Catalog, text: str) -> None:
    assert reader.read(text) is reader.read(text)
    assert reader.read(text) == Reader(catalog).read(text)


@pytest.mark.parametrize(
    "text", ["张三", "13900001111", "1 张三", "8块压力表要校准", "改电话13900001111", "电话123"]
)
def test_what_a_person_says_of_themselves_is_not_kept(reader: Remembering, text: str) -> None:
    assert reader.read(text) == reader.read(text)
    assert text not in str(vars(reader)["_known"])


def test_only_so_many_are_kept(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 1)
    reader = Remembering(catalog)
    reader.read("同意")
    reader.read("确认")
    assert list(vars(reader)["_known"]) == ["同意"]


def test_the_last_messages_are_read_once_and_then_forgotten(reader: Remembering) -> None:
    first = reader.read("我叫张三，电话13900001111")
    assert reader.read("我叫张三，电话13900001111") is first
    for number in range(reader_module.LATEST):
        reader.read(f"压力表{number}块要校准")
    assert reader.read("我叫张三，电话13900001111") is not first
