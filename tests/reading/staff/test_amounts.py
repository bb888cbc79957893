"""One exact sum, as staff type it; anything else is refused with its reason."""

import pytest

from bot.reading.staff.amounts import Amount, Fault, read_amount


@pytest.mark.parametrize(
    ("typed", "text", "note"),
    [
        ("1200元", "1200元", ""),
        ("1200", "1200元", ""),
        ("1200元 8块压力表校准费", "1200元", "8块压力表校准费"),
        ("1,200.00元（含上门费）", "1,200.00元", "含上门费"),
        ("¥1,200.00", "¥1,200.00", ""),
        ("¥1,200.00 8块", "¥1,200.00", "8块"),
        ("1200 8块压力表", "1200元", "8块压力表"),
        ("1200 元", "1200 元", ""),
        ("￥1200，含税", "¥1200", "含税"),
        ("人民币1200元整", "人民币1200元整", ""),
        ("１２００元，说明", "1200元", "说明"),
        ("1.2万元", "1.2万元", ""),
        ("0元", "0元", ""),
        ("免费 电子证书", "免费", "电子证书"),
        ("1200块", "1200块", ""),
        ("0.5元", "0.5元", ""),
    ],
)
def test_a_sum_stays_as_it_was_entered_but_for_wide_characters(
    typed: str, text: str, note: str
) -> None:
    assert read_amount(typed) == Amount(text, note)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.NONE),
        ("一千二", Fault.NONE),
        ("-5元", Fault.NONE),
        ("大概1200", Fault.ABOUT),
        ("1200左右", Fault.ABOUT),
        ("1200元起", Fault.ABOUT),
        ("1200-1500元", Fault.RANGE),
        ("1200元至1500元", Fault.RANGE),
        ("150元/块", Fault.RANGE),
        ("150元每台", Fault.RANGE),
        ("12,00元", Fault.DIGITS),
        ("1200.555元", Fault.DIGITS),
        ("1200块表", Fault.DIGITS),
        ("1200abc", Fault.DIGITS),
        ("1.2.3元", Fault.DIGITS),
        ("999999999元", Fault.DIGITS),
    ],
)
def test_what_is_no_exact_sum_is_refused(typed: str, fault: Fault) -> None:
    assert read_amount(typed) is fault
