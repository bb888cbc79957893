"""Pushes that clocks and failed sends cause: a client to be called, a need nobody took up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.assignment import duty_of
from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.domain.workdays import duty_deadline, on_duty
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from bot.wechat.limits import Way

# Enough to say on the telephone; the whole text must fit into one message to staff.
QUOTED = 300


@dataclass(frozen=True)
class Waiting:
    """A need that nobody has taken up today: who should, and how it is called in a list."""

    key: str
    staff: Staff
    number: str
    item: str


def phone_tasks(office: Office, push: Push, why: str, now: datetime) -> tuple[Push, ...]:
    """One text to each manager, once for this push; staff pushes themselves make none."""
    if push.channel is Channel.WECOM:
        return ()
    lost = str(push.body.get("text", ""))
    quoted = lost if len(lost) <= QUOTED else f"{lost[:QUOTED]}…"
    values = {"number": push.fields.get("number", ""), "text": quoted, "reason": why}
    text = office.renderer.text(Say("staff/undelivered", values))
    return tuple(
        staff_text(f"phone_task:{one.id}:{push.key}", one, text, now, "phone_task")
        for one in office.catalog.managers
    )


def call_refused(
    office: Office, call: tuple[Channel, Way], code: int, now: datetime
) -> tuple[Push, ...]:
    """One text to each manager, once a day for each call and code, by day."""
    channel, way = call
    values = {"way": f"{channel}_{way}", "code": code}
    text = office.renderer.text(Say("staff/call_refused", values))
    return tuple(
        staff_text(
            f"call_refused:{channel}:{way}:{code}:{now:%Y%m%d}:{one.id}",
            one,
            text,
            card_due(office.catalog, one, now),
            "reminder",
        )
        for one in office.catalog.managers
    )


# of these nothing is lost with the member; what is late, managers hear of from the clocks
NOT_GIVEN = frozenset({"card_update", "stand_in", "roster", "courtesy", "reminder"})
# about a need or its client, and so for every manager to read; a complaint may be about one
OPEN_TO_ALL = frozenset(
    {"assignment", "talk", "result", "supplied", "amended", "phone_task", "answer"}
)


def stand_ins(office: Office, push: Push, why: str, now: datetime) -> tuple[Push, ...]:
    """What a staff member could not be sent, for the managers who can be; a card as it was.

    Where nobody but that member manages, whoever comes first reads it.
    """
    if push.channel is not Channel.WECOM or push.purpose in NOT_GIVEN:
        return ()
    heads = in_their_stead(office, push)
    text = office.renderer.text(Say("roster/stand_in", lost_words(office, push, why)))
    card, pushes = push.body.get("card"), []
    for number, one in enumerate(heads, start=1):
        key = f"stand_in:{one.id}:{push.key}"
        pushes.append(staff_text(key, one, text, now, "stand_in"))
        if isinstance(card, Mapping):
            body = {"card": {**card, "task_id": f"{card['task_id']}-for-{number}"}}
            given = replace(push, key=f"{key}:card", to=one.id, body=body, due=now)
            pushes.append(replace(given, purpose="stand_in"))
    return tuple(pushes)


def in_their_stead(office: Office, push: Push) -> Sequence[Staff]:
    """The other managers; nobody, where they have it already; without any, whoever comes first."""
    catalog, member = office.catalog, push.to.lower()
    others = [one for one in catalog.staff if one.id.lower() != member]
    heads = [one for one in others if one in catalog.managers]
    if push.purpose == "phone_task" and heads and len(heads) < len(catalog.managers):
        return ()
    return heads or others[:1]


def lost_words(office: Office, push: Push, why: str) -> dict[str, object]:
    """Who did not get it, why, and what it was, as far as every manager may read it."""
    lost = office.catalog.person.get(push.to.lower())
    said = str(push.body.get("text", "")) if push.purpose in OPEN_TO_ALL else ""
    return {
        "who": lost.name if lost else push.to,
        "reason": why,
        "text": said if len(said) <= QUOTED else f"{said[:QUOTED]}…",
        "card": heading(push.body.get("card")),
    }


def heading(card: object) -> str:
    """What stands at the top of a card."""
    title = card.get("main_title") if isinstance(card, Mapping) else None
    if not isinstance(title, Mapping):
        return ""
    return " ".join(str(title[part]) for part in ("title", "desc") if title.get(part))


def waiting(office: Office, case: Case, need: Need, now: datetime) -> Waiting | None:
    """The need, once who should take it up is on duty and was so for long enough today."""
    staff, row = office.catalog.in_charge(need.assignee), ""
    duty, days = duty_of(office.catalog, staff), office.catalog.agency.days
    wait = timedelta(minutes=office.catalog.clocks.accept_minutes)
    since = max(case.registered_at, now.replace(hour=0, minute=0, second=0, microsecond=0))
    if not on_duty(now, duty, days) or now < duty_deadline(since, wait, duty, days):
        return None
    if len(case.needs) > 1:
        row = f"/{need.position}"
    item = office.catalog.service(need).name
    return Waiting(f"{need.id}:{need.version}:{now:%Y%m%d}", staff, f"{case.number}{row}", item)


def remind_to_take(office: Office, found: Sequence[Waiting], now: datetime) -> tuple[Push, ...]:
    """One text to each assignee about all of theirs, and one to each manager about them all."""
    told: dict[Staff, list[Waiting]] = {}
    for one in found:
        for staff in dict.fromkeys((one.staff, *office.catalog.managers)):
            told.setdefault(staff, []).append(one)
    minutes = office.catalog.clocks.accept_minutes
    pushes = []
    for staff, rows in told.items():
        values = {"rows": rows, "minutes": minutes, "to": staff}
        text = office.renderer.text(Say("staff/not_accepted", values))
        key = f"reminder:{rows[0].key}:{staff.id}"
        pushes.append(staff_text(key, staff, text, now, "reminder"))
    return tuple(pushes)


def staff_text(key: str, to: Staff, text: str, now: datetime, purpose: str) -> Push:
    """A text to a staff member."""
    return Push(key, Channel.WECOM, to.id, PushKind.TEXT, {"text": text}, now, purpose)
