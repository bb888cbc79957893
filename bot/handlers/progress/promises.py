"""What the clocks say of a need and its promised time: to staff, to managers, to the client."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.actions import Action
from bot.domain.cases import Case, Need, NeedState
from bot.domain.catalog import Staff
from bot.domain.milestones import Mark, Step
from bot.domain.promises import Promise, Terms, promise, promised, terms
from bot.domain.quiet_hours import card_due
from bot.domain.workdays import due
from bot.handlers.desk.reminders import staff_text
from bot.handlers.registering.wanted import name_in
from bot.handlers.to_client import News, keeper, to_client
from bot.handlers.turn import Office
from bot.messages import Push, Say
from bot.reading.staff.cycles import read_cycle
from storage.people import Person

# 退订 stops these; a broken promise is news of the matter itself (domain.md 8)
REMINDERS = frozenset({Mark.HALF, Mark.STILL, Mark.SUPPLY})
# a reminder that found no way to the client is stale after this
STALE = timedelta(days=3)


@dataclass(frozen=True)
class Matter:
    """A need that the clock brings up, in its case, now."""

    office: Office
    case: Case
    need: Need
    now: datetime

    def say(self, key: str, **values: object) -> Say:
        """A sentence of `texts/clocks.yaml` about it."""
        clocks = self.office.catalog.clocks
        known = {
            "number": self.case.number,
            "item": self.office.catalog.service(self.need).name,
            "need": self.need,
            "staff": keeper(self.office, self.need),
            "today": self.now.date(),
            "days": clocks.still_days,
            "hours": clocks.still_notice_hours,
            "evaluate": clocks.evaluate_days,
        }
        return Say(f"clocks/{key}", known | values)


def followers(office: Office, case: Case, need: Need) -> tuple[Staff, ...]:
    """Who is reminded: who has the need; of one handed to others, first who was asked first."""
    names = (case.agent, need.assignee) if need.state is NeedState.REFERRED else (need.assignee,)
    people = office.catalog.person
    found = dict.fromkeys(people[one.lower()] for one in names if one.lower() in people)
    return tuple(found) or office.catalog.managers


def key_of(need: Need, step: Step) -> str:
    """What a push about that point is known by; another promise has points of its own."""
    return f"milestone:{need.id}:{need.promised_from}:{step.key}"


def to_staff(matter: Matter, step: Step) -> tuple[Push, ...]:
    """The reminder, hours before the client hears of it."""
    office, need = matter.office, matter.need
    text = office.renderer.text(matter.say(f"remind_{step.mark}"))
    return tuple(
        staff_text(f"{key_of(need, step)}:{one.id}", one, text, matter.now, "reminder")
        for one in followers(office, matter.case, need)
    )


def to_managers(matter: Matter, step: Step) -> tuple[Push, ...]:
    """That a promise is not kept."""
    office, need = matter.office, matter.need
    text = office.renderer.text(matter.say("manager_full"))
    return tuple(
        staff_text(
            f"{key_of(need, step)}:manager:{one.id}",
            one,
            text,
            card_due(office.catalog, one, matter.now),
            "reminder",
        )
        for one in office.catalog.managers
    )


def to_them(matter: Matter, step: Step, client: Person) -> tuple[Push, ...]:
    """What the client reads, unless they asked not to be reminded."""
    reminder = step.mark in REMINDERS
    if reminder and client.opted_out_at is not None:
        return ()
    wanted = [name_in(matter.office, key) for key in matter.need.wanted]
    news = News(
        key_of(matter.need, step),
        matter.say(f"tell_{step.mark}", wanted=wanted),
        purpose="notice" if step.mark is Mark.SUPPLY else "status",
        urgent=not reminder,
        expires=matter.now + STALE if reminder else None,
    )
    return to_client(matter.office, client, matter.case, matter.need, news, matter.now)


def promise_of(office: Office, need: Need, action: Action, words: str, now: datetime) -> Terms:
    """What a move promises anew: of a referral the cycle that was agreed, reopened the usual."""
    item, today, days = office.catalog.service(need), now.date(), office.catalog.agency.days
    if action is Action.REOPEN:
        return terms(promised(item, today, days))
    if action is not Action.REFER:
        return terms(None)
    cycle = read_cycle(words) or (read_cycle(item.partner.cycle) if item.partner else None)
    if cycle is None:
        return terms(None)
    if cycle.working:
        return terms(promise(today, cycle.days, days))
    # the first working day on or after the last of so many days of the calendar
    last = due(today + timedelta(days=cycle.days - 1), 1, days)
    return terms(Promise(today, 0, last.day, estimated=False))
