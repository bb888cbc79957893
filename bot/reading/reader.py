"""Reads a message: one pass after another over it, each taking what it understood."""

import re
from dataclasses import replace
from functools import lru_cache

from bot.domain.cases import ClientType
from bot.domain.catalog import Catalog
from bot.reading.answers.sameness import says_the_same
from bot.reading.fields.dates import find_deadline
from bot.reading.fields.firms import tails
from bot.reading.fields.free import read_free
from bot.reading.fields.matters import asks, wishes
from bot.reading.fields.names import is_full_name
from bot.reading.findings import Findings
from bot.reading.intents import Intents, names_a_case
from bot.reading.labelling import Labelling
from bot.reading.learned.sequences import sequences
from bot.reading.needs.facts import Facts, Later
from bot.reading.needs.finder import NeedFinder, Needs
from bot.reading.needs.manner import read_manner
from bot.reading.needs.options import read_options, without_delivery
from bot.reading.needs.router import Router
from bot.reading.needs.signs import Signs
from bot.reading.normalise import Text, clean
from bot.reading.reading import Intent, Reading, Word
from bot.reading.vocabulary import any_of, words

# kinds that are about something else, whatever words of the trade they hold
_NO_NEEDS = frozenset({Intent.PRIVACY, Intent.GREETING, Intent.CHITCHAT})


# so many messages are known until others come
LATEST = 64
# a message is read to here, at the end of a line or sentence; what lies behind is in `rest`
_LONGEST = 3000
# 要校准 says too little without the things it is about
_SHORTEST_NEED = 5
# words that ask for something whoever says them
_ASKED = 2.0
# the label of a form that a person fills in for themselves
_OWN_NAME = re.compile(any_of(words("labels", "own_name")))
_BORDERS = "\n\u3002\uff1b;"


class Reader:
    """Built once for a catalogue; `read` is pure."""

    def __init__(self, catalog: Catalog) -> None:
        self._labelling = Labelling(catalog)
        self._needs = NeedFinder(Router(catalog))
        self._intents = Intents(catalog)
        self._facts = Facts(catalog)
        self._later = Later(catalog)
        self._signs = Signs(catalog)
        # read now: the first clients of the day would each wait for it, and read it side by side
        sequences("spans")
        # first words are read again at 同意, and a message that is delivered twice
        self._latest = lru_cache(maxsize=LATEST)(self._read)

    def read(self, text: str) -> Reading:
        """Everything the message offers."""
        return self._latest(text)

    def _read(self, text: str) -> Reading:
        whole = clean(text)
        end = _read_to(whole)
        plain = Text.of(whole[:end]).plain
        change = self._labelling.wanted(plain)
        if change is not None:
            return Reading(text=whole, change=change, facts=self._facts.read(plain))
        labelled = self._labelling.read(whole[:end])
        found = read_free(labelled.found)
        # what stands behind a number is the answer to that line
        known = [] if labelled.numbered else self._signs.read(found)
        reading = self._conclude(found, labelled.word, labelled.numbered, known)
        if end == len(whole):
            return reading
        unread = whole[end:].strip()
        return replace(reading, text=whole, rest=f"{reading.rest} {unread}".strip())

    def _conclude(
        self,
        found: Findings,
        word: Word | None,
        numbered: dict[int, str],
        known: list[tuple[int, int]],
    ) -> Reading:
        plain, free = found.text.plain, found.free()
        facts = self._facts.read(plain)
        needs, intent = self._asked(found, free, known)
        need = [found.fields["need"]] if "need" in found.labelled else []
        spoken = "\n".join([free, *found.remarks, *need])
        if needs.guesses and intent is Intent.SERVICE:
            found.put("need", _said_need(found, needs))
        elif found.asked is not None and intent not in _NO_NEEDS:
            found.put("need", found.text.quote(*found.asked))
        for name, value in read_manner(plain, found.fields.get("applicant"), facts).items():
            found.put(name, value)
        later, all_later = self._later.read(plain)
        deadline = find_deadline(spoken)
        _speak_for_themselves(found)
        return Reading(
            text=found.text.said,
            intent=intent,
            needs=needs.guesses,
            sure=needs.sure,
            second=needs.second,
            fields=dict(found.fields),
            labelled=frozenset(found.labelled),
            materials=dict(found.materials),
            later=later,
            all_later=all_later,
            options=read_options(spoken),
            deadline=spoken[slice(*deadline)] if deadline else "",
            same=says_the_same(free),
            facts=facts,
            refused=dict(found.refused),
            corrected=frozenset(found.corrected),
            numbered=numbered,
            word=word,
            rest="" if needs.guesses else " ".join(free.split()),
        )

    def _asked(
        self, found: Findings, free: str, known: list[tuple[int, int]]
    ) -> tuple[Needs, Intent | None]:
        """What is asked for by all that is not understood yet."""
        needs, intent = self._judge(found, free)
        if known:
            # what is said of the things themselves is a need only where nothing else is
            alone, kind = self._judge(found, _without(free, known))
            if any(len(guess.text) >= _SHORTEST_NEED for guess in alone.guesses):
                needs, intent = alone, kind
        if intent is Intent.SERVICE and found.asks_nothing and not wishes(free):
            # what is left of a block is no need
            return Needs(), None
        return needs, intent

    def _judge(self, found: Findings, free: str) -> tuple[Needs, Intent | None]:
        """What is asked for, and what sort of message that makes it."""
        hint = found.fields.get("business", "")
        number = names_a_case(found.text.plain)
        if "need" in found.labelled:
            said = Text.of(found.fields["need"])
            needs = self._needs.find(said, said.plain, hint, asked=True)
            intent = self._intents.read(free, number=number)
            return needs, intent if intent is Intent.COMPLAINT else Intent.SERVICE
        if not free.strip(" \n,;:.!~\u3001\u3002") and not number:
            return Needs(), None
        intent = self._intents.read(
            free, number=number, corrects=bool(found.corrected or found.labelled)
        )
        if intent in _NO_NEEDS:
            # what is left beside an answer is no talk
            answers = intent is Intent.CHITCHAT and (found.fields or found.refused)
            return Needs(), None if answers else intent
        matter = without_delivery(self._facts.without_denials(free))
        wanted = intent is Intent.SERVICE
        return self._needs.find(found.text, matter, hint, wanted=wanted), intent


def _said_need(found: Findings, needs: Needs) -> str:
    """The client's words for what is asked for."""
    texts = dict.fromkeys(guess.text for guess in needs.guesses)
    if found.asked is not None:
        clear = [text for text in texts if asks(text) >= _ASKED]
        if len(clear) < 2:
            return found.text.quote(*found.asked)
        return "\uff1b".join(clear)
    return "\uff1b".join(texts)


def _without(free: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        free = free[:start] + "\n" * (end - start) + free[end:]
    return free


def _speak_for_themselves(found: Findings) -> None:
    """A private person who names nobody else asks in their own name."""
    contact = found.fields.get("contact")
    if not contact or "applicant" in found.fields:
        return
    individual = found.fields.get("client_type") == ClientType.INDIVIDUAL.value
    if (individual and is_full_name(contact)) or _tells_of_themselves(found):
        found.put("applicant", contact)


def _tells_of_themselves(found: Findings) -> bool:
    """Whether a form holds somebody's name and where they live, and no place of work."""
    plain = found.text.plain
    filled = {"contact", "address"} <= found.labelled and _OWN_NAME.search(plain) is not None
    works = {"position", "business", "uscc"} & found.fields.keys()
    return filled and not works and not any(tails(plain, 0, len(plain)))


def _read_to(text: str) -> int:
    """Where reading stops in a text too long to be a message."""
    if len(text) <= _LONGEST:
        return len(text)
    border = max(text.rfind(mark, _LONGEST // 2, _LONGEST) for mark in _BORDERS)
    return border + 1 if border > 0 else _LONGEST
