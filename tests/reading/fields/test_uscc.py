"""The unified social credit code: domain.md 9.2, and what holds for every code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.fields.uscc import ALPHABET, check_character, find_uscc, looks_like_id, read_uscc
from bot.reading.reading import Reason, Refusal

VALID = "91220101MA0Y3X7X48"

REFUSED = (
    ("91220101MA0Y3X7X4", Reason.BAD_LENGTH),
    ("91220101MA0Y3X7X488", Reason.BAD_LENGTH),
    ("91220101MAOY3X7X48", Reason.BAD_CHAR),
    ("9I220101MA0Y3X7X48", Reason.BAD_CHAR),
    ("91220101MA0Y3S7X48", Reason.BAD_CHAR),
    ("0122010174295200X1", Reason.BAD_PREFIX),
    ("B1220101MA0Y3X7X48", Reason.BAD_PREFIX),
    ("9122A101MA0Y3X7X48", Reason.BAD_REGION),
    ("91220101MA0Y3X7X49", Reason.BAD_CHECK),
    ("220101234567890", Reason.OLD_NUMBER),
    ("12345678-9", Reason.OLD_NUMBER),
    ("22010419900101123X", Reason.LOOKS_LIKE_ID),
    ("110101199003070011", Reason.LOOKS_LIKE_ID),
    ("13900001111", Reason.NOT_USCC),
    ("长春市大华有限公司", Reason.NOT_USCC),
    ("", Reason.NOT_USCC),
)


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        VALID.lower(),
        "9122 0101 MA0Y 3X7X 48",
        "9122-0101-MA0Y-3X7X-48",
        "９１２２０１０１ＭＡ０Ｙ３Ｘ７Ｘ４８",
        f"统一社会信用代码：{VALID}",
        f"税号{VALID}，普票",
    ],
)
def test_a_code_is_read_however_it_is_typed(text: str) -> None:
    assert read_uscc(text) == VALID


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_a_wrong_code_is_refused_with_the_reason(text: str, reason: Reason) -> None:
    found = read_uscc(text)
    assert isinstance(found, Refusal), found
    assert found.reason is reason


def test_the_characters_at_fault_are_named() -> None:
    found = read_uscc("91220101MAOY3X7XI8")
    assert isinstance(found, Refusal)
    assert found.detail == "OI"


def test_a_code_that_begins_with_a_letter_is_valid() -> None:
    body = "N2220101MF0000001"
    assert read_uscc(body + check_character(body)) == body + check_character(body)


def test_a_sum_divisible_by_31_has_the_check_character_zero() -> None:
    bodies = (f"91220101MA{n:07d}" for n in range(200))
    assert any(check_character(body) == "0" for body in bodies)


def test_a_code_in_a_sentence_is_found_where_it_stands() -> None:
    assert find_uscc(f"我们的信用代码是{VALID}哦") == (VALID, 8, 26)


def test_an_identity_number_in_a_sentence_is_no_code() -> None:
    assert find_uscc("身份证22010419900101123X") is None


BODIES = st.tuples(
    st.sampled_from("123456789ANY"),
    st.sampled_from(ALPHABET),
    st.from_regex(r"[1-6][0-9]{5}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
).map("".join)


@given(BODIES)
def test_every_code_with_its_check_character_is_read(body: str) -> None:
    code = body + check_character(body)
    if not looks_like_id(code):
        assert read_uscc(code) == code


@given(BODIES, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, place: int, other: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + other + code[place + 1 :]
    if wrong != code:
        assert read_uscc(wrong) != wrong


@given(st.text(max_size=40))
def test_any_text_is_a_code_or_refused(text: str) -> None:
    found = read_uscc(text)
    assert isinstance(found, Refusal) or len(found) == 18
