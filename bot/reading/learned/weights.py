"""Weights that move step by step, and their average over all steps: what both learners share."""

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.reading.learned.model import Model, Row

# of the order in which examples come
_SEED = 1

Example = TypeVar("Example", contravariant=True)


class Learner(Protocol[Example]):
    """Whatever learns from one example after another."""

    def see(self, example: Example) -> None:
        """Moves its weights, if need be."""


def teach(learner: Learner[Example], examples: Sequence[Example], rounds: int) -> None:
    """Shows it all examples so many times, in the same changing order every time."""
    order, chance = list(examples), random.Random(_SEED)
    for _ in range(rounds):
        chance.shuffle(order)
        for example in order:
            learner.see(example)


class Weights:
    """What each feature says for each label, by number, and what it has said so far.

    With a model to begin from, no weight is learned that it does not have.
    """

    def __init__(self, begun: Model | None = None) -> None:
        rows = {} if begun is None else begun.rows
        self._rows = {name: dict(row) for name, row in rows.items()}
        self._sums: dict[str, dict[int, float]] = {}
        self._step = 1
        self._open = begun is None

    @property
    def rows(self) -> Mapping[str, Mapping[int, float]]:
        """Feature -> label -> weight, as it is now."""
        return self._rows

    def move(self, name: str, label: int, by: float) -> None:
        """Changes one weight in this step."""
        if not self._open and label not in self._rows.get(name, {}):
            return
        weights, sums = self._rows.setdefault(name, {}), self._sums.setdefault(name, {})
        weights[label] = weights.get(label, 0.0) + by
        sums[label] = sums.get(label, 0.0) + self._step * by

    def step(self) -> None:
        """Ends a step."""
        self._step += 1

    def average(self, labels: Sequence[str], kept: Callable[[str], bool], least: float) -> Model:
        """The mean over all steps, of the features to be kept and of what is as large as that."""
        rows: dict[str, Row] = {}
        for name in filter(kept, self._rows):
            sums = self._sums.get(name, {})
            mean = {one: w - sums.get(one, 0.0) / self._step for one, w in self._rows[name].items()}
            row = tuple((one, w) for one, w in sorted(mean.items()) if abs(w) >= least)
            if row:
                rows[name] = row
        return Model(tuple(labels), rows)
