"""Reads a message: one pass after another over the same characters, each taking what it understood."""

from bot.domain.catalog import Catalog
from bot.reading.answers import read_answer
from bot.reading.blocks import read_labelled
from bot.reading.findings import Findings
from bot.reading.free import read_free
from bot.reading.intents import Evidence, Intents
from bot.reading.labels import Labels
from bot.reading.needs import Needs, find_needs
from bot.reading.normalise import Text
from bot.reading.reading import Intent, Reading, Word
from bot.reading.router import Router


class Reader:
    """Built once for a catalogue; `read` is pure."""

    def __init__(self, catalog: Catalog) -> None:
        self._labels = Labels(catalog)
        self._router = Router(catalog)
        self._intents = Intents(catalog)

    def read(self, text: str) -> Reading:
        """Everything the message offers."""
        found = Findings(Text.of(text))
        answer = read_answer(found.text.plain)
        word: Word | None = None
        if answer is not None:
            word, rest = answer
            found.take(0, rest)
        read_labelled(found, self._labels)
        read_free(found)
        return self._conclude(found, word)

    def _conclude(self, found: Findings, word: Word | None) -> Reading:
        free = found.free()
        needs = find_needs(found.text, free, self._router)
        asked = self._router.route(found.fields["need"]) if "need" in found.labelled else None
        if asked and asked.best and not needs.guesses:
            second = asked.guesses[1] if len(asked.guesses) > 1 else None
            needs = Needs((asked.best,), asked.sure, second)
        evidence = Evidence(bool(needs.guesses), needs.sure, bare=not free.strip(" \n,;:.\u3002"))
        intent = None if evidence.bare and not needs.guesses else self._intents.read(free, evidence)
        if intent is not None and intent is not Intent.SERVICE and "need" not in found.labelled:
            needs = Needs() if intent in (Intent.PRIVACY, Intent.GREETING) else needs
        if needs.guesses and intent is Intent.SERVICE:
            found.put("need", "\uff1b".join(guess.text for guess in needs.guesses))
        return Reading(
            text=found.text.plain,
            intent=intent,
            needs=needs.guesses,
            sure=needs.sure,
            second=needs.second,
            fields=dict(found.fields),
            labelled=frozenset(found.labelled),
            materials=dict(found.materials),
            refused=dict(found.refused),
            corrected=frozenset(found.corrected),
            word=word,
            rest="" if needs.guesses else " ".join(free.split()),
        )
