"""What a staff member can do with a need: one literal table of actions and where they lead."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.cases import MOVES, NeedState


class Action(StrEnum):
    """Something a card button or a typed command asks for."""

    TAKE = "take"
    TRANSFER = "transfer"
    REROUTE = "reroute"
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
    """Where an action leads, from where, and whether it must be explained in words.

    `to` None: no state of its own; 转派 leaves it, and 改项 leads where `REROUTED` says.
    """

    to: NeedState | None
    sources: frozenset[NeedState] = frozenset()
    words: bool = False


S = NeedState

# Whoever is asked to 转派 a need that is over would hand on nothing.
TRANSFERABLE = frozenset(state for state in S if state not in {S.CLOSED, S.WITHDRAWN})

# Where a need stands once it is another item, if that lacks nothing; else it is TO_SUPPLEMENT.
# What was agreed with others, was agreed of the old item.
REROUTED: Mapping[NeedState, NeedState] = {
    S.SUBMITTED: S.SUBMITTED,
    S.TO_SUPPLEMENT: S.SUBMITTED,
    S.EVALUATING: S.EVALUATING,
    S.ACCEPTED: S.ACCEPTED,
    S.REFERRED: S.EVALUATING,
    S.IN_SERVICE: S.IN_SERVICE,
}

DEEDS: Mapping[Action, Deed] = {
    Action.TAKE: Deed(S.EVALUATING, frozenset({S.SUBMITTED})),
    Action.TRANSFER: Deed(None, TRANSFERABLE),
    Action.REROUTE: Deed(None, frozenset(REROUTED)),
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


def possible(state: NeedState) -> tuple[Action, ...]:
    """The actions a need in this state allows, in the order of the table."""
    return tuple(action for action in Action if allowed(action, state))


def allowed(action: Action, state: NeedState) -> bool:
    """Whether the action is legal now (domain.md 2)."""
    deed = DEEDS[action]
    return state in deed.sources if deed.sources else deed.to in MOVES[state]


def rerouted(state: NeedState, *, lacking: bool) -> NeedState:
    """Where a need in this state stands once it is another item."""
    return S.TO_SUPPLEMENT if lacking else REROUTED[state]
