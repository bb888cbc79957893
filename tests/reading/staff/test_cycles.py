"""How long a partner takes, as staff write it into a referral."""

import pytest

from bot.reading.staff.cycles import Cycle, read_cycle


@pytest.mark.parametrize(
    ("text", "days", "working"),
    [
        ("长春市食药检院 李工 0431-81234567，预计15个工作日", 15, True),
        ("周期3—5个工作日", 5, True),
        ("十五个工作日", 15, True),
        ("7-10天", 10, False),
        ("两周左右", 14, False),
        ("1个月", 30, False),
        ("半个月", 15, False),
        ("二十天", 20, False),
    ],
)
def test_a_cycle_is_its_longest(text: str, days: int, working: bool) -> None:
    assert read_cycle(text) == Cycle(days, working)


@pytest.mark.parametrize(
    "text", ["12月3日前完成", "李工13904311234", "GB 4943.1", "周期另行通知", "9999天", ""]
)
def test_what_says_no_length_of_time_is_none(text: str) -> None:
    assert read_cycle(text) is None
