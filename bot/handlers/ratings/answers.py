"""The client's answer to an invitation to rate: tapped, typed, changed, explained."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.cases import Case
from bot.domain.surveys import Rated, Scores, Survey, SurveyState, closing
from bot.handlers.progress import afterwards
from bot.handlers.ratings import low_scores
from bot.handlers.ratings.choice import chosen, form_waits, pending
from bot.handlers.ratings.closing import close_served
from bot.handlers.ratings.low_scores import Opened
from bot.handlers.ratings.news import OPTION, level_name, pushes_of, scores_line
from bot.handlers.registering import dialog
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns import voices
from bot.reading.concerns.ratings import LONGEST, Manner, Said, read_rating
from bot.reading.reading import Intent
from bot.reading.staff.commands import NUMBER
from storage import cases, outbox, people, surveys

CONFIRM, WHICH_ITEM, REASON = "rating_confirm", "rating_item", "rating_reason"


def tapped(turn: Turn) -> Answer | None:
    """An option of an invitation, however old: it answers for its own case."""
    found = OPTION.fullmatch(turn.inbound.msgmenu_id)
    if found is None:
        return None
    survey = surveys.lock(turn.tx, int(found[1]))
    if survey is None or survey.person_id != turn.person.id:
        return None
    return take(turn, survey, Said(Manner.PLAIN, {Rated.OVERALL: int(found[2])}))


def answered(turn: Turn) -> Answer | None:
    """A typed rating, where one is asked for and no form waits for just such an answer."""
    if turn.inbound.kind is not Kind.TEXT:
        return None
    text, number = apart(turn.inbound.text)
    said = read_rating(text)
    if said is None or form_waits(turn, said):
        return None
    survey = chosen(turn, said, number)
    return None if survey is None else by_manner(turn, survey, said)


def apart(text: str) -> tuple[str, str]:
    """A rating that names its case: the words without the number, and the number."""
    found = NUMBER.search(text) if len(text) <= LONGEST else None
    if found is None:
        return text, ""
    words = f"{text[: found.start()]} {text[found.end() :]}".replace(*BRACKETS)
    return words, found.group(0).upper()


BRACKETS = ("\u3010 \u3011", " ")


def by_manner(turn: Turn, survey: Survey, said: Said) -> Answer:
    """What is clear is taken, what is not is asked about."""
    if not survey.open(turn.now):
        return closed(turn, survey)
    if said.manner is Manner.UNCLEAR:
        return dialog.aside(turn, Say("rating/unclear", {"number": case_of(turn, survey).number}))
    if said.manner is Manner.BAD:
        ask(turn, WHICH_ITEM, survey=survey.id, comment=said.comment)
        return dialog.aside(turn, Say("rating/which_item"))
    if said.manner is Manner.SIGN:
        score = said.scores[Rated.OVERALL]
        ask(turn, CONFIRM, survey=survey.id, score=score)
        values = {"score": score, "level": level_name(turn.office, score)}
        return dialog.aside(turn, Say("rating/confirm", values))
    return take(turn, survey, said)


def ask(turn: Turn, asks: str, **values: object) -> None:
    """One question beside the form, for the next message."""
    people.ask_aside(turn.tx, turn.person.id, {"asks": asks, **values})


def take(turn: Turn, survey: Survey, said: Said) -> Answer:
    """Writes the rating down; thanks, and, where a score is low, what follows from it."""
    if not survey.open(turn.now):
        return closed(turn, survey)
    case, again = case_of(turn, survey), survey.rated
    rated = replace(
        survey,
        state=SurveyState.RATED,
        reason=None,
        scores=merged(survey, said),
        comment=said.comment or (survey.comment if Rated.OVERALL not in said.scores else ""),
        rated_at=turn.now,
        closes_at=survey.closes_at if again else window(turn),
        next_at=None,
    )
    surveys.save(turn.tx, rated)
    # what waits to ask for it is not to ride on the thanks
    outbox.withdraw(turn.tx, pushes_of(survey), "rated")
    note(turn, case, rated)
    close_served(turn.tx, case, turn.now, "rated")
    opened = low_scores.improve(turn, case, rated)
    asks = opened is not None and opened.new and not said.comment
    if opened is not None and asks:
        ask(turn, REASON, survey=survey.id, improvement=opened.found.number)
    elif turn.person.aside.get("asks") in {CONFIRM, WHICH_ITEM, REASON}:
        people.ask_aside(turn.tx, turn.person.id, None)
    says = [thanks(turn, case, rated, opened, again=again, asks=asks)]
    if complains(turn, said.comment):
        says.append(Say("rating/offer_complaint"))
    return with_more(turn, says, said.comment)


def merged(survey: Survey, said: Said) -> Scores:
    """A new rating replaces the old one; single items alone put just those right."""
    if survey.rated and Rated.OVERALL not in said.scores:
        return Scores.of({**survey.scores.given(), **said.scores})
    return Scores.of(said.scores)


def window(turn: Turn) -> datetime:
    """Until when a rating can be changed."""
    clocks, days = turn.catalog.clocks, turn.catalog.agency.days
    return closing(turn.now, clocks.survey_open_days, days)


def note(turn: Turn, case: Case, survey: Survey) -> None:
    """The timeline keeps every rating; a doubt about integrity under a kind of its own."""
    scores = {str(item): score for item, score in survey.scores.given().items()}
    if survey.scores.confidential:
        turn.note(case.id, None, "rated", CLIENT)
        kind = "rated_in_confidence"
    else:
        kind = "rated"
    turn.note(case.id, None, kind, CLIENT, scores=scores, comment=survey.comment)


def thanks(
    turn: Turn, case: Case, survey: Survey, opened: Opened | None, *, again: bool, asks: bool
) -> Say:
    """What the client reads; the supervision phone always (clause 9.1.1)."""
    values: dict[str, object] = {
        "number": case.number,
        "again": again,
        "scores": scores_line(turn.office, survey.scores),
        "comment": survey.comment,
        "agency": turn.catalog.agency,
    }
    if opened is None:
        return Say("rating/thanks", values | {"next_number": next_number(turn, survey)})
    found = opened.found
    values |= {"owner": opened.owner, "due": found.due, "improvement": found.number, "asks": asks}
    return Say("rating/thanks_low", values | {"confidential": found.confidential})


def next_number(turn: Turn, survey: Survey) -> str:
    """The number of another case whose rating is asked for, if there is one."""
    left = [one for one in pending(turn) if one.id != survey.id]
    return case_of(turn, left[0]).number if left else ""


def with_more(turn: Turn, says: Sequence[Say], comment: str) -> Answer:
    """A score may come with a new wish, or with the word that nothing is solved: both count."""
    said, more = turn.reading, None
    if said.intent is Intent.SERVICE and said.sure:
        more = dialog.intake(turn)
    elif comment:
        more = afterwards.unsolved(turn)
    if more is None:
        return dialog.aside(turn, *says)
    return Answer((*says, *more.says), more.progress)


def complains(turn: Turn, words: str) -> bool:
    """Whether the words behind a score are a grievance."""
    if not words:
        return False
    intent = turn.office.reader.read(words).intent
    return intent is Intent.COMPLAINT or any(voices.says(one, words) for one in GRIEVANCES)


GRIEVANCES = ("grievance", "integrity")


def closed(turn: Turn, survey: Survey) -> Answer:
    """Too late to count; other ways to be heard."""
    values = {
        "number": case_of(turn, survey).number,
        "closed": (survey.closes_at or turn.now) - timedelta(seconds=1),
        "agency": turn.catalog.agency,
    }
    return dialog.aside(turn, Say("rating/closed", values))


def case_of(turn: Turn, survey: Survey) -> Case:
    """The case of a survey, which is there as long as the survey is."""
    case = cases.by_id(turn.tx, survey.case_id)
    if case is None:
        raise LookupError(f"survey {survey.id} has no case")
    return case
