"""Which entry of the catalogue's FAQ a question means, by its phrases."""

from collections import Counter, defaultdict

from bot.domain.catalog import Catalog, Faq
from bot.reading.normalise import normalise

# Share of a phrase's character pairs that must stand in the question.
ENOUGH = 0.6


class Faqs:
    """The FAQ, indexed once by the character pairs of its phrases."""

    def __init__(self, catalog: Catalog) -> None:
        self._entries: dict[str, Faq] = {
            normalise(phrase): faq for faq in catalog.faq for phrase in faq.phrases
        }
        self._sizes = {phrase: len(pairs(phrase)) for phrase in self._entries}
        self._holders: dict[str, list[str]] = defaultdict(list)
        for phrase in self._entries:
            for pair in pairs(phrase):
                self._holders[pair].append(phrase)

    def answer(self, question: str) -> str | None:
        """The answer of the entry whose phrase the question covers best; None if none fits."""
        text = normalise(question)
        shared = Counter(phrase for pair in pairs(text) for phrase in self._holders.get(pair, ()))
        best, most = None, (ENOUGH, 0)
        for phrase, count in shared.items():
            # 1 as a whole, else less, by its pairs
            covered = 1.0 if phrase in text else count / (self._sizes[phrase] + 1)
            if (covered, len(phrase)) > most:
                best, most = phrase, (covered, len(phrase))
        return None if best is None else self._entries[best].answer


def pairs(text: str) -> tuple[str, ...]:
    """Every two characters that stand together, each once; the character of a text of one."""
    found = (text[index : index + 2] for index in range(len(text) - 1))
    return tuple(dict.fromkeys(found)) or (text,)
