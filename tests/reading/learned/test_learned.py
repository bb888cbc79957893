"""The models in the repository are those of the texts in the repository."""

from bot.domain.catalog import Catalog
from tests.reading.learn import SOURCE, source_digest


def test_the_models_were_learned_from_the_texts_as_they_are_now(catalog: Catalog) -> None:
    learned_from = SOURCE.read_text("utf-8").strip()
    assert learned_from == source_digest(catalog), "run `python3 dev.py learn`"
