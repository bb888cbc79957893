"""Events of the official account: follow, scan, menu; the rest is deliberately not answered."""

from bot.handlers import first_asked
from bot.handlers.digressions import welcome
from bot.handlers.registering.dialog import still_there
from bot.handlers.talks.handover import talk_of
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.reading import Word

WELCOMED = frozenset({"subscribe", "scan", "click"})
SCANNED = frozenset({"subscribe", "scan"})


def happened(turn: Turn) -> Answer | None:
    """A welcome to those who come; silence to what nobody waits for an answer to."""
    event = turn.inbound.event
    if event is None:
        return None
    if event.name not in WELCOMED:
        return Answer(silent=True)
    first = first_asked.met(turn) if event.name in SCANNED else None
    talk = talk_of(turn)
    if talk is not None and turn.reading.word is not Word.CONTINUE:
        # whoever reads a welcome now would tell the assistant what then goes to a person
        return Answer((*said(first), Say("handover/goes_on", {"staff": talk.staff})))
    if turn.inbound.kind is not Kind.EVENT:
        # a button that stands for words, which others answer
        return None
    return Answer((*said(first), welcome(turn), *still_there(turn)))


def said(say: Say | None) -> tuple[Say, ...]:
    """That sentence, if there is one."""
    return () if say is None else (say,)
