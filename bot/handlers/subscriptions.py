"""Notices (订阅通知): who asked for one or refused, and whether what was sent has arrived."""

from collections.abc import Callable, Iterator, Mapping

from bot.handlers.desk.reminders import phone_tasks
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind
from bot.wechat.limits import notice_id
from storage import consents, outbox, people

QUIET = Answer(silent=True)
ACCEPTED, REFUSED = "accept", "reject"
ARRIVED = "success"
# the person has blocked the account, or refuses its messages
BLOCKED = "failed:user block"


def happened(turn: Turn) -> Answer | None:
    """What the platform reports; nobody waits for an answer to it."""
    event = turn.inbound.event
    if turn.inbound.kind is not Kind.EVENT or event is None:
        return None
    act = EVENTS.get(event.name)
    if act is None:
        return None
    act(turn, event.details)
    return QUIET


def answered(turn: Turn, details: Mapping[str, str]) -> None:
    """One consent is one notice; a refusal takes back what was agreed to before."""
    ours = set(turn.office.account.subscriptions.values())
    for template, said in rows(details, "TemplateId", "SubscribeStatusString"):
        if template not in ours:
            continue
        if said == ACCEPTED:
            consents.grant(turn.tx, turn.person.id, template)
        elif said == REFUSED:
            consents.drop(turn.tx, turn.person.id, template)
    if turn.person.held:
        # a way may have opened for what waits
        outbox.release(turn.tx, turn.person.channel, turn.person.identity, turn.now)


def reported(turn: Turn, details: Mapping[str, str]) -> None:
    """Notices that were taken and have not arrived wait for the client to write."""
    for template, number, code in rows(details, "TemplateId", "MsgID", "ErrorCode"):
        if code != "0":
            # some answers to a send give a number, some do not
            lost(turn, number, f"notice ({code})") or lost(
                turn, notice_id(template), f"notice ({code})"
            )


def finished(turn: Turn, details: Mapping[str, str]) -> None:
    """A template message that was taken and has not arrived waits as well."""
    status = details.get("Status", "")
    if status == ARRIVED:
        return
    if status.replace(" ", "") == BLOCKED.replace(" ", ""):
        people.unreachable(turn.tx, turn.person.channel, turn.person.identity)
    lost(turn, details.get("MsgID", ""), f"template ({status[:40]})")


def lost(turn: Turn, provider_id: str, why: str) -> bool:
    """Holds the push that the platform knows by this; False if it is none of ours."""
    to = (turn.person.channel, turn.person.identity)
    row = outbox.bounce(turn.tx, to, provider_id, turn.now, why, held=True)
    if row is not None and row.push.urgent:
        turn.push(*phone_tasks(turn.office, row.push, why, turn.now))
    return row is not None


def rows(details: Mapping[str, str], *tags: str) -> Iterator[tuple[str, ...]]:
    """What the items of a list say; nothing of a list whose items lack something."""
    columns = [details.get(tag, "").split("\n") for tag in tags]
    if len({len(column) for column in columns}) == 1:
        yield from zip(*columns, strict=True)


EVENTS: Mapping[str, Callable[[Turn, Mapping[str, str]], None]] = {
    "subscribe_msg_popup_event": answered,
    "subscribe_msg_change_event": answered,
    "subscribe_msg_sent_event": reported,
    "templatesendjobfinish": finished,
}
