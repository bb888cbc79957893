"""Half the promised time, all of it, days without change: brought up once each, staff first."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from bot.domain.assignment import duty_of
from bot.domain.cases import Need
from bot.domain.catalog import Duty
from bot.domain.milestones import Deed, Hours, Mark, Step, steps
from bot.domain.promises import promise
from bot.domain.quiet_hours import card_due, is_quiet
from bot.domain.workdays import Days
from bot.handlers.desk.reminders import staff_text
from bot.handlers.progress.promises import Matter, followers, to_managers, to_staff, to_them
from bot.handlers.to_client import News, to_client
from bot.jobs.desk import Desk, each
from storage import cases, events, milestones, outbox, people
from storage.db import Tx
from storage.milestones import Guess, Watched


def bring_up(desk: Desk) -> None:
    """Every need whose time has come; by day alone."""
    now = desk.clock()
    if is_quiet(now):
        return
    due = (
        seen.need_id
        for seen in watched(desk, now)
        if steps(seen.standing, seen.known, now, hours_of(desk, seen))
    )
    each(desk, "milestone of need", due, lambda tx, one: act(tx, desk, one, now))


def watched(desk: Desk, now: datetime) -> Iterator[Watched]:
    """The needs that may be due for it; in slices, so that turns come between."""
    before, after = now - timedelta(days=desk.clocks.still_days), 0
    look = partial(milestones.watched, today=now.date(), before=before)
    while found := desk.db.run(partial(look, after=after)):
        yield from found
        after = found[-1].need_id


def hours_of(desk: Desk, seen: Watched) -> Hours:
    """The hours of whoever has the need now."""
    staff = desk.catalog.person.get(seen.assignee.lower())
    duty: tuple[Duty, ...] = duty_of(desk.catalog, staff) if staff else desk.catalog.agency.duty
    clocks, days = desk.clocks, desk.catalog.agency.days
    return Hours(duty, days, clocks.still_days, clocks.still_notice_hours, clocks.evaluate_days)


def act(tx: Tx, desk: Desk, need_id: int, now: datetime) -> None:
    """Judges once more with the need locked, and does what is to be done."""
    found, seen = cases.need(tx, need_id), milestones.one(tx, need_id)
    if found is None or seen is None:
        return
    matter = Matter(desk.office, *found, now)
    for step in steps(seen.standing, seen.known, now, hours_of(desk, seen)):
        carry_out(tx, matter, step, seen)


def carry_out(tx: Tx, matter: Matter, step: Step, seen: Watched) -> None:
    """One step; its row is written first, so that whoever comes second does nothing."""
    now, need = matter.now, matter.need
    version = next((one.version for one in seen.known if one.key == step.key), need.version)
    fresh = milestones.reach(tx, need.id, step.key, need.version, now)
    if step.deed is Deed.REMIND:
        if fresh:
            outbox.enqueue(tx, to_staff(matter, step))
            note(tx, matter, step, "reminded_staff")
        return
    if milestones.close(tx, need.id, step.key, now) and step.deed is Deed.TELL:
        tell(tx, matter, step, changed=version != need.version)


def tell(tx: Tx, matter: Matter, step: Step, *, changed: bool) -> None:
    """The client, who has heard of a change already; of a broken promise managers as well."""
    if step.mark is Mark.FULL:
        outbox.enqueue(tx, to_managers(matter, step))
    client = people.by_id(tx, matter.case.person_id)
    pushes = to_them(matter, step, client) if client and not changed else ()
    if pushes:
        outbox.enqueue(tx, pushes)
        note(tx, matter, step, "told_progress")


def note(tx: Tx, matter: Matter, step: Step, kind: str) -> None:
    """One line of the timeline."""
    values = {"mark": str(step.mark)}
    events.append(tx, matter.case.id, matter.need.id, matter.now, kind, "system", values)


def recompute(desk: Desk) -> None:
    """Promises that stood on a guessed calendar, as soon as the calendar is known."""
    now, days = desk.clock(), desk.catalog.agency.days
    if is_quiet(now):
        return
    stale = (one.need_id for one in desk.db.run(milestones.guessed) if moved(one, days))
    each(desk, "promise of need", stale, lambda tx, one: renew(tx, desk, one, now))


def moved(guess: Guess, days: Days) -> bool:
    """Whether the calendar says something else now, or the same for sure."""
    found = promise(guess.start, guess.days, days)
    return not found.estimated or found.due != guess.due


def renew(tx: Tx, desk: Desk, need_id: int, now: datetime) -> None:
    """Another date is told to the client and to who has the need; the same one is only noted."""
    found = cases.need(tx, need_id)
    if found is None or found[1].promised_from is None or found[1].promised_days is None:
        return
    case, old = found
    new = promise(found[1].promised_from, found[1].promised_days, desk.catalog.agency.days)
    if (new.due, new.estimated) == (old.due, old.estimated):
        return
    need = cases.change(tx, old, due=new.due, estimated=new.estimated)
    if new.due != old.due:
        tell_moved(tx, Matter(desk.office, case, need, now), old)


def tell_moved(tx: Tx, matter: Matter, old: Need) -> None:
    """The date before and the date now."""
    case, need, now = matter.case, matter.need, matter.now
    values = {"from": str(old.due), "to": str(need.due)}
    events.append(tx, case.id, need.id, now, "due_moved", "system", values)
    key = f"due:{need.id}:{need.version}"
    client = people.by_id(tx, case.person_id)
    if client is not None:
        news = News(key, matter.say("due_moved", old=old.due))
        outbox.enqueue(tx, to_client(matter.office, client, case, need, news, now))
    text = matter.office.renderer.text(matter.say("due_moved_staff", old=old.due))
    for one in followers(matter.office, case, need):
        due = card_due(matter.office.catalog, one, now)
        outbox.enqueue(tx, [staff_text(f"{key}:{one.id}", one, text, due, "reminder")])
