"""Sessions of 微信客服 that a servicer has in the WeCom client: there the assistant is quiet."""

from dataclasses import replace

from bot.domain.catalog import Staff
from bot.handlers.in_parts import parts_of, pushes
from bot.handlers.registering.dialog import is_open
from bot.handlers.talks import handover
from bot.handlers.talks import news as talk_news
from bot.handlers.talks.news import Talk
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Kind, Say
from bot.reading.concerns import voices
from storage import handovers, people
from storage.people import Person

# change_type of session_status_change: a servicer ended it; all others say who has it now
ENDED = "3"


def asked(turn: Turn) -> Answer | None:
    """A client wants a person: once they have read so, the session goes to who is on duty."""
    answer = handover.asked(turn)
    talk = None if answer is None else of_client(turn)
    if answer is None or talk is None or turn.person.credits.staffed:
        return answer
    if not talk.handed:
        # nobody is on duty, and the assistant goes on
        return answer
    key, words = f"session:{turn.inbound.key}", {"words": turn.inbound.text, "said": True}
    handed = talk_news.to_servicer(turn.office, talk, key, words, turn.now)
    return replace(answer, after=(handed,))


def of_client(turn: Turn) -> Talk | None:
    """The open talk of whoever writes, with everybody it is about."""
    found = handovers.of_person(turn.tx, turn.person.id)
    return None if found is None else talk_news.whole(turn.tx, turn.catalog, found)


def talking(turn: Turn) -> Answer | None:
    """A client's message in a servicer's session: read there, noted here, answered by nobody."""
    if not turn.person.credits.staffed or turn.inbound.kind is Kind.EVENT:
        return None
    talk = of_client(turn)
    if talk is None:
        return Answer(silent=True)
    if turn.inbound.kind is Kind.TEXT and voices.says("back_to_assistant", turn.reading.text):
        return back(turn, talk)
    handover.heard(turn, talk, handover.words_of(turn))
    return Answer(silent=True)


def back(turn: Turn, talk: Talk) -> Answer:
    """The client wants the assistant back: the session ends, and the last word says so."""
    answer = handover.back(turn, talk)
    first, *rest = parts_of(turn.office.renderer.bubble(answer.says)) or [""]
    key, body = f"session:{turn.inbound.key}", {"state": talk_news.OVER, "text": first}
    over = talk_news.session(talk.client, key, body, turn.now)
    to = (turn.inbound.channel, turn.inbound.person)
    after = (over, *pushes(f"rest:{turn.inbound.key}", to, rest, turn.now))
    return replace(answer, says=(), silent=True, after=after)


def said(turn: Turn) -> Answer:
    """A servicer wrote to the client: the talk is answered, and its case knows the words."""
    event = turn.inbound.event
    servicer = event.key if event else ""
    note(turn, turn.person, talk_news.HUMAN, servicer)
    talk = of_client(turn)
    if talk is not None:
        at = talk_news.after(turn.now, talk.handover.asked_at)
        answered = replace(talk.handover, answered_at=at)
        look = talk_news.next_look(turn.catalog, answered, talk.staff, turn.now)
        handovers.answered(turn.tx, talk.handover.id, at, look)
        if talk.case is not None:
            turn.note(talk.case.id, None, "talk_answered", servicer, words=turn.inbound.text)
    return Answer(silent=True)


def changed(turn: Turn) -> Answer:
    """A servicer took the session, passed it on, or ended it: then the assistant is back."""
    details = turn.inbound.event.details if turn.inbound.event else {}
    if details.get("change_type") == ENDED:
        return ended(turn, details.get("old_servicer_userid", ""))
    servicer = details.get("new_servicer_userid", "")
    note(turn, turn.person, talk_news.HUMAN, servicer)
    talk, staff = of_client(turn), member(turn, servicer)
    if talk is not None and staff is not None and staff.id != talk.staff.id:
        look = talk_news.next_look(turn.catalog, talk.handover, staff, turn.now)
        handovers.give(turn.tx, talk.handover.id, staff.id, talk.handover.asked_at, look)
    return Answer(silent=True)


def ended(turn: Turn, servicer: str) -> Answer:
    """The farewell, for which the platform gives a code."""
    note(turn, turn.person, None, "")
    talk = of_client(turn)
    staff = member(turn, servicer) or (talk.staff if talk else None)
    if talk is not None:
        talk_news.give_back(turn.tx, talk, servicer, turn.now)
        handover.note(turn, talk, "talk_ended")
    if staff is None:
        return Answer((Say("kf/ended", {"open": is_open(turn)}),))
    return Answer((Say("handover/returned", {"staff": staff, "open": is_open(turn)}),))


def member(turn: Turn, userid: str) -> Staff | None:
    """The staff member behind a servicer, if the catalogue knows them."""
    return turn.catalog.person.get(userid.lower())


def note(turn: Turn, person: Person, state: int | None, servicer: str) -> None:
    """Who has the session from now on."""
    people.note_session(turn.tx, (Channel.KF, person.identity), state, servicer)
