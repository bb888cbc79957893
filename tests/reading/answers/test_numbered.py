"""Answers by number: only where the numbers are marks, never where they count."""

import pytest

from bot.reading.reader import Reader

ANSWERS = {1: "长春市朝阳区工农大路12号", 2: "张三", 3: "13900001111"}


@pytest.mark.parametrize(
    "text",
    [
        "1、长春市朝阳区工农大路12号 2、张三 3、13900001111",
        "1.长春市朝阳区工农大路12号\n2.张三\n3.13900001111",
        "1）长春市朝阳区工农大路12号\n2）张三\n3）13900001111",
        "1：长春市朝阳区工农大路12号；2：张三；3：13900001111",
        "1 长春市朝阳区工农大路12号\n2 张三\n3 13900001111",
        "①长春市朝阳区工农大路12号②张三③13900001111",
        "一、长春市朝阳区工农大路12号\n二、张三\n三、13900001111",
    ],
)
def test_numbers_with_a_mark_are_answers(text: str, reader: Reader) -> None:
    said = reader.read(text)
    assert said.numbered == ANSWERS
    assert said.fields["phone"] == "13900001111"
    assert said.fields["contact"] == "张三"


def test_answers_may_leave_numbers_out(reader: Reader) -> None:
    assert reader.read("2、张三 4、经理").numbered == {2: "张三", 4: "经理"}


@pytest.mark.parametrize(
    "text",
    [
        "5545",
        "2",
        "8块压力表",
        "1台天平\n2块压力表",
        "1.5级压力表",
        "13900001111",
        "0.4级精密压力表3块",
        "长春市朝阳区工农大路1号",
        "3楼301",
        "2026.10.8送样",
    ],
)
def test_counts_scores_and_phones_are_no_numbered_answers(text: str, reader: Reader) -> None:
    assert reader.read(text).numbered == {}
