"""收到: staff note what a client handed in at the window, sent by post or said by telephone."""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialogs.form import Answer as Told
from bot.dialogs.form import Given, Sort
from bot.domain.cases import Case, How, NeedState
from bot.domain.catalog import Staff
from bot.handlers.desk import needs as desk
from bot.handlers.desk.typed import NOTHING
from bot.handlers.registering import supplement
from bot.handlers.registering.supplement import Waiting
from bot.handlers.registering.wanted import name_of
from bot.handlers.turn import Answer, Turn
from bot.messages import Say
from bot.reading.staff.desk import is_everything
from storage import cases, people

# These are known once they are named; of the others the words count.
ON_PAPER = frozenset({Sort.UPLOAD, Sort.TYPED})


def typed(turn: Turn) -> Answer | None:
    """收到 编号 材料名称, or what a field or a typed material says; None if it is no such order."""
    staff, command = turn.staff, turn.command
    if staff is None or command is None or command.verb != "received":
        return None
    hold_client(turn, command.number)
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return Answer((found,))
    case = found[0]
    waiting = Waiting(case, tuple(n for n in case.needs if n.state is NeedState.TO_SUPPLEMENT))
    if not waiting.wanted:
        return Answer((Say("staff_intake/nothing_wanted", {"number": case.number}),))
    given = handed_in(turn, waiting, command.words)
    return Answer((told(turn, staff, waiting, given),), NOTHING if given else None)


def hold_client(turn: Turn, number: str) -> None:
    """What the client sends this very moment is noted before or after, and neither is lost."""
    case = cases.by_number(turn.tx, number.partition("/")[0]) if number else None
    client = None if case is None else people.by_id(turn.tx, case.person_id)
    if client is not None:
        people.lock(turn.tx, client.channel, client.identity)


def handed_in(turn: Turn, waiting: Waiting, words: str) -> Mapping[str, Told]:
    """What of the wanted list has come: named, or said in so many words."""
    client = people.by_id(turn.tx, waiting.case.person_id)
    if client is None or not words:
        return {}
    inbound = replace(turn.inbound, text=words)
    said = turn.office.reader.read(words)
    theirs = replace(turn, inbound=inbound, reading=said, person=client)
    answers = supplement.placing(theirs, waiting).answers
    given = {key: one for key, one in answers.items() if key in waiting.wanted and is_here(one)}
    for key in waiting.wanted:
        named = is_everything(words) or name_of(turn, key) in words
        said_only = isinstance(one := given.get(key), Given) and one.value == name_of(turn, key)
        if said_only:
            # its name alone says that it came, not what stands in it
            del given[key]
        if key not in given and named and supplement.sort_of(turn, key) in ON_PAPER:
            given[key] = Given(How.UPLOADED)
    return given


def is_here(answer: Told) -> bool:
    """Whether it has come, and was not only promised."""
    return not supplement.is_promise(answer)


def told(turn: Turn, staff: Staff, waiting: Waiting, given: Mapping[str, Told]) -> Say:
    """What was noted and what is still wanted; nothing noted: how to say it."""
    case: Case = waiting.case
    left = [name_of(turn, key) for key in waiting.wanted if key not in given]
    values = {"number": case.number, "left": left}
    if not given:
        return Say("staff_intake/which_came", values)
    supplement.deliver(turn, waiting, given)
    turn.note(case.id, None, "received", staff.id, keys=list(given))
    lines = [line_of(turn, key, answer) for key, answer in given.items()]
    return Say("staff_intake/came", values | {"given": lines})


def line_of(turn: Turn, key: str, answer: Told) -> Mapping[str, object]:
    """One thing as it was noted: a yes or no, the words, or that it has come."""
    name = name_of(turn, key)
    if isinstance(answer, bool):
        return {"name": name, "value": answer}
    text = answer if isinstance(answer, str) else answer.value if answer.how is How.TYPED else ""
    return {"name": name, "text": text}
