"""Numbers that people ask after, the digits that prove them, and other numbers."""

import pytest

from bot.reading.concerns.lookups import last_four, read_case, read_digits, read_lookup

CASE = "JY20261123-0001"


@pytest.mark.parametrize(
    "text",
    [
        "JY20261123-0001",
        "jy20261123-0001",
        "JY20261123—0001",
        "JY 20261123 0001",
        "JY202611230001",
        "jy 2026-11-23-0001",
        "ＪＹ２０２６１１２３－０００１",
        "JY20261123-1",
        "20261123-0001",
        "单号202611230001",
        "登记编号：JY20261123-0001",
        "帮我查一下JY20261123-0001到哪了",
        "JY20261123-0001 好了没有啊",
    ],
)
def test_a_case_number_is_read_however_it_is_typed(text: str) -> None:
    found = read_lookup(text, "JY")
    assert found is not None
    assert (found.number, found.is_case, found.digits) == (CASE, True, "")
    assert read_case(text, "JY") == CASE


@pytest.mark.parametrize(
    "text",
    [
        "JY20261123-0001 1111",
        "1111 JY20261123-0001",
        "JY20261123-0001，尾号1111",
        "JY20261123-0001 后四位是1111",
        "JY20261123—0001 手机后4位：１１１１",
        "JY20261123-0001 13900001111",
        "手机尾号1111，查JY20261123-0001的进度",
    ],
)
def test_number_and_digits_may_come_together(text: str) -> None:
    found = read_lookup(text, "JY")
    assert found is not None
    assert (found.number, found.digits) == (CASE, "1111")


@pytest.mark.parametrize(
    ("text", "number", "digits"),
    [
        ("查报告BG-2026-0012，手机尾号1111", "BG-2026-0012", "1111"),
        ("报告BG-2026-0012出来了吗", "BG-2026-0012", ""),
        ("BG-2026-0012", "BG-2026-0012", ""),
        ("报告编号：BG-2026-0012", "BG-2026-0012", ""),
        ("证书编号20260012 1111", "20260012", "1111"),
        ("查一下报告号 长检字[2026]第0012号 尾号1111", "长检字[2026]第0012号", "1111"),
        ("W2026000123的结果下来没", "W2026000123", ""),
    ],
)
def test_a_report_number_is_read_as_it_is_typed(text: str, number: str, digits: str) -> None:
    found = read_lookup(text, "JY")
    assert found is not None
    assert (found.number, found.is_case, found.digits) == (number, False, digits)


@pytest.mark.parametrize(
    "text",
    [
        "1111",
        "我们有8块压力表要校准",
        "型号BG-2026-0012的压力表要校准",
        "补一份报告，原报告编号BG-2026-0012",
        "BG-2026-0012这份报告要改单位名称",
        "证书BG-2026-0012是真的吗，帮忙验证真伪",
        "GB/T 19001-2016",
        "我想查GB/T19001-2016这个标准",
        "GB 4943.1-2022多少钱",
        "ISO9001",
        "2026-11-23",
        "0431-85374567",
        "13900001111",
        "91220101MA0000000X",
        "DN100-1600阀门检测",
        "撤回JY20261123-0001",
        "我们公司的地址是长春市朝阳区人民大街100号2026室",
        "",
    ],
)
def test_what_is_something_else_is_no_lookup(text: str) -> None:
    assert read_lookup(text, "JY") is None


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1111", "1111"),
        ("１１１１", "1111"),
        ("尾号1111", "1111"),
        ("后四位：1111", "1111"),
        ("是1111", "1111"),
        ("手机号13904311111", "1111"),
        ("1111谢谢", "1111"),
        ("8块压力表", ""),
        ("2026年的那批", ""),
        ("没有", ""),
        ("1111 2222", ""),
        ("我们要做1111项检测，什么时候能开始做呢", ""),
    ],
)
def test_the_digits_alone_answer_the_question(text: str, digits: str) -> None:
    assert read_digits(text) == digits


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("13900001111", "1111"),
        ("0431-85374567", "4567"),
        ("0431-85374567转801", "4567"),
        ("0431-85374567-801", "4567"),
        ("400-820-8820", "8820"),
        ("", ""),
    ],
)
def test_an_extension_is_no_part_of_the_last_four(phone: str, digits: str) -> None:
    assert last_four(phone) == digits
