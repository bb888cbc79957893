"""The WeCom cards a staff member works from; their words stand in `texts/cards.yaml`."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.domain.actions import Action, allowed, possible
from bot.domain.assignment import able
from bot.domain.cases import Case, Field, Need, NeedState
from bot.domain.catalog import Staff
from bot.domain.options import Option
from bot.handlers.registering.wanted import askable, wanted_names
from bot.handlers.turn import Turn
from bot.messages import Channel, Push, PushKind, Say
from bot.wechat.limits import (
    CARD_CHECKBOX_CHARS,
    CARD_CHECKBOX_OPTIONS,
    CARD_DESC_CHARS,
    CARD_ROW_VALUE_CHARS,
    CARD_ROWS,
    CARD_SELECTION_CHARS,
    CARD_SELECTION_OPTIONS,
    CARD_SUBTITLE_CHARS,
    CARD_TITLE_CHARS,
)

Card = dict[str, object]

# no more digits than a row id of any database has
TASK = re.compile(r"[a-z]+-([0-9]{1,15})-([0-9]{1,9})(?:-|$)")

TRANSFER_TO = "to"
WANTED = "wanted"


def task_id(need: Need, kind: str) -> str:
    """Unique within the app: a need's version changes with every move (wechat_platform.md 5.3)."""
    return f"{kind}-{need.id}-{need.version}"


def need_of_task(task: str) -> tuple[int, int] | None:
    """The need and version a task id stands for; None if it is not one of ours."""
    found = TASK.match(task)
    return (int(found[1]), int(found[2])) if found else None


def card_push(to: str, card: Card, due: datetime, purpose: str = "assignment") -> Push:
    """A card in the outbox; each stands there once, by its task id."""
    key, body = f"card:{card['task_id']}", {"card": card}
    return Push(key, Channel.WECOM, to, PushKind.CARD, body, due, purpose, urgent=True)


def assignment_card(turn: Turn, case: Case, need: Need) -> Card:
    """The first card of a need: 接单, and 转派 to somebody chosen from the list."""
    card = facts_card(turn, case, need, "assign")
    legal = tuple(one for one in (Action.TAKE, Action.TRANSFER) if allowed(one, need.state))
    card["button_list"] = buttons(turn, legal, need)
    others = colleagues(turn, need)
    if others:
        card["button_selection"] = {
            "question_key": TRANSFER_TO,
            "title": word(turn, "transfer_to"),
            "option_list": [
                {"id": one.id, "text": one.name[:CARD_SELECTION_CHARS]} for one in others
            ],
        }
    return card


def next_card(turn: Turn, case: Case, need: Need) -> Card | None:
    """The fresh card after a move: what can be done next; None if nothing can."""
    actions = [one for one in ON_CARDS if one in possible(need.state)]
    if not actions:
        return None
    card = facts_card(turn, case, need, "next")
    card["button_list"] = buttons(turn, actions, need)
    return card


# Rare actions are typed, so that the common ones have room (six buttons at most); what leads
# on stands before what holds up, since the first button has the main colour.
ON_CARDS = (
    Action.TAKE,
    Action.ACCEPT,
    Action.START,
    Action.STEP,
    Action.FINISH,
    Action.SUPPLEMENT,
    Action.ANSWER,
    Action.REFER,
)


def supplement_card(turn: Turn, case: Case, need: Need) -> Card:
    """The fields and materials to tick for 需补料; the reason is asked for by text afterwards."""
    options = [
        {"id": str(index), "text": name[:CARD_CHECKBOX_CHARS], "is_checked": key in need.wanted}
        for index, (key, name) in enumerate(askable(turn, case, need))
    ]
    return {
        "card_type": "vote_interaction",
        "source": {"desc": source(turn)},
        "main_title": title(turn, case, need),
        "task_id": task_id(need, "wanted"),
        "checkbox": {
            "question_key": WANTED,
            "mode": 1,
            "option_list": options[:CARD_CHECKBOX_OPTIONS],
        },
        "submit_button": {"text": word(turn, "tell_client"), "key": Action.SUPPLEMENT},
    }


def facts_card(turn: Turn, case: Case, need: Need, kind: str) -> Card:
    """What every card about a need shows of it."""
    urgent = Option.URGENT in need.options
    facts = [
        (word(turn, "state"), word(turn, "state_and_step", need=need, urgent=urgent)),
        (word(turn, "applicant"), case.record.fields.get(Field.APPLICANT, "")),
        (word(turn, "contact"), contact_line(case)),
        (first_word(turn), first_asked_of(turn, case, need) if kind == "assign" else ""),
        (word(turn, "due"), days_of(turn, need)),
        (word(turn, "way"), way_of(turn, need)),
    ]
    if need.state is NeedState.TO_SUPPLEMENT:
        facts.append((word(turn, "wanted"), wanted_line(turn, need)))
    facts.append((word(turn, "entered"), entered(need)))
    shown = [(name, value) for name, value in facts if value][:CARD_ROWS]
    return {
        "card_type": "button_interaction",
        "source": {"desc": source(turn)},
        "main_title": title(turn, case, need),
        "sub_title_text": need.description[:CARD_SUBTITLE_CHARS],
        "horizontal_content_list": [
            {"keyname": name, "value": value[:CARD_ROW_VALUE_CHARS]} for name, value in shown
        ],
        "task_id": task_id(need, kind),
    }


def first_word(turn: Turn) -> str:
    """What whoever was asked first is called."""
    return turn.office.renderer.text(Say("first_asked/row"))


def first_asked_of(turn: Turn, case: Case, need: Need) -> str:
    """Who was asked first and sees the case through, where it is not whoever has the need."""
    if case.agent.lower() == need.assignee.lower():
        return ""
    first = turn.catalog.in_charge(case.agent)
    return f"{first.name} {first.phone}"


def entered(need: Need) -> str:
    """The sum and the number of the report that staff entered."""
    return " \u00b7 ".join(filter(None, (need.amount, need.report_number)))


def days_of(turn: Turn, need: Need) -> str:
    """The day promised, and the one the client wishes for."""
    if need.due is None and need.wanted_on is None:
        return ""
    return word(turn, "days", due=need.due, wanted_on=need.wanted_on)


def way_of(turn: Turn, need: Need) -> str:
    """How the client wants it done; of what the agency may not do itself, that and who does it."""
    item = turn.catalog.service(need)
    partner = item.partner.name if item.partner else ""
    own = item.own_service(turn.now.date())
    # being in a hurry stands with the state
    options = [one for one in need.options if one != Option.URGENT]
    if own and not options:
        return ""
    return word(turn, "ways", own=own, partner=partner, options=options)


def wanted_line(turn: Turn, need: Need) -> str:
    """What is wanted of the client, or how much of it where a card has no room for the names."""
    names = wanted_names(turn, need)
    line = word(turn, "names", names=names)
    if len(line) <= CARD_ROW_VALUE_CHARS:
        return line
    return word(turn, "names_many", count=len(names))


def contact_line(case: Case) -> str:
    """Whom to call; the assignee sees it in full (domain.md 8)."""
    fields = case.record.fields
    return " ".join(filter(None, (fields.get(Field.CONTACT), fields.get(Field.PHONE))))


def title(turn: Turn, case: Case, need: Need) -> Mapping[str, str]:
    """Case number and item."""
    row = f"/{need.position}" if len(case.needs) > 1 else ""
    return {
        "title": f"{case.number}{row}"[:CARD_TITLE_CHARS],
        "desc": turn.catalog.service(need).name[:CARD_DESC_CHARS],
    }


def buttons(turn: Turn, actions: tuple[Action, ...] | list[Action], need: Need) -> list[Card]:
    """One button an action, the first one in the main colour."""
    return [
        {"text": word(turn, action), "style": 1 if index == 0 else 2, "key": str(action)}
        for index, action in enumerate(actions)
        if action is not Action.TRANSFER or colleagues(turn, need)
    ]


def colleagues(turn: Turn, need: Need) -> tuple[Staff, ...]:
    """Who else could take the need: those able first, then everybody, ten at most."""
    catalog = turn.catalog
    ordered = dict.fromkeys((*able(catalog, catalog.service(need)), *catalog.staff))
    others = (one for one in ordered if one.id != need.assignee)
    return tuple(others)[:CARD_SELECTION_OPTIONS]


def word(turn: Turn, key: str, **values: object) -> str:
    """A word of the cards."""
    return turn.office.renderer.text(Say(f"cards/{key}", values))


def source(turn: Turn) -> str:
    """The small line above a card."""
    return word(turn, "source")
