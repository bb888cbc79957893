"""What is put under a template's data keys fits them, or is refused before the platform does."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.limits import TEMPLATE_VALUES
from bot.wechat.template_values import Unfit, fit


@pytest.mark.parametrize(
    ("key", "value", "fitted"),
    [
        ("thing1", "压力表检定", "压力表检定"),
        (
            "thing1",
            "长春市某某机械制造有限责任公司第一分公司二车间",
            "长春市某某机械制造有限责任公司第一分公…",
        ),
        ("thing12", " 一行\n二行 ", "一行 二行"),
        ("short_thing1", "已受理待上门", "已受理待…"),
        ("character_string3", "BG-2025-000123", "BG-2025-000123"),
        ("character_string3", "报告 BG-1 号", "BG-1"),
        ("number1", "12.50", "12.50"),
        ("letter1", "A-b", "Ab"),
        ("time4", "2019年10月1日 15:01", "2019年10月1日 15:01"),
        ("time4", "15:01", "15:01"),
        ("date5", "2019年10月1日", "2019年10月1日"),
        ("date5", "2019年10月1日~2019年10月7日", "2019年10月1日~2019年10月7日"),
        ("amount6", "¥100.50元", "¥100.50元"),
        ("phone_number7", "0431-12345678 转 8", "0431-12345678  8"),
        ("car_number8", "吉A12345", "吉A12345"),
        ("name9", "张三", "张三"),
        ("name9", "Zhang San, Esq.", "Zhang San Esq."),
        ("name9", "李四(工程师)", "李四工程师"),
        ("phrase10", "处理中", "处理中"),
        ("phrase10", "已受理，待上门检测", "已受理待上"),
        ("const11", "通过", "通过"),
    ],
)
def test_a_value_is_cleaned_and_shortened_to_its_type(key: str, value: str, fitted: str) -> None:
    assert fit(key, value) == fitted


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", ""),
        ("thing1", " \n"),
        ("character_string3", "只有汉字"),
        ("number1", "十二"),
        ("time4", "明天上午"),
        ("date5", "2019-10-01"),
        ("amount6", "面议"),
        ("phrase10", "OK"),
        ("name9", "123"),
        ("unheard_of1", "x"),
    ],
)
def test_a_value_that_cannot_fit_is_refused_by_the_name_of_its_key(key: str, value: str) -> None:
    with pytest.raises(Unfit, match=key):
        fit(key, value)


@given(kind=st.sampled_from(sorted(TEMPLATE_VALUES)), value=st.text(max_size=60))
def test_whatever_is_fitted_the_platform_takes(kind: str, value: str) -> None:
    try:
        fitted = fit(f"{kind}1", value)
    except Unfit:
        return
    assert re.fullmatch(TEMPLATE_VALUES[kind], fitted)
    assert "\n" not in fitted
