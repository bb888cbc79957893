"""Something to be put right after a low score or a complaint: states, owner, who may know."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.catalog import Catalog, Role, Staff

PREFIX = "GJ"


class ImprovementState(StrEnum):
    """Where an improvement stands."""

    OPEN = "open"
    PLANNED = "planned"
    DONE = "done"
    CONFIRMED = "confirmed"


UNDONE = frozenset({ImprovementState.OPEN, ImprovementState.PLANNED})


@dataclass(frozen=True)
class Improvement:
    """One of them as stored; `facts` says what the client found wanting."""

    id: int
    number: str
    source: str
    case_id: int | None
    survey_id: int | None
    owner: str
    confidential: bool
    state: ImprovementState
    due: dt.date
    opened_at: dt.datetime
    done_at: dt.datetime | None
    facts: Mapping[str, object] = field(default_factory=dict)
    plan: str = ""


def owner_of(catalog: Catalog, rated: Staff, involved: Collection[str]) -> Staff:
    """Who sees to it: a manager of the department, then any, nobody involved if it can be helped.

    `involved` are the userids of everybody in charge of something in the case.
    """

    def rank(one: Staff) -> tuple[bool, bool, bool]:
        return (
            one.id in involved,
            one.role is not Role.MANAGER,
            one.department != rated.department,
        )

    return min(catalog.staff, key=rank)


def may_know(found: Improvement, staff: Staff, involved: Collection[str]) -> bool:
    """Whether a staff member may read it: the owner and the managers.

    A doubt about integrity is kept from everybody it may be about, whatever their role.
    """
    if found.confidential and staff.id in involved:
        return False
    return staff.id == found.owner or staff.role is Role.MANAGER
