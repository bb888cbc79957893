"""A low score opens an improvement at once, with an owner and a day (clause 9.3)."""

from dataclasses import dataclass

from bot.domain.cases import Case
from bot.domain.catalog import Staff
from bot.domain.improvements import UNDONE, Improvement, owner_of
from bot.domain.surveys import Survey
from bot.domain.workdays import due
from bot.handlers.ratings.news import in_charge, involved, matter, reach_of, scores_line, to_staff
from bot.handlers.turn import Turn
from bot.messages import Say
from storage import improvements

SOURCE = "rating"


@dataclass(frozen=True)
class Opened:
    """The improvement a rating led to; `new`: it did not exist before."""

    found: Improvement
    owner: Staff
    new: bool


def improve(turn: Turn, case: Case, survey: Survey) -> Opened | None:
    """Opens the improvement of a low rating, or adds to the one there is; None: all was well.

    A doubt about integrity has one of its own, which nobody in charge of the case hears of.
    """
    undone = [one for one in improvements.of_survey(turn.tx, survey) if one.state in UNDONE]
    if not survey.scores.low:
        for one in undone:
            tell_again(turn, case, survey, one)
        return None
    wanted = survey.scores.confidential
    known = next((one for one in undone if one.confidential == wanted), None)
    if known is None:
        return open_new(turn, case, survey)
    found = improvements.add_facts(turn.tx, known, facts_of(survey))
    tell_again(turn, case, survey, found)
    return Opened(found, owner(turn, case, found), new=False)


def facts_of(survey: Survey) -> dict[str, object]:
    """What the client found wanting."""
    scores = {str(item): score for item, score in survey.scores.given().items()}
    return {"scores": scores, "comment": survey.comment}


def open_new(turn: Turn, case: Case, survey: Survey) -> Opened:
    """A new one: its owner is told, and, if it is no secret, whoever was rated."""
    rated, secret = in_charge(turn.office, case, survey), survey.scores.confidential
    chosen = owner_of(turn.catalog, rated, involved(case))
    days = turn.catalog.clocks.improvement_days
    found = improvements.open_one(
        turn.tx,
        source=SOURCE,
        owner=chosen.id,
        due=due(turn.now.date(), days, turn.catalog.agency.days).day,
        facts=facts_of(survey),
        at=turn.now,
        case_id=case.id,
        survey_id=survey.id,
        confidential=secret,
    )
    if not secret:
        turn.note(case.id, None, "improvement", "system", number=found.number, owner=chosen.id)
    told = (chosen,) if secret else tuple(dict.fromkeys((chosen, rated)))
    for one in told:
        tell(turn, case, survey, found, one)
    return Opened(found, chosen, new=True)


def tell(turn: Turn, case: Case, survey: Survey, found: Improvement, to: Staff) -> None:
    """The first text about it."""
    values = matter(turn.office, case, survey) | {
        "rated": in_charge(turn.office, case, survey),
        "scores": scores_line(turn.office, survey.scores),
        "comment": survey.comment,
        "improvement": found.number,
        "due": found.due,
        "confidential": found.confidential,
        "mine": to.id == found.owner,
        "owner": owner(turn, case, found),
        "reach": reach_of(case),
    }
    key = f"improvement:{found.number}:{to.id}"
    say = Say("rating/staff_improvement", values)
    turn.push(to_staff(turn.office, key, to, say, turn.now))


def tell_again(turn: Turn, case: Case, survey: Survey, found: Improvement) -> None:
    """The client has changed the rating; of a new doubt about integrity only its owner hears."""
    if survey.scores.confidential and not found.confidential:
        return
    values = {
        "improvement": found.number,
        "number": case.number,
        "scores": scores_line(turn.office, survey.scores),
        "comment": survey.comment,
    }
    say = Say("rating/staff_rated_again", values)
    key = f"improvement:{found.number}:{turn.inbound.key}"
    turn.push(to_staff(turn.office, key, owner(turn, case, found), say, turn.now))


def add_reason(turn: Turn, case: Case, found: Improvement, words: str) -> Staff:
    """What the client answered to "why": kept with the improvement and passed on to its owner."""
    improvements.add_facts(turn.tx, found, {"reason": words})
    to = owner(turn, case, found)
    values = {"improvement": found.number, "number": case.number, "words": words}
    key = f"improvement:{found.number}:{turn.inbound.key}"
    turn.push(to_staff(turn.office, key, to, Say("rating/staff_reason", values), turn.now))
    return to


def owner(turn: Turn, case: Case, found: Improvement) -> Staff:
    """Who sees to it; of one who has left the catalogue, whoever would be chosen now."""
    known = turn.catalog.person
    rated = known.get(case.agent.lower(), turn.catalog.staff[0])
    return known.get(found.owner.lower()) or owner_of(turn.catalog, rated, involved(case))
