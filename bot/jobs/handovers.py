"""Talks that wait for an answer, and talks in which nobody says anything any more."""

from datetime import datetime

from bot.domain.quiet_hours import is_quiet
from bot.handlers.talks import news as talk_news
from bot.handlers.talks.news import Talk, Wake
from bot.jobs.desk import Desk, each
from bot.messages import Push, Say
from storage import events, handovers, outbox, people
from storage.db import Tx
from storage.handovers import Handover


def watch_talks(desk: Desk) -> None:
    """Looks at each open talk whose time has come."""
    now = desk.clock()
    found = desk.db.run(lambda tx: handovers.due(tx, now))
    each(desk, "talk", found, lambda tx, one: look_at(tx, desk, one, now), handovers.look)


def look_at(tx: Tx, desk: Desk, talk_id: int, now: datetime) -> None:
    """Reminds, or gives the talk back; under keys that a second replica cannot double."""
    handover = as_it_is(tx, talk_id)
    if handover is None or handover.ended_at is not None:
        return
    talk = talk_news.whole(tx, desk.catalog, handover)
    if talk is None:
        # whoever it was has left the catalogue: nobody would ever answer
        people.hand_to(tx, handover.person_id, None)
        handovers.end(tx, handover.id, talk_news.CLOCK, now)
        return
    due = {wake for at, wake in talk_news.wakes(desk.catalog, handover, talk.staff) if at <= now}
    if Wake.END in due:
        # at night nobody is told that a talk is over; the morning is soon enough
        if not is_quiet(now):
            end(tx, desk, talk, now)
        return
    for wake in sorted(due):
        outbox.enqueue(tx, reminders(desk, talk, wake, now))
    handovers.look(tx, handover.id, talk_news.next_look(desk.catalog, handover, talk.staff, now))


def as_it_is(tx: Tx, talk_id: int) -> Handover | None:
    """The talk after any turn of its client under way, who may be saying something just now."""
    found = handovers.by_id(tx, talk_id)
    client = None if found is None else people.by_id(tx, found.person_id)
    if client is not None:
        people.lock(tx, client.channel, client.identity)
    return handovers.by_id(tx, talk_id)


def reminders(desk: Desk, talk: Talk, wake: Wake, now: datetime) -> tuple[Push, ...]:
    """To the staff member; after twice the time to the managers, and a word to the client."""
    key = f"talk_{wake}:{talk.handover.id}:{talk.handover.asked_at:%Y%m%d%H%M%S}"
    minutes = desk.clocks.handover_minutes * (2 if wake is Wake.ESCALATE else 1)
    values = talk.label | {"minutes": minutes, "staff": talk.staff}
    values |= {"staffed": talk.client.credits.staffed}
    if wake is Wake.REMIND:
        say = Say("handover/remind", values)
        return (talk_news.to_staff(desk.office, talk.staff, key, say, now),)
    say = Say("handover/escalate", values)
    heads = desk.catalog.managers
    told = [talk_news.to_staff(desk.office, one, f"{key}:{one.id}", say, now) for one in heads]
    if talk.client.credits.staffed:
        # in a servicer's session nobody but they may speak
        return tuple(told)
    sorry = Say("handover/sorry", {"staff": talk.staff, "agency": desk.catalog.agency})
    return (*told, talk_news.to_client(desk.office, talk.client, f"{key}:client", sorry, now))


def end(tx: Tx, desk: Desk, talk: Talk, now: datetime) -> None:
    """Nobody said anything for long: the assistant has the talk back, and both are told."""
    if not talk_news.give_back(tx, talk, talk_news.CLOCK, now):
        return
    if talk.case is not None:
        events.append(tx, talk.case.id, None, now, "talk_ended", talk_news.CLOCK, {})
    values = {
        "staff": talk.staff,
        "hours": desk.clocks.handover_hours,
        "unanswered": talk.handover.unanswered,
        "open": talk_news.has_draft(talk.client),
        "agency": desk.catalog.agency,
    }
    key, farewell = f"talk_idle:{talk.handover.id}", talk_news.farewell
    told = farewell(desk.office, talk.client, key, Say("handover/idle", values), now)
    say = Say("handover/idle_staff", values | talk.label)
    staff = talk_news.to_staff(desk.office, talk.staff, f"{key}:staff", say, now)
    outbox.enqueue(tx, (told, staff))
