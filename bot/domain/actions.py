"""What a staff member can do with a need: one literal table of actions and where they lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import MOVES, NeedState


class Action(StrEnum):
    """Something a card button or a typed command asks for."""

    TAKE = "take"
    TRANSFER = "transfer"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    ANSWER = "answer"
    REFER = "refer"
    START = "start"
    STEP = "step"
    FINISH = "finish"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Deed:
    """Where an action leads, from where, and whether it must be explained in words."""

    to: NeedState | None
    sources: frozenset[NeedState] = frozenset()
    words: bool = False


S = NeedState

DEEDS: Mapping[Action, Deed] = {
    Action.TAKE: Deed(S.EVALUATING, frozenset({S.SUBMITTED})),
    Action.TRANSFER: Deed(None),
    Action.SUPPLEMENT: Deed(S.TO_SUPPLEMENT, words=True),
    Action.ACCEPT: Deed(S.ACCEPTED),
    Action.ANSWER: Deed(S.ANSWERED, words=True),
    Action.REFER: Deed(S.REFERRED, words=True),
    Action.START: Deed(S.IN_SERVICE),
    Action.STEP: Deed(S.IN_SERVICE, frozenset({S.IN_SERVICE}), words=True),
    Action.FINISH: Deed(S.FINISHED, words=True),
    Action.REOPEN: Deed(
        S.EVALUATING, frozenset({S.ANSWERED, S.REFERRED, S.FINISHED, S.CLOSED}), words=True
    ),
    Action.WITHDRAW: Deed(S.WITHDRAWN, words=True),
}

# Whoever is asked to 转派 a need that is over would hand on nothing.
TRANSFERABLE = frozenset(state for state in S if state not in {S.CLOSED, S.WITHDRAWN})


def possible(state: NeedState) -> tuple[Action, ...]:
    """The actions a need in this state allows, in the order of the table."""
    return tuple(action for action in Action if allowed(action, state))


def allowed(action: Action, state: NeedState) -> bool:
    """Whether the action is legal now (domain.md 2)."""
    deed = DEEDS[action]
    if deed.to is None:
        return state in TRANSFERABLE
    if deed.sources:
        return state in deed.sources
    return deed.to in MOVES[state]
