"""By when somebody wants it: the day a phrase names, counted from a known today."""

import datetime as dt

import pytest

from bot.reading.fields.dates import find_deadline, read_date
from bot.reading.normalise import normalise

# a Monday
TODAY = dt.date(2026, 11, 23)

SAID = {
    "今天": "2026-11-23",
    "明天前": "2026-11-24",
    "后天之前": "2026-11-25",
    "大后天要": "2026-11-26",
    "这周五": "2026-11-27",
    "本周五前": "2026-11-27",
    "周五之前": "2026-11-27",
    "星期五前": "2026-11-27",
    "礼拜天之前": "2026-11-29",
    "周末前": "2026-11-28",
    "周一前": "2026-11-23",
    "下周三前": "2026-12-02",
    "下周一": "2026-11-30",
    "下下周五之前": "2026-12-11",
    "下周前": "2026-12-06",
    "下个星期二以前": "2026-12-01",
    "本周内": "2026-11-29",
    "月底": "2026-11-30",
    "月底前": "2026-11-30",
    "这个月底之前": "2026-11-30",
    "本月末": "2026-11-30",
    "下月初": "2026-12-05",
    "下个月10号前": "2026-12-10",
    "下月底": "2026-12-31",
    "12月中旬": "2026-12-20",
    "12月上旬前": "2026-12-10",
    "12月底前": "2026-12-31",
    "2月底前": "2027-02-28",
    "年底前": "2026-12-31",
    "明年1月15日前": "2027-01-15",
    "12月5号之前": "2026-12-05",
    "12月5日前": "2026-12-05",
    "十二月五号前": "2026-12-05",
    "十二月二十一日以前": "2026-12-21",
    "2026年12月5日": "2026-12-05",
    "2026-12-05": "2026-12-05",
    "2026/12/5前": "2026-12-05",
    "12/5前": "2026-12-05",
    "12.15之前": "2026-12-15",
    "1月8日前": "2027-01-08",
    "30号前": "2026-11-30",
    "5号之前": "2026-12-05",
    "二十八号前": "2026-11-28",
    "三天内": "2026-11-26",
    "3天之内": "2026-11-26",
    "十天内": "2026-12-03",
    "一周内": "2026-11-30",
    "两周内": "2026-12-07",
    "一个星期之内": "2026-11-30",
    "半个月内": "2026-12-08",
    "一个月内": "2026-12-23",
    "5个工作日内": "2026-11-30",
    "三个工作日之内": "2026-11-26",
    "元旦前": "2026-12-31",
    # the break of 2027 is not announced: a Friday before the eve of 6 February
    "春节前": "2027-02-04",
    "过年之前": "2027-02-04",
    "清明前": "2027-04-02",
    "五一前": "2027-04-30",
    "端午节前": "2027-06-08",
    "国庆前": "2027-09-30",
    "十一之前": "2027-09-30",
    "１２月５号之前": "2026-12-05",
}


@pytest.mark.parametrize("text", SAID)
def test_the_day_a_phrase_names(text: str) -> None:
    assert str(read_date(text, TODAY)) == SAID[text]


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("国庆前", dt.date(2026, 9, 1), dt.date(2026, 9, 30)),
        ("中秋前", dt.date(2026, 9, 1), dt.date(2026, 9, 24)),
        # the Saturday before is a day of work
        ("春节前", dt.date(2026, 1, 10), dt.date(2026, 2, 14)),
        ("五一前", dt.date(2026, 4, 1), dt.date(2026, 4, 30)),
        ("5个工作日内", dt.date(2026, 9, 30), dt.date(2026, 10, 13)),
        ("周五", dt.date(2026, 11, 28), dt.date(2026, 12, 4)),
        ("2月29日前", dt.date(2026, 11, 23), dt.date(2028, 2, 29)),
    ],
)
def test_it_depends_on_the_day_it_is_said(text: str, today: dt.date, expected: dt.date) -> None:
    assert read_date(text, today) == expected


@pytest.mark.parametrize(
    "text",
    [
        "尽快",
        "越快越好",
        "着急",
        "",
        "2月30日前",
        "13月5日前",
        "2025年3月1日前",
        "2020-01-01",
        "8块压力表",
    ],
)
def test_what_names_no_day_to_come_is_none(text: str) -> None:
    assert read_date(text, TODAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "压力表校准，下周三前要", "最好三天内出报告", "12月5号之前能拿到", "赶在国庆前弄好",
        "期望完成日期：12月5日", "最晚月底", "这周五要用", "5个工作日内", "希望12月10日",
    ],
)  # fmt: skip
def test_a_wish_for_a_day_is_found_in_a_sentence(text: str) -> None:
    span = find_deadline(normalise(text))
    assert span is not None
    assert read_date(text[slice(*span)], TODAY) is not None


@pytest.mark.parametrize(
    "text",
    [
        "去年12月5号之前买的", "3月2日生产的奶粉", "一年内的检验报告", "昨天送的样", "8块压力表",
        "2024年以前的标准", "12月5日上午采样", "0-1.6MPa", "地址人民大街100号",
    ],
)  # fmt: skip
def test_a_day_that_is_only_told_of_is_no_wish(text: str) -> None:
    assert find_deadline(normalise(text)) is None
