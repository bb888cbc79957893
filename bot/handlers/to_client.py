"""What the client of a need is told, whatever causes it: a move, a clock, a file, a rating."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from storage.people import Person


@dataclass(frozen=True)
class News:
    """A sentence for the client, under a key that makes a repeat harmless.

    `urgent`: the client has to do something, so somebody calls them if no message can reach them.
    """

    key: str
    say: Say
    purpose: str = "status"
    urgent: bool = False
    expires: datetime | None = None


def to_client(
    office: Office, client: Person, case: Case, need: Need, news: News, now: datetime
) -> tuple[Push, ...]:
    """The push; of a client who wrote to no channel of ours, a call for the person in charge."""
    text = office.renderer.text(news.say)
    if client.channel is Channel.DESK:
        return (call(office, case, need, news.key, text, now),) if news.urgent else ()
    return (
        Push(
            key=news.key,
            channel=client.channel,
            to=client.identity,
            kind=PushKind.TEXT,
            body={"text": text},
            due=now,
            purpose=news.purpose,
            expires=news.expires,
            urgent=news.urgent,
            fields=template_values(office, case, need, now),
        ),
    )


def call(office: Office, case: Case, need: Need, key: str, text: str, now: datetime) -> Push:
    """The same as a text to the person in charge, who tells the client by telephone."""
    staff = keeper(office, need)
    say = Say("staff/call_client", {"number": case.number, "text": text})
    body = {"text": office.renderer.text(say)}
    due = card_due(office.catalog, staff, now)
    return Push(f"call:{key}", Channel.WECOM, staff.id, PushKind.TEXT, body, due, "phone_task")


def keeper(office: Office, need: Need) -> Staff:
    """Who is in charge of a need."""
    return office.catalog.person[need.assignee.lower()]


def template_values(office: Office, case: Case, need: Need, now: datetime) -> dict[str, str]:
    """What the templates of catalog.yaml may show of a need."""
    renderer, staff = office.renderer, keeper(office, need)
    return {
        "number": case.number,
        "item": office.catalog.item[need.item].name,
        "state": renderer.label(need.state),
        "at": renderer.text(Say("labels/stamp", {"value": now})),
        "agent": staff.name,
        "phone": staff.phone,
        "note": renderer.label(need.state),
    }
