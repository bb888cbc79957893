"""The best row of labels for the characters of a text, one each, under a linear model.

A label is `O` (outside), or `B` or `I` before the name of a role: its first character, or one
further in. What follows what is weighed by the features `>label`, as if they were of the text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import add

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


@dataclass(frozen=True)
class Sequences:
    """A model of labels, and what it says for each label behind each other."""

    model: Model
    behind: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, model: Model) -> "Sequences":
        """With the weights of what follows what as a table: label -> label before it."""
        table = links_of(model.labels, lambda name: model.rows.get(name, ()))
        return cls(model, tuple(map(tuple, table)))

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
        return best(self.emissions(seen), self.behind)


def best(
    emissions: Sequence[Sequence[float] | None], behind: Sequence[Sequence[float]]
) -> list[int]:
    """The row of labels with the highest sum: an inner label only behind its own."""
    count = len(behind)
    outside = [0.0] + [_NEVER] * (count - 1)
    before = outside
    steps: list[list[int]] = []
    for found in emissions:
        before, step = _next(before, outside if found is None else found, behind)
        steps.append(step)
    label = max(range(count), key=before.__getitem__)
    path: list[int] = []
    for step in reversed(steps):
        path.append(label)
        label = step[label]
    return path[::-1]


def _next(
    before: Sequence[float], scores: Sequence[float], behind: Sequence[Sequence[float]]
) -> tuple[list[float], list[int]]:
    """The best way to each label of the next character, and from which label it came."""
    ways, step = [0.0] * len(scores), [0] * len(scores)
    for label, says in enumerate(scores):
        links = behind[label]
        if label and label % 2 == 0:
            first, inner = before[label - 1] + links[label - 1], before[label] + links[label]
            step[label] = label - 1 if first >= inner else label
            ways[label] = says + max(first, inner)
        else:
            sums = list(map(add, before, links))
            most = max(sums)
            step[label], ways[label] = sums.index(most), says + most
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
