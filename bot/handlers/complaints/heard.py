"""投诉 and 意见: heard in any state, acknowledged at once, asked about at any time."""

from dataclasses import replace

from bot.domain.complaints import (
    UNDECIDED,
    Voice,
    VoiceKind,
    VoiceState,
)
from bot.handlers.complaints import book, news
from bot.handlers.complaints.answers import (
    ELSEWHERE,
    GRIEVANCE,
    OPINION,
    accepted,
    added,
    ask,
    carries_answers,
    receipt,
    reopened,
    say,
    stands,
)
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.turn import CLIENT, Answer, Handler, Turn
from bot.messages import Kind, Say
from bot.reading.concerns import voices
from bot.reading.reading import Intent, Word
from storage import complaints, people

# what is longer and no complaint is a block of answers
LONGEST = 400


def heard(turn: Turn) -> Answer | None:
    """A complaint, an opinion, or a question about one, out of the blue."""
    said = turn.reading
    if turn.inbound.kind is not Kind.TEXT or said.intent is Intent.PRIVACY:
        return None
    if explicit(turn):
        return receipt(turn, VoiceKind.COMPLAINT)
    if said.intent is Intent.SERVICE:
        return None
    about_other = carries_answers(turn) or len(said.text) > LONGEST
    if about_other and said.intent is not Intent.COMPLAINT:
        return None
    for answer in VOICES:
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
        nothing = Say("complaints/not_found", {"agency": turn.catalog.agency})
        return aside(turn, nothing) if len(turn.reading.text) <= voices.SHORT else None
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


def refused(turn: Turn) -> Answer | None:
    """不接受 out of the blue, where something was decided in the last thirty days."""
    said = turn.reading
    if voices.behind("refuses", said.text) is None:
        return None
    if is_open(turn) and said.word in {Word.DISAGREE, Word.NO}:
        return None
    voice = newest(turn, frozenset({VoiceState.DECIDED, VoiceState.CLOSED}))
    return None if voice is None or not voice.decision else reopened(turn, voice)


def accepts(turn: Turn) -> Answer | None:
    """接受 out of the blue, where a decision still waits for a word."""
    if not voices.says("accepts_surely", turn.reading.text):
        return None
    voice = newest(turn, frozenset({VoiceState.DECIDED}))
    return None if voice is None else accepted(turn, voice)


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
    if not opinion and voices.bare_report(said.text):
        people.ask_aside(turn.tx, turn.person.id, {"asks": GRIEVANCE})
        return aside(turn, Say("complaints/which_matter", {"agency": turn.catalog.agency}))
    if not opinion:
        return receipt(turn, VoiceKind.COMPLAINT)
    if voices.bare_opinion(said.text):
        people.ask_aside(turn.tx, turn.person.id, {"asks": OPINION})
        return aside(turn, Say("complaints/which_opinion", {"agency": turn.catalog.agency}))
    return receipt(turn, VoiceKind.OPINION)


def explicit(turn: Turn) -> bool:
    """Whether it is said in so many words, be it in the middle of a block of answers."""
    said = turn.reading
    if said.intent is Intent.FAQ or voices.voice_number(said.text):
        return False
    return voices.says("complaint_explicit", said.text)


def praised(turn: Turn) -> Answer | None:
    """Praise is thanked for, and those it is for hear of it."""
    said = turn.reading
    if said.intent in ELSEWHERE or said.word is not None or not voices.is_praise(said.text):
        return None
    named = voices.named_staff(said.text, turn.catalog.staff)
    told = named or (news.owner_for(turn.catalog, (), turn.now),)
    words = Say("complaints/praise_to_staff", {"words": turn.inbound.text[:400]})
    turn.push(
        *(
            news.to_owner(turn.office, one, f"praise:{turn.inbound.key}:{one.id}", words, turn.now)
            for one in told
        )
    )
    return aside(turn, Say("complaints/praise", {"staff": named}))


VOICES: tuple[Handler, ...] = (
    by_number,
    rules,
    withdrawn,
    status,
    refused,
    accepts,
    more,
    insulted,
    new,
    praised,
)


def outright(turn: Turn) -> bool:
    """Whether it is said in words that no answer to a form holds."""
    text = turn.reading.text
    return any(voices.says(key, text) for key in ("complaint_surely", "integrity", "opinion"))
