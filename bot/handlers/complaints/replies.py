"""The message after a receipt, a decision or a question of ours about a complaint."""

from dataclasses import replace

from bot.domain.complaints import (
    SAME_MATTER,
    UNDECIDED,
    Voice,
    VoiceKind,
    VoiceState,
)
from bot.domain.files import FilePurpose
from bot.handlers.complaints import book, news
from bot.handlers.complaints.answers import (
    DECISION,
    ELSEWHERE,
    FORM,
    GRIEVANCE,
    OPINION,
    accepted,
    added,
    beside_form,
    carries_answers,
    receipt,
    related,
    reopened,
    say,
)
from bot.handlers.files.photos import expect
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.registering.which import answers_form
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns import voices
from bot.reading.reading import Intent, Reading
from storage import complaints, people

EVIDENCE = frozenset({Kind.IMAGE, Kind.VOICE, Kind.VIDEO})
# a continued story is longer than an answer
STORY = 6
REASON = 4


def answered(turn: Turn) -> Answer | None:
    """The message after a receipt, a decision, or a question of ours."""
    asks = turn.person.aside.get("asks")
    if asks not in {FORM, DECISION, OPINION, GRIEVANCE} or turn.inbound.kind is Kind.EVENT:
        return None
    if turn.inbound.kind is Kind.TEXT and answers_form(turn):
        # the form's question stood first, and this is its answer
        found = None
    elif asks in {OPINION, GRIEVANCE}:
        found = told_at_last(turn, str(asks))
    else:
        voice = complaints.by_number(turn.tx, str(turn.person.aside.get("number")))
        found = None if voice is None else about_voice(turn, voice, str(asks))
    if found is None:
        people.ask_aside(turn.tx, turn.person.id, None)
    return found


def told_at_last(turn: Turn, asks: str) -> Answer | None:
    """The opinion or the grievance that was announced by the message before."""
    said = turn.reading
    if turn.inbound.kind is not Kind.TEXT or said.word is not None or is_another(said):
        return None
    if voices.is_abuse(said.text) or len(said.text) < STORY - 2:
        return None
    opinion = voices.is_opinion(said.text)
    if is_open(turn) and carries_answers(turn) and not (said.intent is Intent.COMPLAINT or opinion):
        # the form's own answer came first after all
        return None
    grieves = said.intent is Intent.COMPLAINT and not opinion
    kind = VoiceKind.COMPLAINT if grieves or asks == GRIEVANCE else VoiceKind.OPINION
    return receipt(turn, kind)


def is_another(said: Reading) -> bool:
    """Whether it is a matter of its own after all; what was announced may name places and times."""
    if said.intent is Intent.FAQ:
        return voices.says("question", said.text)
    if said.intent is Intent.SERVICE:
        return said.sure
    return said.intent in ELSEWHERE


def about_voice(turn: Turn, voice: Voice, asks: str) -> Answer | None:
    """What the message does to the complaint it may be about."""
    if turn.inbound.kind is Kind.TEXT and asks == DECISION:
        return on_decision(turn, voice)
    if voice.state not in UNDECIDED:
        return None
    if turn.inbound.kind in EVIDENCE:
        announced = voices.says("evidence", voice.facts.words[-1][1])
        return evidence(turn, voice) if announced or not is_open(turn) else None
    if turn.inbound.kind is not Kind.TEXT:
        return None
    return (
        unnamed(turn, voice)
        or related(turn, voice)
        or reached(turn, voice)
        or continued(turn, voice)
    )


def on_decision(turn: Turn, voice: Voice) -> Answer | None:
    """接受 closes it, 不接受 opens it again; anything else is about something else."""
    text = turn.reading.text
    if voices.behind("refuses", text) is not None:
        return reopened(turn, voice)
    if not voices.says("accepts", text) or voice.state is not VoiceState.DECIDED:
        return None
    return accepted(turn, voice)


def unnamed(turn: Turn, voice: Voice) -> Answer | None:
    """匿名: the owner gets neither name nor number nor case."""
    text = turn.reading.text
    wishes = voices.says("anonymous", text) and len(text) <= voices.SHORT
    if not wishes or voices.says("not_anonymous", text):
        return None
    held = complaints.hold(turn.tx, voice.id) or voice
    facts = replace(held.facts, anonymous=True, phone="", contact="")
    # the case would name them
    changed = replace(held, facts=facts, case_id=None)
    complaints.save(turn.tx, changed)
    return say(turn, "complaints/unnamed", changed)


def reached(turn: Turn, voice: Voice) -> Answer | None:
    """The telephone that the receipt asked for; a form that lacks it gets it too."""
    said = turn.reading
    phone = said.fields.get("phone")
    asked = bool(turn.person.aside.get("phone")) and not voice.facts.phone
    if not asked or not phone or said.intent is Intent.COMPLAINT or len(said.text) > voices.SHORT:
        return None
    held = complaints.hold(turn.tx, voice.id) or voice
    contact = said.fields.get("contact", held.facts.contact)
    facts = replace(held.facts, phone=phone, contact=contact, anonymous=False)
    changed = replace(held, facts=facts)
    complaints.save(turn.tx, changed)
    book.tell_owner(turn, changed, "complaints/reach_to_owner", "")
    told = Say("complaints/reached", news.facts_for_texts(turn.office, changed))
    return beside_form(turn, told) or aside(turn, told)


def continued(turn: Turn, voice: Voice) -> Answer | None:
    """More of the same: said so, angry again, or a story that no form waits for."""
    said = turn.reading
    more = voices.behind("addition", said.text)
    stale = book.last_words(voice) < (turn.now - SAME_MATTER).isoformat()
    another = stale or voices.is_opinion(said.text)
    if more is None and (another or (voice.kind is VoiceKind.OPINION and grieving(turn))):
        return None
    if more is None and not grieving(turn) and not goes_on(turn, voice):
        return None
    if voices.asks_status(said.text) or voices.says("withdrawn", said.text):
        return None
    return added(turn, voice, more or said.text)


def grieving(turn: Turn) -> bool:
    """Whether it is a complaint and no answer to a form."""
    return turn.reading.intent is Intent.COMPLAINT and not carries_answers(turn)


def goes_on(turn: Turn, voice: Voice) -> bool:
    """Whether it reads like more of a story, and nothing else waits for such words."""
    said = turn.reading
    # who does not accept a decision has just been asked why
    least = REASON if voice.state is VoiceState.REOPENED else STORY
    story = voices.says("story", said.text)
    # the trade's own words occur in stories too; a need of one's own is said otherwise
    need = said.intent is Intent.SERVICE and (not story or voices.says("order", said.text))
    elsewhere = said.intent in ELSEWHERE and said.intent is not Intent.SERVICE
    plain = said.word is None and not elsewhere and not need
    if plain and voices.named_staff(said.text, turn.catalog.staff):
        return True
    told = plain and not carries_answers(turn) and len(said.text) >= least
    return told and (story or not is_open(turn))


def evidence(turn: Turn, voice: Voice) -> Answer:
    """A picture or a recording that belongs to the complaint."""
    media = turn.inbound.media
    sent = media is not None and media.media_id
    keys = [expect(turn, FilePurpose.COMPLAINT)] if sent else []
    held = complaints.hold(turn.tx, voice.id) or voice
    changed = book.add_words(turn, held, "", keys)
    return say(turn, "complaints/added", changed)
