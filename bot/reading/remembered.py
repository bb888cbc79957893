"""A reader that knows the few short messages everybody sends without reading them again."""

from bot.domain.catalog import Catalog
from bot.reading.reader import Reader
from bot.reading.reading import Reading

SHORT, MOST = 12, 1_000


class Remembering(Reader):
    """As `Reader`; nothing that a person told of themselves is kept."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self._known: dict[str, Reading] = {}

    def read(self, text: str) -> Reading:
        """Everything the message offers."""
        known = self._known.get(text)
        if known is not None:
            return known
        reading = super().read(text)
        if len(text) <= SHORT and len(self._known) < MOST and is_common(reading):
            self._known[text] = reading
        return reading


def is_common(said: Reading) -> bool:
    """Whether it is a command or a question that anybody might send, and holds no answer."""
    answers = said.fields or said.numbered or said.materials or said.refused or said.needs
    return not answers and (said.word is not None or said.intent is not None)
