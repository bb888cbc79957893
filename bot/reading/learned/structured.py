"""Learning the labels of sequences: an averaged structured perceptron with a margin.

After Collins, Discriminative Training Methods for Hidden Markov Models (2002). As with single
texts, what says little is dropped and the rest learns on without it.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.learned.model import Model, Row
from bot.reading.learned.sequences import LINK, OUTSIDE, Seen, Sequences, best

# times each example is seen with all features, and with those that are left; the order's seed
_ROUNDS, _AGAIN, _SEED = 5, 3, 1
# how far a wrong label must stay behind: one that fills, and one that misses
_FILLS, _MISSES = 0.8, 0.5
# how far what follows what moves
_BEHIND = 0.5
# what fewer examples have, or says less, is chance; and what is nothing when all is learned
_RARE, _WEAK, _NOTHING = 2, 2.0, 0.1
# only what is larger than what counts, and a small number is shorter to write
_SCALE = 0.1


@dataclass(frozen=True)
class Labelled:
    """What is seen of each character of a text, and the number of its label.

    `open`: labels that nobody judged; a fill with one of them is no mistake.
    """

    seen: Seen
    labels: tuple[int, ...]
    open: frozenset[int] = frozenset()


class _Learner:
    """Weights that move where the best row is not the right one."""

    def __init__(self, labels: Sequence[str], begun: Model | None = None) -> None:
        self._labels = tuple(labels)
        self._weights: dict[str, dict[int, float]] = {}
        self._sums: dict[str, dict[int, float]] = {}
        self._behind = [[0.0] * len(labels) for _ in labels]
        self._step = 1
        self._begun = begun is not None
        if begun is not None:
            self._weights = {name: dict(row) for name, row in begun.rows.items()}
            self._behind = [list(row) for row in Sequences.of(begun).behind]

    def see(self, example: Labelled) -> None:
        """Moves the weights if another row than the right one is nearly as good."""
        path = best(self._hardened(example), self._behind)
        before = (OUTSIDE, OUTSIDE)
        for features, right, wrong in zip(example.seen, example.labels, path, strict=True):
            here = (wrong, wrong) if right == OUTSIDE and wrong in example.open else (right, wrong)
            if here[0] != here[1]:
                for name in features or ():
                    self._move(name, here)
            if here[0] != here[1] or before[0] != before[1]:
                self._link(before[0], here[0], _BEHIND)
                self._link(before[1], here[1], -_BEHIND)
            before = here
        self._step += 1

    def model(self, common: frozenset[str], least: float) -> Model:
        """The average over all steps, of what is common and as large as that."""
        rows: dict[str, Row] = {}
        for name, weights in self._weights.items():
            if name in common or name.startswith(LINK):
                sums = self._sums.get(name, {})
                mean = {one: w - sums.get(one, 0.0) / self._step for one, w in weights.items()}
                kept = tuple((n, w) for n, w in sorted(mean.items()) if abs(w) >= least)
                if kept:
                    rows[name] = kept
        return Model(self._labels, rows)

    def _hardened(self, example: Labelled) -> list[list[float] | None]:
        """What each character says, with a lead for every wrong label."""
        found: list[list[float] | None] = []
        for features, right in zip(example.seen, example.labels, strict=True):
            if features is None:
                found.append(None)
                continue
            scores = [_FILLS] * len(self._labels)
            scores[OUTSIDE] = _MISSES
            scores[right] = 0.0
            for name in features:
                for label, says in self._weights.get(name, {}).items():
                    scores[label] += says
            found.append(scores)
        return found

    def _move(self, name: str, here: tuple[int, int]) -> None:
        for label, by in zip(here, (1.0, -1.0), strict=True):
            self._add(name, label, by)

    def _link(self, before: int, label: int, by: float) -> None:
        """What stands behind what, as a weight like others."""
        if self._add(f"{LINK}{self._labels[before]}", label, by):
            self._behind[label][before] += by

    def _add(self, name: str, label: int, by: float) -> bool:
        if self._begun and label not in self._weights.get(name, {}):
            return False
        weights = self._weights.setdefault(name, {})
        sums = self._sums.setdefault(name, {})
        weights[label] = weights.get(label, 0.0) + by
        sums[label] = sums.get(label, 0.0) + self._step * by
        return True


def learn_labels(
    examples: Sequence[Labelled], labels: Sequence[str], least: float = _WEAK
) -> Model:
    """The model of these examples; the same examples in the same order give the same model.

    Weights below `least` are dropped half-way.
    """
    seen = Counter(name for one in examples for found in one.seen for name in found or ())
    common = frozenset(name for name, count in seen.items() if count >= _RARE)
    all_of_it = _taught(_Learner(labels), examples, _ROUNDS).model(common, least)
    learned = _taught(_Learner(labels, all_of_it), examples, _AGAIN).model(common, _NOTHING)
    rows = {name: _scaled(row) for name, row in learned.rows.items()}
    return Model(learned.labels, rows)


def _scaled(row: Row) -> Row:
    return tuple((label, weight * _SCALE) for label, weight in row)


def _taught(learner: _Learner, examples: Sequence[Labelled], rounds: int) -> _Learner:
    order, chance = list(examples), random.Random(_SEED)
    for _ in range(rounds):
        chance.shuffle(order)
        for example in order:
            learner.see(example)
    return learner
