"""Requests about personal data: brought up until they are done, and their end made known."""

from datetime import datetime, timedelta

from bot.domain.privacy import (
    LEFT,
    PREFIX,
    RequestState,
    next_reminder,
)
from bot.domain.quiet_hours import card_due
from bot.handlers.desk.reminders import staff_text
from bot.handlers.privacy.desk import told_key
from bot.handlers.privacy.holdings import found_of
from bot.handlers.privacy.wishes import in_hand, owner_of, wish_name
from bot.jobs.desk import Desk, each
from bot.messages import Channel, Say
from storage import cases, forgetting, outbox, people, privacy
from storage.db import Tx
from storage.models import PushState
from storage.people import Person
from storage.privacy import Request

# the last answer to somebody who was forgotten is looked after so often, and waits so long
SOON, LATER, LONGEST = timedelta(minutes=1), timedelta(hours=1), timedelta(days=3)


def look_after_requests(desk: Desk) -> None:
    """Reminds of those that are open; forgets who was told that they are forgotten."""
    now = desk.clock()
    found = desk.db.run(lambda tx: privacy.due(tx, now))
    each(
        desk, "privacy request", found, lambda tx, one: look_after(tx, desk, one, now), privacy.look
    )


def look_after(tx: Tx, desk: Desk, request_id: int, now: datetime) -> None:
    """One of them, unless another replica was here first."""
    request = privacy.lock(tx, request_id)
    if request is None or request.next_at is None or request.next_at > now:
        return
    if request.state is RequestState.OPEN:
        remind(tx, desk, request, now)
    else:
        settle(tx, request, now)


def remind(tx: Tx, desk: Desk, request: Request, now: datetime) -> None:
    """To whoever has it; once it is late, to every manager, every working day until it ends."""
    owner = owner_of(desk.office, request)
    late = request.due < now.date()
    values = in_hand(desk.office, request) | {
        "wish": wish_name(desk.office, request),
        "late": late,
    }
    text = desk.office.renderer.text(Say("privacy/remind", values))
    told = dict.fromkeys((owner, *desk.catalog.managers)) if late else [owner]
    key = f"privacy:{request.number}:remind:{now:%Y%m%d}"
    due = [card_due(desk.catalog, one, now) for one in told]
    pushes = [
        staff_text(f"{key}:{one.id}", one, text, at, "privacy")
        for one, at in zip(told, due, strict=True)
    ]
    outbox.enqueue(tx, pushes)
    privacy.look(tx, request.id, next_reminder(now, desk.catalog))


def settle(tx: Tx, request: Request, now: datetime) -> None:
    """Once the answer has arrived, or cannot, the name it was sent to is forgotten as well."""
    state = forgetting.push_state(tx, told_key(request))
    waited = now - (request.done_at or now)
    if state in {PushState.PENDING, PushState.SENDING}:
        privacy.look(tx, request.id, now + SOON)
        return
    if state is PushState.HELD and waited < LONGEST:
        privacy.look(tx, request.id, now + LATER)
        return
    stranger = locked(tx, int(str(request.note["stranger"])))
    if stranger is not None and not came_back(stranger, request):
        forgetting.vanish(tx, stranger, now, "erased")
    privacy.look(tx, request.id, None)


def came_back(stranger: Person, request: Request) -> bool:
    """Whether they have written since: then they are somebody new, of their own will."""
    seen = (stranger.credits.wrote_at, stranger.credits.tapped_at, stranger.consented_at)
    since = request.done_at
    return since is not None and any(at is not None and at > since for at in seen)


def forget_who_left(desk: Desk) -> None:
    """Those who unfollowed while something was open, once nothing is."""
    now = desk.clock()
    found = desk.db.run(forgetting.left)
    each(desk, "person who left", found, lambda tx, one: forget_one(tx, one, now))


def forget_one(tx: Tx, person_id: int, now: datetime) -> None:
    """One of them; whoever follows again stays."""
    person = locked(tx, person_id)
    if person is None:
        return
    if person.credits.following:
        forgetting.leave(tx, person_id, None)
        return
    if found_of(tx, person).holding.unsettled or privacy.open_of(tx, person_id):
        return
    forgetting.vanish(tx, person, now, LEFT)
    number = cases.next_number(tx, PREFIX, now.date())
    privacy.log(tx, number, person_id, LEFT, now)


def locked(tx: Tx, person_id: int) -> Person | None:
    """The person, after any turn of theirs that is under way; None of one who is forgotten."""
    person = people.by_id(tx, person_id)
    if person is None or person.channel is Channel.DESK:
        return None
    return people.lock(tx, person.channel, person.identity)
