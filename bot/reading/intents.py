"""What sort of message it is: asked, complained, greeted, or a need."""

import re
from dataclasses import dataclass

from bot.domain.catalog import Catalog
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
_NUMBER = re.compile(any_pattern(words(_FILE, "number")))
_HOW = re.compile(any_pattern(words(_FILE, "faq_how")))
_PARTS = re.compile(r"[\s,;.!?~\u3001\u3002\uff0c\uff01\uff1f\u2026]+")
# the reading looks for the kind in this much of a message; a complaint says so early
_LONGEST = 1200


@dataclass(frozen=True)
class Evidence:
    """What the other passes found: needs, a case number, and whether only values were said."""

    needs: bool
    firm: bool
    bare: bool
    number: bool = False


class Intents:
    """The kinds, for one catalogue: its FAQ phrases count as questions."""

    def __init__(self, catalog: Catalog) -> None:
        phrases = [phrase for faq in catalog.faq for phrase in faq.phrases]
        self._faq = re.compile(any_of(phrases)) if phrases else None

    def read(self, plain: str, evidence: Evidence) -> Intent | None:
        """The one kind that decides who answers."""
        text = plain[:_LONGEST]
        if evidence.number and not _says(Intent.COMPLAINT, text):
            return Intent.PROGRESS
        for intent in (Intent.PRIVACY, Intent.COMPLAINT):
            if _says(intent, text):
                return intent
        if evidence.needs and _ORDERS.search(_NO_ORDERS.sub(" ", text)):
            return Intent.SERVICE
        return self._asked(text, evidence)

    def _asked(self, text: str, evidence: Evidence) -> Intent | None:
        """The kind of what is neither an order nor a complaint."""
        if not evidence.needs and _greets(text):
            # 有人在吗 knocks at the door: who answers, also tells how to get a person
            return Intent.GREETING
        for intent in (Intent.HUMAN, Intent.PROGRESS, Intent.FAQ):
            if _says(intent, text) or (intent is Intent.FAQ and self._asks(text)):
                return intent
        if _HOW.search(text) and not evidence.firm:
            return Intent.FAQ
        return Intent.SERVICE if evidence.needs else self._talk(text, evidence)

    def _asks(self, text: str) -> bool:
        return self._faq is not None and self._faq.search(text) is not None

    def _talk(self, text: str, evidence: Evidence) -> Intent | None:
        if _greets(text):
            return Intent.GREETING
        if evidence.bare:
            return None
        return Intent.CHITCHAT if _says(Intent.CHITCHAT, text) else None


def _greets(text: str) -> bool:
    """Whether a message is greetings and nothing else."""
    return _says(Intent.GREETING, _PARTS.sub("", text))


def names_a_case(plain: str) -> bool:
    """Whether a message gives the number of a case or a report."""
    return _NUMBER.search(plain[:_LONGEST]) is not None


def _says(intent: Intent, text: str) -> bool:
    if intent in _NOT:
        text = _NOT[intent].sub(" ", text)
    return _PATTERNS[intent].search(text) is not None
