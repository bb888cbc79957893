"""Events of the official account: follow, scan, menu; the rest is deliberately not answered."""

from bot.handlers.digressions import welcome
from bot.handlers.registering.dialog import still_there
from bot.handlers.talks.handover import talk_of
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say

WELCOMED = frozenset({"subscribe", "scan", "click"})


def happened(turn: Turn) -> Answer | None:
    """A welcome to those who come; silence to what nobody waits for an answer to."""
    event = turn.inbound.event
    if turn.inbound.kind is not Kind.EVENT or event is None:
        return None
    if event.name not in WELCOMED:
        return Answer(silent=True)
    talk = talk_of(turn)
    if talk is not None:
        # whoever reads a welcome now would tell the assistant what then goes to a person
        return Answer((Say("handover/goes_on", {"staff": talk.staff}),))
    return Answer((welcome(turn), *still_there(turn)))
