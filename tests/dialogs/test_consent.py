"""What counts as 同意 to the privacy notice, and what does not (PIPL 14)."""

from datetime import date

import pytest

from bot.dialogs.intake.draft import Draft
from bot.dialogs.intake.flow import take
from bot.dialogs.intake.outcome import Deed, Heard, Outcome, Setting
from bot.reading.reader import Reader
from tests.world import shipped_catalog

CATALOG = shipped_catalog()
READER = Reader(CATALOG)
SETTING = Setting(CATALOG, date(2026, 11, 23), READER.read, consented=False)


def after_the_notice(answer: str) -> Outcome:
    """What comes of this answer to the privacy notice."""
    asked = take(Draft(), Heard(READER.read("我们厂有8块压力表要校准")), SETTING)
    return take(asked.draft, Heard(READER.read(answer)), SETTING)


@pytest.mark.parametrize(
    "answer", ["同意", "我同意", "同意。", "好的", "可以", "行", "没问题", "OK"]
)
def test_a_yes_to_the_notice_is_consent(answer: str) -> None:
    assert after_the_notice(answer).deed is Deed.CONSENT


@pytest.mark.parametrize(
    "answer", ["收到", "知道了", "明白", "不", "不同意", "你好", "8块", "谢谢"]
)
def test_that_it_was_read_or_anything_else_is_not(answer: str) -> None:
    assert after_the_notice(answer).deed is not Deed.CONSENT


def test_a_yes_before_any_notice_is_consent_to_nothing() -> None:
    assert take(Draft(), Heard(READER.read("同意")), SETTING).deed is not Deed.CONSENT
