"""After three failures on a field a person is offered: a plain yes takes the offer."""

from dataclasses import replace

from bot.dialogs.intake.draft import Asking
from bot.handlers.talks import handover
from bot.handlers.turn import Answer, Turn
from bot.reading.reading import Intent, Word

YES = frozenset({Word.YES, Word.AGREE, Word.CONFIRM})


def offer_taken(turn: Turn) -> Answer | None:
    """What 人工 does, for somebody who was just offered a person and says 好."""
    asked = turn.person.progress.get("asking") == Asking.PERSON
    if not asked or turn.reading.word not in YES or turn.reading.fields:
        return None
    wish = replace(turn.reading, intent=Intent.HUMAN, word=None)
    return handover.asked(replace(turn, reading=wish))
