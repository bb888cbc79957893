"""The notices of the catalogue: the shipped example can be switched on, and mistakes are named."""

import pytest

from bot.domain.catalog import Purpose
from bot.domain.catalog_file import CatalogError, parse
from tests.world import SHIPPED

SHOWN = SHIPPED.read_text(encoding="utf-8")


def switched_on() -> str:
    """The shipped file with the example as an agency would switch it on."""
    lines, inside = [], False
    for line in SHOWN.splitlines():
        inside = line.startswith("# subscriptions:") or (inside and line.startswith("#   "))
        lines.append(line.removeprefix("# ") if inside else line)
    return "\n".join(lines) + "\n"


def test_the_shipped_example_is_good_once_its_marks_are_taken_off() -> None:
    assert not parse(SHOWN).subscriptions
    (purpose,) = parse(switched_on()).subscriptions
    assert purpose == Purpose.STATUS


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("subscriptions:\n  status:", "subscriptions:\n  statu:", "是不是“status”"),
        ('phrase3: "{{ state }}"', 'phrase3: "{{ state }"', "花括号"),
    ],
)
def test_a_mistake_is_named(old: str, new: str, words: str) -> None:
    before, mark, after = switched_on().partition("subscriptions:")
    broken = before + (mark + after).replace(old, new, 1)
    with pytest.raises(CatalogError) as found:
        parse(broken)
    assert words in str(found.value)
