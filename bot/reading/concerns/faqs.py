"""Which entry of the catalogue's FAQ a question means, by its phrases."""

from collections.abc import Mapping

from bot.domain.catalog import Catalog, Faq
from bot.reading.normalise import normalise

# Share of a phrase's character pairs that must stand in the question.
ENOUGH = 0.6


class Faqs:
    """The FAQ, indexed once."""

    def __init__(self, catalog: Catalog) -> None:
        self.entries: Mapping[str, Faq] = {
            normalise(phrase): faq for faq in catalog.faq for phrase in faq.phrases
        }

    def answer(self, question: str) -> str | None:
        """The answer of the entry whose phrase the question covers best; None if none fits."""
        text = normalise(question)
        scores = {phrase: covered(phrase, text) for phrase in self.entries}
        best = max(scores, key=lambda phrase: (scores[phrase], len(phrase)), default=None)
        if best is None or scores[best] < ENOUGH:
            return None
        return self.entries[best].answer


def covered(phrase: str, text: str) -> float:
    """How much of a phrase stands in a text: 1 as a whole, else by its character pairs."""
    if phrase in text:
        return 1.0
    pairs = {phrase[index : index + 2] for index in range(len(phrase) - 1)} or {phrase}
    return sum(pair in text for pair in pairs) / (len(pairs) + 1)
