"""The form patterns are written for: as long as what was said, and stable."""

from hypothesis import given
from hypothesis import strategies as st

from bot.reading.normalise import Text, clean, fold, normalise


def test_full_width_becomes_half_width_and_every_dash_one() -> None:
    assert normalise("电话：０４３１—８５３７（转８０１）") == "电话:0431-8537(转801)"


def test_what_cannot_be_seen_is_gone() -> None:
    assert normalise("张\u200b三\ufeff\u202e李\x00四\ufe0f") == "张三李四"


def test_line_ends_of_every_kind_are_one() -> None:
    assert clean("一\r\n二\r三\u2028四") == "一\n二\n三\n四"


def test_traditional_characters_are_matched_and_still_quoted_as_written() -> None:
    text = Text.of("聯繫人：張偉")
    assert text.plain == "联系人:张伟"
    assert text.quote(4, 6) == "張偉"


def test_a_circled_number_is_no_digit() -> None:
    assert normalise("①长春") == "①长春"


@given(st.text())
def test_both_forms_of_a_text_are_equally_long(text: str) -> None:
    both = Text.of(text)
    assert len(both.said) == len(both.plain)


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_every_han_character_of_a_name_is_quoted_unchanged(name: str) -> None:
    both = Text.of(name)
    assert both.quote(0, len(name)) == name
    assert len(fold(name)) == len(name)
