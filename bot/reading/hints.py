"""What rules see of the kind of a message, beside its characters: hints for a model to weigh."""

import re
from collections.abc import Iterator

from bot.domain.catalog import Catalog
from bot.reading.learned.grams import Features, grams
from bot.reading.normalise import normalise
from bot.reading.reading import Intent
from bot.reading.vocabulary import any_of, any_pattern, keys, words

_FILE = "intents"
_PATTERNS = {
    intent: re.compile(any_pattern(words(_FILE, intent.value)), re.IGNORECASE)
    for intent in Intent
    if intent.value in keys(_FILE)
}
_NOT = {
    intent: re.compile(any_pattern(words(_FILE, f"{intent.value}_not")), re.IGNORECASE)
    for intent in Intent
    if f"{intent.value}_not" in keys(_FILE)
}
_ORDERS = re.compile(any_of(words(_FILE, "orders")))
_NO_ORDERS = re.compile(any_pattern(words(_FILE, "orders_not")))
_HOW = re.compile(any_pattern(words(_FILE, "faq_how")))
# a complaint says so early in a message
LONGEST = 1200
# what a hint weighs beside the characters
_WEIGHT = 0.3


class Hints:
    """For one catalogue: its FAQ phrases hint at a question."""

    def __init__(self, catalog: Catalog) -> None:
        phrases = [phrase for faq in catalog.faq for phrase in faq.phrases]
        self._faq = re.compile(any_of(phrases)) if phrases else None

    def features(self, text: str) -> Features:
        """What the model of kinds sees of a text."""
        hints = dict.fromkeys(self._hints(normalise(text)[:LONGEST]), _WEIGHT)
        return {**grams(text), **hints}

    def _hints(self, plain: str) -> Iterator[str]:
        for intent in _PATTERNS:
            if says(intent, plain):
                yield f"<{intent.value}>"
        if _HOW.search(plain):
            yield "<how>"
        if _ORDERS.search(_NO_ORDERS.sub(" ", plain)):
            yield "<order>"
        if self._faq is not None and self._faq.search(plain):
            yield "<faq>"


def says(intent: Intent, plain: str) -> bool:
    """Whether the rules of a kind find it in a text."""
    if intent in _NOT:
        plain = _NOT[intent].sub(" ", plain)
    return _PATTERNS[intent].search(plain) is not None
