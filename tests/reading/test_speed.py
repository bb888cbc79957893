"""How long reading takes, and that no text makes it take long."""

import random
import re
import statistics
import time
from collections.abc import Iterator
from importlib import import_module, resources

import pytest

from bot.domain.catalog import Catalog
from bot.reading.reader import Reader
from tests.reading.corpora import blocks, utterances

LONG = 20_000
PIECES = (
    *(
        "a",
        "1",
        "长春市",
        "长春市大华有限公司",
        " ",
        "\n",
        "电话：",
        "13900001111 ",
        "压力表校准，",
    ),
    *(
        "(",
        "-1",
        "1、",
        "不是",
        "错了",
        "a.",
        "ab ",
        "联系人",
        "是",
        "，",
        "号",
        "路",
        "\t",
        "“",
        "·",
    ),
    *(
        "我们主要做",
        "9001",
        "①",
        "【",
        "：",
        "JY2026",
        "张",
        "https://",
        "@",
        "周",
        "0431-",
        "有限",
    ),
    "2026-1-1 10:00\n",
)


def spent(reader: Reader, text: str) -> float:
    """Milliseconds of this thread for one reading, whoever else uses the machine."""
    begin = time.thread_time()
    reader.read(text)
    return (time.thread_time() - begin) * 1000


def long_texts() -> Iterator[str]:
    """Twenty thousand characters of everything that has hurt a pattern somewhere."""
    for piece in PIECES:
        yield (piece * LONG)[:LONG]
    dice = random.Random(7)
    for _ in range(40):
        yield "".join(dice.choice(PIECES) for _ in range(LONG))[:LONG]
        yield "".join(chr(dice.randrange(0x20, 0x9FFF)) for _ in range(LONG))


def test_a_message_is_read_in_a_moment(reader: Reader) -> None:
    texts = [*(one.text for one in utterances()), *(one.text for one in blocks())]
    # the budget is 2 ms; a shared machine gets five times that before it is a failure
    assert statistics.median(spent(reader, text) for text in texts) < 10


def test_a_long_text_is_read_to_a_border_and_the_rest_is_said(reader: Reader) -> None:
    said = reader.read("联系人：张三\n" + "压力表一块。\n" * 3000 + "电话：13900001111")
    assert said.fields["contact"] == "张三"
    assert said.rest.endswith("电话：13900001111")


@pytest.mark.parametrize("piece", PIECES)
def test_repetition_does_not_hurt(piece: str, reader: Reader) -> None:
    assert spent(reader, (piece * LONG)[:LONG]) < 500


@pytest.mark.long
def test_twenty_thousand_characters_of_anything_take_fifty_milliseconds(reader: Reader) -> None:
    for text in long_texts():
        assert min(spent(reader, text) for _ in range(3)) < 50, text[:40]


@pytest.mark.long
def test_building_the_index_takes_less_than_a_second(catalog: Catalog) -> None:
    begin = time.perf_counter()
    Reader(catalog)
    assert time.perf_counter() - begin < 1


def patterns() -> Iterator[tuple[str, str]]:
    """Every compiled pattern that stands at the top of a module of the reading."""
    for file in sorted(resources.files("bot.reading").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".py") and not file.name.startswith("_"):
            module = import_module(f"bot.reading.{file.name.removesuffix('.py')}")
            for name, value in vars(module).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.__name__}.{name}", value.pattern


@pytest.mark.parametrize(("name", "pattern"), list(patterns()))
def test_no_group_that_repeats_holds_an_unbounded_repetition(name: str, pattern: str) -> None:
    assert re.search(r"(?<!\\)[+*](?:\?)?\)(?:[+*]|\{\d+,\})", pattern) is None, name
