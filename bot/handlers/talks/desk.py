"""The staff side of a talk: 回复, 交还, 转接, by card or by typing, and words for the client."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.catalog import Role, Staff
from bot.handlers.desk.intake import Desk
from bot.handlers.desk.intake import values_of as desk_values
from bot.handlers.desk.needs import colleague, ends_with
from bot.handlers.desk.taps import TAP, close_card, say_later
from bot.handlers.talks import news as talk_news
from bot.handlers.talks.news import Talk
from bot.handlers.told import told_by
from bot.handlers.turn import Answer, Turn
from bot.handlers.ways import waits, way_of
from bot.messages import Event, Kind, Say
from bot.reading.concerns import voices
from bot.reading.staff.commands import Command
from bot.wechat.limits import OFFICIAL_TEXT_BYTES, Route, split_text
from storage import handovers, people

TASK = re.compile(rf"{talk_news.TASK}([0-9]{{1,15}})-")
NO_NUMBER = re.compile(r"[^0-9A-Z-]")
FORM, WHICH = "talk", "talk_which"
NOTHING: Mapping[str, object] = {}
VERBS = frozenset({"reply", "give_back", "pass_on"})
Found = Talk | Say


def tapped(turn: Turn) -> Answer | None:
    """回复客户 and 交还助手 on the card of a talk."""
    event = turn.inbound.event
    task = TASK.match(event.task_id) if event is not None and event.name == TAP else None
    staff = turn.staff
    if event is None or task is None or staff is None:
        return None
    talk = next((one for one in open_talks(turn, staff) if one.handover.id == int(task[1])), None)
    if talk is None:
        return say_later(turn, Say("handover/over"), None)
    return by_button(turn, staff, event, talk)


def by_button(turn: Turn, staff: Staff, event: Event, talk: Talk) -> Answer:
    """What the button asks for."""
    if event.key == "talk_return":
        close_card(turn, event, "done_talk_return")
        return say_later(turn, ended(turn, staff, talk), NOTHING)
    close_card(turn, event, "done_talk_reply")
    return say_later(turn, Say("handover/speak", talk.label), focus(talk))


def typed(turn: Turn) -> Answer | None:
    """A command about a talk, or the words for the client staff are talking with."""
    staff = turn.staff
    form = turn.person.progress.get("form")
    if staff is None or turn.inbound.kind is Kind.EVENT:
        return None
    if turn.inbound.kind is not Kind.TEXT:
        return Answer((Say("handover/text_only"),)) if form == FORM else None
    command = turn.command
    if command is not None:
        return by_command(turn, staff, command) if command.verb in VERBS else None
    if form == WHICH:
        return which_one(turn, staff)
    return speak(turn, staff) if form == FORM else None


def by_command(turn: Turn, staff: Staff, command: Command) -> Answer:
    """回复 编号 内容, 交还 编号, 转接 编号 姓名."""
    if not command.number:
        number, said = voices.talk_named(command.words)
        command = replace(command, number=number, words=said)
    found = one_of(turn, staff, command)
    if isinstance(found, Say):
        unsent = command.verb == "reply" and bool(command.words) and not command.number
        kept = {"form": WHICH, "words": command.words} if unsent else None
        return Answer((found,), kept)
    if command.verb == "give_back":
        return Answer((ended(turn, staff, found),), NOTHING)
    if command.verb == "pass_on":
        return Answer((passed_on(turn, staff, found, command.words),), NOTHING)
    if not command.words:
        return Answer((Say("handover/speak", found.label),), focus(found))
    return Answer((sent(turn, staff, found, command.words),))


def speak(turn: Turn, staff: Staff) -> Answer:
    """Plain words go to the client in hand, unless somebody else is waiting for an answer too."""
    talks = open_talks(turn, staff)
    wanted = turn.person.progress.get("talk")
    talk = next((one for one in talks if one.handover.id == wanted), None)
    if talk is None:
        return Answer((Say("handover/over"),), NOTHING)
    own = [one for one in talks if one.staff.id == staff.id and one.handed]
    waiting = [one for one in own if one.handover.unanswered and one is not talk]
    if waiting:
        kept = {"form": WHICH, "words": turn.inbound.text, "talk": wanted}
        return Answer((ask_which(own),), kept)
    return once(turn, talk, Answer((sent(turn, staff, talk, turn.inbound.text.strip()),)))


def once(turn: Turn, talk: Talk, answer: Answer) -> Answer:
    """Beside somebody on the telephone a client in a chat has one message, then they are back.

    What the caller says next must not be relayed to another client.
    """
    desk = Desk.of(turn.person.aside)
    if not desk.talks:
        return answer
    values = talk.label | desk_values(desk.talks[-1])
    return Answer((*answer.says, Say("handover/caller_again", values)), NOTHING)


def which_one(turn: Turn, staff: Staff) -> Answer:
    """The number of the client whom the words kept back are for."""
    if turn.reading.gives_up:
        return Answer((Say("staff/dropped"),), NOTHING)
    words = str(turn.person.progress.get("words", ""))
    number = NO_NUMBER.sub("", turn.inbound.text.upper())
    found = one_of(turn, staff, Command("reply", number or "?"))
    if isinstance(found, Say):
        return Answer((found,))
    return once(turn, found, Answer((sent(turn, staff, found, words),), focus(found)))


def focus(talk: Talk) -> Mapping[str, object]:
    """The talk whose client hears what is typed next."""
    return {"form": FORM, "talk": talk.handover.id}


def open_talks(turn: Turn, staff: Staff) -> list[Talk]:
    """The talks a staff member may speak in: their own; a manager everybody's."""
    manager = staff.role is Role.MANAGER
    found = handovers.open_all(turn.tx) if manager else handovers.of_staff(turn.tx, staff.id)
    wholes = (talk_news.whole(turn.tx, turn.catalog, one) for one in found)
    return [one for one in wholes if one is not None]


def one_of(turn: Turn, staff: Staff, command: Command) -> Found:
    """The one talk that is meant; else what the staff member is asked."""
    talks = open_talks(turn, staff)
    if command.number:
        found = [one for one in talks if is_called(one, command.number)]
    else:
        own = [one for one in talks if one.staff.id == staff.id] or talks
        wanted = turn.person.progress.get("talk")
        hand = [one for one in own if one.handover.id == wanted and command.verb != "reply"]
        found = hand or own
    if len(found) == 1:
        return found[0]
    return ask_which(found or talks) if talks else Say("handover/nobody")


def is_called(talk: Talk, number: str) -> bool:
    """Whether a typed number means this talk: the case's, its end, or the talk's own."""
    if "-" in number:
        return talk.case is not None and talk.case.number == number
    if talk.case is None:
        return number.lstrip("0") == str(talk.handover.id)
    return number.isascii() and number.isdigit() and ends_with(talk.case.number, number)


def ask_which(talks: Sequence[Talk]) -> Say:
    """Which of several clients is meant."""
    rows = [one.label | {"waiting": one.handover.unanswered} for one in talks]
    return Say("handover/which", {"rows": rows})


def sent(turn: Turn, staff: Staff, talk: Talk, words: str) -> Say:
    """The words on their way to the client; what the staff member reads about it."""
    client = talk.client
    if client.credits.staffed:
        return Say("kf/in_session", talk.label)
    if not talk.handed:
        people.hand_to(turn.tx, client.id, staff.id)
    values = {
        "staff": staff,
        "words": words,
        "first": talk.handover.answered_at is None,
        "was_waiting": not talk.handed,
    }
    text = turn.office.renderer.text(Say("handover/words", values))
    for number, part in enumerate(split_text(text, OFFICIAL_TEXT_BYTES), start=1):
        say, key = Say("handover/part", {"text": part}), f"talk:{turn.inbound.key}:{number}"
        turn.push(talk_news.to_client(turn.office, client, key, say, turn.now, urgent=True))
    if talk.staff.id != staff.id:
        talk = given(turn, talk, staff)
    at = talk_news.after(turn.now, talk.handover.asked_at)
    answered = replace(talk.handover, answered_at=at)
    look = talk_news.next_look(turn.catalog, answered, staff, turn.now)
    handovers.answered(turn.tx, talk.handover.id, at, look)
    note(turn, talk, "talk_answered", staff, words=words)
    way = way_to(turn, talk)
    values = talk.label | {
        "reachable": not waits(way),
        "reason": turn.office.renderer.label(f"reason_{way.reason}"),
        "reach": talk_news.contact_of(talk),
    }
    return Say("handover/sent", values)


def way_to(turn: Turn, talk: Talk) -> Route:
    """The way words would take now, as far as our own count knows."""
    client = talk.client
    trial = talk_news.to_client(turn.office, client, "", Say("handover/over"), turn.now)
    return way_of(turn.tx, turn.office.account, trial, client, turn.now)


def given(turn: Turn, talk: Talk, to: Staff) -> Talk:
    """The same talk with another staff member."""
    people.hand_to(turn.tx, talk.client.id, to.id if talk.handed else None)
    since = talk_news.after(turn.now, talk.handover.answered_at)
    handover = replace(talk.handover, staff=to.id, asked_at=since)
    look = talk_news.next_look(turn.catalog, handover, to, turn.now)
    handovers.give(turn.tx, handover.id, to.id, since, look)
    return replace(talk, handover=handover, staff=to)


def passed_on(turn: Turn, staff: Staff, talk: Talk, wanted: str) -> Say:
    """转接: a colleague goes on with the client; both are told."""
    others = [one for one in turn.catalog.staff if one.id != talk.staff.id]
    to = colleague(others, wanted)
    if to is None:
        return Say("staff/unknown_colleague", {"names": [one.name for one in others]})
    talk = given(turn, talk, to)
    note(turn, talk, "talk_given", staff, to=to.id)
    said = turn.office.renderer.text(Say("handover/given_words", {"by": staff}))
    turn.push(talk_news.card(turn.office, talk, said, "", turn.now))
    key = f"talk_given:{turn.inbound.key}"
    push = talk_news.handed_on(turn.office, talk, key, said, turn.now)
    turn.push(push)
    how = told_by(turn.office, turn.tx, talk.client, [push], turn.now)
    return Say("handover/done_given", talk.label | {"staff": to, "told": how})


def ended(turn: Turn, staff: Staff, talk: Talk) -> Say:
    """交还: the assistant answers again, and the client is told that it does."""
    talk_news.give_back(turn.tx, talk, staff.id, turn.now)
    note(turn, talk, "talk_ended", staff)
    told = Say("handover/returned", {"staff": staff, "open": talk_news.has_draft(talk.client)})
    key = f"talk_ended:{talk.handover.id}"
    push = talk_news.farewell(turn.office, talk.client, key, told, turn.now)
    turn.push(push)
    how = told_by(turn.office, turn.tx, talk.client, [push], turn.now)
    return Say("handover/done_returned", talk.label | {"told": how})


def note(turn: Turn, talk: Talk, kind: str, by: Staff, **values: object) -> None:
    """A line in the timeline of the case, if the talk has one."""
    if talk.case is not None:
        turn.note(talk.case.id, None, kind, by.id, **values)
