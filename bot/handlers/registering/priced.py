"""Who asked what a thing costs, and then says 那就办吧, registers just that."""

from dataclasses import replace

from bot.handlers.registering.dialog import begin, draft_of
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind
from bot.reading.answers.orders import goes_ahead
from bot.reading.reading import Intent
from storage import people

ASKS = "terms"


def remember(turn: Turn) -> None:
    """Keeps the question that was answered with terms, where nothing is being registered."""
    if draft_of(turn) is None and turn.reading.sure:
        question = {"asks": ASKS, "words": turn.inbound.text}
        people.ask_aside(turn.tx, turn.person.id, question)


def taken_up(turn: Turn) -> Answer | None:
    """The registration of what was asked about; any other message lets the question go."""
    asked = turn.person.aside
    if asked.get("asks") != ASKS or turn.inbound.kind is Kind.EVENT:
        return None
    people.ask_aside(turn.tx, turn.person.id, None)
    typed = turn.inbound.kind is Kind.TEXT
    if not typed or draft_of(turn) is not None or not goes_ahead(turn.inbound.text):
        return None
    words = str(asked["words"])
    said = replace(turn.office.reader.read(words), intent=Intent.SERVICE)
    return begin(replace(turn, reading=said, inbound=replace(turn.inbound, text=words)))
