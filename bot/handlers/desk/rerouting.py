"""改项: a need turns out to be another item; what is wanted, who has it and by when follow."""

from dataclasses import dataclass, replace

from bot.dialogs.form import FACT
from bot.domain.actions import Action, rerouted
from bot.domain.assignment import assign, keeps
from bot.domain.cases import Case, Field, How, Need, NeedState
from bot.domain.catalog import Catalog, Item, Staff
from bot.domain.notice import Notice, Situation, missing, required
from bot.domain.promises import promised
from bot.domain.quiet_hours import card_due
from bot.handlers.desk import needs as desk
from bot.handlers.desk.cards import assignment_card, next_card
from bot.handlers.desk.moves import (
    Order,
    push_card,
    push_to_client,
    refusal,
    spend_cards,
    upload_link,
)
from bot.handlers.desk.received import hold_client
from bot.handlers.desk.typed import NOTHING
from bot.handlers.presence import absent
from bot.handlers.registering.supplement import on_its_way
from bot.handlers.registering.wanted import is_material, name_of, wanted_names
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Say
from bot.reading.staff.items import find_item
from storage import cases, milestones

ITEMS = "items"
QUOTED = 30
UNTAKEN = frozenset({NeedState.SUBMITTED, NeedState.TO_SUPPLEMENT})


@dataclass(frozen=True)
class Rerouted:
    """A need before and after, and who saw that it was another item."""

    case: Case
    old: Need
    need: Need
    item: Item
    by: Staff

    @property
    def handed(self) -> bool:
        """Whether somebody else has it now."""
        return self.need.assignee != self.old.assignee


def typed(turn: Turn) -> Answer | None:
    """改项 编号 事项名称, or 事项 for all there are; None if it is another order."""
    staff, command = turn.staff, turn.command
    if staff is None or command is None or command.verb not in {Action.REROUTE, ITEMS}:
        return None
    if command.verb == ITEMS:
        return Answer((all_items(turn.catalog),))
    for case, _ in desk.candidates_of(turn, staff, command)[:1]:
        # before the need itself is locked, as the client's own turns do
        hold_client(turn, case.number)
    found = desk.look_up(turn, staff, command)
    if isinstance(found, Say):
        return Answer((found,))
    order = Order(Action.REROUTE, *found, staff, command.words)
    refused = refusal(turn, order)
    if refused is not None:
        return Answer((refused,))
    item = named(turn, order)
    if isinstance(item, Say):
        return Answer((item,))
    return Answer((carry_out(turn, order, item),), NOTHING)


def all_items(catalog: Catalog) -> Say:
    """Every item by its name, in the order of the file."""
    rows = [
        (one.name, [item.name for item in catalog.items_of(one.id)]) for one in catalog.categories
    ]
    example = catalog.items[0].name
    return Say("staff/items", {"rows": [row for row in rows if row[1]], "example": example})


def named(turn: Turn, order: Order) -> Item | Say:
    """The item that is wanted; else what there is to choose from."""
    values = {"number": desk.reference(order.case, order.need), "said": order.words[:QUOTED]}
    if not order.words:
        others = (one for one in turn.catalog.items if one.id != order.need.item)
        return Say("staff/which_item", values | {"example": next(others).name})
    found = find_item(turn.catalog, order.words)
    if isinstance(found, tuple):
        return Say("staff/unknown_item", values | {"nearest": found})
    if found.id == order.need.item:
        return Say("staff/same_item", values | {"item": found.name})
    return found


def carry_out(turn: Turn, order: Order, item: Item) -> Say:
    """The need as that item: noted, told to the client in one message, and to who has it now."""
    case, old = order.case, order.need
    need = cases.put(turn.tx, old, planned(turn, case, old, item), turn.now)
    # the promise is another one, and so are half and all of its time
    milestones.restart(turn.tx, need.id)
    spend_cards(turn, old, "done_reroute")
    done = Rerouted(case, old, need, item, order.by)
    note(turn, done)
    told = push_to_client(turn, case, need, news(turn, done), matters=True)
    values = told_to_staff(turn, done)
    tell_keeper(turn, done, values)
    return Say("staff/done_reroute", values | {"told": told})


def planned(turn: Turn, case: Case, need: Need, item: Item) -> Need:
    """What becomes of the need, as at its registration; who was asked first stays that."""
    wanted, today = wanted_as(turn, case, need, item), turn.now.date()
    found = None if wanted else promised(item, today, turn.catalog.agency.days)
    returned = any(key in need.wanted for key in wanted)
    return replace(
        need,
        category=item.category,
        item=item.id,
        department=item.department,
        assignee=assignee(turn, need, item),
        state=rerouted(need.state, lacking=bool(wanted)),
        wanted=wanted,
        reason=need.reason if returned else "",
        step="" if wanted else need.step,
        due=found.due if found else None,
        promised_from=found.start if found else None,
        promised_days=found.days if found else None,
        estimated=bool(found and found.estimated),
    )


def assignee(turn: Turn, need: Need, item: Item) -> str:
    """Who has it as that item: who had it, if they do that too, else whom the rules choose."""
    if keeps(turn.catalog, need, item):
        return need.assignee
    loads = dict(cases.open_loads(turn.tx))
    # the need itself weighs on nobody more than on another
    loads[need.assignee] = loads.get(need.assignee, 1) - 1
    away = absent(turn.tx, turn.catalog, turn.now)
    return assign(turn.catalog, item, loads, turn.now, away).staff.id


def asked_by(turn: Turn, case: Case, item: Item) -> Notice:
    """All that an item asks of the client of a case."""
    record = case.record
    return required(turn.catalog, Situation((item.id,), record.client_type, record.facts))


def wanted_as(turn: Turn, case: Case, need: Need, item: Item) -> tuple[str, ...]:
    """What is still to come for it: what it lacks, and what staff have sent back that it asks too.

    A field that was wanted is wanted of whatever item.
    """
    notice, given = asked_by(turn, case, item), case.record.materials
    here = {name for name, one in given.items() if one.how is not How.LATER}
    left = missing(notice, tuple(Field), here)
    asked = {one.name for one in (*notice.typed, *notice.uploads, *notice.optional)}
    again = (key for key in need.wanted if key in asked or key in set(Field))
    lacking = (one.name for one in (*left.typed, *left.uploads))
    questions = (FACT + one.condition for one in left.questions)
    return tuple(dict.fromkeys((*lacking, *questions, *again)))


def note(turn: Turn, done: Rerouted) -> None:
    """The timeline: from which item to which, by whom, of which words; and who has it now."""
    old, need = done.old, done.need
    turn.note(
        done.case.id,
        need.id,
        Action.REROUTE,
        done.by.id,
        **{"from": old.item, "to": need.item, "words": need.description},
        states=[old.state, need.state],
    )
    if done.handed:
        change = {"from": old.assignee, "to": need.assignee, "because": [need.item]}
        turn.note(done.case.id, need.id, "assigned", "system", **change)
    if not done.item.own_service(turn.now.date()):
        turn.note(done.case.id, need.id, "to_coordinate", "system")


def news(turn: Turn, done: Rerouted) -> Say:
    """All that the client has to know of it, in one message."""
    case, need, item = done.case, done.need, done.item
    catalog, notice = turn.catalog, asked_by(turn, case, item)
    staff = catalog.in_charge(need.assignee)
    coming = [key for key in need.wanted if is_material(key) and on_its_way(case, key)]
    asked = (*notice.typed, *notice.uploads, *notice.optional)
    own = item.own_service(turn.now.date())
    return Say(
        "status/rerouted",
        {
            "number": desk.reference(case, need),
            "old": catalog.service(done.old).name,
            "item": item.name,
            "staff": staff,
            "first": catalog.person.get(case.agent.lower(), staff),
            "kept": [one.name for one in asked if is_kept(done, one.name)],
            "wanted": [name_of(turn, key) for key in need.wanted if key not in coming],
            "on_yes": on_yes(turn, notice),
            "coming": coming,
            "reason": need.reason,
            "upload": upload_link(turn, case, need),
            "due": need.due,
            "estimated": need.estimated,
            "days": item.turnaround if need.wanted and own else None,
            "turnaround": item.turnaround_text,
            "own": own,
            "partner": item.partner,
            "forms": [one.name for one in notice.forms],
            "bring": [one.name for one in notice.bring],
            "address": catalog.agency.address,
            "department": catalog.department[need.department],
        },
    )


def on_yes(turn: Turn, notice: Notice) -> dict[str, list[str]]:
    """Question -> what a yes to it asks for besides."""
    conditions = turn.catalog.condition
    return {
        conditions[one.condition].question: [material.name for material in one.materials]
        for one in notice.questions
    }


def is_kept(done: Rerouted, name: str) -> bool:
    """Whether a material is here already, and nobody has sent it back."""
    given = done.case.record.materials.get(name)
    return given is not None and given.how is not How.LATER and name not in done.need.wanted


def told_to_staff(turn: Turn, done: Rerouted) -> dict[str, object]:
    """What a staff member reads of it."""
    return {
        "number": desk.reference(done.case, done.need),
        "old": turn.catalog.service(done.old).name,
        "item": done.item.name,
        "staff": turn.catalog.in_charge(done.need.assignee),
        "department": turn.catalog.department[done.need.department],
        "state": done.need.state,
        "handed": done.handed,
        "wanted": wanted_names(turn, done.need),
        "by": done.by,
    }


def tell_keeper(turn: Turn, done: Rerouted, values: dict[str, object]) -> None:
    """Who has it now hears of it from anybody but themselves, and gets a card of it as it is now.

    Who only waits for the client, as before, gets it when everything came.
    """
    need, to = done.need, turn.catalog.in_charge(done.need.assignee)
    make = assignment_card if need.state in UNTAKEN else next_card
    waits = need.state is NeedState.TO_SUPPLEMENT and not done.handed
    card = None if waits else make(turn, done.case, need)
    if to.id != done.by.id:
        say = Say("staff/rerouted_to_you", values | {"card": card is not None})
        key, address = f"rerouted:{need.id}:{need.version}", (Channel.WECOM, to.id)
        due = card_due(turn.catalog, to, turn.now)
        turn.push(turn.text_push(key, address, say, purpose="assignment", due=due))
    push_card(turn, to, card)
