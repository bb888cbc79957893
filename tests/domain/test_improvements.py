"""Who sees to an improvement, and who may not even know of it."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.improvements import Improvement, ImprovementState, may_know, owner_of
from tests.world import shipped_catalog

CATALOG = shipped_catalog()
NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.UTC)
PLAIN = Improvement(
    id=1,
    number="GJ20261124-0001",
    source="rating",
    case_id=1,
    survey_id=1,
    owner="gao.yuan",
    confidential=False,
    state=ImprovementState.OPEN,
    due=dt.date(2026, 12, 1),
    opened_at=NOW,
    done_at=None,
)
SECRET = replace(PLAIN, confidential=True)


@pytest.mark.parametrize(
    ("rated", "involved", "owner"),
    [
        ("wang.xin", {"wang.xin"}, "gao.yuan"),  # the manager of the department
        ("liu.min", {"liu.min"}, "zhao.qiming"),  # a department without one: the first
        ("sun.yue", {"sun.yue"}, "zhao.qiming"),
        ("gao.yuan", {"gao.yuan"}, "zhao.qiming"),  # never whom it is about
        ("wang.xin", {"wang.xin", "gao.yuan"}, "zhao.qiming"),
        ("liu.min", {"liu.min", "zhao.qiming"}, "gao.yuan"),
        ("liu.min", {"liu.min", "zhao.qiming", "gao.yuan"}, "chen.gang"),
    ],
)
def test_the_owner_is_a_manager_whom_it_is_not_about(
    rated: str, involved: set[str], owner: str
) -> None:
    assert owner_of(CATALOG, CATALOG.person[rated], involved).id == owner


@pytest.mark.parametrize(
    ("found", "who", "involved", "allowed"),
    [
        (PLAIN, "gao.yuan", {"liu.min"}, True),
        (PLAIN, "zhao.qiming", {"liu.min"}, True),
        (PLAIN, "liu.min", {"liu.min"}, False),
        (SECRET, "gao.yuan", {"liu.min"}, True),
        (SECRET, "zhao.qiming", {"liu.min"}, True),
        (SECRET, "zhao.qiming", {"liu.min", "zhao.qiming"}, False),
        (SECRET, "gao.yuan", {"gao.yuan"}, False),  # not even an owner whom it is about
        (SECRET, "chen.gang", {"liu.min"}, False),
    ],
)
def test_a_secret_is_kept_from_everybody_it_may_be_about(
    found: Improvement, who: str, involved: set[str], allowed: bool
) -> None:
    assert may_know(found, CATALOG.person[who], involved) is allowed
