"""首问负责 by a code on the wall: whom a client asks first by scanning it (clause 7.4.2)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.assignment import there_at
from bot.domain.catalog import Catalog, Role, Staff

# who scanned a code in the hall and does nothing for a week, begins anew
LASTS = timedelta(days=7)

STAFF, DESK = "staff.", "desk."
# what the platform puts before the scene of a code by which somebody begins to follow
FOLLOWED_BY = "qrscene_"


@dataclass(frozen=True)
class Code:
    """One code to print: what is scanned, and what stands below it."""

    id: str
    scene: str
    name: str


def codes(catalog: Catalog) -> Iterator[Code]:
    """One code for each desk of the hall, and one for each staff member."""
    for place in catalog.departments:
        yield Code(place.id, DESK + place.id, place.name)
    for one in catalog.staff:
        yield Code(one.id, STAFF + one.id, one.name)


def host_of(
    catalog: Catalog,
    scanned: str,
    loads: Mapping[str, int],
    now: datetime,
    away: Collection[str] = (),
) -> Staff | None:
    """Whom the scanned code stands for; of a desk, who is there first and has least to do.

    `away` stand at no desk now.
    """
    scene = scanned.removeprefix(FOLLOWED_BY)
    if scene.startswith(STAFF):
        return catalog.person.get(scene.removeprefix(STAFF).lower())
    if not scene.startswith(DESK):
        return None
    place = scene.removeprefix(DESK)
    people = [one for one in catalog.staff if one.department == place and one.id not in away]
    # a manager stands at the desk only where nobody else does
    agents = [one for one in people if one.role is Role.AGENT] or people
    return min(
        agents,
        key=lambda one: (there_at(catalog, one, now), loads.get(one.id, 0)),
        default=None,
    )
