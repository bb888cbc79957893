"""Learning a linear model: an averaged passive-aggressive perceptron, the same every time.

After Crammer et al., Online Passive-Aggressive Algorithms (2006), PA-I, with one margin between
the right label and the best wrong one; the average over all steps is what is kept.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.learned.grams import Features
from bot.reading.learned.model import Model, Row

# times each example is seen, how far one may move the weights, and the order's seed
_ROUNDS, _MOST, _SEED = 8, 1.0, 1
# what fewer examples have, or says less, is chance
_RARE, _WEAK = 2, 0.06


@dataclass(frozen=True)
class Example:
    """The features of one text, the labels that are right, and those that would be wrong.

    Without `wrong` every other label is.
    """

    features: Features
    right: frozenset[str]
    wrong: frozenset[str] | None = None


class Learner:
    """Weights that move with each example that is not clear enough yet."""

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = tuple(labels)
        self._numbers = {label: number for number, label in enumerate(self._labels)}
        self._weights: dict[str, dict[int, float]] = defaultdict(dict)
        self._sums: dict[str, dict[int, float]] = defaultdict(dict)
        self._step = 1

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

    def model(self, features: frozenset[str]) -> Model:
        """The average over all steps, of these features alone."""
        rows: dict[str, Row] = {}
        for name in features & self._weights.keys():
            sums, weights = self._sums[name], self._weights[name]
            mean = {label: w - sums[label] / self._step for label, w in weights.items()}
            kept = tuple((n, w) for n, w in sorted(mean.items()) if abs(w) >= _WEAK)
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
            weights, sums = self._weights[name], self._sums[name]
            for label, change in ((best, length * value), (rival, -length * value)):
                weights[label] = weights.get(label, 0.0) + change
                sums[label] = sums.get(label, 0.0) + self._step * change


def learn(examples: Sequence[Example], labels: Sequence[str]) -> Model:
    """The model of these examples; the same examples in the same order give the same model."""
    seen = Counter(name for example in examples for name in example.features)
    common = frozenset(name for name, count in seen.items() if count >= _RARE)
    learner = Learner(labels)
    order, chance = list(examples), random.Random(_SEED)
    for _ in range(_ROUNDS):
        chance.shuffle(order)
        for example in order:
            learner.see(example)
    return learner.model(common)
