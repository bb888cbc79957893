"""Whatever is done to a catalogue, its reader answers with it or with a list in Chinese."""

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.catalog import Catalog, Part
from bot.domain.catalog_file import CatalogError, parse
from bot.domain.catalog_words import words
from bot.domain.located import read
from bot.domain.schema_findings import part_in
from tests.domain.catalog_texts import SMALL, problems_in

Place = tuple[str | int, ...]
GARBAGE: tuple[Any, ...] = (
    None, "", " ", "x", "{{", "{% for %}", "-1", "99999999999999999999", "1.5", "2031-02-30",
    "25:00", "x" * 300, [], ["x"], [[]], [None], {}, {"x": "y"}, {"id": ["x"]}, [{"id": {}}],
    "no", "null",
)  # fmt: skip


def places(tree: Any, here: Place = ()) -> Iterator[Place]:
    """Every place in a tree, the root left out."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for step, value in inner:
        yield (*here, step)
        if isinstance(value, dict | list):
            yield from places(value, (*here, step))


def dumped(tree: Any) -> str:
    return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)


TREE = read(SMALL).tree
PLACES = tuple(places(TREE))


def changed(place: Place, value: Any) -> Any:
    """The small catalogue with one place set to a value, or deleted if that is `...`."""
    tree: Any = copy.deepcopy(TREE)
    inner = tree
    for step in place[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    return tree


def check_what_is_said(text: str) -> None:
    """Each problem has a line of the file and a finished Chinese sentence."""
    last = text.count("\n") + 1
    for one in problems_in(text):
        assert 1 <= one.line <= last
        assert re.search(r"[\u4e00-\u9fff]", one.message), one
        assert not re.search(r"\{\w+\}|\bNone\b|Error", one.message), one
        assert "不合要求" not in one.message, f"pydantic's own words: {one}"


def test_the_tests_own_dump_is_the_same_catalogue() -> None:
    assert parse(dumped(TREE)) == parse(SMALL)


@given(st.sampled_from(PLACES), st.sampled_from((..., *GARBAGE)))
def test_a_value_lost_or_replaced_by_garbage_is_told_in_chinese(place: Place, garbage: Any) -> None:
    check_what_is_said(dumped(changed(place, garbage)))


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)))
def test_every_value_lost_or_replaced_by_any_garbage_is_told_in_chinese(place: Place) -> None:
    for garbage in (..., *GARBAGE):
        check_what_is_said(dumped(changed(place, garbage)))


@given(st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(GARBAGE))
def test_two_mistakes_are_never_told_as_fewer_than_one(
    one: Place, other: Place, garbage: Any
) -> None:
    text = dumped(changed(one, garbage))
    alone = {(problem.key, problem.message) for problem in problems_in(text)}
    if alone and one[0] != other[0]:
        tree = changed(one, garbage)
        tree[other[0]] = changed(other, ["x"])[other[0]]
        assert problems_in(dumped(tree))


@given(st.integers(0, len(SMALL)), st.text(max_size=3))
def test_a_slip_of_the_keyboard_anywhere_never_breaks_the_reader(at: int, slip: str) -> None:
    check_what_is_said(SMALL[:at] + slip + SMALL[at:] + "\n")


@given(st.text())
def test_any_text_at_all_is_a_catalogue_or_a_list_of_problems(text: str) -> None:
    with pytest.raises(CatalogError) as caught:
        parse(text)
    assert caught.value.problems


def parts(part: type[Part]) -> Iterator[type[Part]]:
    """A part of the schema and every part in it."""
    yield part
    for field in part.model_fields.values():
        inner = part_in(field.annotation)
        if inner is not None:
            yield from parts(inner)


def test_every_required_key_has_words_for_what_belongs_there_and_no_other_has() -> None:
    required = {
        name
        for part in parts(Catalog)
        for name, field in part.model_fields.items()
        if field.is_required()
    }
    assert set(words()["keys"]) == required


def test_a_very_deep_file_is_refused_and_not_a_crash() -> None:
    (found,) = problems_in("a: " + "[" * 20_000 + "]" * 20_000)
    assert "嵌套" in found.message
