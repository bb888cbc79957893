"""Pushes that clocks and failed sends cause: a client to be called, a need nobody took up."""

from datetime import datetime, timedelta

from bot.domain.assignment import duty_of
from bot.domain.cases import Case, Need
from bot.domain.catalog import Role, Staff
from bot.domain.workdays import duty_deadline, on_duty
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say

# Enough to say on the telephone; the whole text must fit into one message to staff.
QUOTED = 300


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
        for one in managers(office)
    )


def remind_to_take(office: Office, case: Case, need: Need, now: datetime) -> tuple[Push, ...]:
    """To the assignee and the managers, once the assignee was on duty for long enough today."""
    assignee = office.catalog.person[need.assignee.lower()]
    duty, days = duty_of(office.catalog, assignee), office.catalog.agency.days
    wait = timedelta(minutes=office.catalog.clocks.accept_minutes)
    since = max(case.registered_at, now.replace(hour=0, minute=0, second=0, microsecond=0))
    if not on_duty(now, duty, days) or now < duty_deadline(since, wait, duty, days):
        return ()
    say = Say(
        "staff/not_accepted",
        {
            "number": case.number,
            "item": office.catalog.item[need.item].name,
            "minutes": office.catalog.clocks.accept_minutes,
        },
    )
    text, key = office.renderer.text(say), f"reminder:{need.id}:{need.version}:{now:%Y%m%d}"
    told = dict.fromkeys((assignee, *managers(office)))
    return tuple(staff_text(f"{key}:{one.id}", one, text, now, "reminder") for one in told)


def managers(office: Office) -> tuple[Staff, ...]:
    """The managers, in the order of the file."""
    return tuple(one for one in office.catalog.staff if one.role is Role.MANAGER)


def staff_text(key: str, to: Staff, text: str, now: datetime, purpose: str) -> Push:
    """A text to a staff member."""
    return Push(key, Channel.WECOM, to.id, PushKind.TEXT, {"text": text}, now, purpose)
