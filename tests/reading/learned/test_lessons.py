"""What is learned from: the examples, the catalogue, and never the test half of the corpus."""

from bot.domain.catalog import Catalog
from bot.reading.learned.lessons import HARD, KINDS, lessons
from tests.reading.corpora import in_test_half, utterances
from tests.reading.learn import corpus_lessons


def test_every_example_is_of_a_known_kind_and_item(catalog: Catalog) -> None:
    found = (*lessons(catalog), *corpus_lessons(catalog))
    assert len(found) > 8000
    assert {one.kind for one in found} <= {*KINDS, HARD}
    assert {item for one in found for item in one.items} <= set(catalog.item)


def test_every_item_and_kind_has_examples(catalog: Catalog) -> None:
    found = lessons(catalog)
    assert {item for one in found for item in one.items} == set(catalog.item)
    assert {one.kind for one in found} == {*KINDS, HARD}


def test_no_text_of_the_test_half_is_learned_from(catalog: Catalog) -> None:
    unseen = {one.text for one in utterances() if in_test_half(one) and len(one.text) > 6}
    known = {one.text for one in (*lessons(catalog), *corpus_lessons(catalog))}
    assert len(unseen) > 600
    assert len(unseen & known) <= 12, sorted(unseen & known)
