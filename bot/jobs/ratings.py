"""The clocks of a rating: planned, invited, reminded once, closed; withdrawn if work goes on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.cases import Case
from bot.domain.surveys import (
    SERVED,
    Lapse,
    Survey,
    SurveyState,
    closing,
    next_chance,
    plan,
    reminder,
    too_late,
)
from bot.domain.workdays import Days
from bot.handlers.ratings.closing import close_served
from bot.handlers.ratings.news import expiry_notice, invitation, pushes_of
from bot.jobs.desk import Desk, each
from bot.messages import Channel
from storage import cases, events, outbox, people, surveys
from storage.db import Tx
from storage.forgetting import GONE
from storage.models import PushState
from storage.people import Person


@dataclass(frozen=True)
class Look:
    """One survey whose time has come, with all that decides about it."""

    tx: Tx
    desk: Desk
    now: datetime
    survey: Survey
    case: Case
    client: Person | None

    @property
    def days(self) -> Days:
        """The agency's own days."""
        return self.desk.catalog.agency.days

    def save(self, **changes: object) -> Survey:
        """The survey with these changes."""
        changed = replace(self.survey, **changes)  # type: ignore[arg-type]  # checked by the class
        surveys.save(self.tx, changed)
        return changed

    def note(self, kind: str, **values: object) -> None:
        """A line in the case's timeline."""
        events.append(self.tx, self.case.id, None, self.now, kind, "system", values)


def plan_surveys(desk: Desk) -> None:
    """Finds every case whose service is over, however it came to that, and plans its survey."""
    after = 0
    # from case to case, so that one that cannot be planned does not keep the others waiting
    while found := desk.db.run(partial(surveys.served, after=after)):
        each(desk, "survey of case", found, lambda tx, one: plan_one(tx, desk, one))
        after = found[-1]


def plan_one(tx: Tx, desk: Desk, case_id: int) -> None:
    """The invitation of one case; a case that had its own only waits to be put on file."""
    known = surveys.held(tx, case_id)
    ending, case = surveys.ending(tx, case_id), cases.by_id(tx, case_id)
    if case is None or ending.open or not ending.served:
        return
    if known is not None and known.next_at is not None:
        # another process was here first
        return
    days = desk.catalog.agency.days
    found = plan(ending.at, days)
    staff = next(one.assignee for one in reversed(case.needs) if one.state in SERVED)
    if known is None:
        surveys.plan(
            tx,
            case_id=case_id,
            person_id=case.person_id,
            staff=staff,
            ended_at=ending.at,
            last_day=found.last_day,
            next_at=found.invite_at,
        )
    elif known.state is SurveyState.PLANNED:
        again = replace(known, staff=staff, ended_at=ending.at, last_day=found.last_day)
        surveys.save(tx, replace(again, next_at=found.invite_at))
    else:
        on_file = closing(ending.at, desk.clocks.survey_open_days, days)
        surveys.save(tx, replace(known, next_at=on_file))


def withdraw_surveys(desk: Desk) -> None:
    """Nobody is asked to rate what is being worked on again."""
    found = desk.db.run(surveys.reopened)
    each(desk, "reopened survey", found, lambda tx, one: look(tx, desk, one, withdraw))


def withdraw(found: Look) -> None:
    """Takes the invitation back as long as nobody has seen it; it is planned anew later."""
    if found.survey.state not in AWAITED:
        # answered since it was found
        return
    if found.survey.state is SurveyState.INVITED:
        if not outbox.withdraw(found.tx, pushes_of(found.survey), "the case was reopened"):
            return
        found.note("invitation_withdrawn")
    found.save(state=SurveyState.PLANNED, invited_at=None, closes_at=None, next_at=None)


AWAITED = frozenset({SurveyState.PLANNED, SurveyState.INVITED})


def move_surveys(desk: Desk) -> None:
    """Every survey whose time has come makes its next step."""
    now = desk.clock()
    found = desk.db.run(lambda tx: surveys.due(tx, now))
    each(desk, "survey", found, lambda tx, one: look(tx, desk, one, step), surveys.look)


def look(tx: Tx, desk: Desk, survey_id: int, step: Callable[[Look], None]) -> None:
    """One step of one survey, the row held so that no second process makes it too."""
    survey = surveys.lock(tx, survey_id)
    case = None if survey is None else cases.by_id(tx, survey.case_id)
    if survey is None or case is None or survey.next_at is None:
        return
    client = people.by_id(tx, survey.person_id)
    step(Look(tx, desk, desk.clock(), survey, case, client))


def step(found: Look) -> None:
    """What its state asks for; nothing if another process was there first."""
    if found.survey.next_at is not None and found.survey.next_at <= found.now:
        STEPS[found.survey.state](found)


def invite(found: Look) -> None:
    """The invitation, if there is a way and it is still in time; else the reason why not."""
    ending, survey = surveys.ending(found.tx, found.case.id), found.survey
    if ending.open or not ending.served or ending.at != survey.ended_at:
        # planned anew by `plan_one`, from the end as it now is
        found.save(next_at=None)
        return
    lapse = unwilling(found.client)
    chance = next_chance(found.now, found.days, too_late(survey.last_day))
    if chance is None or lapse is not None:
        expire(found, lapse or Lapse.TOO_LATE)
    elif chance > found.now:
        found.save(next_at=chance)
    else:
        send_invitation(found)


def unwilling(client: Person | None) -> Lapse | None:
    """Why this client is not to be asked, or cannot be."""
    if client is None or client.identity.startswith(GONE):
        return Lapse.GONE
    if client.channel is Channel.DESK:
        return Lapse.NO_CHANNEL
    if client.opted_out_at is not None:
        return Lapse.OPTED_OUT
    return None if client.credits.following else Lapse.UNFOLLOWED


def send_invitation(found: Look) -> None:
    """Marked and enqueued together; by the fifth working day it is looked at again."""
    clocks, last = found.desk.clocks, too_late(found.survey.last_day)
    closes = closing(found.now, clocks.survey_open_days, found.days)
    remind = reminder(found.now, clocks.survey_reminder_days, found.days, closes)
    survey = found.save(
        state=SurveyState.INVITED,
        invited_at=found.now,
        closes_at=closes,
        next_at=min(last, remind or last),
    )
    if found.client is not None:
        push = invitation(found.desk.office, found.client, found.case, survey)
        outbox.enqueue(found.tx, [push])
    found.note("invited")


def follow_up(found: Look) -> None:
    """After the invitation: it arrived and is brought up once, or it never got through."""
    invited, closes = pushes_of(found.survey)[0], found.survey.closes_at or found.now
    fate = outbox.fate(found.tx, invited)
    if fate is not None and fate.state is PushState.SENDING:
        found.save(next_at=found.now + timedelta(minutes=1))
    elif fate is None or fate.state in UNSEEN:
        give_up_or_wait(found)
    elif found.now >= closes:
        expire(found, Lapse.NO_ANSWER)
    else:
        remind(found, fate.sent_at or found.now, closes)


UNSEEN = frozenset({PushState.PENDING, PushState.HELD, PushState.FAILED})


def give_up_or_wait(found: Look) -> None:
    """An invitation that has not got through may until the fifth working day."""
    last = too_late(found.survey.last_day)
    if found.now < last:
        found.save(next_at=last)
    else:
        expire(found, unwilling(found.client) or Lapse.NO_WAY)


def remind(found: Look, sent_at: datetime, closes: datetime) -> None:
    """Once, so many days after it arrived, by day, while the answer still counts."""
    due = reminder(sent_at, found.desk.clocks.survey_reminder_days, found.days, closes)
    chance = next_chance(max(due, found.now), found.days, closes) if due else None
    unwanted = unwilling(found.client) or surveys.ending(found.tx, found.case.id).open
    if chance is None or unwanted or found.client is None:
        found.save(next_at=closes)
    elif chance > found.now:
        found.save(next_at=chance)
    else:
        survey = found.save(state=SurveyState.REMINDED, reminded_at=found.now, next_at=closes)
        push = invitation(found.desk.office, found.client, found.case, survey, reminder=True)
        outbox.enqueue(found.tx, [push])
        found.note("reminded")


def run_out(found: Look) -> None:
    """Reminded and silent: no score."""
    expire(found, Lapse.NO_ANSWER)


def expire(found: Look, why: Lapse) -> None:
    """No rating; the person in charge reads why, and in its time the case is put on file."""
    clocks = found.desk.clocks
    closes = found.survey.closes_at or closing(found.now, clocks.survey_open_days, found.days)
    outbox.withdraw(found.tx, pushes_of(found.survey), "the time to rate is over")
    open_still = found.now < closes
    survey = found.save(
        state=SurveyState.EXPIRED,
        reason=why,
        closes_at=closes,
        next_at=closes if open_still else None,
    )
    found.note("survey_expired", reason=str(why))
    notice = expiry_notice(found.desk.office, found.case, survey, found.now)
    outbox.enqueue(found.tx, [notice])
    if not open_still:
        close_served(found.tx, found.case, found.now, "not_rated")


def put_on_file(found: Look) -> None:
    """The time to rate is over, whether it was used or not."""
    found.save(next_at=None)
    close_served(found.tx, found.case, found.now, "not_rated")


STEPS: Mapping[SurveyState, Callable[[Look], None]] = {
    SurveyState.PLANNED: invite,
    SurveyState.INVITED: follow_up,
    SurveyState.REMINDED: run_out,
    SurveyState.RATED: put_on_file,
    SurveyState.EXPIRED: put_on_file,
}
