"""Opening, adding to and relating a complaint or an opinion, inside a client's turn."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.cases import OPEN, Case, Field
from bot.domain.complaints import (
    PREFIX,
    SAME_MATTER,
    UNDECIDED,
    Facts,
    Voice,
    VoiceKind,
    VoiceState,
    answer_by,
    next_look,
)
from bot.handlers.complaints import news
from bot.handlers.registering.dialog import draft_of
from bot.handlers.turn import CLIENT, Turn
from bot.messages import Say
from bot.reading.concerns import voices
from storage import cases, complaints

MOST = 5


def same_matter(turn: Turn, kind: VoiceKind) -> Voice | None:
    """The one that more words belong to: undecided, said a short while ago; no two opinions."""
    if kind is VoiceKind.OPINION:
        return None
    since = turn.now - SAME_MATTER
    number = named_case(turn)
    for one in complaints.of_person(turn.tx, turn.person.id, MOST):
        fresh = one.state in UNDECIDED and last_words(one) >= since.isoformat()
        if one.kind is kind and fresh and (number is None or one.case_id in {None, number.id}):
            return complaints.hold(turn.tx, one.id)
    return None


def last_words(voice: Voice) -> str:
    """When the client said something of it last."""
    return voice.facts.words[-1][0] if voice.facts.words else voice.received_at.isoformat()


def open_voice(turn: Turn, kind: VoiceKind, words: str) -> Voice:
    """A new number, its owner, and the owner's notice; all in this turn."""
    case = named_case(turn) or likely_case(turn, kind)
    confidential = kind is VoiceKind.COMPLAINT and voices.says("integrity", words)
    about = accused(turn, words, case) if kind is VoiceKind.COMPLAINT else ()
    owner = news.owner_for(turn.catalog, about, turn.now)
    times = news.times_of(turn.catalog, owner)
    facts = known(turn, case, Facts(((turn.now.isoformat(), words),)))
    voice = Voice(
        id=0,
        number=cases.next_number(turn.tx, PREFIX[kind], turn.now.date()),
        kind=kind,
        person_id=turn.person.id,
        # what is said without a name is not to be traced through the case
        case_id=case.id if case and not facts.anonymous else None,
        owner=owner.id,
        about=about,
        confidential=confidential,
        state=VoiceState.RECEIVED,
        facts=facts,
        decision="",
        received_at=turn.now,
        due=answer_by(turn.now, times),
        since=turn.now,
    )
    voice = complaints.add(turn.tx, replace(voice, next_at=next_look(voice, times, turn.now)))
    if case is not None and not confidential and not facts.anonymous:
        turn.note(case.id, None, str(kind), CLIENT)
    tell_owner(turn, voice, "complaints/to_owner", words)
    return voice


def known(turn: Turn, case: Case | None, facts: Facts) -> Facts:
    """The facts with how the client can be reached, as far as they said; not if unnamed."""
    words = facts.words[-1][1]
    if voices.says("anonymous", words):
        return replace(facts, anonymous=True)
    draft = draft_of(turn)
    fields = {str(key): text for key, text in draft.fields.items()} if draft else {}
    if case is None and not fields.get(Field.PHONE):
        # what is about no case comes from a person known from one
        case = next(iter(cases.of_person(turn.tx, turn.person.id, 1)), None)
    fields |= {str(key): value for key, value in case.record.fields.items()} if case else {}
    fields |= turn.reading.fields
    phone, contact = fields.get(Field.PHONE, ""), fields.get(Field.CONTACT, "")
    return replace(facts, phone=phone, contact=contact)


def named_case(turn: Turn) -> Case | None:
    """The client's own case whose number the message gives."""
    for number in voices.case_numbers(turn.inbound.text):
        case = cases.by_number(turn.tx, number)
        if case is not None and case.person_id == turn.person.id:
            return case
    return None


def likely_case(turn: Turn, kind: VoiceKind) -> Case | None:
    """Of what is meant without a number: the newest open case, else one that has just ended."""
    if kind is VoiceKind.OPINION:
        return None
    own = cases.of_person(turn.tx, turn.person.id, MOST)
    still = next((one for one in own if one.state in OPEN), None)
    return still or next(iter(own), None)


def accused(turn: Turn, words: str, case: Case | None) -> tuple[str, ...]:
    """Those it is about: whom the words name, and who is or was in charge of the case."""
    named = [one.id for one in voices.named_staff(words, turn.catalog.staff)]
    in_charge = [need.assignee for need in case.needs] if case else []
    first = [case.agent] if case else []
    return tuple(dict.fromkeys((*named, *in_charge, *first)))


def tell_owner(turn: Turn, voice: Voice, key: str, words: str) -> None:
    """The owner hears of it, at once even by night where it is about safety or integrity."""
    owner = news.owner_of(turn.catalog, voice)
    at_once = voice.confidential or voices.says("safety", words)
    values = news.facts_for_texts(turn.office, voice, case_number(turn, voice))
    say = Say(key, values | {"words": words})
    push_key = f"voice:{turn.inbound.key}:{owner.id}"
    turn.push(news.to_owner(turn.office, owner, push_key, say, turn.now, at_once=at_once))


def case_number(turn: Turn, voice: Voice) -> str:
    """The number of the case it is about."""
    case = cases.by_id(turn.tx, voice.case_id) if voice.case_id is not None else None
    return case.number if case else ""


def add_words(turn: Turn, voice: Voice, words: str, files: Sequence[str] = ()) -> Voice:
    """More of the same matter; what makes it confidential or names somebody counts from now on."""
    facts = voice.facts
    if words:
        facts = replace(facts, words=(*facts.words, (turn.now.isoformat(), words)))
    phone = turn.reading.fields.get(Field.PHONE, "") or facts.phone
    facts = replace(facts, phone=phone, files=(*facts.files, *files))
    confidential = voice.confidential or (
        voice.kind is VoiceKind.COMPLAINT and voices.says("integrity", words)
    )
    named = [one.id for one in voices.named_staff(words, turn.catalog.staff)]
    about = tuple(dict.fromkeys((*voice.about, *named)))
    if voice.kind is VoiceKind.OPINION:
        about = voice.about
    changed = replace(voice, facts=facts, confidential=confidential, about=about)
    return keep(turn, changed, "complaints/more_to_owner", words)


def relate(turn: Turn, voice: Voice, case: Case | None) -> Voice:
    """The same about another case, or about none."""
    words = " ".join(said for _, said in voice.facts.words)
    known = None if case is None or voice.facts.anonymous else case.id
    changed = replace(voice, case_id=known, about=accused(turn, words, case))
    if case is not None and not voice.confidential and not voice.facts.anonymous:
        turn.note(case.id, None, str(voice.kind), CLIENT)
    return keep(turn, changed, "complaints/more_to_owner", turn.inbound.text)


def step(turn: Turn, voice: Voice, by: str, words: str) -> Voice:
    """The same with a line in its own record of what was done."""
    line = (turn.now.isoformat(), by, str(voice.state), words)
    return replace(voice, facts=replace(voice.facts, steps=(*voice.facts.steps, line)))


def keep(turn: Turn, voice: Voice, key: str, words: str) -> Voice:
    """Saves it, with another owner if the present one turns out to be concerned."""
    if voice.owner in voice.about:
        owner = news.owner_for(turn.catalog, voice.about, turn.now)
        voice = replace(voice, owner=owner.id)
        key = "complaints/to_owner"
        words = "\n".join(said for _, said in voice.facts.words)
    times = news.times_of(turn.catalog, news.owner_of(turn.catalog, voice))
    voice = replace(voice, next_at=next_look(voice, times, turn.now))
    complaints.save(turn.tx, voice)
    tell_owner(turn, voice, key, words)
    return voice
