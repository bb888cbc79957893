"""From the examples in `examples/` and the phrases of a catalogue to the models.

`kinds` tells what sort of message a text is, `items` which item of the catalogue it asks for,
`several` whether it asks for more than one. A
key of the example files is a kind, `null` (a bare value or a word, which has no kind), `hard` (no
need of ours, whatever else it is), `category/item`, or `two`: texts with the items they name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.domain.catalog import Catalog
from bot.reading.hints import Hints
from bot.reading.learned.grams import grams
from bot.reading.learned.model import Model, written
from bot.reading.learned.perceptron import Example, learn
from bot.reading.learned.texts import documents
from bot.reading.reading import Intent
from bot.reading.vocabulary import keys, words

NULL, HARD, TWO, NONE = "null", "hard", "two", "none"
KINDS = (*(kind.value for kind in Intent), NULL)


@dataclass(frozen=True)
class Lesson:
    """One text, its kind (`hard`: any but service), and the items it asks for."""

    text: str
    kind: str
    items: tuple[str, ...] = ()


def lessons(catalog: Catalog) -> tuple[Lesson, ...]:
    """Everything there is to learn from, in a fixed order."""
    found = [lesson for document in documents("examples") for lesson in _read(document)]
    return (*found, *_phrases(catalog))


def _read(document: Mapping[str, Any]) -> Iterator[Lesson]:
    for key, listed in document.items():
        for one in listed:
            if key == TWO:
                yield Lesson(one["text"], Intent.SERVICE.value, tuple(one["items"]))
            elif "/" in key:
                yield Lesson(one, Intent.SERVICE.value, (key.split("/")[1],))
            else:
                yield Lesson(one, key)


def _phrases(catalog: Catalog) -> Iterator[Lesson]:
    """The catalogue's own words for its items, and for the questions it answers."""
    known = keys("examples")
    for item in catalog.items:
        more = words("examples", item.id) if item.id in known else ()
        for text in (item.name, *item.phrases, *more):
            yield Lesson(text, Intent.SERVICE.value, (item.id,))
    for faq in catalog.faq:
        for text in faq.phrases:
            yield Lesson(text, Intent.FAQ.value)
    yield from (Lesson(text, NULL) for text in _answers(catalog))


def _answers(catalog: Catalog) -> Iterator[str]:
    """What answers a question of ours asks for nothing."""
    for condition in catalog.conditions:
        yield from (*condition.yes, *condition.no)


def kinds_learned(found: tuple[Lesson, ...], catalog: Catalog) -> Model:
    """The model of kinds."""
    hints = Hints(catalog)
    service = frozenset({Intent.SERVICE.value})
    others = frozenset(KINDS) - service
    examples = [
        Example(hints.features(one.text), others, service)
        if one.kind == HARD
        else Example(hints.features(one.text), frozenset({one.kind}))
        for one in found
    ]
    return learn(examples, KINDS)


def items_learned(found: tuple[Lesson, ...]) -> Model:
    """The model of items; what is no need is an example of none."""
    labels = (*sorted({item for one in found for item in one.items}), NONE)
    examples = [
        Example(grams(one.text), frozenset(one.items or (NONE,)))
        for one in found
        # both needs of a message at once are no example of either, and an unknown one of none
        if len(one.items) == 1 or one.kind != Intent.SERVICE.value
    ]
    return learn(examples, labels)


def several_learned(found: tuple[Lesson, ...]) -> Model:
    """The model of whether a message asks for one thing or several; the latter are rare."""
    needs = [one for one in found if one.items]
    two = [one for one in needs if len(one.items) > 1]
    examples = [
        Example(grams(one.text), frozenset({"several" if len(one.items) > 1 else "one"}))
        for one in (*needs, *two, *two)
    ]
    return learn(examples, ("one", "several"))


def learn_all(catalog: Catalog, folder: Path, more: tuple[Lesson, ...]) -> Mapping[str, Model]:
    """All models, learned anew from `lessons` and `more`, and written into that folder."""
    found = (*lessons(catalog), *more)
    models = {
        "kinds": kinds_learned(found, catalog),
        "items": items_learned(found),
        "several": several_learned(found),
    }
    for name, model in models.items():
        (folder / f"{name}.txt").write_text(written(model), "utf-8")
    return models
