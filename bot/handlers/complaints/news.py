"""Complaints and opinions: who decides them, who may see them, and what the two sides are sent."""

import datetime as dt
from collections.abc import Collection, Mapping

from bot.domain.assignment import duty_of, there_at
from bot.domain.catalog import Catalog, Role, Staff
from bot.domain.complaints import Times, Voice, VoiceState
from bot.domain.quiet_hours import card_due
from bot.domain.workdays import due
from bot.handlers.in_parts import parts_of, pushes
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from storage.people import Person

PURPOSE = "complaint"


def owner_for(catalog: Catalog, about: Collection[str], now: dt.datetime) -> Staff:
    """A manager, never one complained about; the one who is there first."""
    others = [one for one in catalog.staff if one.id not in about]
    heads = [one for one in others if one.role is Role.MANAGER]
    return min(heads or others or catalog.staff, key=lambda one: there_at(catalog, one, now))


def may_see(staff: Staff, voice: Voice) -> bool:
    """The owner and the managers, and never anybody it is about (clause 5.3.2.6)."""
    if staff.id in voice.about:
        return False
    return staff.id == voice.owner or staff.role is Role.MANAGER


def overseers(catalog: Catalog, voice: Voice) -> list[Staff]:
    """The managers beside the owner who may see it."""
    return [one for one in catalog.managers if one.id != voice.owner and may_see(one, voice)]


def owner_of(catalog: Catalog, voice: Voice) -> Staff:
    """Who decides it; a manager, once whoever it was has left."""
    found = catalog.person.get(voice.owner.lower())
    return found or owner_for(catalog, voice.about, voice.since)


def times_of(catalog: Catalog, owner: Staff) -> Times:
    """What its clocks count by."""
    return Times(catalog.clocks, duty_of(catalog, owner), catalog.agency.days)


def facts_for_texts(office: Office, voice: Voice, number: str = "") -> dict[str, object]:
    """What the texts show of it; `number` is that of the case it is about."""
    catalog, owner = office.catalog, owner_of(office.catalog, voice)
    clocks, days = catalog.clocks, catalog.agency.days
    return {
        "voice": voice,
        "state": office.renderer.text(Say(f"complaints/state_{voice.state}")),
        "owner": owner,
        "agency": catalog.agency,
        "case": number,
        "assess": due(voice.received_at.date(), 1, days).day,
        "update": due(voice.since.date(), clocks.complaint_update_days, days).day,
        "update_days": clocks.complaint_update_days,
    }


def to_owner(
    office: Office, owner: Staff, key: str, say: Say, now: dt.datetime, *, at_once: bool = False
) -> Push:
    """A text to whoever decides it; only safety and integrity come by night (domain.md 7)."""
    at = now if at_once else card_due(office.catalog, owner, now)
    body = {"text": office.renderer.text(say)}
    return Push(key, Channel.WECOM, owner.id, PushKind.TEXT, body, at, PURPOSE)


def to_client(
    office: Office, client: Person, voice: Voice, key: str, say: Say, now: dt.datetime
) -> tuple[Push, ...]:
    """A text to whoever complained; outside the window a template tells the state.

    What is confidential makes no phone task: that would show it to every manager. A long
    decision takes several messages, the first of which a template can stand for.
    """
    hidden = voice.confidential or voice.facts.anonymous
    first, *rest = parts_of(office.renderer.text(say)) or [""]
    return (
        Push(
            key=key,
            channel=client.channel,
            to=client.identity,
            kind=PushKind.TEXT,
            body={"text": first},
            due=now,
            purpose=PURPOSE if PURPOSE in office.catalog.templates else "status",
            urgent=voice.state is VoiceState.DECIDED and not hidden,
            fields=template_values(office, voice, now),
        ),
        *pushes(f"{key}:rest", (client.channel, client.identity), rest, now),
    )


def template_values(office: Office, voice: Voice, now: dt.datetime) -> Mapping[str, str]:
    """What a template of catalog.yaml may show of it."""
    renderer, owner = office.renderer, owner_of(office.catalog, voice)
    state = renderer.text(Say(f"complaints/state_{voice.state}"))
    return {
        "number": voice.number,
        "item": renderer.text(Say(f"complaints/kind_{voice.kind}")),
        "state": state,
        "at": renderer.text(Say("labels/stamp", {"value": now})),
        "agent": owner.name,
        "phone": owner.phone,
        "note": state,
    }
