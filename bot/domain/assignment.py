"""Who takes a need: exactly one staff member, able, on duty, with the fewest open needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.cases import Need
from bot.domain.catalog import Catalog, Duty, Item, Role, Staff
from bot.domain.workdays import next_duty_start, on_duty


@dataclass(frozen=True)
class Assignment:
    """The chosen staff member and from when on they are there (`now`, if on duty)."""

    staff: Staff
    there_at: datetime


def able(catalog: Catalog, item: Item) -> tuple[Staff, ...]:
    """Those who do this item: named for it, else of its department; else the managers."""
    named = tuple(one for one in catalog.staff if item.id in one.items)
    general = tuple(
        one
        for one in catalog.staff
        if not one.items and one.department == item.department and one.role is Role.AGENT
    )
    return named + general or catalog.managers


def keeps(catalog: Catalog, need: Need, item: Item) -> bool:
    """Whether who has a need does that item as well, in the department that has it now."""
    able_ones = (one.id.lower() for one in able(catalog, item))
    return need.department == item.department and need.assignee.lower() in able_ones


def duty_of(catalog: Catalog, staff: Staff) -> tuple[Duty, ...]:
    """A staff member's own duty hours, else the agency's."""
    return staff.duty or catalog.agency.duty


def there_at(catalog: Catalog, staff: Staff, now: datetime) -> datetime:
    """`now` when on duty, else the next start of duty."""
    duty = duty_of(catalog, staff)
    if on_duty(now, duty, catalog.agency.days):
        return now
    return next_duty_start(now, duty, catalog.agency.days)


def assign(
    catalog: Catalog,
    item: Item,
    loads: Mapping[str, int],
    now: datetime,
    except_for: Collection[str] = (),
    first: Staff | None = None,
) -> Assignment:
    """Exactly one person: earliest there, then fewest open needs, then the order of the file.

    Where all who are able are excepted, a manager has it; where all managers are too, it is as if
    nobody were. Of those who are there earliest, `first` comes before the others.
    """
    people = able(catalog, item)
    pools = (people, catalog.managers)
    left = (tuple(one for one in pool if one.id not in except_for) for pool in pools)
    candidates = next(filter(None, left), people)
    times = {one.id: there_at(catalog, one, now) for one in candidates}
    chosen = min(candidates, key=lambda one: (times[one.id], one != first, loads.get(one.id, 0)))
    return Assignment(chosen, times[chosen.id])
