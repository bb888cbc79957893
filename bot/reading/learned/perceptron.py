"""Learning a linear model: an averaged passive-aggressive perceptron, the same every time.

After Crammer et al., Online Passive-Aggressive Algorithms (2006), PA-I, with one margin between
the right label and the best wrong one; the average over all steps is what is kept. What says
little is dropped, and the rest learns on without it: a third of the weights say as much as all.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.learned.grams import Features
from bot.reading.learned.model import Model, Row

# times each example is seen with all features, and with those that are left; how far one may
# move the weights, and the order's seed
_ROUNDS, _AGAIN, _MOST, _SEED = 8, 4, 1.0, 1
# what fewer examples have, or says less, is chance; and what is nothing when all is learned
_RARE, _WEAK, _NOTHING = 2, 0.1, 0.005


@dataclass(frozen=True)
class Example:
    """The features of one text, the labels that are right, and those that would be wrong.

    Without `wrong` every other label is.
    """

    features: Features
    right: frozenset[str]
    wrong: frozenset[str] | None = None


class Learner:
    """Weights that move with each example that is not clear enough yet.

    With a model to begin from, no weight is learned that it does not have.
    """

    def __init__(self, labels: Sequence[str], begun: Model | None = None) -> None:
        self._labels = tuple(labels)
        self._numbers = {label: number for number, label in enumerate(self._labels)}
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._sums: dict[str, dict[int, float]] = defaultdict(dict)
        self._step = 1
        self._open = begun is None
        if begun is not None:
            self._weights.update((name, dict(row)) for name, row in begun.rows.items())

    def see(self, example: Example) -> None:
        """Moves the weights so far that the example is right by a margin of 1, if need be."""
        scores = self._scores(example.features)
        right = {self._numbers[label] for label in example.right}
        wrong = (
            set(range(len(scores))) - right
            if example.wrong is None
            else {self._numbers[label] for label in example.wrong}
        )
        best = max(sorted(right), key=scores.__getitem__)
        rival = max(sorted(wrong), key=scores.__getitem__)
        lacks = 1.0 - scores[best] + scores[rival]
        if lacks > 0:
            self._move(example.features, best, rival, min(_MOST, lacks / 2))
        self._step += 1

    def model(self, features: frozenset[str], least: float) -> Model:
        """The average over all steps, of these features alone and of what is as large as that."""
        rows: dict[str, Row] = {}
        for name in features & self._weights.keys():
            sums, weights = self._sums[name], self._weights[name]
            mean = {label: w - sums.get(label, 0.0) / self._step for label, w in weights.items()}
            kept = tuple((n, w) for n, w in sorted(mean.items()) if abs(w) >= least)
            if kept:
                rows[name] = kept
        return Model(self._labels, rows)

    def _scores(self, features: Features) -> list[float]:
        scores = [0.0] * len(self._labels)
        for name, value in features.items():
            weights = self._weights.get(name)
            if weights:
                for label, weight in weights.items():
                    scores[label] += value * weight
        return scores

    def _move(self, features: Features, best: int, rival: int, length: float) -> None:
        for name, value in features.items():
            if not self._open and name not in self._weights:
                continue
            weights, sums = self._weights[name], self._sums[name]
            for label, change in ((best, length * value), (rival, -length * value)):
                if self._open or label in weights:
                    weights[label] = weights.get(label, 0.0) + change
                    sums[label] = sums.get(label, 0.0) + self._step * change


def learn(examples: Sequence[Example], labels: Sequence[str]) -> Model:
    """The model of these examples; the same examples in the same order give the same model."""
    seen = Counter(name for example in examples for name in example.features)
    common = frozenset(name for name, count in seen.items() if count >= _RARE)
    all_of_it = _taught(Learner(labels), examples, _ROUNDS).model(common, _WEAK)
    return _taught(Learner(labels, all_of_it), examples, _AGAIN).model(common, _NOTHING)


def _taught(learner: Learner, examples: Sequence[Example], rounds: int) -> Learner:
    order, chance = list(examples), random.Random(_SEED)
    for _ in range(rounds):
        chance.shuffle(order)
        for example in order:
            learner.see(example)
    return learner
