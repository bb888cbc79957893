"""A tap on a WeCom card: the button, the chosen colleague, the ticked materials."""

from collections.abc import Mapping

from bot.domain.actions import DEEDS, Action
from bot.domain.cases import Case, Need
from bot.domain.catalog import Staff
from bot.handlers.desk import needs as desk
from bot.handlers.desk.cards import TRANSFER_TO, WANTED, need_of_task, next_card, word
from bot.handlers.desk.moves import Order, carry_out, push_card, push_supplement_card, refusal
from bot.handlers.desk.typed import NOTHING, question_of
from bot.handlers.registering.wanted import askable
from bot.handlers.told import Told
from bot.handlers.turn import Answer, Turn
from bot.messages import Channel, Event, Push, PushKind, Say

Progress = Mapping[str, object] | None
TAP = "template_card_event"


def tapped(turn: Turn) -> Answer | None:
    """Answered by pushes alone: the platform shows no passive reply to a card (5.4)."""
    event = turn.inbound.event
    if event is None or event.name != TAP:
        return None
    staff = turn.staff
    if staff is None:
        return say_later(turn, Say("staff/stranger"), None)
    task = need_of_task(event.task_id)
    if task is None or event.key not in set(Action):
        return say_later(turn, Say("staff/gone"), None)
    found = desk.mine(turn, staff, task[0])
    if isinstance(found, Say):
        return say_later(turn, found, None)
    if found[1].version != task[1]:
        return outdated(turn, staff, *found)
    return by_button(turn, staff, event, found)


def outdated(turn: Turn, staff: Staff, case: Case, need: Need) -> Answer:
    """An old card: what is true now, and the card that belongs to it under a fresh task id."""
    card = next_card(turn, case, need)
    values = {"number": case.number, "state": need.state, "again": card is not None}
    if turn.inbound.event is not None:
        close_card(turn, turn.inbound.event, "done_stale")
    if card is not None:
        again = {**card, "task_id": f"{card['task_id']}-{turn.inbound.key[:12]}"}
        push_card(turn, staff, again)
    return say_later(turn, Say("staff/stale", values), None)


def by_button(turn: Turn, staff: Staff, event: Event, found: tuple[Case, Need]) -> Answer:
    """Carry the button out, or ask for what it takes."""
    action, (case, need) = Action(event.key), found
    order = Order(action, case, need, staff)
    refused = refusal(turn, order)
    if refused is not None:
        return say_later(turn, refused, None)
    if action is Action.TRANSFER:
        return transfer(turn, event, order)
    if action is Action.REROUTE:
        # no card has this button, and none could say which item
        return say_later(turn, Say("staff/gone"), None)
    if action is Action.SUPPLEMENT:
        return supplement(turn, event, order)
    if DEEDS[action].words:
        close_card(turn, event, "done_words")
        return ask_words(turn, order)
    return carried_out(turn, event, order)


def carried_out(turn: Turn, event: Event, order: Order) -> Answer:
    """The greyed button and the next card say it all; one more text would be noise."""
    said = carry_out(turn, order)
    close_card(turn, event, f"done_{order.action}")
    return say_later(turn, said, NOTHING) if late(said) else Answer(progress=NOTHING, silent=True)


def late(said: Say) -> bool:
    """Whether the client will not read of it for now, which no card shows."""
    told = said.values.get("told")
    return isinstance(told, Told) and told.late


def transfer(turn: Turn, event: Event, order: Order) -> Answer:
    """转派 to the colleague chosen on the card."""
    chosen = event.selected.get(TRANSFER_TO, ())
    to = turn.catalog.person.get(chosen[0].lower()) if chosen else None
    if to is None or to.id == order.need.assignee:
        return say_later(turn, Say("staff/nobody_chosen", {"number": order.case.number}), None)
    said = carry_out(turn, Order(order.action, order.case, order.need, order.by, to=to))
    close_card(turn, event, "done_transfer")
    return say_later(turn, said, NOTHING)


def supplement(turn: Turn, event: Event, order: Order) -> Answer:
    """需补料: the card to tick, or, once ticked, the question for the reason."""
    if WANTED not in event.selected:
        push_supplement_card(turn, order.by, order.case, order.need)
        close_card(turn, event, "done_words")
        return Answer(silent=True)
    choices = askable(turn, order.case, order.need)
    ticked = set(event.selected[WANTED])
    wanted = tuple(key for index, (key, _) in enumerate(choices) if str(index) in ticked)
    if not wanted:
        names = [name for _, name in choices]
        return say_later(
            turn, Say("staff/which_wanted", {"names": names, "number": order.case.number}), None
        )
    close_card(turn, event, "done_words")
    full = Order(order.action, order.case, order.need, order.by, wanted=wanted)
    return ask_words(turn, full)


def ask_words(turn: Turn, order: Order) -> Answer:
    """The question for the words the order takes, by push, and the order waiting for them."""
    say, waiting = question_of(turn, order)
    return say_later(turn, say, waiting.progress())


def close_card(turn: Turn, event: Event, key: str) -> None:
    """Grey the tapped card; its code works once within 72 h (5.4)."""
    if not event.response_code:
        return
    turn.push(
        Push(
            key=f"card_update:{turn.inbound.key}",
            channel=Channel.WECOM,
            to=turn.inbound.person,
            kind=PushKind.CARD_UPDATE,
            body={
                "update": {"button": {"replace_name": word(turn, key)}},
                "code": event.response_code,
            },
            due=turn.now,
            purpose="card_update",
        )
    )


def say_later(turn: Turn, say: Say, progress: Progress) -> Answer:
    """A text to the person who tapped, by push."""
    address = (Channel.WECOM, turn.inbound.person)
    turn.push(turn.text_push(f"tap:{turn.inbound.key}", address, say, purpose="answer"))
    return Answer(progress=progress, silent=True)
