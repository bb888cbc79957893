"""Which of the things a registered case waits for a photo or a text is: asked one after the other.

The questions stand in the person's progress. A registration that is paused keeps them beside its
draft, so that neither is lost for the other; one that is under way is asked for its own things.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from bot.dialogs.form import Given
from bot.dialogs.intake import photos
from bot.dialogs.intake.draft import Asking
from bot.domain.cases import How
from bot.handlers.registering.wanted import name_of
from bot.handlers.turn import Turn
from bot.messages import Say
from bot.reading.answers.photos import picks

FORM, ASKED = "supplement", "which"


@dataclass(frozen=True)
class Question:
    """What was sent, and the wanted keys that it may be."""

    given: Given
    choices: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The photos it is about; none: it is about words."""
        return photos.keys_of(self.given)


def questions(progress: Mapping[str, object]) -> tuple[Question, ...]:
    """What is asked, the open question first; nothing while a registration is under way."""
    asked = progress.get(ASKED)
    waits = progress.get("form") == FORM or bool(progress.get("cancelled"))
    return tuple(map(question, asked)) if waits and isinstance(asked, list) else ()


def question(kept: Mapping[str, str]) -> Question:
    """One question as it was kept; the keys, which may hold spaces, stand on lines."""
    given = Given(How(kept["how"]), kept["value"])
    return Question(given, tuple(kept["choices"].splitlines()))


def asking(progress: Mapping[str, object], found: tuple[Question, ...]) -> Mapping[str, object]:
    """The progress with these questions and no others."""
    rest = {key: value for key, value in progress.items() if key != ASKED}
    if not found:
        return {} if rest.get("form") == FORM else rest
    kept = [
        {"how": str(one.given.how), "value": one.given.value, "choices": "\n".join(one.choices)}
        for one in found
    ]
    return {"form": FORM, **rest, ASKED: kept}


def joined(found: tuple[Question, ...], new: Question) -> tuple[Question, ...]:
    """Photos are asked about together and first; of words that fit nowhere, the last ones."""
    pictures = [one for one in found if one.keys]
    texts = [one for one in found if not one.keys]
    if not new.keys:
        return (*pictures, new)
    old = pictures[0].given if pictures else None
    return (Question(photos.joined(old, new.given), new.choices), *texts)


def left_over(found: tuple[Question, ...], given: Container[str]) -> tuple[Question, ...]:
    """The questions that still have something to choose from, now that this was given."""
    open_now = (
        Question(one.given, tuple(key for key in one.choices if key not in given)) for one in found
    )
    return tuple(one for one in open_now if one.choices)


def without_photo(progress: Mapping[str, object], key: str) -> Mapping[str, object] | None:
    """The progress once a photo turned out useless; None if nothing is asked about it."""
    found = questions(progress)
    if not any(key in one.keys for one in found):
        return None
    rest = (
        Question(photos.of(own for own in one.keys if own != key), one.choices) if one.keys else one
        for one in found
    )
    return asking(progress, tuple(one for one in rest if one.given.value))


def picked_from(turn: Turn, asked: Question) -> tuple[str, ...]:
    """The keys a message picks in answer to that question: one for all photos, or one for each."""
    names = tuple(name_of(turn, key) for key in asked.choices)
    return tuple(asked.choices[one] for one in picks(turn.inbound.text, names, len(asked.keys)))


def answers_form(turn: Turn) -> bool:
    """Whether a message picks a line of what the form has asked, be it asked some time ago."""
    draft = turn.person.progress
    asked = questions(draft)
    if asked:
        return bool(picked_from(turn, asked[0]))
    choices = draft.get("choices")
    if draft.get("asking") != Asking.WHICH or not isinstance(choices, list):
        return False
    return bool(picks(turn.inbound.text, tuple(map(str, choices)), 1))


def say_which(turn: Turn, one: Question, *, earlier: bool = False) -> Say:
    """The open question; `earlier`: about what was sent some messages ago."""
    values = {
        "choices": [name_of(turn, key) for key in one.choices],
        "how": one.given.how,
        "extra": False,
        "count": len(one.keys),
        "earlier": earlier,
        "words": "" if one.keys else one.given.value,
    }
    return Say("intake/which", values)
