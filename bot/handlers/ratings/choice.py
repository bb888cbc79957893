"""Which invitation a typed rating answers, and when the words answer something else instead."""

from bot.dialogs.intake.draft import Asking
from bot.domain.surveys import Survey, SurveyState
from bot.handlers.registering.dialog import draft_of
from bot.handlers.registering.which import questions
from bot.handlers.turn import Turn
from bot.reading.concerns.ratings import Manner, Said
from bot.reading.reading import Intent
from storage import cases, surveys

# asks for a line of a list, so that a number is its answer
LISTS = frozenset({Asking.ITEM, Asking.WHICH, Asking.CHANGE_WHAT, Asking.ADD_OR_REPLACE})
# beside the form, these ask for a line of a list too
LISTING = frozenset({"withdraw", "unsolved"})
UNMISTAKABLE = frozenset({Manner.PLAIN, Manner.BAD})
CHANGES = UNMISTAKABLE | {Manner.BARE}


def form_waits(turn: Turn, said: Said) -> bool:
    """Whether an open form or another question expects exactly such an answer.

    Asked before anything is looked up: an ordinary answer to a form costs nothing here.
    """
    if said.manner in UNMISTAKABLE:
        return False
    if turn.person.aside.get("asks") in LISTING:
        return True
    reading = turn.reading
    if reading.fields or reading.materials or (reading.intent is Intent.SERVICE and reading.sure):
        return True
    if questions(turn.person.progress):
        # a number that picks something has been taken before
        return said.manner is not Manner.BARE
    draft = draft_of(turn)
    if draft is None or draft.cancelled:
        return False
    # of what else is typed into an open form, only a number that picks nothing is no answer
    return said.manner is not Manner.BARE or draft.asking in LISTS or bool(draft.shown)


def chosen(turn: Turn, said: Said, number: str) -> Survey | None:
    """The survey it is about: of the case that is named, else asked for last, else rated last."""
    own = surveys.of_person(turn.tx, turn.person.id)
    if number and own:
        case = cases.by_number(turn.tx, number)
        own = tuple(one for one in own if case is not None and one.case_id == case.id)
    found = next((one for one in in_turn(turn, own) if fits(turn, one, said)), None)
    return None if found is None else surveys.lock(turn.tx, found.id)


def in_turn(turn: Turn, own: tuple[Survey, ...]) -> tuple[Survey, ...]:
    """Those that are asked for, the newest first; then those that can be changed; then others."""

    def rank(one: Survey) -> tuple[bool, bool, bool, float]:
        latest = one.rated_at or one.invited_at or one.ended_at
        open_now = one.open(turn.now)
        return (not open_now, not one.asked, not one.rated, -latest.timestamp())

    return tuple(sorted(own, key=rank))


def fits(turn: Turn, survey: Survey, said: Said) -> bool:
    """Whether such words can be meant for this survey as it stands."""
    if not survey.open(turn.now):
        # it is over: said only to somebody who surely means it
        about_it = turn.reading.intent in {None, Intent.CHITCHAT}
        return said.manner is Manner.PLAIN and about_it and survey.invited_at is not None
    if survey.asked:
        return True
    if survey.rated:
        return said.manner in CHANGES
    # nobody has asked yet, or nobody could be asked: whoever says it outright is heard
    return said.manner in UNMISTAKABLE


def pending(turn: Turn) -> tuple[Survey, ...]:
    """The surveys of this person that wait for an answer, the newest invitation first."""
    own = surveys.of_person(turn.tx, turn.person.id)
    asked = (one for one in in_turn(turn, own) if one.asked and one.open(turn.now))
    return tuple(one for one in asked if one.state is not SurveyState.RATED)
