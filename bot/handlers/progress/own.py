"""进度: a person's own cases, by the identity they write from."""

from bot.domain.cases import OPEN, Case, NeedState
from bot.handlers.complaints.heard import standing
from bot.handlers.files import certificates
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.registering.wanted import wanted_names
from bot.handlers.turn import Answer, Turn
from bot.messages import Say
from bot.reading.reading import Intent
from storage import cases, events

MOST = 5


def asked(turn: Turn) -> Answer | None:
    """What is known of the person's newest cases; the state of the talk stays as it is."""
    hurried = hurries(turn)
    if not hurried and (turn.reading.intent is not Intent.PROGRESS or turn.reading.fields):
        return None
    own = cases.of_person(turn.tx, turn.person.id, MOST)
    if hurried and not own:
        return None
    rows = [row for case in own for row in rows_of(turn, case, theirs=True)]
    values = {"rows": rows, "agency": turn.catalog.agency, "open": is_open(turn)}
    say = Say("talk/progress", values)
    return aside(turn, say, *standing(turn))


def hurries(turn: Turn) -> bool:
    """Whether it is 急急急 and no more, and no registration is open that would note it."""
    said = turn.reading
    alone = said.fields.keys() == {"urgency"} and not (said.needs or said.numbered)
    return said.intent is None and alone and not is_open(turn)


def rows_of(turn: Turn, case: Case, *, theirs: bool = False) -> list[dict[str, object]]:
    """One line a need: where it stands, who has it, by when, and what was answered in the end.

    `theirs`: to the client's own chat, which alone gets the links to their documents.
    """
    links = certificates.documents(turn, case.id) if theirs else {}
    over = [need for need in case.needs if need.state in ANSWERED]
    told = feedback(turn, case) if over else {}
    return [
        {
            "number": case.number,
            "item": turn.catalog.service(need).name,
            "state": need.state,
            "step": need.step,
            "staff": turn.catalog.in_charge(need.assignee),
            # while something is missing, no day is promised
            "due": None if need.state is NeedState.TO_SUPPLEMENT else need.due,
            "open": need.state in OPEN,
            "feedback": told.get(need.id, ""),
            "wanted": wanted_names(turn, need),
            # for the same reason as the answer: a template says only that something is missing
            "reason": need.reason,
            "amount": need.amount,
            "report": need.report_number,
            "documents": links.get(need.id, []),
        }
        for need in case.needs
    ]


# a push may have reached the client as a template, which has no room for the words
ANSWERED = frozenset({NeedState.ANSWERED, NeedState.FINISHED, NeedState.CLOSED})


def feedback(turn: Turn, case: Case) -> dict[int, str]:
    """The last feedback to each need."""
    lines = events.of_case(turn.tx, case.id)
    return {
        one.need_id: str(one.values["text"])
        for one in lines
        if one.kind == "feedback" and one.need_id is not None and "text" in one.values
    }
