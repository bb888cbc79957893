"""Every code that is judged, and every one the platforms are known to send, is said in words."""

import re
from collections.abc import Mapping

import pytest

from bot.domain.retry import Failure
from bot.simulator import refusals
from bot.wechat import errors
from bot.wechat.explained import Platform, codes, everywhere, explain

JUDGED = [
    (Platform.OFFICIAL, errors.OFFICIAL),
    (Platform.WECOM, errors.WECOM),
    (Platform.KF, errors.KF),
]


@pytest.mark.parametrize(("platform", "table"), JUDGED)
def test_every_code_we_judge_is_explained(platform: Platform, table: Mapping[int, Failure]) -> None:
    assert [code for code in table if explain(platform, code) is None] == []


def test_every_code_the_pretended_platforms_send_is_explained() -> None:
    assert not refusals.OFFICIAL.keys() - codes(Platform.OFFICIAL)
    assert not refusals.WECOM.keys() - codes(Platform.WECOM) - codes(Platform.KF)


@pytest.mark.parametrize("platform", Platform)
def test_an_explanation_is_whole(platform: Platform) -> None:
    for code in codes(platform):
        found = explain(platform, code)
        assert found is not None
        assert found.means
        assert re.search(r"[。；]$", found.do), code
        assert not found.where or ".weixin.qq.com）→" in found.where


@pytest.mark.parametrize("code", [code for _, table in JUDGED for code in table
                                  if table[code] is Failure.ALARM])  # fmt: skip
def test_whoever_has_to_act_is_told_where(code: int) -> None:
    assert all(found.do for found in everywhere(code))
    assert any(found.where for found in everywhere(code))


def test_one_number_may_mean_two_things() -> None:
    official, wecom = everywhere(40001)
    assert (official.platform, wecom.platform) == (Platform.OFFICIAL, Platform.WECOM)
    assert official.means != wecom.means


def test_a_code_nobody_described_is_not_made_up() -> None:
    assert everywhere(123456) == ()
    assert explain(Platform.KF, 123456) is None
