"""The corpus, read: floors that no change may fall under."""

import pytest

from bot.reading.reader import Reader
from tests.reading.corpora import (
    Score,
    blocks,
    in_test_half,
    score_blocks,
    score_utterances,
    utterances,
)

FLOORS = {
    "kind": 0.90,
    "category": 0.93,
    "item": 0.88,
    "hard": 0.90,
    "two": 0.75,
    "labelled": 0.98,
    "free": 0.90,
    "empty": 0.96,
}


@pytest.fixture(scope="module")
def scores(reader: Reader) -> tuple[Score, Score]:
    """Every message and every block of the corpus, scored."""
    return score_utterances(reader, utterances()), score_blocks(reader, blocks())


def test_the_corpus_is_large_enough_and_split() -> None:
    said = list(utterances())
    assert len(said) >= 400
    assert len(list(blocks())) >= 60
    fresh = [one for one in said if not one.seen]
    assert 0.4 < sum(in_test_half(one) for one in fresh) / len(fresh) < 0.6


@pytest.mark.parametrize("what", FLOORS)
def test_the_corpus_is_read_at_least_this_well(what: str, scores: tuple[Score, Score]) -> None:
    score = next(score for score in scores if score.all[what])
    assert score.rate(what) >= FLOORS[what], "\n".join(
        miss for miss in score.misses if miss.startswith(f"{what}:")
    )


def test_every_category_is_read_at_least_this_well(scores: tuple[Score, Score]) -> None:
    rates = {what: scores[0].rate(what) for what in scores[0].all if what.startswith("category ")}
    assert len(rates) == 10
    assert min(rates.values()) >= 0.85, rates
