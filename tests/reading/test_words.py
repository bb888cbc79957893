"""Chinese belongs in words/*.yaml: code holds none, and every list is well formed."""

import re
from pathlib import Path

import pytest

from bot.reading import vocabulary
from bot.reading.vocabulary import any_of, document, keys, words

FOLDER = Path(vocabulary.__file__).parent
HAN = re.compile(r"[\u3400-\u9fff]")
COMMENT_OR_DOCSTRING = re.compile(r'#.*|"""[\s\S]*?"""')


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda file: file.name)
def test_no_word_stands_in_code(file: Path) -> None:
    code = COMMENT_OR_DOCSTRING.sub("", file.read_text("utf-8"))
    assert HAN.findall(code) == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("words/*.yaml")), ids=lambda file: file.name)
def test_no_list_says_a_word_twice(file: Path) -> None:
    name = file.stem
    for key in keys(name):
        if isinstance(document(name)[key], dict):
            continue
        listed = words(name, key)
        doubled = {word for word in listed if listed.count(word) > 1}
        assert not doubled, f"{name}.yaml, {key}: {doubled}"


def test_both_rows_of_traditional_characters_are_equally_long() -> None:
    assert len("".join(words("traditional", "from"))) == len("".join(words("traditional", "to")))


def test_the_longest_word_is_matched_first() -> None:
    found = re.match(any_of(("公司", "有限公司", "有限")), "有限公司")
    assert found is not None
    assert found.group() == "有限公司"


def test_an_unknown_list_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match="nothing"):
        words("labels", "nothing")
