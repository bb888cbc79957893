"""Progress by number: one's own at once, anybody else's with the last four digits of the phone.

Whether a number exists is never told: an unknown number is asked for the digits too, wrong digits
and an unknown number are answered in the same words, and both count as a try
(domain.md 1, 5.2.2 d).
"""

from datetime import timedelta
from hmac import compare_digest

from bot.dialogs.form import Sort
from bot.domain.cases import OPEN, Case, Field, Need, NeedState
from bot.domain.report_numbers import report_key
from bot.handlers.progress.own import rows_of
from bot.handlers.registering.dialog import aside, is_open
from bot.handlers.registering.supplement import sort_of, waiting_case
from bot.handlers.turn import Answer, Turn
from bot.messages import Kind, Say
from bot.reading.concerns.lookups import Lookup, last_four, read_digits, read_lookup
from bot.reading.reading import Intent
from storage import cases, people, quotas

ASKS = "lookup_proof"
TRIES, WINDOW = 5, timedelta(hours=1)
# numbers of these are asked after elsewhere
ELSEWHERE = ("TS", "YJ", "GJ", "YS")


def proved(turn: Turn) -> Answer | None:
    """The digits that were asked for; any other message ends the question."""
    question = turn.person.aside
    if question.get("asks") != ASKS:
        return None
    people.ask_aside(turn.tx, turn.person.id, None)
    if turn.inbound.kind is not Kind.TEXT or number_in(turn) is not None:
        return None
    if turn.reading.gives_up:
        return aside(turn, Say("lookup/dropped"))
    # a whole number may be what an open form has asked for
    phone = "" if is_open(turn) else turn.reading.fields.get(Field.PHONE, "")
    digits = read_digits(turn.inbound.text, phone)
    if not digits or (is_open(turn) and Field.PHONE in turn.reading.fields):
        return None
    lookup = Lookup(str(question["number"]), bool(question["is_case"]), digits)
    return by_proof(turn, lookup)


def looked_up(turn: Turn) -> Answer | None:
    """A message that asks after a number; None if it gives one for another reason."""
    lookup = number_in(turn)
    if lookup is None or not asks_after(turn, lookup):
        return None
    found = find(turn, lookup)
    own = tuple(one for one in found if one.person_id == turn.person.id)
    if own:
        return show(turn, own)
    return by_proof(turn, lookup, found) if lookup.digits else ask_digits(turn, lookup)


def number_in(turn: Turn) -> Lookup | None:
    """The number a text asks after."""
    if turn.inbound.kind is not Kind.TEXT:
        return None
    said, prefix = turn.reading, turn.catalog.agency.number_prefix
    lookup = read_lookup(turn.inbound.text, prefix, said.fields.get(Field.PHONE, ""))
    if lookup is None or (lookup.is_case and lookup.number.startswith(ELSEWHERE)):
        return None
    return lookup


def asks_after(turn: Turn, lookup: Lookup) -> bool:
    """Whether the number is asked after, not given as an answer or with a complaint."""
    said = turn.reading
    if said.intent in {Intent.COMPLAINT, Intent.PRIVACY, Intent.HUMAN} or said.corrected:
        return False
    if lookup.is_case or lookup.asks or lookup.digits:
        return True
    # a bare report number may be what a form waits for
    return not is_open(turn) and not awaited(turn)


def awaited(turn: Turn) -> bool:
    """Whether a registered case waits for something that is typed."""
    waiting = waiting_case(turn)
    return waiting is not None and any(sort_of(turn, key) is Sort.TYPED for key in waiting.wanted)


def find(turn: Turn, lookup: Lookup) -> tuple[Case, ...]:
    """The cases under that number, whoever's."""
    if lookup.is_case:
        case = cases.by_number(turn.tx, lookup.number)
        if case is not None:
            return (case,)
    return cases.by_report(turn.tx, lookup.number)


def show(turn: Turn, own: tuple[Case, ...]) -> Answer:
    """Everything that 进度 tells, of these alone."""
    rows = [row for case in own for row in rows_of(turn, case, theirs=True)]
    values = {"rows": rows, "agency": turn.catalog.agency, "open": is_open(turn)}
    return aside(turn, Say("talk/progress", values))


def ask_digits(turn: Turn, lookup: Lookup) -> Answer:
    """The question for the digits, asked of numbers that do not exist as well."""
    question = {"asks": ASKS, "number": lookup.number, "is_case": lookup.is_case}
    people.ask_aside(turn.tx, turn.person.id, question)
    return aside(turn, Say("lookup/which_digits", {"number": lookup.number}))


def by_proof(turn: Turn, lookup: Lookup, found: tuple[Case, ...] | None = None) -> Answer:
    """Where it stands, for whoever knows number and digits; five tries an hour."""
    values = {"agency": turn.catalog.agency}
    if not may_try(turn):
        return aside(turn, Say("lookup/too_often", values))
    known = find(turn, lookup) if found is None else found
    proven = [case for case in known if proves(case, lookup.digits)]
    if not proven:
        question = {"asks": ASKS, "number": lookup.number, "is_case": lookup.is_case}
        people.ask_aside(turn.tx, turn.person.id, question)
        return aside(turn, Say("lookup/not_found", values))
    rows = [row_of(turn, case, need) for case in proven for need in meant(case, lookup)]
    return aside(turn, Say("lookup/found", {"rows": rows}))


def may_try(turn: Turn) -> bool:
    """Counts one try of this person; the person's row is locked, so none comes between."""
    scope, minute = f"lookup:{turn.person.id}", turn.now.replace(second=0, microsecond=0)
    if quotas.used(turn.tx, scope, minute - WINDOW) >= TRIES:
        return False
    return quotas.take(turn.tx, scope, minute, TRIES)


def proves(case: Case, digits: str) -> bool:
    """Whether these are the last four digits of the registered phone."""
    return compare_digest(last_four(case.record.fields.get(Field.PHONE, "")), digits)


def meant(case: Case, lookup: Lookup) -> tuple[Need, ...]:
    """The needs of a case; of a report number, those that have it."""
    key = report_key(lookup.number)
    having = tuple(one for one in case.needs if report_key(one.report_number) == key)
    return having or case.needs


def row_of(turn: Turn, case: Case, need: Need) -> dict[str, object]:
    """State, date and who is in charge; nothing that says whose it is or what."""
    row = f"/{need.position}" if len(case.needs) > 1 else ""
    return {
        "number": f"{case.number}{row}",
        "state": need.state,
        "step": need.step,
        "open": need.state in OPEN,
        "due": None if need.state is NeedState.TO_SUPPLEMENT else need.due,
        "staff": turn.catalog.in_charge(need.assignee),
    }
