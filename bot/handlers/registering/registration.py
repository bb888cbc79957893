"""Turns a confirmed draft into a numbered case: routed, assigned, recorded, announced."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogs.form import FACT
from bot.dialogs.intake.draft import Draft, Row, parked, record, situation, still_missing
from bot.domain.assignment import Assignment, assign
from bot.domain.cases import Case, Field, How, Need, NeedState, NewNeed
from bot.domain.catalog import Catalog, Item, Staff
from bot.domain.notice import Situation, required
from bot.domain.promises import promised
from bot.domain.quiet_hours import card_due
from bot.handlers import first_asked
from bot.handlers.desk.cards import assignment_card, card_push
from bot.handlers.files import photos, recordings
from bot.handlers.presence import absent
from bot.handlers.turn import CLIENT, Turn
from bot.messages import Channel, Push, Say
from bot.wechat.limits import GRANTED, Way
from storage import cases, events


@dataclass(frozen=True)
class Routed:
    """One row with who takes it and what it still wants."""

    row: Row
    item: Item
    assignment: Assignment
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Origin:
    """How a need came to us, and whom the client asked first (clause 7.4.2).

    `agent` None: whoever takes the first need; `lines`: what else the timeline begins with.
    """

    channel: str
    actor: str = CLIENT
    agent: str | None = None
    lines: tuple[events.Line, ...] = ()


def register(turn: Turn, draft: Draft, origin: Origin | None = None) -> Say:
    """The receipt; the case, its needs, its events and the cards stand in the same transaction."""
    origin = origin or Origin(turn.inbound.channel)
    first = first_asked.host(turn) if origin.agent is None else None
    routed = route(turn, draft, first)
    personal = turn.office.renderer.label("individual")
    case = cases.register(
        turn.tx,
        cases.next_number(turn.tx, turn.catalog.agency.number_prefix, turn.now.date()),
        turn.person.id,
        origin.channel,
        origin.agent or (first or routed[0].assignment.staff).id,
        record(draft, turn.catalog, personal),
        [new_need(turn, one) for one in routed],
        turn.now,
    )
    photos.attach_all(turn, case.id, draft)
    log(turn, case, routed, origin)
    beside = None if first is None else first_asked.has(turn, case, first)
    turn.push(*(assign_by_card(turn, case, index, one) for index, one in enumerate(routed)))
    recordings.join(turn, case)
    return receipt(turn, case, routed, beside)


def route(turn: Turn, draft: Draft, first: Staff | None = None) -> tuple[Routed, ...]:
    """Each row with exactly one staff member; several rows spread over the least loaded.

    Who was asked first takes what they do themselves, if nobody is there before them.
    """
    loads = dict(cases.open_loads(turn.tx))
    away = absent(turn.tx, turn.catalog, turn.now)
    found = []
    for row in draft.rows:
        item = turn.catalog.item[str(row.item)]
        assignment = assign(turn.catalog, item, loads, turn.now, away, first=first)
        loads[assignment.staff.id] = loads.get(assignment.staff.id, 0) + 1
        found.append(Routed(row, item, assignment, wanted_by(item, draft, turn.catalog)))
    return tuple(found)


def wanted_by(item: Item, draft: Draft, catalog: Catalog) -> tuple[str, ...]:
    """What of one item is still to come: uploads, promises, undecided questions, parked fields."""
    promised = {name for name, one in draft.materials.items() if one.how is How.LATER}
    draft = draft.but(materials={k: v for k, v in draft.materials.items() if k not in promised})
    now = situation(draft)
    own = required(catalog, Situation((item.id,), now.client_type, now.facts))
    left = still_missing(draft, catalog)
    asked = {one.name for one in (*own.typed, *own.uploads)}
    to_come = tuple(one.name for one in (*left.typed, *left.uploads) if one.name in asked)
    undecided = {one.condition for one in own.questions}
    questions = (one.condition for one in left.questions if one.condition in undecided)
    return to_come + tuple(FACT + one for one in questions) + parked(draft)


def new_need(turn: Turn, one: Routed) -> NewNeed:
    """The row as it goes into the book."""
    # while something is missing, a number of days is promised and no date yet
    found = None if one.wanted else promised(one.item, turn.now.date(), turn.catalog.agency.days)
    return NewNeed(
        category=one.item.category,
        item=one.item.id,
        department=one.item.department,
        assignee=one.assignment.staff.id,
        description=one.row.text,
        state=NeedState.TO_SUPPLEMENT if one.wanted else NeedState.SUBMITTED,
        due=found.due if found else None,
        wanted=one.wanted,
        options=one.row.options,
        wanted_on=one.row.wanted_on,
        promised_from=found.start if found else None,
        promised_days=found.days if found else None,
        estimated=bool(found and found.estimated),
    )


def log(turn: Turn, case: Case, routed: Sequence[Routed], origin: Origin) -> None:
    """The first lines of the timeline: registered by the client, assigned by the rules."""
    rows: list[events.Line] = [(None, "registered", origin.actor, {"channel": origin.channel})]
    rows += origin.lines
    for need, one in zip(case.needs, routed, strict=True):
        facts = {"to": need.assignee, "because": list(one.row.because)}
        rows.append((need.id, "assigned", "system", facts))
        if not one.item.own_service(turn.now.date()):
            rows.append((need.id, "to_coordinate", "system", {}))
    events.append_many(turn.tx, case.id, turn.now, rows)


def assign_by_card(turn: Turn, case: Case, index: int, one: Routed) -> Push:
    """The assignment card of one need; at night it waits for the start of duty."""
    need = case.needs[index]
    due = card_due(turn.catalog, one.assignment.staff, turn.now)
    return card_push(need.assignee, assignment_card(turn, case, need), due)


def receipt(turn: Turn, case: Case, routed: Sequence[Routed], first: Staff | None) -> Say:
    """Case number, who is in charge with name and number, and by when.

    `first`: who was asked first, where it is none of those in charge.
    """
    pairs = zip(case.needs, routed, strict=True)
    rows = [receipt_row(turn, need, one) for need, one in pairs]
    later = max(one.assignment.there_at for one in routed)
    conditions = turn.catalog.condition
    ways = by_way(case)
    # what comes by the window or the post is on its way, and nobody asks for it again
    coming = {name for names in ways.values() for name in names}
    keys = dict.fromkeys(key for one in routed for key in one.wanted if key not in coming)
    wanted = [key for key in keys if key not in set(Field)]
    return Say(
        "intake/receipt",
        {
            "number": case.number,
            "rows": rows,
            "first": first,
            "wanted": [
                conditions[key.removeprefix(FACT)].question if key.startswith(FACT) else key
                for key in wanted
            ],
            "parked": [key for key in keys if key in set(Field)],
            "by_way": ways,
            "upload": turn.office.links.upload(turn.person.id),
            "subscribe": subscribe_link(turn),
            "there_at": later if later > turn.now else None,
            "phone": turn.catalog.agency.phone,
            "complaint_phone": turn.catalog.agency.complaint_phone,
            **by_hand(turn, case),
        },
    )


def subscribe_link(turn: Turn) -> str:
    """Where the client asks for notices; "" where the account sends none."""
    account = turn.office.account
    granted = Way.SUBSCRIPTION in GRANTED[account.kind] and account.subscriptions
    if not granted or turn.inbound.channel is not Channel.OFFICIAL:
        return ""
    return turn.office.links.subscribe(turn.person.id)


def receipt_row(turn: Turn, need: Need, one: Routed) -> dict[str, object]:
    """What the receipt says of one need."""
    return {
        "item": one.item.name,
        "state": need.state,
        "staff": one.assignment.staff,
        "due": need.due,
        "options": need.options,
        "wanted_on": need.wanted_on,
        "estimated": need.estimated,
        "days": promised_days(turn, need, one.item),
        "turnaround": one.item.turnaround_text,
        "own": one.item.own_service(turn.now.date()),
        "partner": one.item.partner,
    }


def promised_days(turn: Turn, need: Need, item: Item) -> int | None:
    """Of a need that still waits for materials, how many working days begin when they are there."""
    waits = need.state is NeedState.TO_SUPPLEMENT and item.own_service(turn.now.date())
    return item.turnaround if waits else None


def by_way(case: Case) -> dict[str, list[str]]:
    """What was promised for the window or the post, by that way."""
    found: dict[str, list[str]] = {}
    for name, one in case.record.materials.items():
        if one.how is How.LATER and one.value:
            found.setdefault(f"{one.how}_{one.value}", []).append(name)
    return found


def by_hand(turn: Turn, case: Case) -> dict[str, object]:
    """What is signed or brought, and where."""
    catalog, record = turn.catalog, case.record
    items = tuple(need.item for need in case.needs)
    notice = required(catalog, Situation(items, record.client_type, record.facts))
    departments = dict.fromkeys(need.department for need in case.needs)
    return {
        "forms": [one.name for one in notice.forms],
        "bring": [one.name for one in notice.bring],
        "address": catalog.agency.address,
        "departments": [catalog.department[one] for one in departments],
    }
