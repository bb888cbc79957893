"""The best row of labels for the characters of a text, one each, under a linear model.

A label is `O` (outside), or `B` or `I` before the name of a role: its first character, or one
further in. What follows what is weighed by the features `>label`, as if they were of the text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add, sub

from bot.reading.learned.model import Model, learned

# the features of each character; None where nothing can be: it is understood already
Seen = Sequence[Sequence[str] | None]
OUTSIDE = 0
_NEVER = -1e9


def labels_of(roles: Sequence[str]) -> tuple[str, ...]:
    """Every label there is for these roles; an inner one stands right behind its first."""
    return ("O", *(f"{part}{role}" for role in roles for part in "BI"))


def link(label: str) -> str:
    """The feature that weighs what stands behind a label."""
    return f">{label}"


def links_of(
    labels: Sequence[str], row: Callable[[str], Iterable[tuple[int, float]]]
) -> list[list[float]]:
    """What the weights of what follows what say, as a table: label -> label before it."""
    table = [[0.0] * len(labels) for _ in labels]
    for before, name in enumerate(labels):
        for label, says in row(link(name)):
            table[label][before] = says
    return table


class Links:
    """What the weights of what follows what say (label -> label before it), laid out for `best`."""

    def __init__(self, behind: Sequence[Sequence[float]]) -> None:
        outer = [0, *range(1, len(behind), 2)]
        # label -> what it says for each label that may stand behind any other
        self.onward = [[behind[label][before] for label in outer] for before in range(len(behind))]
        # an inner label -> what its first one and it itself say for it
        self.inner = [
            (label, behind[label][label - 1], behind[label][label])
            for label in range(2, len(behind), 2)
        ]
        # label -> label -> how much more the second can say, at most, for whatever stands behind
        self.more = [[max(map(sub, two, one)) for two in self.onward] for one in self.onward]


@dataclass(frozen=True)
class Sequences:
    """A model of labels, and what it says for each label behind each other."""

    model: Model
    links: Links

    @classmethod
    def of(cls, model: Model) -> "Sequences":
        """With the weights of what follows what in their place."""
        return cls(model, Links(links_of(model.labels, lambda name: model.rows.get(name, ()))))

    def emissions(self, seen: Seen) -> list[list[float] | None]:
        """What each character says for each label."""
        rows, count = self.model.rows, len(self.model.labels)
        found: list[list[float] | None] = []
        for features in seen:
            if features is None:
                found.append(None)
                continue
            scores = [0.0] * count
            for name in features:
                row = rows.get(name)
                if row is not None:
                    for label, says in row:
                        scores[label] += says
            found.append(scores)
        return found

    def path(self, seen: Seen) -> list[int]:
        """The numbers of the best labels of a text."""
        return best(self.emissions(seen), self.links)


def best(emissions: Sequence[Sequence[float] | None], links: Links) -> list[int]:
    """The row of labels with the highest sum: an inner label only behind its own."""
    count = len(links.onward)
    outside = [0.0] + [_NEVER] * (count - 1)
    before, behind_none = outside, [OUTSIDE] * count
    steps: list[list[int]] = []
    for at, found in enumerate(emissions):
        if found is None and at and emissions[at - 1] is None:
            # outside behind outside: it weighs the same whatever comes before and after
            steps.append(behind_none)
            continue
        ways, step = _ways(before, links)
        before = list(map(add, ways, outside if found is None else found))
        steps.append(step)
    label = max(range(count), key=before.__getitem__)
    path: list[int] = []
    for step in reversed(steps):
        path.append(label)
        label = step[label]
    return path[::-1]


def _ways(before: Sequence[float], links: Links) -> tuple[list[float], list[int]]:
    """The best way to each label of the next character, and from which label it comes."""
    most = max(before)
    top = before.index(most)
    # a label so far behind that it wins for nothing behind it need not be looked at
    rivals = [one for one, way in enumerate(map(add, before, links.more[top])) if way >= most]
    ways, step = [0.0] * len(before), [top] * len(before)
    found = [[before[one] + says for says in links.onward[one]] for one in rivals]
    outer = found[0]
    if len(rivals) > 1:
        outer = list(map(max, *found))
        came = [rivals[column.index(max(column))] for column in zip(*found, strict=True)]
        step[0], step[1::2] = came[0], came[1:]
    ways[0], ways[1::2] = outer[0], outer[1:]
    for label, first, again in links.inner:
        begun, inside = before[label - 1] + first, before[label] + again
        step[label] = label - 1 if begun >= inside else label
        ways[label] = max(begun, inside)
    return ways, step


def spans(path: Sequence[int], labels: Sequence[str]) -> Mapping[str, list[tuple[int, int]]]:
    """Role -> where it stands, in the order of the text."""
    found: dict[str, list[tuple[int, int]]] = {}
    at = 0
    while at < len(path):
        label = path[at]
        end = at + 1
        if label != OUTSIDE:
            while end < len(path) and path[end] == label + 1:
                end += 1
            found.setdefault(labels[label][1:], []).append((at, end))
        at = end
    return found


@cache
def sequences(name: str) -> Sequences:
    """The model of labels that was learned under this name."""
    return Sequences.of(learned(name))
