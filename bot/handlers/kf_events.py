"""Events of 微信客服: a chat is opened, a message did not arrive, a session changes hands."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.handlers.desk.reminders import phone_tasks
from bot.handlers.digressions import welcome
from bot.handlers.registering.dialog import still_there
from bot.handlers.talks import sessions
from bot.handlers.talks.handover import talk_of
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.wechat.limits import WINDOWS, Grant
from storage import outbox, people

# fail_type of msg_send_fail that the client's next message puts right (wechat_platform.md 6.1)
LATER: Mapping[str, str] = {"4": "window_closed", "5": "session_over", "6": "credits_spent"}
# the account is gone, or its owner refuses our messages
GONE = frozenset({"1", "10"})
QUIET = Answer(silent=True)


def happened(turn: Turn) -> Answer | None:
    """What an event of the platform causes; most cause nothing."""
    event = turn.inbound.event
    if turn.inbound.kind is not Kind.EVENT or event is None:
        return None
    return EVENTS.get(event.name, ignored)(turn)


def ignored(_turn: Turn) -> Answer:
    """Nobody waits for an answer: a message was taken back, a servicer went home."""
    return QUIET


def entered(turn: Turn) -> Answer:
    """A welcome to whom the platform gives a code for; scene and its text are not trusted."""
    details = turn.inbound.event.details if turn.inbound.event else {}
    if not details.get("welcome_code"):
        return QUIET
    talk = talk_of(turn)
    if talk is not None:
        return Answer((Say("handover/goes_on", {"staff": talk.staff}),))
    return Answer((welcome(turn), *still_there(turn)))


def lost(turn: Turn) -> Answer:
    """A message that was taken has not arrived: it waits or has failed, and staff hear of it."""
    details = turn.inbound.event.details if turn.inbound.event else {}
    reason = details.get("fail_type", "")
    why = LATER.get(reason, f"fail_{reason}")
    to = (turn.inbound.channel, turn.inbound.person)
    row = outbox.bounce(
        turn.tx, to, details.get("fail_msgid", ""), turn.now, why, held=reason in LATER
    )
    if row is not None:
        learn(turn, reason)
        turn.push(*phone_tasks(turn.office, row.push, why, turn.now))
    return QUIET


def learn(turn: Turn, reason: str) -> None:
    """Nothing more is sent that would be lost the same way, until they write."""
    address, allowance = (turn.inbound.channel, turn.inbound.person), turn.person.credits
    if allowance.wrote_at is not None and allowance.wrote_at > turn.inbound.at:
        # they have written since, and the report is out of date
        return
    if reason in GONE:
        people.unreachable(turn.tx, *address)
    elif reason in LATER:
        spent = replace(allowance, wrote_sent=WINDOWS[Grant.WROTE].count)
        outbox.exhaust(turn.tx, *address, spent)


EVENTS: Mapping[str, Callable[[Turn], Answer]] = {
    "enter_session": entered,
    "msg_send_fail": lost,
    "session_status_change": sessions.changed,
    "servicer_said": sessions.said,
}
