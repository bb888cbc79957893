"""What a message says under labels, by number and in corrections, before the rest is looked at."""

from dataclasses import dataclass

from bot.domain.catalog import Catalog
from bot.reading.answers.numbered import read_numbered
from bot.reading.answers.orders import read_answer
from bot.reading.fields.blocks import read_labelled
from bot.reading.fields.corrections import Corrections
from bot.reading.fields.labels import Labels
from bot.reading.findings import Findings
from bot.reading.noise import drop_headers, drop_pieces
from bot.reading.normalise import Text
from bot.reading.reading import Word


@dataclass(frozen=True)
class UnderLabels:
    """What was found, the word the message answers with, and the answers by number."""

    found: Findings
    word: Word | None
    numbered: dict[int, str]


class Labelling:
    """For the labels of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._labels = Labels(catalog)
        self._corrections = Corrections(self._labels)

    def wanted(self, plain: str) -> str | None:
        """The field (or material) a message asks to change without saying to what."""
        return self._corrections.wanted(plain)

    def read(self, text: str) -> UnderLabels:
        """Of a text that is clean already."""
        found = Findings(Text.of(text))
        answer = read_answer(found.text.plain)
        if answer is not None:
            found.take(0, answer[1])
        drop_headers(found)
        numbered = read_numbered(found)
        read_labelled(found, self._labels)
        drop_pieces(found)
        self._corrections.read(found)
        return UnderLabels(found, answer[0] if answer else None, numbered)
