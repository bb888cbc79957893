"""A linear model: learned the same every time, written so that it can be reviewed, read back."""

import pytest

from bot.reading.learned.grams import grams
from bot.reading.learned.model import Model, UnreadableModel, learned, parsed, written
from bot.reading.learned.perceptron import Example, learn

TEXTS = {
    "校准": ["压力表校准", "天平要校准", "校准卡尺", "送去校准一下", "温度计校准"],
    "化验": ["井水化验", "化验大米", "土壤要化验", "白酒化验一下", "化验饲料"],
}


def examples() -> list[Example]:
    """A few texts of two labels."""
    return [
        Example(grams(text), frozenset({label})) for label, texts in TEXTS.items() for text in texts
    ]


def best(model: Model, text: str) -> str:
    """The label with the highest score."""
    scores = model.scores(grams(text))
    return max(scores, key=scores.__getitem__)


def test_what_was_learned_is_known_of_texts_nobody_saw() -> None:
    model = learn(examples(), tuple(TEXTS))
    assert best(model, "百分表想校准") == "校准"
    assert best(model, "面粉化验") == "化验"


def test_the_same_examples_make_the_same_model() -> None:
    assert written(learn(examples(), tuple(TEXTS))) == written(learn(examples(), tuple(TEXTS)))


def test_an_example_may_only_say_what_is_wrong() -> None:
    wrong = Example(grams("打印机校准颜色"), frozenset({"化验"}), frozenset({"校准"}))
    model = learn([*examples(), wrong, wrong, wrong], tuple(TEXTS))
    assert best(model, "打印机校准颜色") == "化验"


def test_what_is_written_is_read_back() -> None:
    model = learn(examples(), tuple(TEXTS))
    again = parsed("kinds", written(model).splitlines(keepends=True))
    assert again.labels == model.labels
    assert written(again) == written(model)
    assert all(best(again, text) == label for label, texts in TEXTS.items() for text in texts)


@pytest.mark.parametrize("line", ["no tab", "gram\t1", "gram\t1:2 3"])
def test_a_file_that_is_no_model_names_its_line(line: str) -> None:
    with pytest.raises(UnreadableModel, match=r"learned/kinds\.txt, line 2: expected a feature"):
        parsed("kinds", ["one two\n", f"{line}\n"])


@pytest.mark.parametrize("name", ["kinds", "items", "several"])
def test_the_shipped_models_can_be_read(name: str) -> None:
    model = learned(name)
    assert len(model.rows) > 1000
    assert len(set(model.labels)) == len(model.labels)
