"""A client takes a registered need back, or says that it was not solved: asked, then done once.

Nothing is withdrawn without a 确认, and nothing is reopened on a hint alone.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.domain.actions import Action, allowed
from bot.domain.cases import Case, Need, NeedState
from bot.domain.surveys import SERVED
from bot.handlers.progress.client_moves import BEGUN, reopen, withdraw
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.to_client import keeper
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.answers.choices import ACKNOWLEDGEMENTS, read_choice
from bot.reading.concerns.afterwards import (
    Sureness,
    confirms_withdraw,
    declines,
    means_all,
    read_unsolved,
    says_go_on,
    says_keep,
    says_regret,
    says_solved,
    says_withdraw,
)
from bot.reading.concerns.lookups import read_case
from bot.reading.reading import Intent, Word
from storage import cases, events, people

Found = tuple[Case, Need]
Move = Callable[[Turn, int, str], Need | None]

WITHDRAW, UNSOLVED = "withdraw", "unsolved"
MOVES: dict[str, tuple[Move, str]] = {
    WITHDRAW: (withdraw, "afterwards/withdrawn"),
    UNSOLVED: (reopen, "afterwards/reopened"),
}
ELSEWHERE = frozenset({Intent.COMPLAINT, Intent.PRIVACY, Intent.HUMAN})
# longer, and an open form may find an answer in it
BRIEF = 14
# how long after an answer "not solved" is about it, said plainly or as a mere 不对
PLAINLY, HINTED = timedelta(days=15), timedelta(days=2)


def answered(turn: Turn) -> Answer | None:
    """The answer to "which one" or "shall it be"; any other message ends the question."""
    asked = turn.person.aside
    kind = asked.get("asks")
    if kind not in MOVES:
        return None
    people.ask_aside(turn.tx, turn.person.id, None)
    if turn.inbound.kind is not Kind.TEXT:
        return None
    if gives_up(turn) or (kind == WITHDRAW and says_go_on(turn.inbound.text)):
        # of what was not solved, a no leaves the message to the others
        return aside(turn, Say("afterwards/kept")) if kind == WITHDRAW else None
    ids = asked["needs"]
    listed = ids if isinstance(ids, list) else []
    found = [one for one in of_person(turn) if one[1].id in listed]
    if len(found) > 1 and not asked.get("chosen"):
        return picked(turn, str(kind), found, str(asked["words"]))
    if not confirmed(turn, str(kind)):
        return None
    return carry_out(turn, str(kind), found, f"{asked['words']}\n{turn.inbound.text}")


def gives_up(turn: Turn) -> bool:
    """No to the question."""
    no = {Word.NO, Word.DISAGREE, Word.BACK}
    return turn.reading.word in no or says_keep(turn.inbound.text)


def picked(turn: Turn, kind: str, found: Sequence[Found], words: str) -> Answer | None:
    """One of several, or all of them; what shall be withdrawn is confirmed all the same."""
    text = turn.inbound.text
    labels = tuple(turn.catalog.service(need).name for _, need in found)
    number = read_choice(text, labels)
    chosen = list(found) if means_all(text) else [] if number is None else [found[number]]
    if not chosen:
        return None
    if kind == UNSOLVED:
        return carry_out(turn, kind, chosen, words)
    return ask(turn, kind, chosen, words, sure=True, chosen=True)


def confirmed(turn: Turn, kind: str) -> bool:
    """A yes to the question; that it was read (收到, 知道了) is none."""
    said, text = turn.reading, turn.inbound.text
    if any(word in text for word in ACKNOWLEDGEMENTS):
        return False
    if kind == WITHDRAW:
        yes = {Word.CONFIRM, Word.YES, Word.AGREE, Word.CANCEL}
        return said.word in yes or confirms_withdraw(text)
    return said.word in {Word.CONFIRM, Word.YES} or read_unsolved(text) is not None


def unwanted(turn: Turn) -> Answer | None:
    """不办了: of what is registered; inside a registration that is under way it means that."""
    if turn.inbound.kind is not Kind.TEXT or turn.reading.intent in ELSEWHERE:
        return None
    text, sure = turn.inbound.text, says_withdraw(turn.inbound.text)
    if not sure and turn.reading.word is not Word.CANCEL:
        return declined(turn)
    number = read_case(text, turn.catalog.agency.number_prefix)
    if is_open(turn) and not (sure and number):
        return None
    own = [one for one in of_person(turn) if number in {"", one[0].number}]
    if number and not own:
        values = {"number": number, "agency": turn.catalog.agency}
        return aside(turn, Say("afterwards/not_yours", values))
    found = named(turn, [one for one in own if allowed(Action.WITHDRAW, one[1].state)])
    if found:
        return ask(turn, WITHDRAW, found, text, sure=sure)
    late = [one for one in own if sure and one[1].state in SERVED]
    return nothing_open(turn, late[:1], number)


def nothing_open(turn: Turn, late: Sequence[Found], number: str) -> Answer | None:
    """What is over cannot be taken back, and where nothing is, nothing has to be."""
    if late:
        return aside(turn, said_of(turn, "afterwards/too_late", late))
    return None if number or turn.person.progress else Answer((Say("talk/noted"),))


def declined(turn: Turn) -> Answer | None:
    """不用了谢谢, 不取消: nothing is taken back by that, and nothing is asked."""
    if turn.person.progress:
        return None
    if says_keep(turn.inbound.text):
        return Answer((Say("afterwards/kept"),))
    if turn.reading.word is not Word.NO or not declines(turn.inbound.text):
        return None
    going_on = any(allowed(Action.WITHDRAW, need.state) for _, need in of_person(turn))
    return Answer((Say("afterwards/declined", {"going_on": going_on}),))


def unsolved(turn: Turn) -> Answer | None:
    """还没解决, soon after an answer or the end of a service."""
    if turn.inbound.kind is not Kind.TEXT or turn.reading.intent in ELSEWHERE:
        return None
    sure = read_unsolved(turn.inbound.text)
    if sure is None or (is_open(turn) and not beside_form(turn, sure)):
        return None
    number = read_case(turn.inbound.text, turn.catalog.agency.number_prefix)
    found = [one for one in of_person(turn) if number in {"", one[0].number}]
    over, found = found, recent(turn, found, PLAINLY if sure is Sureness.PLAIN else HINTED)
    if not found:
        return long_ago(turn, over) if sure is Sureness.PLAIN else None
    if sure is Sureness.HINT or len(found) > 1:
        return ask(turn, UNSOLVED, found, turn.inbound.text, sure=sure is Sureness.PLAIN)
    return carry_out(turn, UNSOLVED, found, turn.inbound.text)


def beside_form(turn: Turn, sure: Sureness) -> bool:
    """Whether it cannot be meant for the registration under way: said plainly, and no more."""
    said = turn.reading
    answers = said.fields or said.numbered or said.materials or said.intent is Intent.SERVICE
    return sure is Sureness.PLAIN and not answers and len(said.text) <= BRIEF


def solved(turn: Turn) -> Answer | None:
    """解决了，谢谢: noted; nothing is asked and nothing is moved by it."""
    if turn.inbound.kind is not Kind.TEXT or not says_solved(turn.inbound.text):
        return None
    return aside(turn, Say("afterwards/solved"))


def regretted(turn: Turn) -> Answer | None:
    """还是要办, of what was withdrawn last: how it is registered again."""
    said = turn.reading
    if turn.inbound.kind is not Kind.TEXT or said.intent is not None:
        return None
    if said.fields or said.materials or is_open(turn) or not says_regret(turn.inbound.text):
        return None
    gone = [one for one in of_person(turn) if one[1].state is NeedState.WITHDRAWN][:1]
    return aside(turn, said_of(turn, "afterwards/regretted", gone)) if gone else None


def long_ago(turn: Turn, own: Sequence[Found]) -> Answer | None:
    """What was over long ago is looked at by a person first."""
    over = [one for one in own if one[1].state in SERVED | {NeedState.CLOSED}][:1]
    return aside(turn, said_of(turn, "afterwards/long_ago", over)) if over else None


def recent(turn: Turn, found: Sequence[Found], within: timedelta) -> list[Found]:
    """Those that were answered or finished so short a time ago, the last one first."""
    states = SERVED | ({NeedState.CLOSED} if within == PLAINLY else frozenset())
    over = [one for one in found if one[1].state in states]
    lines = events.of_cases(turn.tx, list({case.id for case, _ in over})) if over else {}
    told = {
        line.need_id: line.at
        for timeline in lines.values()
        for line in timeline
        if line.kind == "feedback"
    }
    fresh = [one for one in over if turn.now - told.get(one[1].id, turn.now) <= within]
    return sorted(fresh, key=lambda one: told.get(one[1].id, turn.now), reverse=True)


def of_person(turn: Turn) -> list[Found]:
    """This person's needs, those of the newest case first."""
    own = cases.of_person(turn.tx, turn.person.id)
    return [(case, need) for case in own for need in case.needs]


def named(turn: Turn, found: list[Found]) -> list[Found]:
    """Those whose service the message names; all of them if it names none."""
    items = {guess.item for guess in turn.reading.needs}
    return [one for one in found if one[1].item in items] or found


def ask(
    turn: Turn, kind: str, found: Sequence[Found], words: str, *, sure: bool, chosen: bool = False
) -> Answer:
    """Which of several it is, or whether it shall be so."""
    question = {
        "asks": kind,
        "needs": [need.id for _, need in found],
        "words": words,
        "chosen": chosen,
    }
    people.ask_aside(turn.tx, turn.person.id, question)
    which = len(found) > 1 and not chosen
    key = f"afterwards/{'which' if which else 'confirm'}_{kind}"
    return aside(turn, said_of(turn, key, found, sure=sure))


def carry_out(turn: Turn, kind: str, found: Sequence[Found], words: str) -> Answer:
    """Each of them done; what was over meanwhile is said."""
    move, key = MOVES[kind]
    done = [(case, move(turn, need.id, words)) for case, need in found]
    moved = [(case, need) for case, need in done if need is not None]
    left = [one for one, (_, need) in zip(found, done, strict=True) if need is None]
    says = [said_of(turn, key, moved)] if moved else []
    if left and kind == WITHDRAW:
        says.append(said_of(turn, "afterwards/too_late", left))
    return aside(turn, *says) if says else aside(turn, Say("talk/noted"))


def said_of(turn: Turn, key: str, found: Sequence[Found], *, sure: bool = True) -> Say:
    """A sentence about these needs."""
    rows = [
        {
            "number": case.number,
            "item": turn.catalog.service(need).name,
            "state": need.state,
            "staff": keeper(turn.office, need),
            "due": need.due,
        }
        for case, need in found
    ]
    begun = any(need.state in BEGUN for _, need in found)
    return Say(key, {"rows": rows, "sure": sure, "begun": begun})
