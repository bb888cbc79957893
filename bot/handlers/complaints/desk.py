"""The staff side of complaints and opinions: list, 查看, 受理, 调查中, 答复, 关闭, 转派."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.catalog import Staff
from bot.domain.complaints import (
    MOVES,
    PREFIX,
    UNDECIDED,
    Voice,
    VoiceState,
    next_look,
)
from bot.handlers.complaints import news
from bot.handlers.complaints.answers import DECISION
from bot.handlers.complaints.book import case_number, step
from bot.handlers.desk.needs import ends_with
from bot.handlers.turn import Answer, Turn
from bot.handlers.ways import way_of
from bot.messages import Kind, Say
from bot.reading.reading import Word
from bot.reading.staff.commands import SEPARATORS, Command, says_nothing
from bot.reading.vocabulary import keys, words
from bot.wechat.limits import Way
from storage import complaints, people

FORM = "voice"
SHOW, TRANSFER = "show", "transfer"
NOTHING: Mapping[str, object] = {}
# the commands about needs, and what they mean with the number of a complaint
MEANT: Mapping[str, str] = {
    "show": SHOW,
    "take": VoiceState.ACKNOWLEDGED,
    "accept": VoiceState.ACKNOWLEDGED,
    "start": VoiceState.INVESTIGATING,
    "step": VoiceState.INVESTIGATING,
    "reply": VoiceState.INVESTIGATING,
    "answer": VoiceState.DECIDED,
    "finish": VoiceState.CLOSED,
    "transfer": TRANSFER,
    "pass_on": TRANSFER,
}
DEEDS = {word: key for key in keys("voice_deeds") for word in words("voice_deeds", key)}


@dataclass(frozen=True)
class Order:
    """What a staff member wants done with which one, and in which words."""

    voice: Voice
    deed: str
    words: str


def typed(turn: Turn) -> Answer | None:
    """A command about a complaint or an opinion, or the words one waits for."""
    staff, command = turn.staff, turn.command
    if staff is None or turn.inbound.kind is not Kind.TEXT:
        return None
    if command is None:
        waits = turn.person.progress.get("form") == FORM
        return finish(turn, staff) if waits else None
    ours = command.number.startswith(tuple(f"{one}2" for one in PREFIX.values()))
    if command.verb == "voices":
        return by_number(turn, staff, command)
    if not ours:
        return None
    deed = MEANT.get(command.verb)
    return by_deed(turn, staff, command, deed) if deed else Answer((Say("complaints/how"),))


def by_number(turn: Turn, staff: Staff, command: Command) -> Answer:
    """投诉: one's own list; with a number behind it what is to be done stands after that."""
    if not command.number and not command.words:
        return Answer((list_of(turn, staff),))
    first = next((one for one in sorted(DEEDS, key=len) if command.words.startswith(one)), "")
    longest = max((one for one in DEEDS if command.words.startswith(one)), key=len, default=first)
    said = command.words[len(longest) :].strip(SEPARATORS)
    deed = DEEDS.get(longest, SHOW)
    return by_deed(turn, staff, replace(command, words=said if longest else command.words), deed)


def by_deed(turn: Turn, staff: Staff, command: Command, deed: str) -> Answer:
    """The one that is meant, and what is done with it."""
    voice = find(turn, staff, command.number)
    if voice is None:
        return Answer((Say("complaints/which", {"numbers": numbers(turn, staff)}),))
    if deed == SHOW:
        return Answer((details(turn, voice),))
    if deed == TRANSFER:
        return Answer((hand_on(turn, staff, voice, command.words),))
    return carry_out(turn, staff, Order(voice, deed, command.words))


def find(turn: Turn, staff: Staff, number: str) -> Voice | None:
    """The one with that number, or its end among one's own; None also of what one may not see."""
    if "-" in number:
        voice = complaints.by_number(turn.tx, number)
        return voice if voice is not None and news.may_see(staff, voice) else None
    own = [one for one in mine(turn, staff) if ends_with(one.number, number)]
    return own[0] if len(own) == 1 else None


def mine(turn: Turn, staff: Staff) -> list[Voice]:
    """What this staff member has in hand."""
    return [one for one in complaints.of_owner(turn.tx, staff.id) if news.may_see(staff, one)]


def numbers(turn: Turn, staff: Staff) -> list[str]:
    """The numbers of one's own."""
    return [one.number for one in mine(turn, staff)]


def list_of(turn: Turn, staff: Staff) -> Say:
    """投诉: one's own, oldest first, until they are closed."""
    rows = [news.facts_for_texts(turn.office, one) for one in mine(turn, staff)]
    return Say("complaints/list", {"rows": rows})


def details(turn: Turn, voice: Voice) -> Say:
    """查看: everything, for those who may see it; of an unnamed client nothing that names them."""
    facts = voice.facts
    number = "" if facts.anonymous else case_number(turn, voice)
    values = news.facts_for_texts(turn.office, voice, number)
    links = [turn.office.links.file(key) for key in facts.files]
    return Say("complaints/details", values | {"links": [one for one in links if one]})


def finish(turn: Turn, staff: Staff) -> Answer:
    """The words an order waited for."""
    progress = turn.person.progress
    voice = complaints.by_number(turn.tx, str(progress.get("number")))
    if turn.reading.word in {Word.CANCEL, Word.BACK} or voice is None:
        return Answer((Say("staff/dropped"),), NOTHING)
    if not news.may_see(staff, voice):
        return Answer((Say("complaints/which", {"numbers": numbers(turn, staff)}),), NOTHING)
    if says_nothing(turn.inbound.text):
        # a nod is no decision, and could not be taken back
        return Answer((Say("complaints/need_words", {"voice": voice}),))
    order = Order(voice, str(progress.get("deed")), turn.inbound.text.strip())
    return carry_out(turn, staff, order)


def carry_out(turn: Turn, staff: Staff, order: Order) -> Answer:
    """The move, if it is legal and complete; the client is told."""
    state = VoiceState(order.deed)
    if not may_become(order.voice, state):
        values = news.facts_for_texts(turn.office, order.voice)
        return Answer((Say("complaints/illegal", values),), NOTHING)
    if state is VoiceState.DECIDED and not order.words:
        waiting = {"form": FORM, "number": order.voice.number, "deed": order.deed}
        return Answer((Say("complaints/need_words", {"voice": order.voice}),), waiting)
    if state is VoiceState.DECIDED:
        # the client's row before the complaint's, as in the client's own turns
        asks = {"asks": DECISION, "number": order.voice.number}
        people.ask_aside(turn.tx, order.voice.person_id, asks)
    held = complaints.hold(turn.tx, order.voice.id) or order.voice
    if not may_become(held, state):
        values = news.facts_for_texts(turn.office, held)
        return Answer((Say("complaints/illegal", values),), NOTHING)
    moved = become(turn, staff, held, state, order.words)
    way = tell_client(turn, moved, order.words)
    values = news.facts_for_texts(turn.office, moved)
    return Answer((Say("complaints/done", values | {"way": way}),), NOTHING)


def may_become(voice: Voice, state: VoiceState) -> bool:
    """Whether staff may move it there: nothing is closed that was not answered."""
    if state is VoiceState.CLOSED and voice.state is not VoiceState.DECIDED:
        return False
    return state in MOVES[voice.state]


def become(turn: Turn, staff: Staff, voice: Voice, state: VoiceState, said: str) -> Voice:
    """The same in its new state, stored."""
    closed = turn.now if state is VoiceState.CLOSED else None
    decision = said if state is VoiceState.DECIDED else voice.decision
    moved = replace(voice, state=state, since=turn.now, closed_at=closed, decision=decision)
    moved = step(turn, moved, staff.id, said)
    times = news.times_of(turn.catalog, news.owner_of(turn.catalog, moved))
    moved = replace(moved, next_at=next_look(moved, times, turn.now))
    complaints.save(turn.tx, moved)
    return moved


def tell_client(turn: Turn, voice: Voice, said: str) -> Way:
    """The client hears of every step; the way that takes, as far as our own count knows."""
    client = people.by_id(turn.tx, voice.person_id)
    if client is None:
        return Way.HOLD
    values = news.facts_for_texts(turn.office, voice) | {"words": said}
    say = Say(f"complaints/client_{voice.state}", values)
    key = f"voice_state:{turn.inbound.key}"
    told = news.to_client(turn.office, client, voice, key, say, turn.now)
    turn.push(*told)
    trial = replace(told[0], urgent=False)
    return way_of(turn.tx, turn.office.account, trial, client, turn.now).way


def hand_on(turn: Turn, staff: Staff, voice: Voice, wanted: str) -> Say:
    """转派: to another who may decide it, never to somebody it is about."""
    others = [one for one in news.overseers(turn.catalog, voice) if one.id != voice.owner]
    name = wanted.strip().lower()
    names = {one.id: {one.name, one.number.lower(), one.id.lower()} for one in others}
    to = next((one for one in others if name in names[one.id]), None)
    if to is None or voice.state not in UNDECIDED:
        return Say("staff/unknown_colleague", {"names": [one.name for one in others]})
    held = complaints.hold(turn.tx, voice.id) or voice
    moved = step(turn, replace(held, owner=to.id), staff.id, to.name)
    complaints.save(turn.tx, moved)
    values = news.facts_for_texts(turn.office, moved, case_number(turn, moved))
    said = "\n".join(text for _, text in moved.facts.words)
    told = Say("complaints/to_owner", values | {"words": said})
    key = f"voice_given:{turn.inbound.key}"
    turn.push(news.to_owner(turn.office, to, key, told, turn.now, at_once=moved.confidential))
    return Say("complaints/handed_on", values)
