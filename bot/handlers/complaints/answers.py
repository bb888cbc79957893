"""What a client hears about a complaint or an opinion, whatever led to it."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Field
from bot.domain.complaints import (
    REOPEN_DAYS,
    UNDECIDED,
    Voice,
    VoiceKind,
    VoiceState,
    answer_by,
)
from bot.handlers.complaints import book, news
from bot.handlers.registering import dialog
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Say
from bot.reading.concerns import voices
from bot.reading.reading import Intent
from storage import complaints, people

FORM, DECISION, OPINION, GRIEVANCE = "complaint", "decision", "opinion", "grievance"
# kinds that are about something else than the matter just complained about
ELSEWHERE = frozenset(
    {Intent.SERVICE, Intent.PROGRESS, Intent.HUMAN, Intent.FAQ, Intent.PRIVACY, Intent.GREETING}
)


def receipt(turn: Turn, kind: VoiceKind) -> Answer:
    """The number, the owner, what follows and by when; the form is as it was."""
    words = turn.inbound.text.strip()
    earlier = book.same_matter(turn, kind)
    if earlier is not None:
        return related(turn, earlier) or added(turn, earlier, words)
    voice = book.open_voice(turn, kind, words)
    ask(turn, voice)
    values = news.facts_for_texts(turn.office, voice, book.case_number(turn, voice))
    told = Say(f"complaints/receipt_{kind}", values)
    return beside_form(turn, told) or aside(turn, told)


def added(turn: Turn, voice: Voice, words: str) -> Answer:
    """The words under the same number."""
    held = complaints.hold(turn.tx, voice.id) or voice
    changed = book.add_words(turn, held, words)
    ask(turn, changed)
    return say(turn, "complaints/added", changed)


def related(turn: Turn, voice: Voice) -> Answer | None:
    """ "It is not about that one": another case, or none."""
    case = book.named_case(turn)
    moved = case is not None and case.id != voice.case_id
    denied = voice.case_id is not None and voices.says("other_matter", turn.reading.text)
    if not moved and not denied:
        return None
    held = complaints.hold(turn.tx, voice.id) or voice
    changed = book.relate(turn, held, case if moved else None)
    return say(turn, "complaints/related", changed)


def reopened(turn: Turn, voice: Voice) -> Answer | None:
    """The decision is not accepted: a manager looks at it anew, within thirty days."""
    if voice.since < turn.now - timedelta(days=REOPEN_DAYS) or voice.state in UNDECIDED:
        return None
    held = complaints.hold(turn.tx, voice.id) or voice
    overseers = news.overseers(turn.catalog, held)
    owner = overseers[0].id if overseers else held.owner
    again = replace(held, state=VoiceState.REOPENED, since=turn.now, closed_at=None, owner=owner)
    times = news.times_of(turn.catalog, news.owner_of(turn.catalog, again))
    again = replace(again, due=answer_by(turn.now, times))
    facts = again.facts
    words = (*facts.words, (turn.now.isoformat(), turn.inbound.text))
    again = book.step(turn, replace(again, facts=replace(facts, words=words)), CLIENT, "")
    again = book.keep(turn, again, "complaints/reopened_to_owner", turn.inbound.text)
    ask(turn, again)
    return say(turn, "complaints/reopened", again)


def accepted(turn: Turn, voice: Voice) -> Answer:
    """The decision is accepted, and with that the matter is closed."""
    held = complaints.hold(turn.tx, voice.id) or voice
    closed = replace(
        held, state=VoiceState.CLOSED, since=turn.now, closed_at=turn.now, next_at=None
    )
    book.keep(turn, book.step(turn, closed, CLIENT, turn.inbound.text), "complaints/accepted", "")
    people.ask_aside(turn.tx, turn.person.id, None)
    return say(turn, "complaints/closed", closed)


def beside_form(turn: Turn, told: Say) -> Answer | None:
    """What was also answered goes into the open form, as if it had come alone."""
    if not carries_answers(turn) or not is_open(turn):
        return None
    said = turn.reading
    fields = {key: text for key, text in said.fields.items() if not is_grievance(text)}
    materials = {key: text for key, text in said.materials.items() if not is_grievance(text)}
    left = replace(said, intent=None, fields=fields, materials=materials)
    rest = dialog.intake(replace(turn, reading=left))
    return rest and replace(rest, says=(told, *rest.says))


def is_grievance(text: str) -> bool:
    """Whether what was taken for an answer is part of the complaint."""
    return voices.says("complaint_surely", text) or voices.says("complaint_explicit", text)


def carries_answers(turn: Turn) -> bool:
    """Whether the message also holds answers to a form."""
    said = turn.reading
    return bool(set(Field) & said.fields.keys() or said.numbered or said.materials)


def ask(turn: Turn, voice: Voice) -> None:
    """The next message may go on with it, or name a telephone."""
    wants = not voice.facts.phone and not voice.facts.anonymous
    question = {"asks": FORM, "number": voice.number, "phone": wants}
    people.ask_aside(turn.tx, turn.person.id, question)


def say(turn: Turn, key: str, voice: Voice) -> Answer:
    """A text about it, and the form as it was."""
    number = book.case_number(turn, voice)
    return aside(turn, Say(key, news.facts_for_texts(turn.office, voice, number)))


def stands(turn: Turn, voice: Voice) -> Say:
    """State, owner, next date, and the decision once there is one."""
    number = book.case_number(turn, voice)
    return Say("complaints/status", news.facts_for_texts(turn.office, voice, number))
