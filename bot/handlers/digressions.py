"""What people say beside the matter: answered at once, and the open form stays untouched."""

from bot.domain.assignment import there_at
from bot.domain.cases import Case, Field
from bot.domain.catalog import Item, Role, Staff
from bot.domain.quiet_hours import card_due
from bot.handlers.dialog import aside, draft_of, is_open
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Say
from bot.reading.reading import Intent, Reading, Word
from storage import cases


def digress(turn: Turn) -> Answer | None:
    """Person, complaint, privacy, question: whichever this message is, if it is just that."""
    said = turn.reading
    if said.word is Word.HELP:
        return aside(turn, welcome(turn))
    if carries_answers(said) or (said.wishes and is_open(turn)):
        return None
    if said.intent is Intent.FAQ:
        return question(turn)
    key = TO_STAFF.get(said.intent) if said.intent else None
    return None if key is None else pass_on(turn, key)


TO_STAFF = {
    Intent.COMPLAINT: "complaint",
}


def carries_answers(said: Reading) -> bool:
    """Whether the message also answers the form: then the form comes first."""
    return bool(said.fields or said.numbered or said.materials)


def question(turn: Turn) -> Answer | None:
    """An answer from the catalogue's FAQ; of unknown questions the service phone is told.

    Of an item that is named, or being registered, what it costs and how long it takes.
    """
    answer = turn.office.faqs.answer(turn.reading.text)
    named = named_items(turn)
    items = named or (draft_items(turn) if about_terms(turn, answer) else ())
    values = {"items": items, "open": is_open(turn)}
    says = [Say("talk/terms", values)] if items else []
    if answer or not named:
        says.insert(0, Say("talk/faq", {"answer": answer, "agency": turn.catalog.agency}))
    return aside(turn, *says)


def named_items(turn: Turn) -> tuple[Item, ...]:
    """The items a message clearly names."""
    said = turn.reading
    guesses = said.needs if said.sure else ()
    return tuple(turn.catalog.item[one.item] for one in guesses if one.item)


def draft_items(turn: Turn) -> tuple[Item, ...]:
    """The items of the registration under way."""
    draft = draft_of(turn)
    rows = draft.rows if draft is not None and not draft.cancelled else ()
    return tuple(turn.catalog.item[row.item] for row in rows if row.item)


def about_terms(turn: Turn, answer: str | None) -> bool:
    """Whether that is the FAQ's answer about prices or times."""
    return any(one.id in TERMS for one in turn.catalog.faq if one.answer == answer)


TERMS = frozenset({"fee", "duration"})


def pass_on(turn: Turn, key: str) -> Answer:
    """To the person in charge, else a manager; the client is told whom, with the number."""
    newest = next(iter(cases.of_person(turn.tx, turn.person.id, 1)), None)
    staff = responsible(turn, newest.needs[0].assignee if newest and key == HUMAN else None)
    number = newest.number if newest else ""
    reach = how_to_reach(turn, newest)
    asked = {"number": number, "words": turn.inbound.text, "reach": reach}
    say = Say(f"staff/{key}", asked)
    address = (Channel.WECOM, staff.id)
    due = card_due(turn.catalog, staff, turn.now)
    turn.push(turn.text_push(f"{key}:{turn.inbound.key}", address, say, purpose=key, due=due))
    if newest:
        turn.note(newest.id, None, key, "client", words=turn.inbound.text, to=staff.id)
    at = there_at(turn.catalog, staff, turn.now)
    values = {"staff": staff, "agency": turn.catalog.agency, "at": at if at > turn.now else None}
    return aside(turn, Say(f"talk/{key}", values | {"reach": reach}))


def how_to_reach(turn: Turn, case: Case | None) -> str:
    """The client's name and number as far as they gave them: a promised call must be possible."""
    draft = draft_of(turn)
    fields = case.record.fields if case else draft.fields if draft else {}
    if Field.PHONE not in fields:
        return ""
    return " ".join(fields[key] for key in (Field.CONTACT, Field.PHONE) if key in fields)


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
    """Greetings, thanks and a last "good", when they are all there is."""
    said = turn.reading
    if said.word is Word.THANKS:
        return aside(turn, Say("talk/thanks"))
    draft = draft_of(turn)
    if said.word in NOTED and draft is None:
        return Answer((Say("talk/noted"),))
    if said.intent is not Intent.GREETING or carries_answers(said):
        return None
    if draft is None:
        return Answer((welcome(turn),))
    return Answer((welcome(turn), Say("talk/paused"))) if draft.cancelled else aside(turn)


NOTED = frozenset({Word.YES, Word.CONFIRM})
