"""What people say beside the matter: answered at once, and the open form stays untouched."""

from bot.domain.catalog import Item
from bot.handlers.registering import priced
from bot.handlers.registering.dialog import aside, draft_items, draft_of, is_open
from bot.handlers.turn import Answer, Turn
from bot.messages import Say
from bot.reading.concerns import voices
from bot.reading.reading import Intent, Reading, Word


def digress(turn: Turn) -> Answer | None:
    """Help or a question, if the message is just that."""
    said = turn.reading
    if said.word is Word.HELP:
        return aside(turn, welcome(turn))
    if asks_verdict(said):
        return aside(turn, Say("talk/verdict", {"agency": turn.catalog.agency}))
    if carries_answers(said) or (said.wishes and is_open(turn)):
        return None
    return question(turn) if said.intent is Intent.FAQ else None


def asks_verdict(said: Reading) -> bool:
    """Whether a result is asked for that only a test can give (clause 4.2).

    A need that is named for certain is offered instead, unless a result is there already.
    """
    if said.word is not None or carries_answers(said) or len(said.text) > voices.SHORT:
        return False
    there = voices.says("result", said.text)
    return voices.says("verdict", said.text) and (there or not said.sure)


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
    if named:
        priced.remember(turn)
    if answer or not named:
        says.insert(0, Say("talk/faq", {"answer": answer, "agency": turn.catalog.agency}))
    return aside(turn, *says)


def named_items(turn: Turn) -> tuple[Item, ...]:
    """The items a message clearly names."""
    said = turn.reading
    guesses = said.needs if said.sure else ()
    return tuple(turn.catalog.item[one.item] for one in guesses if one.item)


def about_terms(turn: Turn, answer: str | None) -> bool:
    """Whether that is the FAQ's answer about prices or times."""
    return any(one.id in TERMS for one in turn.catalog.faq if one.answer == answer)


TERMS = frozenset({"fee", "duration"})


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
    if said.word in NOTED and draft is None and not (said.needs or carries_answers(said)):
        return Answer((Say("talk/noted"),))
    if said.intent is not Intent.GREETING or carries_answers(said):
        return None
    if draft is None:
        return Answer((welcome(turn),))
    if draft.cancelled:
        return Answer((welcome(turn), Say("talk/paused")))
    return aside(turn, Say("talk/here"))


NOTED = frozenset({Word.YES, Word.CONFIRM})
