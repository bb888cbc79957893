"""What sort of message it is: asked, complained, greeted, or a need."""

import re

from bot.domain.catalog import Catalog
from bot.reading.hints import LONGEST, Hints, says
from bot.reading.learned.model import learned
from bot.reading.reading import Intent
from bot.reading.vocabulary import any_pattern, words

_NUMBER = re.compile(any_pattern(words("intents", "number")))
_PARTS = re.compile(r"[\s,;.!?~\u3001\u3002\uff0c\uff01\uff1f\u2026]+")


# words of the trade stand in much that is no need; a complaint that is missed is worse than one
# that was none
_LEANS = {Intent.SERVICE: -0.15, Intent.COMPLAINT: 0.15}


class Intents:
    """The kinds, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._hints = Hints(catalog)
        self._model = learned("kinds")

    def read(self, plain: str, *, number: bool = False, corrects: bool = False) -> Intent | None:
        """The one kind that decides who answers; None for a bare value.

        `number`: the message gives the number of a case; `corrects`: it puts a value right,
        or gives one under its label.
        """
        text = plain[:LONGEST]
        if number and not says(Intent.COMPLAINT, text):
            return Intent.PROGRESS
        if _greets(text):
            # 有人在吗 knocks at the door: who answers, also tells how to get a person
            return Intent.GREETING
        scores = self._model.scores(self._hints.features(text))
        for kind, lean in _LEANS.items():
            scores[kind] += lean
        best = max(scores, key=scores.__getitem__)
        if corrects and best == Intent.COMPLAINT and not says(Intent.COMPLAINT, text):
            return None
        return Intent(best) if best in set(Intent) else None


def _greets(text: str) -> bool:
    """Whether a message is greetings and nothing else."""
    return says(Intent.GREETING, _PARTS.sub("", text))


def names_a_case(plain: str) -> bool:
    """Whether a message gives the number of a case or a report."""
    return _NUMBER.search(plain[:LONGEST]) is not None
