"""Reads a bare text as the answer to one step: a numbered answer, a correction, the last open."""

from collections.abc import Callable, Mapping

from bot.dialogs.form import FACT, Answer, Given, Sort, Step
from bot.domain.cases import Field, How
from bot.reading.answers.aptness import off_topic
from bot.reading.reading import Intent, Reading, Word
from bot.reading.vocabulary import words

Read = Callable[[str], Reading]

# Longest text taken for a field that has no format of its own (domain.md 3, 9.4).
LONGEST: Mapping[str, int] = {
    Field.APPLICANT: 100,
    Field.CONTACT: 25,
    Field.POSITION: 20,
    Field.BUSINESS: 100,
}

# What is unmistakable by its form is never the value of another field.
UNMISTAKABLE = frozenset({Field.PHONE.value, Field.ADDRESS.value, "uscc"})

# A bare word that decides a fact; most words of agreement only say that a message was read.
YES, NO = frozenset(words("facts", "yes")), frozenset(words("facts", "no"))
# a promise with one of these is about everything, what is typed included
OUTRIGHT = frozenset(words("facts", "outright"))
PARTICLES = "".join(words("answers", "particles"))

# Talk that is about something else is never the value of a field.
ELSEWHERE = frozenset(
    {Intent.PROGRESS, Intent.COMPLAINT, Intent.HUMAN, Intent.GREETING, Intent.FAQ, Intent.PRIVACY}
)


def read_answer(step: Step, text: str, read: Read) -> Answer | None:
    """`text` as the answer to `step`, or None if it cannot be one."""
    text = text.strip()
    return READERS[step.sort](step, text, read(text)) if text else None


def field_answer(step: Step, text: str, said: Reading) -> Answer | None:
    if found := said.fields.get(step.key):
        return found
    longest = LONGEST.get(step.key)
    if longest is None or not 2 <= len(text) <= longest:
        return None
    if off_topic(said) or said.word or UNMISTAKABLE & said.fields.keys() or "\n" in text:
        return None
    return text


def type_answer(_: Step, _text: str, said: Reading) -> Answer | None:
    return said.fields.get("client_type")


def need_answer(_: Step, text: str, said: Reading) -> Answer | None:
    return text if len(text) >= 4 and said.intent not in ELSEWHERE and not said.word else None


def fact_answer(step: Step, text: str, said: Reading) -> Answer | None:
    known = said.facts.get(step.key.removeprefix(FACT))
    if known is not None:
        return known
    return plain_answer(text)


def plain_answer(text: str) -> bool | None:
    """A bare yes or no; 不对 is none: it takes back what was read."""
    bare = text.strip(" ,.!~\u3002\uff0c\uff01")
    forms = {bare, bare.rstrip(PARTICLES)}
    return True if forms & YES else False if forms & NO else None


def typed_answer(_: Step, text: str, said: Reading) -> Answer | None:
    if said.intent in ELSEWHERE or said.word in {Word.CANCEL, Word.BACK, Word.HELP}:
        return None
    outright = said.all_later is not None and any(word in said.text for word in OUTRIGHT)
    if said.word is Word.LATER or outright:
        return Given(How.LATER, said.all_later or "")
    return Given(How.TYPED, text)


def upload_answer(step: Step, _text: str, said: Reading) -> Answer | None:
    if said.word is Word.LATER or said.all_later is not None or step.key in said.later:
        return Given(How.LATER, said.later.get(step.key, said.all_later or ""))
    return None


READERS: Mapping[Sort, Callable[[Step, str, Reading], Answer | None]] = {
    Sort.FIELD: field_answer,
    Sort.TYPE: type_answer,
    Sort.NEED: need_answer,
    Sort.FACT: fact_answer,
    Sort.TYPED: typed_answer,
    Sort.UPLOAD: upload_answer,
}
