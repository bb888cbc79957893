"""What a staff member may see and touch: their needs, found by number, listed, shown in full."""

from collections.abc import Sequence

from bot.domain.cases import Case, Field, Need
from bot.domain.catalog import Role, Staff
from bot.handlers.ratings.news import staff_line
from bot.handlers.registering.wanted import wanted_names
from bot.handlers.turn import Turn
from bot.messages import Say
from bot.reading.staff.commands import Command
from storage import cases, surveys

Found = tuple[Case, Need]


def may_see(staff: Staff, case: Case, need: Need) -> bool:
    """Also whoever was asked first, who answers for it to the client (clause 7.4.2)."""
    return may_act(staff, need) or staff.id == case.agent


# What may be done by whoever was asked first: look, and take in what the client hands over.
FIRST_ASKED = frozenset({"show", "received"})


def may_act(staff: Staff, need: Need) -> bool:
    """Whoever is in charge, and the managers (wechat_platform.md 5.2: never the button alone)."""
    return staff.role is Role.MANAGER or staff.id == need.assignee


def mine(turn: Turn, staff: Staff, need_id: int) -> Found | Say:
    """The need, locked, if this person may act on it; else what they are told."""
    found = cases.need(turn.tx, need_id)
    if found is None:
        return Say("staff/gone")
    case, need = found
    if may_act(staff, need):
        return found
    keeper = turn.catalog.in_charge(need.assignee)
    return Say("staff/not_yours", {"number": case.number, "staff": keeper})


def candidates_of(turn: Turn, staff: Staff, command: Command) -> list[Found]:
    """What a typed number may mean: whole, or its last digits among one's own open ones."""
    if "-" in command.number:
        case = cases.by_number(turn.tx, command.number)
        candidates = [] if case is None else [(case, need) for need in case.needs]
    else:
        own = cases.of_assignee(turn.tx, staff.id)
        candidates = [one for one in own if ends_with(one[0].number, command.number)]
    if command.row is not None:
        candidates = [one for one in candidates if one[1].position == command.row]
    return candidates


def look_up(turn: Turn, staff: Staff, command: Command) -> Found | Say:
    """The one need a typed number means, locked; else what there is to choose from."""
    candidates = candidates_of(turn, staff, command)
    if len(candidates) == 1:
        case, need = candidates[0]
        if command.verb in FIRST_ASKED and may_see(staff, case, need):
            return case, need
        return mine(turn, staff, need.id)
    return Say("staff/which_case", {"numbers": [reference(*one) for one in candidates]})


def colleague(others: Sequence[Staff], said: str) -> Staff | None:
    """Who is meant: by name, number or userid, or by a name with a word or two around it."""
    wanted = said.strip().lower()
    for one in others:
        if wanted in {one.name, one.number.lower(), one.id.lower()}:
            return one
    named = [one for one in others if one.name in wanted]
    return named[0] if len(named) == 1 and len(wanted) <= len(named[0].name) + AROUND else None


# 给陈刚吧, 陈刚老师
AROUND = 3


def ends_with(number: str, digits: str) -> bool:
    """Whether a case number ends in these digits, leading zeros or not."""
    running = number.rsplit("-", 1)[-1]
    return not digits or running.lstrip("0") == digits.lstrip("0") or running.endswith(digits)


def reference(case: Case, need: Need) -> str:
    """How a need is named in a list: the case number, and the row where there are several."""
    return f"{case.number}/{need.position}" if len(case.needs) > 1 else case.number


def list_of(turn: Turn, staff: Staff) -> Say:
    """待办: one's open needs, oldest first."""
    rows = [
        {
            "number": reference(case, need),
            "item": turn.catalog.service(need).name,
            "state": need.state,
            "due": need.due,
        }
        for case, need in cases.of_assignee(turn.tx, staff.id)
    ]
    return Say("staff/open_list", {"rows": rows}) if rows else Say("staff/no_open")


def details(turn: Turn, case: Case, need: Need) -> Say:
    """查看: everything registered about a need, for the person in charge."""
    conditions = turn.catalog.condition
    facts = [
        (conditions[key].question, value)
        for key, value in case.record.facts.items()
        if key in conditions
    ]
    keeper = turn.catalog.person.get(need.assignee.lower())
    survey = surveys.of_case(turn.tx, case.id)
    return Say(
        "staff/details",
        {
            "case": case,
            "channel": f"from_{case.channel}",
            "first": turn.catalog.person.get(case.agent.lower()),
            "need": need,
            "item": turn.catalog.service(need).name,
            "assignee": keeper.name if keeper else need.assignee,
            "facts": facts,
            "fields": [
                (key, case.record.fields[key]) for key in Field if key in case.record.fields
            ],
            "wanted": wanted_names(turn, need),
            "rating": staff_line(turn.office, case, survey, turn.inbound.person),
        },
    )
