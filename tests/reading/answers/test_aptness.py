"""Whether words look like the answer that is wanted."""

import pytest

from bot.reading.answers.aptness import counts_things


@pytest.mark.parametrize("text", ["血压计一台", "天平2台", "5块压力表", "压力表8块，天平1台"])
def test_things_with_their_number_are_a_list(text: str) -> None:
    assert counts_things(text)


@pytest.mark.parametrize("text", ["5块压力表要校准", "再校准两台天平", "想测3桶水", "没有"])
def test_a_wish_is_no_list(text: str) -> None:
    assert not counts_things(text)
