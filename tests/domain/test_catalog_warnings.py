"""What `yizhan check` says of a catalogue that is right but could be better."""

import datetime as dt

import pytest

from bot.domain.catalog_file import parse
from bot.domain.catalog_warnings import warnings
from bot.domain.catalog_words import Problem
from tests.domain.catalog_texts import SMALL, edited

TODAY = dt.date(2026, 6, 1)


def found_in(text: str, today: dt.date = TODAY) -> tuple[Problem, ...]:
    return warnings(parse(text), today, text)


def test_a_catalogue_in_order_is_passed_over_in_silence() -> None:
    assert found_in(SMALL) == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "key", "words"),
    [
        ("2031-06-30", "2026-05-31", "2026-05-31", "qualifications.cma.valid_to",
         ["资质认定", "2026-05-31", "产品检验", "需协调"]),
        ("2031-06-30", "2026-06-01", "2026-06-01", "qualifications.cma.valid_to", ["还有0天"]),
        ("2031-06-30", "2026-07-01", "2026-07-01", "qualifications.cma.valid_to", ["还有30天"]),
        ("qualification: cma", "qualification: {name: 授权, number: S1, valid_to: 2020-01-01}",
         "qualification: {", "items[test_product].qualification.valid_to", ["授权", "到期"]),
        ("    phrases: [别的事]\n", "", "  - id: other\n    name: 其他\n", "items[other]",
         ["其他", "phrases"]),
        ("    fee: 按项目\n", "    fee: 按项目\n    enabled: false\n", "    enabled",
         "items[test_product].enabled", ["停用"]),
        ("phrases: [别的事]", "phrases: [送检样品]", "phrases: [送检样品]",
         "items[other].phrases[0]", ["送检样品", "产品检验"]),
        ("  - id: testing\n", "  - {id: empty, clause: '6.9', name: 空}\n  - id: testing\n",
         "  - {id: empty", "categories[empty]", ["空", "没有任何事项"]),
        ("    role: manager\n", "", "staff:", "staff", ["manager"]),
    ],
)  # fmt: skip
def test_what_is_lacking_is_told_with_its_line_and_key(
    old: str, new: str, at: str, key: str, words: list[str]
) -> None:
    text = edited(old, new)
    line = text[: text.rindex(at)].count("\n") + 1
    assert [(one.line, one.key) for one in found_in(text)] == [(line, key)]
    assert all(word in found_in(text)[0].message for word in words), found_in(text)[0].message


def test_a_qualification_that_runs_out_in_more_than_thirty_days_is_no_matter_yet() -> None:
    assert found_in(edited("2031-06-30", "2026-07-02")) == ()


def test_years_without_a_holiday_notice_are_named_unless_the_agency_lists_their_days() -> None:
    late = dt.date(2029, 12, 20)
    assert [one.message[:5] for one in found_in(SMALL, late)] == ["2029年", "2030年"]
    days = (dt.date(2029, 12, 20) + dt.timedelta(days=n) for n in range(60))
    listed = "".join(f"    {day}: true\n" for day in days)
    assert found_in(edited("    2027-05-04: true\n", listed), late) == ()


def test_without_the_text_only_the_line_is_unknown() -> None:
    text = edited("    phrases: [别的事]\n", "")
    (found,) = warnings(parse(text), TODAY)
    (with_line,) = found_in(text)
    assert (found.line, found.key, found.message) == (0, "items[other]", with_line.message)
    assert str(found).startswith("catalog.yaml items[other]: ")
