"""What people say beside the matter: answered at once, and the open form stays untouched."""

from bot.domain.assignment import there_at
from bot.domain.catalog import Role, Staff
from bot.handlers.dialog import is_open, still_there
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Say
from bot.reading.reading import Intent, Reading, Word
from storage import cases


def digress(turn: Turn) -> Answer | None:
    """Person, complaint, privacy, question: whichever this message is, if it is just that."""
    said = turn.reading
    if said.word is Word.HELP:
        return Answer((welcome(turn), *still_there(turn)))
    if carries_answers(said):
        return None
    if said.intent is Intent.FAQ:
        return question(turn)
    key = TO_STAFF.get(said.intent) if said.intent else None
    return None if key is None else pass_on(turn, key)


TO_STAFF = {
    Intent.HUMAN: "asks_for_person",
    Intent.COMPLAINT: "complaint",
    Intent.PRIVACY: "privacy",
}


def carries_answers(said: Reading) -> bool:
    """Whether the message also answers the form: then the form comes first."""
    return bool(said.fields or said.numbered or said.materials)


def question(turn: Turn) -> Answer | None:
    """An answer from the catalogue's FAQ; of unknown questions the service phone is told."""
    answer = turn.office.faqs.answer(turn.reading.text)
    agency = turn.catalog.agency
    say = Say("talk/faq", {"answer": answer, "agency": agency})
    return Answer((say, *still_there(turn)))


def pass_on(turn: Turn, key: str) -> Answer:
    """To the person in charge, else a manager; the client is told whom, with the number."""
    newest = next(iter(cases.of_person(turn.tx, turn.person.id, 1)), None)
    staff = responsible(turn, newest.needs[0].assignee if newest and key == HUMAN else None)
    number = newest.number if newest else ""
    say = Say(f"staff/{key}", {"number": number, "words": turn.inbound.text})
    address = (Channel.WECOM, staff.id)
    turn.push(turn.text_push(f"{key}:{turn.inbound.key}", address, say, purpose=key))
    if newest:
        turn.note(newest.id, None, key, "client", words=turn.inbound.text, to=staff.id)
    told = Say(f"talk/{key}", {"staff": staff, "agency": turn.catalog.agency})
    return Answer((told, *still_there(turn)))


HUMAN = "asks_for_person"


def responsible(turn: Turn, assignee: str | None) -> Staff:
    """The person in charge of the client's matter, else the manager who is there first."""
    if assignee is not None:
        return turn.catalog.person[assignee.lower()]
    managers = [one for one in turn.catalog.staff if one.role is Role.MANAGER]
    everybody = managers or list(turn.catalog.staff)
    return min(everybody, key=lambda one: there_at(turn.catalog, one, turn.now))


def welcome(turn: Turn) -> Say:
    """Services, process and complaint phone (clause 5.1.5)."""
    names = [category.name for category in turn.catalog.categories]
    return Say("talk/welcome", {"agency": turn.catalog.agency, "categories": names})


def small_talk(turn: Turn) -> Answer | None:
    """Greetings and thanks, when they are all there is."""
    said = turn.reading
    if said.word is Word.THANKS:
        return Answer((Say("talk/thanks"), *still_there(turn)))
    if said.intent is Intent.GREETING and not carries_answers(said):
        return Answer(still_there(turn) if is_open(turn) else (welcome(turn),))
    return None
