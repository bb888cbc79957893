"""The two moves of a need that the client makes: taking it back, and having it looked at again."""

from bot.domain.actions import Action, allowed
from bot.domain.cases import Case, Need, NeedState
from bot.domain.promises import promised, terms
from bot.domain.quiet_hours import card_due
from bot.domain.surveys import SERVED
from bot.handlers.desk.cards import next_card
from bot.handlers.desk.moves import push_card, spend_cards
from bot.handlers.to_client import keeper
from bot.handlers.turn import CLIENT, Turn
from bot.messages import Channel, Say
from storage import cases

Found = tuple[Case, Need]

# work has been done, or a sample is here: something may have to be settled
BEGUN = frozenset({NeedState.ACCEPTED, NeedState.IN_SERVICE, NeedState.REFERRED})


def withdraw(turn: Turn, need_id: int, words: str) -> Need | None:
    """The need, taken back, its people told; None if it cannot be taken back any more."""
    found = own(turn, need_id)
    if found is None or not allowed(Action.WITHDRAW, found[1].state):
        return None
    case, old = found
    need = cases.change(turn.tx, old, state=NeedState.WITHDRAWN, reason=words, at=turn.now)
    spend_cards(turn, old, "done_withdraw")
    note(turn, case, old, need, words)
    tell_staff(turn, "staff_withdrawn", case, old, need, words)
    return need


def reopen(turn: Turn, need_id: int, words: str) -> Need | None:
    """The need under evaluation again, promised anew; None if somebody did that already."""
    found = own(turn, need_id)
    if found is None or found[1].state not in SERVED | {NeedState.CLOSED}:
        return None
    case, old = found
    new = promised(turn.catalog.service(old), turn.now.date(), turn.catalog.agency.days)
    need = cases.change(turn.tx, old, state=NeedState.EVALUATING, at=turn.now, **terms(new))
    note(turn, case, old, need, words)
    tell_staff(turn, "staff_reopened", case, old, need, words)
    push_card(turn, keeper(turn.office, need), next_card(turn, case, need))
    return need


def own(turn: Turn, need_id: int) -> Found | None:
    """This client's need, locked."""
    found = cases.need(turn.tx, need_id)
    return found if found is not None and found[0].person_id == turn.person.id else None


def note(turn: Turn, case: Case, old: Need, need: Need, words: str) -> None:
    """The move in the timeline, with the client's own words."""
    action = Action.WITHDRAW if need.state is NeedState.WITHDRAWN else Action.REOPEN
    values = {"from": old.state, "to": need.state, "words": words}
    turn.note(case.id, need.id, action, CLIENT, **values)


def tell_staff(turn: Turn, key: str, case: Case, old: Need, need: Need, words: str) -> None:
    """A text to who has the need, and to who was asked first; at night it waits."""
    values = {
        "number": case.number,
        "item": turn.catalog.service(need).name,
        "old": old.state,
        "words": words,
        "begun": old.state in BEGUN,
    }
    say, people = Say(f"afterwards/{key}", values), turn.catalog.person
    first = people.get(case.agent.lower())
    told = dict.fromkeys(filter(None, (keeper(turn.office, need), first)))
    for one in told:
        address, due = (Channel.WECOM, one.id), card_due(turn.catalog, one, turn.now)
        name = f"{key}:{need.id}:{need.version}:{one.id}"
        turn.push(turn.text_push(name, address, say, purpose="notice", due=due))
