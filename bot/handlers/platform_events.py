"""Events of the official account: follow, scan, menu; the rest is deliberately not answered."""

from bot.handlers.digressions import welcome
from bot.handlers.registering.dialog import still_there
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind

WELCOMED = frozenset({"subscribe", "scan"})


def happened(turn: Turn) -> Answer | None:
    """A welcome to those who come; silence to what nobody waits for an answer to."""
    event = turn.inbound.event
    if turn.inbound.kind is not Kind.EVENT or event is None:
        return None
    if event.name in WELCOMED:
        return Answer((welcome(turn), *still_there(turn)))
    if event.name == "click":
        return Answer((welcome(turn), *still_there(turn)))
    return Answer(silent=True)
