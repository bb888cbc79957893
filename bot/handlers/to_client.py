"""What the client of a need is told, whatever causes it: a move, a clock, a file, a rating."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Case, Field, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.handlers.in_parts import parts_of, pushes
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from storage.people import Person


@dataclass(frozen=True)
class News:
    """A sentence for the client, under a key that makes a repeat harmless.

    `urgent`: the client has to do something, so somebody calls them if no message can reach them.
    `matters`: it is worth a call to a client who never had a channel of ours.
    """

    key: str
    say: Say
    purpose: str = "status"
    urgent: bool = False
    expires: datetime | None = None
    matters: bool = False


def to_client(
    office: Office, client: Person, case: Case, need: Need, news: News, now: datetime
) -> tuple[Push, ...]:
    """The push; of a client whom no channel of ours reaches, a call for the person in charge.

    What is not worth a call waits for a client who left until they come back.
    """
    if news.urgent or news.matters:
        if not on_channel(client):
            return (call(office, client, (case, need), news, now),)
    elif client.channel is Channel.DESK:
        return ()
    # what staff wrote may take more than one message; of the first alone a template can speak
    first, *rest = parts_of(office.renderer.text(news.say)) or [""]
    return (
        Push(
            key=news.key,
            channel=client.channel,
            to=client.identity,
            kind=PushKind.TEXT,
            body={"text": first},
            due=now,
            purpose=news.purpose,
            expires=news.expires,
            urgent=news.urgent,
            fields=template_values(office, case, need, now),
        ),
        *pushes(f"{news.key}:rest", (client.channel, client.identity), rest, now),
    )


def on_channel(client: Person) -> bool:
    """Whether there is a chat to tell them in."""
    return client.channel is not Channel.DESK and client.credits.following


def call(
    office: Office, client: Person, about: tuple[Case, Need], news: News, now: datetime
) -> Push:
    """The same, worded to be spoken, to the person in charge, who tells the client."""
    case, need = about
    staff, fields = keeper(office, need), case.record.fields
    spoken = f"calls/{news.say.key.rpartition('/')[2]}"
    say = Say(spoken, news.say.values) if office.renderer.has(spoken) else news.say
    values = {
        "number": case.number,
        "reach": " ".join(fields[key] for key in REACH if key in fields),
        "channel": f"from_{case.channel}",
        "left": client.channel is not Channel.DESK,
        "text": office.renderer.text(say),
    }
    body = {"text": office.renderer.text(Say("calls/task", values))}
    due = card_due(office.catalog, staff, now)
    return Push(f"call:{news.key}", Channel.WECOM, staff.id, PushKind.TEXT, body, due, "phone_task")


REACH = (Field.CONTACT, Field.PHONE)


def keeper(office: Office, need: Need) -> Staff:
    """Who is in charge of a need."""
    return office.catalog.in_charge(need.assignee)


def template_values(office: Office, case: Case, need: Need, now: datetime) -> dict[str, str]:
    """What the templates of catalog.yaml may show of a need."""
    renderer, staff = office.renderer, keeper(office, need)
    return {
        "number": case.number,
        "item": office.catalog.service(need).name,
        "state": renderer.label(need.state),
        "at": renderer.text(Say("labels/stamp", {"value": now})),
        "agent": staff.name,
        "phone": staff.phone,
        "note": renderer.label(need.state),
    }
