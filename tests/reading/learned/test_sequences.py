"""The best row of labels, and what is learned of where details stand."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from bot.reading.learned.blocks import LABELS, told
from bot.reading.learned.model import Model
from bot.reading.learned.sequences import Links, Sequences, best, labels_of, spans
from bot.reading.learned.structured import Labelled, learn_labels

WEIGHTS = st.integers(-4, 4).map(float)
FEW = labels_of(("name", "place"))


def allowed(path: tuple[int, ...]) -> bool:
    """Whether every inner label stands behind its own first or inner one."""
    return all(
        label == 0 or label % 2 or (at and path[at - 1] in {label, label - 1})
        for at, label in enumerate(path)
    )


@given(
    st.lists(st.none() | st.lists(WEIGHTS, min_size=5, max_size=5), min_size=1, max_size=5),
    st.lists(st.lists(WEIGHTS, min_size=5, max_size=5), min_size=5, max_size=5),
)
def test_no_other_row_of_labels_says_more_than_the_best_one(
    emissions: list[list[float] | None], behind: list[list[float]]
) -> None:
    def says(path: tuple[int, ...]) -> float:
        links = sum(behind[here][before] for before, here in zip((0, *path), path, strict=False))
        return links + sum(one[label] for one, label in zip(emissions, path, strict=True) if one)

    labels = [(0,) if one is None else range(5) for one in emissions]
    rows = [path for path in product(*labels) if allowed(path)]
    found = tuple(best(emissions, Links(behind)))
    assert allowed(found)
    assert says(found) == max(map(says, rows))


def test_a_character_that_is_understood_already_is_outside() -> None:
    surely = [0.0, 9.0, 9.0, 9.0, 9.0]
    behind = [[0.0] * 5] * 5
    assert best([surely, None, surely], Links(behind))[1] == 0
    assert best([], Links(behind)) == []


def test_a_role_stands_wherever_its_labels_run() -> None:
    assert spans([0, 1, 2, 0, 3, 3, 4, 1], FEW) == {
        "name": [(1, 3), (7, 8)],
        "place": [(4, 5), (5, 7)],
    }


def test_labels_are_learned_from_few_examples_and_the_same_every_time() -> None:
    def example(text: str, labels: list[int]) -> Labelled:
        return Labelled([(f"0{char}",) for char in text], tuple(labels))

    examples = [
        example("aXYb", [0, 1, 2, 0]),
        example("XYab", [1, 2, 0, 0]),
        example("abPP", [0, 0, 3, 4]),
        example("aPPX", [0, 3, 4, 1]),
    ]
    first, again = learn_labels(examples, FEW, 0.1), learn_labels(examples, FEW, 0.1)
    assert first == again
    path = Sequences.of(first).path([(f"0{char}",) for char in "bbXYaPP"])
    assert spans(path, FEW) == {"name": [(2, 4)], "place": [(5, 7)]}


def test_what_follows_what_is_read_from_the_model() -> None:
    model = Model(FEW, {">Bname": ((3, 2.0),), "0a": ((1, 1.0),)})
    found = Sequences.of(model)
    # outside, and the first labels of both roles, stand behind any other
    assert found.links.onward[1] == [0.0, 0.0, 2.0]
    assert found.emissions([("0a", "none"), None]) == [[0.0, 1.0, 0.0, 0.0, 0.0], None]


def test_every_detail_of_the_examples_stands_in_its_text() -> None:
    wrong = [
        (one.text, role)
        for one in told()
        for role, value in one.holds.items()
        if f"B{role}" not in LABELS or value not in one.text
    ]
    assert wrong == []
