"""The answers to what a rating was asked back: is that a 5, which item, what was wrong."""

from collections.abc import Callable, Mapping

from bot.dialogs.intake.draft import Asking
from bot.domain.surveys import Rated, Survey
from bot.handlers.ratings import answers as rating
from bot.handlers.ratings import low_scores
from bot.handlers.ratings.answers import CONFIRM, REASON, WHICH_ITEM
from bot.handlers.registering import dialog
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns.ratings import Manner, Said, keeps_reason, read_named, read_rating
from bot.reading.normalise import normalise
from bot.reading.reading import Intent, Word
from bot.reading.vocabulary import words
from storage import improvements, people, surveys

YES = frozenset({Word.YES, Word.CONFIRM, Word.AGREE})
DECLINES = frozenset({Word.NO, Word.CANCEL, Word.LATER, Word.DISAGREE})
# what these are about is answered by others, unless the words are plainly no question
ELSEWHERE = frozenset({Intent.HUMAN, Intent.PRIVACY, Intent.GREETING})
QUESTIONS = frozenset({Intent.PROGRESS, Intent.FAQ})


def followed(turn: Turn) -> Answer | None:
    """The answer to our own question beside the form; what answers it not, lets the question go."""
    asked = turn.person.aside
    follow = FOLLOWS.get(str(asked.get("asks", "")))
    if follow is None:
        return None
    survey = surveys.lock(turn.tx, int(str(asked["survey"])))
    mine = survey is not None and survey.person_id == turn.person.id
    answer = follow(turn, survey, asked) if survey and mine and is_text(turn) else None
    if answer is None and turn.inbound.kind is not Kind.EVENT:
        people.ask_aside(turn.tx, turn.person.id, None)
    return answer


def is_text(turn: Turn) -> bool:
    """Whether something was typed."""
    return turn.inbound.kind is Kind.TEXT and not turn.inbound.msgmenu_id


def confirmed(turn: Turn, survey: Survey, asked: Mapping[str, object]) -> Answer | None:
    """是, or the same sign once more; or the number that was meant."""
    score = int(str(asked["score"]))
    said = read_rating(turn.inbound.text)
    if said is not None and said.manner in {Manner.PLAIN, Manner.BARE}:
        return rating.take(turn, survey, said)
    same = said is not None and said.scores.get(Rated.OVERALL) == score
    if same or turn.reading.word in YES:
        return rating.take(turn, survey, Said(Manner.PLAIN, {Rated.OVERALL: score}))
    if turn.reading.word in DECLINES:
        people.ask_aside(turn.tx, turn.person.id, None)
        return dialog.aside(turn, Say("rating/not_recorded"))
    return None


# 差评 without a number, once the item is known
MEANT_BY_BAD = 2


def named(turn: Turn, survey: Survey, asked: Mapping[str, object]) -> Answer | None:
    """Which item, with its score; whoever tells what went wrong instead has said enough."""
    said, comment = read_rating(turn.inbound.text), str(asked.get("comment", ""))
    if said is not None and said.scores and said.manner is not Manner.SIGN:
        together = " ".join(filter(None, (comment, said.comment)))
        return rating.take(turn, survey, Said(Manner.PLAIN, said.scores, together))
    items = read_named(turn.inbound.text)
    if items is None and not tells_why(turn):
        return None
    told = (
        comment
        if items and items[1]
        else " ".join(filter(None, (comment, turn.inbound.text.strip())))
    )
    scores = dict.fromkeys(items[0] if items else (Rated.OVERALL,), MEANT_BY_BAD)
    return rating.take(turn, survey, Said(Manner.PLAIN, scores, told))


def explained(turn: Turn, survey: Survey, asked: Mapping[str, object]) -> Answer | None:
    """Why the score is low: kept with the improvement, and its owner is told."""
    found = improvements.by_number(turn.tx, str(asked["improvement"]))
    if found is None or read_rating(turn.inbound.text) is not None:
        return None
    if turn.reading.word in DECLINES or keeps_reason(turn.inbound.text):
        people.ask_aside(turn.tx, turn.person.id, None)
        return dialog.aside(turn, Say("rating/reason_declined", {"due": found.due}))
    if not tells_why(turn):
        return None
    text, case = turn.inbound.text.strip(), rating.case_of(turn, survey)
    people.ask_aside(turn.tx, turn.person.id, None)
    kind = "reason_in_confidence" if found.confidential else "rating_reason"
    turn.note(case.id, None, kind, CLIENT, words=text)
    owner = low_scores.add_reason(turn, case, found, text)
    values = {"improvement": found.number, "owner": owner, "due": found.due}
    says = [Say("rating/reason_noted", values)]
    if rating.complains(turn, text):
        says.append(Say("rating/offer_complaint"))
    return rating.with_more(turn, says, text)


def tells_why(turn: Turn) -> bool:
    """Whether a message can be the reason that was asked for, and nothing else is meant."""
    said, text = turn.reading, normalise(turn.inbound.text)
    if said.word is not None or said.fields or said.materials or said.numbered:
        return False
    if said.intent in ELSEWHERE or (said.intent is Intent.SERVICE and said.sure):
        return False
    if said.intent in QUESTIONS and text.rstrip().endswith(ASKING):
        return False
    draft = dialog.draft_of(turn)
    if draft is not None and not draft.cancelled and draft.asking is not Asking.NOTHING:
        return False
    return len(text) >= 2 and not text.isdigit() and not text.startswith(ORDERS)


# a complaint in due form, an order to us, or a question
ORDERS = words("ratings", "orders")
ASKING = words("ratings", "asking")

Follow = Callable[[Turn, Survey, Mapping[str, object]], Answer | None]
FOLLOWS: Mapping[str, Follow] = {CONFIRM: confirmed, WHICH_ITEM: named, REASON: explained}
