"""What staff corrected: needs that turned out to be another item, in the words of the client."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Routing:
    """A need moved from one item to another; `words` are the client's, when it was moved."""

    need: int
    came_from: str
    went_to: str
    words: str


def corrected(routings: Iterable[Routing]) -> tuple[Routing, ...]:
    """The newest routing of each need, of those given oldest first.

    A need that is back where it was at first was right from the beginning, and gives nothing.
    """
    first: dict[int, str] = {}
    newest: dict[int, Routing] = {}
    for one in routings:
        first.setdefault(one.need, one.came_from)
        newest[one.need] = one
    return tuple(one for one in newest.values() if one.went_to != first[one.need])
