"""进度: a person's own cases, by the identity they write from."""

from bot.domain.cases import Case
from bot.handlers.dialog import still_there
from bot.handlers.turn import Answer, Turn
from bot.handlers.wanted import wanted_names
from bot.messages import Say
from bot.reading.reading import Intent
from storage import cases

MOST = 5


def asked(turn: Turn) -> Answer | None:
    """What is known of the person's newest cases; the state of the talk stays as it is."""
    if turn.reading.intent is not Intent.PROGRESS or turn.reading.fields:
        return None
    own = cases.of_person(turn.tx, turn.person.id, MOST)
    rows = [row for case in own for row in rows_of(turn, case)]
    say = Say("talk/progress", {"rows": rows, "agency": turn.catalog.agency})
    return Answer((say, *still_there(turn)))


def rows_of(turn: Turn, case: Case) -> list[dict[str, object]]:
    """One line a need: where it stands, who has it, by when."""
    return [
        {
            "number": case.number,
            "item": turn.catalog.item[need.item].name,
            "state": need.state,
            "step": need.step,
            "staff": turn.catalog.person[need.assignee.lower()],
            "due": need.due,
            "wanted": wanted_names(turn, need),
        }
        for need in case.needs
    ]
