"""Learns the models of `bot/reading/learned` anew: `python3 dev.py learn`, some minutes.

What is learned from: the examples beside the models, the phrases of catalog.yaml, and the half of
the corpus that may be learned from. The other half, the test half, is never looked at.
"""

import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from bot.domain.catalog import Catalog
from bot.domain.catalog_file import parse
from bot.reading import learned
from bot.reading.labelling import Labelling
from bot.reading.learned.blocks import Told, spans_learned, told
from bot.reading.learned.lessons import HARD, NULL, Lesson, learn_all, lessons
from bot.reading.learned.model import Model, written
from tests.reading.corpora import Utterance, blocks, in_test_half, utterances

ROOT = Path(__file__).parents[2]
FOLDER = Path(learned.__file__).parent
SOURCE = FOLDER / "learned_from.txt"
VALUES = ("applicant", "address", "contact", "position", "business")


def corpus_lessons(catalog: Catalog) -> tuple[Lesson, ...]:
    """The half of the corpus that may be learned from; bare values have no kind, noise no need."""
    said = [_lesson(one) for one in utterances() if not in_test_half(one)]
    return (*said, *dict.fromkeys(_values()), *_empty_blocks())


def _lesson(one: Utterance) -> Lesson:
    if one.hard:
        return Lesson(one.text, HARD)
    items = one.items or ((one.item,) if one.item else ())
    return Lesson(one.text, one.kind or NULL, items)


def _values() -> Iterator[Lesson]:
    for block in blocks():
        if not in_test_half(block):
            for name in VALUES:
                if value := block.want.get(name):
                    yield Lesson(value, NULL)


def corpus_blocks() -> tuple[Told, ...]:
    """The blocks without labels that may be learned from."""
    return tuple(
        Told(
            one.text,
            {name: value for name, value in one.want.items() if value and name != "phone"},
            frozenset(one.want),
        )
        for one in blocks()
        if not one.labelled and not in_test_half(one)
    )


def spans_of(catalog: Catalog) -> Model:
    """The model of where details stand."""
    return spans_learned((*told(), *corpus_blocks()), Labelling(catalog))


def source_digest(catalog: Catalog) -> str:
    """One line for everything that is learned from: another line, other models."""
    blocks_told = [
        (one.text, sorted(one.holds.items()), sorted(one.judged or ()))
        for one in (*told(), *corpus_blocks())
    ]
    sources = (lessons(catalog), corpus_lessons(catalog), blocks_told)
    return sha256(repr(sources).encode()).hexdigest()


def _empty_blocks() -> Iterator[Lesson]:
    """Blocks that hold nothing, a need least of all."""
    for block in blocks():
        if not in_test_half(block) and "need" in block.want and not any(block.want.values()):
            yield Lesson(block.text, HARD)


def main() -> int:
    """Learns and writes; prints what came of it."""
    catalog = parse((ROOT / "catalog.yaml").read_text("utf-8"))
    models = dict(learn_all(catalog, FOLDER, corpus_lessons(catalog)))
    # what the rules find is part of what is learned from, so they come first
    models["spans"] = spans_of(catalog)
    (FOLDER / "spans.txt").write_text(written(models["spans"]), "utf-8")
    SOURCE.write_text(source_digest(catalog) + "\n", "utf-8")
    for name, model in models.items():
        weights = sum(map(len, model.rows.values()))
        said = f"{name}: {len(model.labels)} labels, {len(model.rows)} features, {weights} weights"
        sys.stdout.write(f"{said}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
