"""One move of a need by staff: legal or refused with a reason, recorded, and told to the client."""

from dataclasses import dataclass

from bot.domain.actions import DEEDS, Action, allowed, possible
from bot.domain.cases import Case, Need, NeedState
from bot.domain.catalog import Staff
from bot.domain.quiet_hours import card_due
from bot.domain.surveys import SERVED
from bot.handlers.desk.cards import (
    assignment_card,
    card_push,
    next_card,
    supplement_card,
    word,
)
from bot.handlers.desk.spent_cards import retire
from bot.handlers.presence import still_here
from bot.handlers.progress.promises import promise_of
from bot.handlers.registering.wanted import wanted_names, wants_files
from bot.handlers.to_client import News, to_client
from bot.handlers.told import Told, told_by
from bot.handlers.turn import Turn
from bot.messages import Channel, Say
from storage import cases, people


@dataclass(frozen=True)
class Order:
    """What a staff member wants done, complete: with the words, names or colleague it takes."""

    action: Action
    case: Case
    need: Need
    by: Staff
    words: str = ""
    wanted: tuple[str, ...] = ()
    to: Staff | None = None


def refusal(turn: Turn, order: Order) -> Say | None:
    """Why the order cannot be carried out now; None if it can."""
    if allowed(order.action, order.need.state):
        return None
    return Say(
        "staff/illegal",
        {
            "number": order.case.number,
            "state": order.need.state,
            "action": word(turn, order.action),
            "possible": [word(turn, one) for one in possible(order.need.state)],
        },
    )


def carry_out(turn: Turn, order: Order) -> Say:
    """Moves the need, notes it, tells the client and sends the next card; what staff read."""
    refused = refusal(turn, order)
    if refused is not None:
        return refused
    if order.action is Action.TRANSFER:
        return hand_over(turn, order)
    need = moved(turn, order)
    spend_cards(turn, order.need, f"done_{order.action}")
    values = {"from": order.need.state, "to": need.state, "words": order.words}
    turn.note(order.case.id, need.id, order.action, order.by.id, **values, wanted=order.wanted)
    if order.action in {Action.ANSWER, Action.FINISH}:
        feedback = {"item": need.item, "text": order.words}
        turn.note(order.case.id, need.id, "feedback", order.by.id, **feedback)
    told = tell_client(turn, order, need)
    tell_first_asked(turn, order, need)
    send_next_card(turn, order, need)
    return Say(
        "staff/done",
        {
            "number": order.case.number,
            "item": turn.catalog.service(need).name,
            "action": word(turn, f"done_{order.action}"),
            "state": need.state,
            "told": told,
        },
    )


def moved(turn: Turn, order: Order) -> Need:
    """The need in its new state."""
    to = DEEDS[order.action].to
    supplement = order.action is Action.SUPPLEMENT
    return cases.change(
        turn.tx,
        order.need,
        state=to,
        wanted=order.wanted if supplement else (),
        reason=order.words if order.action in EXPLAINED else "",
        # a step is one of the service, and no longer true once the need has moved on
        step=order.words if order.action is Action.STEP else "",
        at=turn.now,
        **promise_of(turn.office, order.need, order.action, order.words, turn.now),
    )


# of these the reason stays with the need
EXPLAINED = frozenset({Action.SUPPLEMENT, Action.WITHDRAW})


def hand_over(turn: Turn, order: Order) -> Say:
    """转派: another assignee, the same state; the first-asked person stays (clause 7.4.2)."""
    to = order.to
    if to is None:
        return Say("staff/nobody_chosen", {"number": order.case.number})
    # of a need that is over, the time to rate counts from its end, whoever has it now
    since = None if order.need.state in SERVED else turn.now
    need = cases.change(turn.tx, order.need, assignee=to.id, department=to.department, at=since)
    item = turn.catalog.service(need).name
    spend_cards(turn, order.need, f"done_{order.action}")
    change = {"from": order.need.assignee, "to": to.id}
    turn.note(order.case.id, need.id, order.action, order.by.id, **change)
    values = {"number": order.case.number, "item": item, "staff": to}
    address, due = (Channel.WECOM, to.id), card_due(turn.catalog, to, turn.now)
    # with words it was declined, and they say why
    key = "orders/declined_to_you" if order.words else "staff/transferred_to_you"
    handed = Say(key, {**values, "by": order.by, "words": order.words})
    key = f"handed:{need.id}:{need.version}"
    turn.push(turn.text_push(key, address, handed, purpose="assignment", due=due))
    card = assignment_card if need.state is NeedState.SUBMITTED else next_card
    push_card(turn, to, card(turn, order.case, need))
    first = still_here(turn.tx, turn.catalog, order.case.agent) or to
    tell_former(turn, order, values)
    say = Say("status/transferred", {**values, "first": first})
    told = push_to_client(turn, order.case, need, say)
    return Say("staff/done_transfer", {**values, "told": told})


def tell_former(turn: Turn, order: Order, values: dict[str, object]) -> None:
    """Who had it until now hears of it, unless it was they who handed it on."""
    former = turn.catalog.person.get(order.need.assignee.lower())
    if former is None or former.id == order.by.id:
        return
    say = Say("orders/handed_away", {**values, "by": order.by})
    due, address = card_due(turn.catalog, former, turn.now), (Channel.WECOM, former.id)
    key = f"handed_away:{order.need.id}:{order.need.version}"
    turn.push(turn.text_push(key, address, say, purpose="courtesy", due=due))


def spend_cards(turn: Turn, old: Need, label: str) -> None:
    """The cards of the need as it was cannot be used any more, and say why."""
    event = turn.inbound.event
    retire(turn.tx, old, word(turn, label), turn.now, event.task_id if event else "")


def tell_client(turn: Turn, order: Order, need: Need) -> Told:
    """The client hears of every change of state, from one name and number."""
    key = "reopened" if order.action is Action.REOPEN else str(need.state)
    say = status(turn, key, order.case, need, order.words)
    return push_to_client(turn, order.case, need, say, matters=order.action in WORTH_A_CALL)


# Of these a client hears by telephone who never wrote to us.
WORTH_A_CALL = frozenset({Action.ACCEPT, Action.REFER, Action.FINISH, Action.REOPEN})
WORTH_A_CALL |= {Action.WITHDRAW}


def tell_first_asked(turn: Turn, order: Order, need: Need) -> None:
    """Who was asked first gets the result, whoever worked on it (clause 7.4.2)."""
    first = turn.catalog.person.get(order.case.agent.lower())
    if need.state not in RESULTS or first is None or first.id in {need.assignee, order.by.id}:
        return
    values = {
        "number": order.case.number,
        "item": turn.catalog.service(need).name,
        "staff": turn.catalog.in_charge(need.assignee),
        "state": need.state,
        "words": order.words,
    }
    due, address = card_due(turn.catalog, first, turn.now), (Channel.WECOM, first.id)
    key, say = f"result:{need.id}:{need.version}", Say("staff/result", values)
    turn.push(turn.text_push(key, address, say, purpose="result", due=due))


RESULTS = frozenset({NeedState.ANSWERED, NeedState.FINISHED, NeedState.WITHDRAWN})


def status(turn: Turn, key: str, case: Case, need: Need, words: str = "") -> Say:
    """The sentence a client reads about a need in this state."""
    return Say(
        f"status/{key}",
        {
            "number": case.number,
            "item": turn.catalog.service(need).name,
            "staff": turn.catalog.in_charge(need.assignee),
            "due": need.due,
            "wanted": wanted_names(turn, need),
            "reason": need.reason,
            "step": need.step,
            "words": words,
            "upload": upload_link(turn, case, need),
        },
    )


def upload_link(turn: Turn, case: Case, need: Need) -> str:
    """The client's upload page, where a material of theirs is wanted; else ""."""
    return turn.office.links.upload(case.person_id) if wants_files(turn, need.wanted) else ""


def push_to_client(turn: Turn, case: Case, need: Need, say: Say, *, matters: bool = False) -> Told:
    """A status push under a key that a repeat of the same move cannot double.

    How the client is told of it, as `told_by` says.
    """
    client = people.by_id(turn.tx, case.person_id)
    if client is None:
        return Told()
    key = f"state:{need.id}:{need.version}"
    news = News(key, say, urgent=need.state in ANSWER_NEEDED, matters=matters)
    pushes = to_client(turn.office, client, case, need, news, turn.now)
    turn.push(*pushes)
    return told_by(turn.office, turn.tx, client, pushes, turn.now)


# Where the client has to do something, a phone task follows if no message can reach them.
ANSWER_NEEDED = frozenset({NeedState.TO_SUPPLEMENT, NeedState.ANSWERED})


def send_next_card(turn: Turn, order: Order, need: Need) -> None:
    """A new card with what can be done next, to whoever is in charge."""
    card = next_card(turn, order.case, need)
    if card is not None and need.state is not NeedState.TO_SUPPLEMENT:
        push_card(turn, turn.catalog.in_charge(need.assignee), card)


def push_card(turn: Turn, to: Staff, card: dict[str, object] | None) -> None:
    """A card in the outbox; for another person than the one acting it keeps out of the night."""
    if card is None:
        return
    due = turn.now if to.id == turn.inbound.person else card_due(turn.catalog, to, turn.now)
    turn.push(card_push(to.id, card, due))


def push_supplement_card(turn: Turn, by: Staff, case: Case, need: Need) -> None:
    """The card with the fields and materials to tick."""
    push_card(turn, by, supplement_card(turn, case, need))
