"""The clocks of complaints and opinions: nobody took it up, news is due, the answer is late."""

from dataclasses import replace
from datetime import datetime

from bot.domain.complaints import Alarm, Voice, VoiceState, next_look, ringing
from bot.handlers.complaints import news
from bot.jobs.desk import Desk, each
from bot.messages import Push, Say
from storage import complaints, outbox
from storage.db import Tx

# of these the other managers hear as well
ESCALATED = frozenset({Alarm.UNOWNED, Alarm.LATE, Alarm.OVERDUE})


def watch_complaints(desk: Desk) -> None:
    """Looks at each of them whose time has come."""
    now = desk.clock()
    found = desk.db.run(lambda tx: complaints.due(tx, now))
    each(desk, "complaint", found, lambda tx, one: look_at(tx, desk, one, now), complaints.look)


def look_at(tx: Tx, desk: Desk, voice_id: int, now: datetime) -> None:
    """Sounds its alarms, each once, and says when to look again."""
    voice = complaints.hold(tx, voice_id)
    if voice is None or voice.next_at is None or voice.next_at > now:
        # another replica was here first
        return
    owner = news.owner_of(desk.catalog, voice)
    # an owner who has left the catalogue hands everything to a manager
    voice = replace(voice, owner=owner.id)
    times = news.times_of(desk.catalog, owner)
    for alarm in ringing(voice, times, now):
        if alarm is Alarm.LAPSED:
            voice = replace(voice, state=VoiceState.CLOSED, closed_at=now, next_at=None)
        else:
            outbox.enqueue(tx, warnings(desk, voice, alarm, now))
    complaints.save(tx, replace(voice, next_at=next_look(voice, times, now)))


def warnings(desk: Desk, voice: Voice, alarm: Alarm, now: datetime) -> tuple[Push, ...]:
    """To the owner, and to the other managers where it is late; never to those it is about."""
    owner = news.owner_of(desk.catalog, voice)
    told = [owner, *(news.overseers(desk.catalog, voice) if alarm in ESCALATED else ())]
    say = Say(f"complaints/alarm_{alarm}", news.facts_for_texts(desk.office, voice))
    # `since` makes the key new after each step, so that each is asked for once
    key = f"voice_{alarm}:{voice.id}:{voice.since:%Y%m%d%H%M%S}"
    return tuple(
        news.to_owner(desk.office, one, f"{key}:{one.id}", say, now)
        for one in told
        if one.id not in voice.about
    )
