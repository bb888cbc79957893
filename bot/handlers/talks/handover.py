"""人工: the client asks for a person, and while they talk the assistant only carries words."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.assignment import able, there_at
from bot.domain.cases import OPEN, Case
from bot.domain.catalog import Role, Staff
from bot.domain.complaints import UNDECIDED
from bot.handlers.complaints import heard as complaints
from bot.handlers.files.photos import expect
from bot.handlers.presence import absent
from bot.handlers.registering.dialog import (
    aside,
    draft_items,
    draft_of,
    handed_over,
    intake,
    is_open,
)
from bot.handlers.talks import news as talk_news
from bot.handlers.talks.news import Talk
from bot.handlers.turn import CLIENT, Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns import voices
from bot.reading.reading import Intent, Reading, Word
from bot.wechat.limits import WECOM_TEXT_BYTES, split_text
from storage import cases, handovers, outbox, people, runs
from storage import complaints as voice_book
from storage.handovers import Handover


def asked(turn: Turn) -> Answer | None:
    """Somebody is found for a client who wants a person, and told what the client said."""
    if not wants_person(turn):
        return None
    case = newest_case(turn)
    staff = chosen(turn, case)
    at = there_at(turn.catalog, staff, turn.now)
    there = at <= turn.now
    talk = opened(turn, case, staff)
    if there:
        people.hand_to(turn.tx, turn.person.id, staff.id)
    note(turn, talk, "talk_asked", words=turn.inbound.text, to=staff.id)
    turn.push(talk_news.card(turn.office, talk, turn.inbound.text, matter(turn), turn.now))
    values = {"staff": staff, "at": at, "there": there, "open": is_open(turn)}
    say = Say("handover/asked", values | {"agency": turn.catalog.agency})
    return Answer((say,), aside(turn).progress)


def wants_person(turn: Turn) -> bool:
    """Whether it is for that; beside answers to a form it must be said outright."""
    said = turn.reading
    if turn.inbound.kind is not Kind.TEXT or said.intent not in {Intent.HUMAN, Intent.PROGRESS}:
        return False
    if said.intent is Intent.HUMAN and not (said.fields or said.numbered or said.materials):
        return True
    return voices.says("person_surely", said.text)


def newest_case(turn: Turn) -> Case | None:
    """The newest case that is still open, else the newest there is."""
    own = cases.of_person(turn.tx, turn.person.id, 5)
    return next((one for one in own if one.state in OPEN), next(iter(own), None))


def chosen(turn: Turn, case: Case | None) -> Staff:
    """Who is in charge, if there; else who is there with the least to do; else who comes first."""
    catalog, now = turn.catalog, turn.now
    about = complained_about(turn) | absent(turn.tx, catalog, now)
    keeper = keeper_of(turn, case)
    if keeper is not None and keeper.id in about:
        keeper = None
    if keeper is not None and there_at(catalog, keeper, now) <= now:
        return keeper
    for pool in (fit(turn), agents(catalog.staff), catalog.staff):
        others = (one for one in pool if one.id not in about)
        there = [one for one in others if there_at(catalog, one, now) <= now]
        if there:
            loads = loads_of(turn)
            return min(there, key=lambda one: loads.get(one.id, 0))
    if keeper is not None:
        return keeper
    heads = catalog.managers or catalog.staff
    fair = [one for one in heads if one.id not in about] or heads
    return min(fair, key=lambda one: there_at(catalog, one, now))


def complained_about(turn: Turn) -> frozenset[str]:
    """Whom this client complains of: they are not the person to talk to (domain.md 6)."""
    own = voice_book.of_person(turn.tx, turn.person.id)
    return frozenset(one for voice in own if voice.state in UNDECIDED for one in voice.about)


def keeper_of(turn: Turn, case: Case | None) -> Staff | None:
    """Who is in charge of the case's first open need."""
    if case is None:
        return None
    need = next((one for one in case.needs if one.state in OPEN), case.needs[0])
    return turn.catalog.person.get(need.assignee.lower())


def fit(turn: Turn) -> Sequence[Staff]:
    """Those who do what is being registered."""
    items = draft_items(turn)
    return able(turn.catalog, items[0]) if items else ()


def agents(staff: Sequence[Staff]) -> Sequence[Staff]:
    """Those who serve clients; managers are asked when nobody else is there."""
    return [one for one in staff if one.role is Role.AGENT]


def loads_of(turn: Turn) -> dict[str, int]:
    """How much each has to do: open needs and open talks."""
    loads = cases.open_loads(turn.tx)
    for staff, count in handovers.open_loads(turn.tx).items():
        loads[staff] = loads.get(staff, 0) + count
    return loads


def opened(turn: Turn, case: Case | None, staff: Staff) -> Talk:
    """The person's talk, which may have been waiting for somebody to come; else a new one."""
    waiting = handovers.of_person(turn.tx, turn.person.id)
    if waiting is None:
        case_id = case.id if case else None
        fresh = Handover(0, turn.person.id, case_id, staff.id, turn.now, None, turn.now, None, None)
        look = talk_news.next_look(turn.catalog, fresh, staff, turn.now)
        waiting = handovers.begin(turn.tx, turn.person.id, case_id, staff.id, turn.now, look)
    else:
        since = talk_news.after(turn.now, waiting.answered_at)
        waiting = replace(waiting, staff=staff.id, asked_at=since)
        look = talk_news.next_look(turn.catalog, waiting, staff, turn.now)
        handovers.give(turn.tx, waiting.id, staff.id, since, look)
    return Talk(waiting, turn.person, case, staff)


def matter(turn: Turn) -> str:
    """What the client is registering, or has registered last, in a line."""
    draft, items = draft_of(turn), [one.name for one in draft_items(turn)]
    if not items or draft is None:
        return ""
    values = {"items": items, "count": len(draft.fields) + len(draft.materials)}
    return turn.office.renderer.text(Say("handover/matter", values))


def talk_of(turn: Turn) -> Talk | None:
    """The talk in which a staff member has this client, and the assistant is quiet."""
    if not handed_over(turn):
        return None
    found = handovers.of_person(turn.tx, turn.person.id)
    return None if found is None else talk_news.whole(turn.tx, turn.catalog, found)


def talking(turn: Turn) -> Answer | None:
    """While a staff member talks with the client, every message goes to them and to nobody else."""
    if turn.person.handed_to is None or turn.inbound.kind is Kind.EVENT:
        return None
    handover = handovers.of_person(turn.tx, turn.person.id)
    talk = handover and talk_news.whole(turn.tx, turn.catalog, handover)
    if not talk:
        # whoever it was has left the catalogue: the assistant answers again, at once
        people.hand_to(turn.tx, turn.person.id, None)
        if handover:
            handovers.end(turn.tx, handover.id, talk_news.ASSISTANT, turn.now)
        return None
    if turn.inbound.kind is Kind.TEXT:
        if voices.says("back_to_assistant", turn.reading.text):
            return back(turn, talk)
        if grieves(turn.reading):
            return complained(turn, talk)
    relay(turn, talk)
    return off_duty(turn, talk) or Answer(silent=True)


def grieves(said: Reading) -> bool:
    """Whether it is a complaint said outright: that is not for the one who is complained about."""
    outright = voices.says("complaint_surely", said.text) or voices.says("integrity", said.text)
    return said.intent is Intent.COMPLAINT and outright


def complained(turn: Turn, talk: Talk) -> Answer | None:
    """The talk ends, and the one who is perhaps complained about hears only that."""
    leave(turn, talk)
    found = complaints.heard(turn)
    return found and replace(found, says=(*found.says, Say("handover/complained")))


def back(turn: Turn, talk: Talk) -> Answer:
    """The client wants the assistant back; the open form's question stands."""
    leave(turn, talk)
    say = Say("handover/back", {"open": is_open(turn)})
    draft = draft_of(turn)
    if draft is None:
        return Answer((say,))
    resumed = intake(replace(turn, reading=Reading(turn.reading.text, word=Word.CONTINUE)))
    return replace(resumed, says=(say, *resumed.says)) if resumed else Answer((say,))


def leave(turn: Turn, talk: Talk) -> None:
    """The client ends the talk; the staff member is told so."""
    talk_news.give_back(turn.tx, talk, CLIENT, turn.now)
    note(turn, talk, "talk_ended")
    told = Say("handover/client_left", talk.label)
    key = f"talk_left:{turn.inbound.key}"
    turn.push(talk_news.to_staff(turn.office, talk.staff, key, told, turn.now))


def heard(turn: Turn, talk: Talk, words: str) -> None:
    """The client has written: it is noted, and from the first unanswered message on time runs."""
    since = talk.handover.asked_at
    if not talk.handover.unanswered:
        since = talk_news.after(turn.now, talk.handover.answered_at)
    asked = replace(talk.handover, asked_at=since)
    look = talk_news.next_look(turn.catalog, asked, talk.staff, turn.now)
    handovers.asked(turn.tx, talk.handover.id, since, look)
    note(turn, talk, "talk_client", words=words, sort=turn.inbound.kind)


def relay(turn: Turn, talk: Talk) -> None:
    """The client's message in the staff member's chat, whole; what waited for it goes out now."""
    head = Say("handover/relay", talk.label | {"kind": turn.inbound.kind, "link": link(turn)})
    intro = turn.office.renderer.text(head)
    words = words_of(turn)
    parts = split_text(f"{intro}{words}", WECOM_TEXT_BYTES)
    for number, part in enumerate(parts, start=1):
        say = Say("handover/part", {"text": part})
        key = f"relay:{turn.inbound.key}:{number}"
        turn.push(talk_news.to_staff(turn.office, talk.staff, key, say, turn.now))
    heard(turn, talk, words)
    if turn.person.held:
        # a silent reply carries nothing, but having written opens the way for what was held
        outbox.release(turn.tx, turn.person.channel, turn.person.identity, turn.now)


def words_of(turn: Turn) -> str:
    """What of the message can be put in words."""
    place = turn.inbound.location
    return place.label.strip() if place is not None else turn.inbound.text.strip()


def link(turn: Turn) -> str:
    """Where the staff member sees what was sent; it is fetched before the platform drops it."""
    media = turn.inbound.media
    if media is None or not media.media_id:
        return ""
    return turn.office.links.file(expect(turn))


def off_duty(turn: Turn, talk: Talk) -> Answer | None:
    """Once an evening the client hears when the staff member is back, and what to do meanwhile."""
    at = there_at(turn.catalog, talk.staff, turn.now)
    if at <= turn.now or not runs.once(turn.tx, "talk_off", f"{talk.handover.id}:{at:%Y%m%d%H%M}"):
        return None
    return Answer((Say("handover/off_duty", {"staff": talk.staff, "at": at}),))


def note(turn: Turn, talk: Talk, kind: str, **values: object) -> None:
    """A line in the timeline of the case, if the talk has one."""
    if talk.case is not None:
        turn.note(talk.case.id, None, kind, CLIENT, **values)
