"""What is sent about a rating: the invitation, the reminder, and what staff learn of it."""

import re
from datetime import datetime, timedelta

from bot.domain.cases import Case, Field, Need
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.domain.surveys import SERVED, Scores, Survey, SurveyState, too_late
from bot.handlers.to_client import template_values
from bot.handlers.turn import Office
from bot.messages import Channel, Push, PushKind, Say
from storage.people import Person

PURPOSE = "survey"
LEVELS = (5, 4, 3, 2, 1)
# the option that was tapped names its survey: an old menu must not answer for a newer case
OPTION = re.compile(r"rate-([0-9]{1,15})-([1-5])")


def invitation(
    office: Office, client: Person, case: Case, survey: Survey, *, reminder: bool = False
) -> Push:
    """The options to tap; `closes_at` of the survey says how long they count."""
    now = survey.reminded_at if reminder else survey.invited_at
    closes = survey.closes_at
    if now is None or closes is None:
        raise ValueError("a survey is marked as invited before its invitation is written")
    values: dict[str, object] = matter(office, case, survey)
    values |= {"closes": (closes - timedelta(seconds=1)).date()}
    say = Say("rating/head_reminder" if reminder else "rating/head", values)
    values |= {
        "head": office.renderer.text(say),
        "levels": [(score, level_name(office, score)) for score in LEVELS],
    }
    return Push(
        key=f"{survey.key}:{'reminder' if reminder else 'invitation'}",
        channel=client.channel,
        to=client.identity,
        kind=PushKind.MENU,
        body={
            "head": values["head"],
            "options": [
                (f"rate-{survey.id}-{score}", level_name(office, score)) for score in LEVELS
            ],
            "tail": office.renderer.text(Say("rating/tail", values)),
            "text": office.renderer.text(Say("rating/text", values)),
        },
        due=now,
        purpose=PURPOSE,
        expires=closes if reminder else too_late(survey.last_day),
        fields=fields(office, case, survey, now),
    )


def pushes_of(survey: Survey) -> tuple[str, ...]:
    """The keys of whatever was sent to ask for this rating."""
    return f"{survey.key}:invitation", f"{survey.key}:reminder"


def fields(office: Office, case: Case, survey: Survey, now: datetime) -> dict[str, str]:
    """What the survey's template may show."""
    ended = Say("labels/stamp", {"value": survey.ended_at})
    return template_values(office, case, rated_need(case, survey), now) | {
        "at": office.renderer.text(ended),
        "note": office.renderer.text(Say("rating/template_note")),
    }


def rated_need(case: Case, survey: Survey) -> Need:
    """The need that stands for the case where there is room for one."""
    own = [one for one in case.needs if one.assignee == survey.staff]
    return (own or list(case.needs))[-1]


def matter(office: Office, case: Case, survey: Survey) -> dict[str, object]:
    """Which service it was, and whose."""
    served = [one for one in case.needs if one.state in SERVED] or list(case.needs)
    return {
        "number": case.number,
        "items": [office.catalog.service(one).name for one in served],
        "ended": survey.ended_at.date(),
        "staff": in_charge(office, case, survey),
    }


def in_charge(office: Office, case: Case, survey: Survey) -> Staff:
    """Who is rated; of one who has left the catalogue, the first-asked person or anybody."""
    known = office.catalog.person
    found = known.get(survey.staff.lower()) or known.get(case.agent.lower())
    return found or office.catalog.staff[0]


def involved(case: Case) -> frozenset[str]:
    """Everybody who is or was first in charge of something in the case."""
    return frozenset({case.agent, *(one.assignee for one in case.needs)})


def level_name(office: Office, score: int) -> str:
    """What a score is called."""
    return office.renderer.text(Say(f"rating/level_{score}"))


def scores_line(office: Office, scores: Scores) -> str:
    """Every score that was given, in words."""
    lines = [
        (office.renderer.text(Say(f"rating/item_{item}")), score, level_name(office, score))
        for item, score in scores.given().items()
    ]
    return office.renderer.text(Say("rating/scores", {"lines": lines}))


def lapse_words(office: Office, survey: Survey) -> str:
    """Why there is no rating."""
    return office.renderer.text(Say(f"rating/lapse_{survey.reason}")) if survey.reason else ""


def expiry_notice(office: Office, case: Case, survey: Survey, now: datetime) -> Push:
    """To the person in charge, once: there is no rating, and why."""
    values = matter(office, case, survey) | {"reason": lapse_words(office, survey)}
    staff = in_charge(office, case, survey)
    say = Say("rating/staff_expired", values)
    return to_staff(office, f"{survey.key}:expired", staff, say, now)


def to_staff(office: Office, key: str, staff: Staff, say: Say, now: datetime) -> Push:
    """A text to a staff member, kept out of the night."""
    body = {"text": office.renderer.text(say)}
    due = card_due(office.catalog, staff, now)
    return Push(key, Channel.WECOM, staff.id, PushKind.TEXT, body, due, "rating")


def reach_of(case: Case) -> str:
    """Name and telephone of the client, for the call-back."""
    found = case.record.fields
    return " ".join(filter(None, (found.get(Field.CONTACT), found.get(Field.PHONE))))


def staff_line(office: Office, case: Case, survey: Survey | None, viewer: str) -> str:
    """The rating as one staff member may see it.

    A doubt about integrity is nothing for anybody in charge of the case, the other scores
    and the words that came with it included.
    """
    if survey is None:
        return ""
    rated = survey.state is SurveyState.RATED
    hidden = survey.scores.confidential and viewer.lower() in map(str.lower, involved(case))
    values = {
        "state": str(survey.state),
        "scores": scores_line(office, survey.scores) if rated and not hidden else "",
        "comment": "" if hidden else survey.comment,
        "reason": lapse_words(office, survey),
    }
    return office.renderer.text(Say("rating/staff_line", values))
