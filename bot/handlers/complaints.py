"""投诉 and 意见: heard in any state, acknowledged at once, asked about at any time."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.cases import Field
from bot.domain.complaints import (
    REOPEN_DAYS,
    SAME_MATTER,
    UNDECIDED,
    Voice,
    VoiceKind,
    VoiceState,
    answer_by,
)
from bot.domain.files import FilePurpose
from bot.handlers import complaint_book as book
from bot.handlers import complaint_news as news
from bot.handlers import dialog
from bot.handlers.dialog import aside, is_open
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Kind, Say
from bot.reading import voices
from bot.reading.reading import Intent, Word
from storage import complaints, files, people

FORM, DECISION, OPINION, GRIEVANCE = "complaint", "decision", "opinion", "grievance"
EVIDENCE = frozenset({Kind.IMAGE, Kind.VOICE, Kind.VIDEO})
# kinds that are about something else than the matter just complained about
ELSEWHERE = frozenset(
    {Intent.SERVICE, Intent.PROGRESS, Intent.HUMAN, Intent.FAQ, Intent.PRIVACY, Intent.GREETING}
)
# a continued story is longer than an answer
STORY = 6


def answered(turn: Turn) -> Answer | None:
    """The message after a receipt, a decision, or a question of ours."""
    asks = turn.person.aside.get("asks")
    if asks not in {FORM, DECISION, OPINION, GRIEVANCE} or turn.inbound.kind is Kind.EVENT:
        return None
    if asks in {OPINION, GRIEVANCE}:
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
    if turn.inbound.kind is not Kind.TEXT or said.word is not None or said.intent in ELSEWHERE:
        return None
    if voices.is_abuse(said.text) or len(said.text) < STORY - 2:
        return None
    grieves = said.intent is Intent.COMPLAINT and not voices.is_opinion(said.text)
    kind = VoiceKind.COMPLAINT if grieves or asks == GRIEVANCE else VoiceKind.OPINION
    return receipt(turn, kind)


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
    held = complaints.hold(turn.tx, voice.id) or voice
    closed = replace(
        held, state=VoiceState.CLOSED, since=turn.now, closed_at=turn.now, next_at=None
    )
    book.keep(turn, book.step(turn, closed, CLIENT, turn.inbound.text), "complaints/accepted", "")
    people.ask_aside(turn.tx, turn.person.id, None)
    return say(turn, "complaints/closed", closed)


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
    if more is None and not grieving(turn) and not goes_on(turn):
        return None
    if voices.asks_status(said.text) or voices.says("withdrawn", said.text):
        return None
    return added(turn, voice, more or said.text)


def grieving(turn: Turn) -> bool:
    """Whether it is a complaint and no answer to a form."""
    return turn.reading.intent is Intent.COMPLAINT and not carries_answers(turn)


def goes_on(turn: Turn) -> bool:
    """Whether it reads like more of a story, and nothing else waits for such words."""
    said = turn.reading
    plain = said.word is None and said.intent not in ELSEWHERE and not said.needs
    told = plain and not carries_answers(turn) and len(said.text) >= STORY
    return told and (not is_open(turn) or voices.says("story", said.text))


def carries_answers(turn: Turn) -> bool:
    """Whether the message also holds answers to a form."""
    said = turn.reading
    return bool(set(Field) & said.fields.keys() or said.numbered or said.materials)


def added(turn: Turn, voice: Voice, words: str) -> Answer:
    """The words under the same number."""
    held = complaints.hold(turn.tx, voice.id) or voice
    changed = book.add_words(turn, held, words)
    ask(turn, changed)
    return say(turn, "complaints/added", changed)


def evidence(turn: Turn, voice: Voice) -> Answer:
    """A picture or a recording that belongs to the complaint."""
    media = turn.inbound.media
    keys = []
    if media is not None and media.media_id:
        file = files.expect(
            turn.tx,
            channel=turn.inbound.channel,
            media_id=media.media_id,
            purpose=FilePurpose.COMPLAINT,
            at=turn.now,
            person_id=turn.person.id,
        )
        keys.append(file.key)
    held = complaints.hold(turn.tx, voice.id) or voice
    changed = book.add_words(turn, held, "", keys)
    return say(turn, "complaints/added", changed)


def heard(turn: Turn) -> Answer | None:
    """A complaint, an opinion, or a question about one, out of the blue."""
    said = turn.reading
    if turn.inbound.kind is not Kind.TEXT or said.intent is Intent.PRIVACY:
        return None
    for answer in (by_number, rules, withdrawn, status, refused, more, insulted, new):
        found = answer(turn)
        if found is not None:
            return found
    return None


def by_number(turn: Turn) -> Answer | None:
    """TS… or YJ…: how it stands, for whoever said it and for nobody else."""
    number = voices.voice_number(turn.reading.text)
    if not number:
        return None
    voice = complaints.by_number(turn.tx, number)
    if voice is None or voice.person_id != turn.person.id:
        return aside(turn, Say("complaints/not_found", {"agency": turn.catalog.agency}))
    words = voices.behind("addition", turn.reading.text)
    if words is not None and voice.state in UNDECIDED:
        return added(turn, voice, words)
    return aside(turn, stands(turn, voice))


def rules(turn: Turn) -> Answer | None:
    """How one complains here: a question, and no complaint."""
    said = turn.reading
    if said.intent is not Intent.FAQ or not voices.says("how_to_complain", said.text):
        return None
    clocks = turn.catalog.clocks
    return aside(turn, Say("complaints/rules", {"agency": turn.catalog.agency, "clocks": clocks}))


def withdrawn(turn: Turn) -> Answer | None:
    """The client takes the newest one back."""
    if not voices.says("withdrawn", turn.reading.text):
        return None
    voice = newest(turn, UNDECIDED)
    if voice is None:
        return None
    closed = replace(
        voice, state=VoiceState.CLOSED, since=turn.now, closed_at=turn.now, next_at=None
    )
    closed = book.step(turn, closed, CLIENT, turn.inbound.text)
    book.keep(turn, closed, "complaints/withdrawn_to_owner", "")
    people.ask_aside(turn.tx, turn.person.id, None)
    return say(turn, "complaints/withdrawn", closed)


def status(turn: Turn) -> Answer | None:
    """How the newest ones stand."""
    if not voices.asks_status(turn.reading.text):
        return None
    found = standing(turn)
    voice = newest(turn, UNDECIDED)
    if voice is not None:
        ask(turn, voice)
    return aside(turn, *(found or (Say("complaints/not_found", {"agency": turn.catalog.agency}),)))


def standing(turn: Turn) -> tuple[Say, ...]:
    """How what this person said stands, newest first: three, the undecided ones first."""
    own = complaints.of_person(turn.tx, turn.person.id)
    ordered = sorted(own, key=lambda one: one.state not in UNDECIDED)
    return tuple(stands(turn, one) for one in ordered[:3])


def stands(turn: Turn, voice: Voice) -> Say:
    """State, owner, next date, and the decision once there is one."""
    number = book.case_number(turn, voice)
    return Say("complaints/status", news.facts_for_texts(turn.office, voice, number))


def refused(turn: Turn) -> Answer | None:
    """不接受 out of the blue, where something was decided in the last thirty days."""
    said = turn.reading
    if voices.behind("refuses", said.text) is None:
        return None
    if is_open(turn) and said.word in {Word.DISAGREE, Word.NO}:
        return None
    voice = newest(turn, frozenset({VoiceState.DECIDED, VoiceState.CLOSED}))
    return None if voice is None or not voice.decision else reopened(turn, voice)


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


def more(turn: Turn) -> Answer | None:
    """投诉补充 …: to the newest undecided one; without any it is a complaint of its own."""
    words = voices.behind("addition", turn.reading.text)
    voice = newest(turn, UNDECIDED) if words else None
    return None if voice is None else added(turn, voice, words or "")


def newest(turn: Turn, states: frozenset[VoiceState]) -> Voice | None:
    """The newest of the person's that is in one of these states, held for a change."""
    own = complaints.of_person(turn.tx, turn.person.id)
    found = next((one for one in own if one.state in states), None)
    return found and complaints.hold(turn.tx, found.id)


def insulted(turn: Turn) -> Answer | None:
    """Abuse and nothing else: calm, no argument, and asked what it is about."""
    if carries_answers(turn) or not voices.is_abuse(turn.reading.text):
        return None
    voice = book.same_matter(turn, VoiceKind.COMPLAINT)
    if voice is not None:
        return added(turn, voice, turn.inbound.text)
    people.ask_aside(turn.tx, turn.person.id, {"asks": GRIEVANCE})
    return aside(turn, Say("complaints/calm", {"agency": turn.catalog.agency}))


def new(turn: Turn) -> Answer | None:
    """A new complaint or opinion, if the message is one."""
    said = turn.reading
    opinion = voices.is_opinion(said.text) and said.intent not in ELSEWHERE
    if said.intent is not Intent.COMPLAINT and not opinion:
        return None
    if carries_answers(turn) and is_open(turn) and not outright(turn):
        return None
    if not opinion:
        return receipt(turn, VoiceKind.COMPLAINT)
    if voices.bare_opinion(said.text):
        people.ask_aside(turn.tx, turn.person.id, {"asks": OPINION})
        return aside(turn, Say("complaints/which_opinion", {"agency": turn.catalog.agency}))
    return receipt(turn, VoiceKind.OPINION)


def outright(turn: Turn) -> bool:
    """Whether it is said in words that no answer to a form holds."""
    text = turn.reading.text
    return any(voices.says(key, text) for key in ("complaint_surely", "integrity", "opinion"))


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


def ask(turn: Turn, voice: Voice) -> None:
    """The next message may go on with it, or name a telephone."""
    wants = not voice.facts.phone and not voice.facts.anonymous
    question = {"asks": FORM, "number": voice.number, "phone": wants}
    people.ask_aside(turn.tx, turn.person.id, question)


def beside_form(turn: Turn, told: Say) -> Answer | None:
    """What was also answered goes into the open form, as if it had come alone."""
    if not carries_answers(turn) or not is_open(turn):
        return None
    rest = dialog.intake(replace(turn, reading=replace(turn.reading, intent=None)))
    return rest and replace(rest, says=(told, *rest.says))


def say(turn: Turn, key: str, voice: Voice) -> Answer:
    """A text about it, and the form as it was."""
    number = book.case_number(turn, voice)
    return aside(turn, Say(key, news.facts_for_texts(turn.office, voice, number)))
