"""Cases and needs: the record of Table B.1, and the one table of states and legal moves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Field(StrEnum):
    """The fields of Table B.1 that a client answers (domain.md 3), and the optional ones."""

    APPLICANT = "applicant"
    ADDRESS = "address"
    CONTACT = "contact"
    POSITION = "position"
    PHONE = "phone"
    BUSINESS = "business"


class ClientType(StrEnum):
    """Who asks; decides which fields and materials apply (clause 5.2.2)."""

    ENTERPRISE = "enterprise"
    SOLE_TRADER = "sole_trader"
    INSTITUTION = "institution"
    GOVERNMENT = "government"
    INDIVIDUAL = "individual"


class NeedState(StrEnum):
    """Where one need stands (domain.md 2)."""

    SUBMITTED = "submitted"
    TO_SUPPLEMENT = "to_supplement"
    EVALUATING = "evaluating"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFERRED = "referred"
    IN_SERVICE = "in_service"
    FINISHED = "finished"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


S = NeedState

MOVES: Mapping[NeedState, frozenset[NeedState]] = {
    S.SUBMITTED: frozenset({S.EVALUATING, S.TO_SUPPLEMENT, S.WITHDRAWN}),
    S.TO_SUPPLEMENT: frozenset({S.SUBMITTED, S.WITHDRAWN}),
    S.EVALUATING: frozenset({S.ANSWERED, S.ACCEPTED, S.REFERRED, S.TO_SUPPLEMENT, S.WITHDRAWN}),
    S.ANSWERED: frozenset({S.CLOSED, S.EVALUATING}),
    S.ACCEPTED: frozenset({S.IN_SERVICE, S.TO_SUPPLEMENT, S.REFERRED, S.WITHDRAWN}),
    S.REFERRED: frozenset({S.IN_SERVICE, S.FINISHED, S.EVALUATING, S.WITHDRAWN}),
    S.IN_SERVICE: frozenset({S.FINISHED, S.TO_SUPPLEMENT, S.WITHDRAWN}),
    S.FINISHED: frozenset({S.CLOSED, S.EVALUATING}),
    S.CLOSED: frozenset({S.EVALUATING}),
    S.WITHDRAWN: frozenset({S.CLOSED}),
}

# A need in one of these weighs on its assignee and on its case's state.
OPEN = frozenset({S.SUBMITTED, S.TO_SUPPLEMENT, S.EVALUATING, S.ACCEPTED, S.REFERRED, S.IN_SERVICE})

# Nothing is done about it any more.
SETTLED = frozenset({S.CLOSED, S.WITHDRAWN})

# Least advanced first: the case shows the first of these that one of its needs is in.
ADVANCE = (
    S.TO_SUPPLEMENT,
    S.SUBMITTED,
    S.EVALUATING,
    S.REFERRED,
    S.ACCEPTED,
    S.IN_SERVICE,
    S.ANSWERED,
    S.FINISHED,
    S.CLOSED,
    S.WITHDRAWN,
)


class IllegalMove(Exception):
    """A need was asked to go where the table of domain.md 2 does not let it."""

    def __init__(self, found: NeedState, wanted: NeedState) -> None:
        self.found, self.wanted = found, wanted
        allowed = ", ".join(sorted(MOVES[found])) or "nothing"
        super().__init__(f"need is {found}, asked to become {wanted}; it may become {allowed}")


def move(found: NeedState, wanted: NeedState) -> NeedState:
    """`wanted`, if the table allows it; else IllegalMove."""
    if wanted not in MOVES[found]:
        raise IllegalMove(found, wanted)
    return wanted


class How(StrEnum):
    """In what way a material came, or will come."""

    TYPED = "typed"
    UPLOADED = "uploaded"
    LATER = "later"


@dataclass(frozen=True)
class Provided:
    """One material as given: typed text, a media id, or the promise to bring or post it."""

    how: How
    value: str = ""


@dataclass(frozen=True)
class Record:
    """What the client confirmed: the personal half of Table B.1, stored sealed as one value."""

    client_type: ClientType
    fields: Mapping[Field, str]
    extra: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, bool] = field(default_factory=dict)
    materials: Mapping[str, Provided] = field(default_factory=dict)


@dataclass(frozen=True)
class NewNeed:
    """One row 服务需求, routed, about to be registered."""

    category: str
    item: str
    department: str
    assignee: str
    description: str
    state: NeedState
    due: date | None
    # what is asked for while the state is TO_SUPPLEMENT: field keys and material names
    wanted: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    wanted_on: date | None = None
    promised_from: date | None = None
    promised_days: int | None = None
    estimated: bool = False


@dataclass(frozen=True)
class Need:
    """One row 服务需求 as stored.

    `step` names the progress inside IN_SERVICE; `options` are how the client wants it done
    (clause 7.4.4) and `wanted_on` by when; `amount` and `report_number` are as staff entered them.
    `due` is `promised_days` working days after `promised_from`; `estimated` while any day on the
    way there has no published calendar.
    """

    id: int
    case_id: int
    position: int
    category: str
    item: str
    department: str
    assignee: str
    description: str
    state: NeedState
    due: date | None
    wanted: tuple[str, ...] = ()
    reason: str = ""
    step: str = ""
    version: int = 1
    options: tuple[str, ...] = ()
    wanted_on: date | None = None
    amount: str = ""
    report_number: str = ""
    promised_from: date | None = None
    promised_days: int | None = None
    estimated: bool = False


@dataclass(frozen=True)
class Case:
    """One Table B.1, numbered. `agent` is the first-asked person (首问责任人)."""

    id: int
    number: str
    person_id: int
    channel: str
    agent: str
    record: Record
    registered_at: datetime
    needs: tuple[Need, ...] = ()

    @property
    def state(self) -> NeedState:
        """The state of the least advanced need."""
        return min((need.state for need in self.needs), key=ADVANCE.index)
