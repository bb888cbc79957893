"""Telephone numbers, row by row of domain.md 9.1, and properties that hold for all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.fields.phones import Phone, PhoneKind, find_phones, read_phone
from bot.reading.reading import Reason, Refusal

ACCEPTED = (
    ("13900001111", "13900001111"),
    ("139 0000 1111", "13900001111"),
    ("139-0000-1111", "13900001111"),
    ("139.0000.1111", "13900001111"),
    ("１３９００００１１１１", "13900001111"),
    ("1 3 9 0 0 0 0 1 1 1 1", "13900001111"),
    ("+8613900001111", "13900001111"),
    ("+86 139-0000-1111", "13900001111"),
    ("86 13900001111", "13900001111"),
    ("0086 139 0000 1111", "13900001111"),
    ("(86)13900001111", "13900001111"),
    ("（+86）13900001111", "13900001111"),
    ("013900001111", "13900001111"),
    ("19912345678", "19912345678"),
    ("16600000000", "16600000000"),
    ("13512345678-9100", "13512345678-9100"),
    ("13512345678转9100", "13512345678-9100"),
    ("13512345678 转 9100", "13512345678-9100"),
    ("0431-85374567", "0431-85374567"),
    ("(0431)85374567", "0431-85374567"),
    ("（0431）8537 4567", "0431-85374567"),
    ("0431 8537-4567", "0431-85374567"),
    ("0431—85374567", "0431-85374567"),
    ("043185374567", "0431-85374567"),
    ("0435-3212345", "0435-3212345"),
    ("+86 431 85374567", "0431-85374567"),
    ("+86-10-85374567", "010-85374567"),
    ("010-85374567", "010-85374567"),
    ("01085374567", "010-85374567"),
    ("021 5837 4567", "021-58374567"),
    ("0431-85374567-801", "0431-85374567-801"),
    ("0431-85374567转801", "0431-85374567-801"),
    ("0431-85374567 ext.801", "0431-85374567-801"),
    ("0431-85374567分机801", "0431-85374567-801"),
    ("0431-85374567×801", "0431-85374567-801"),
    ("0431-85374567（转801）", "0431-85374567-801"),
    ("4007001234", "400-700-1234"),
    ("400-700-1234", "400-700-1234"),
    ("400 7001 234", "400-700-1234"),
    ("8008201234", "800-820-1234"),
    ("电话：13900001111，张三", "13900001111"),
    ("Tel:13900001111", "13900001111"),
    ("手机13900001111微信同号", "13900001111"),
    ("1栋203 13900001111", "13900001111"),
    ("0431-85374567/13900001111", "13900001111"),
)

REFUSED = (
    ("1390000111", Reason.TOO_SHORT),
    ("139 0000 111", Reason.TOO_SHORT),
    ("+86 1390000111", Reason.TOO_SHORT),
    ("0431-853745", Reason.TOO_SHORT),
    ("010-8537456", Reason.TOO_SHORT),
    ("139000011112", Reason.TOO_LONG),
    ("139 0000 11112", Reason.TOO_LONG),
    ("0431-853745678", Reason.TOO_LONG),
    ("10900001111", Reason.BAD_PREFIX),
    ("11900001111", Reason.BAD_PREFIX),
    ("12900001111", Reason.BAD_PREFIX),
    ("23900001111", Reason.BAD_PREFIX),
    ("8537456", Reason.MISSING_AREA_CODE),
    ("85374567", Reason.MISSING_AREA_CODE),
    ("8537-4567", Reason.MISSING_AREA_CODE),
    ("026-85374567", Reason.BAD_AREA_CODE),
    ("0012-8537456", Reason.BAD_AREA_CODE),
    ("017-85374567", Reason.BAD_AREA_CODE),
    ("431-85374567", Reason.BAD_AREA_CODE),
    ("0431-12345678", Reason.BAD_LOCAL),
    ("0431-05374567", Reason.BAD_LOCAL),
    ("010-12345678", Reason.BAD_LOCAL),
    ("110", Reason.SERVICE_NUMBER),
    ("12345", Reason.SERVICE_NUMBER),
    ("95588", Reason.SERVICE_NUMBER),
    ("10086", Reason.SERVICE_NUMBER),
    ("0431-12345", Reason.SERVICE_NUMBER),
    ("+852 1234 5678", Reason.FOREIGN),
    ("+853 6612 3456", Reason.FOREIGN),
    ("+886 912 345 678", Reason.FOREIGN),
    ("00852 12345678", Reason.FOREIGN),
    ("+1 650 253 0000", Reason.FOREIGN),
    ("220104199001011234", Reason.NOT_PHONE),
    ("22010419900101123X", Reason.NOT_PHONE),
    ("91220101MA0Y3X7X48", Reason.NOT_PHONE),
    ("6222021234567890123", Reason.NOT_PHONE),
    ("2026-10-08", Reason.NOT_PHONE),
    ("20261008", Reason.NOT_PHONE),
    ("2026年10月8日", Reason.NOT_PHONE),
    ("QQ 12345678", Reason.NOT_PHONE),
    ("微信：a13900001111", Reason.NOT_PHONE),
    ("13900001111@139.com", Reason.NOT_PHONE),
    ("139****1111", Reason.NOT_PHONE),
    ("没有电话", Reason.NOT_PHONE),
    ("abc", Reason.NOT_PHONE),
    ("", Reason.NOT_PHONE),
    ("我们有12台", Reason.NOT_PHONE),
    ("12313900001111", Reason.NOT_PHONE),
    ("订单20261013900001111", Reason.NOT_PHONE),
)


@pytest.mark.parametrize(("text", "value"), ACCEPTED)
def test_a_number_written_this_way_is_brought_to_its_normal_form(text: str, value: str) -> None:
    found = read_phone(text)
    assert isinstance(found, Phone), found
    assert found.value == value


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_number_is_refused_with_the_reason(text: str, reason: Reason) -> None:
    found = read_phone(text)
    assert isinstance(found, Refusal), found
    assert found.reason is reason


def test_of_several_numbers_the_first_mobile_is_the_phone() -> None:
    found = read_phone("座机0431-85374567，手机13900001111或13800002222")
    assert isinstance(found, Phone)
    assert found.value == "13900001111"


def test_every_number_of_a_text_is_found_in_order() -> None:
    values = [phone.value for phone in find_phones("0431-85374567、13900001111\n400-700-1234")]
    assert values == ["0431-85374567", "13900001111", "400-700-1234"]


def test_two_mobiles_joined_by_a_dash_are_two_numbers() -> None:
    values = [phone.value for phone in find_phones("13900001111-13800002222")]
    assert values == ["13900001111", "13800002222"]


def test_a_fax_number_is_no_phone() -> None:
    assert find_phones("传真0431-85374567") == ()


SEPARATORS = st.sampled_from(["", " ", "-", ".", " - "[:1]])
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex(r"0[3-9][0-9]{2}-[2-9][0-9]{6,7}", fullmatch=True)


@given(MOBILES, SEPARATORS, st.sampled_from(["", "+86", "+86 ", "0086", "86 ", "(86)", "0"]))
def test_any_mobile_survives_any_grouping(mobile: str, gap: str, country: str) -> None:
    said = country + gap.join((mobile[:3], mobile[3:7], mobile[7:]))
    found = read_phone(said)
    assert isinstance(found, Phone)
    assert (found.value, found.kind) == (mobile, PhoneKind.MOBILE)


@given(LANDLINES)
def test_any_landline_is_its_own_normal_form(landline: str) -> None:
    found = read_phone(landline)
    assert isinstance(found, Phone)
    assert found.value == landline


@given(st.text(max_size=60))
def test_whatever_is_read_reads_the_same_again(text: str) -> None:
    found = read_phone(text)
    if isinstance(found, Phone):
        again = read_phone(found.value)
        assert isinstance(again, Phone)
        assert again.value == found.value


@given(MOBILES, st.text("0123456789", min_size=1, max_size=6))
def test_a_mobile_inside_a_longer_number_is_not_found(mobile: str, digits: str) -> None:
    assert all(phone.value != mobile for phone in find_phones("2" + digits + mobile + "7"))


@given(MOBILES, st.sampled_from("号室张，：;\n"), st.sampled_from("张的，\n。"))
def test_han_characters_and_line_ends_set_a_mobile_apart(
    mobile: str, left: str, right: str
) -> None:
    assert [phone.value for phone in find_phones(f"12{left}{mobile}{right}34")] == [mobile]
