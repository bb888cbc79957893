"""Learning a linear model: an averaged passive-aggressive perceptron, the same every time.

After Crammer et al., Online Passive-Aggressive Algorithms (2006), PA-I, with one margin between
the right label and the best wrong one; the average over all steps is what is kept. What says
little is dropped, and the rest learns on without it: a third of the weights say as much as all.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.learned.grams import Features
from bot.reading.learned.model import Model
from bot.reading.learned.weights import Weights, teach

# times each example is seen with all features, and with those that are left; how far one may
# move the weights
_ROUNDS, _AGAIN, _MOST = 8, 4, 1.0
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
    """Weights that move with each example that is not clear enough yet."""

    def __init__(self, labels: Sequence[str], begun: Model | None = None) -> None:
        self._labels = tuple(labels)
        self._numbers = {label: number for number, label in enumerate(self._labels)}
        self._weights = Weights(begun)

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
            length = min(_MOST, lacks / 2)
            for name, value in example.features.items():
                self._weights.move(name, best, length * value)
                self._weights.move(name, rival, -length * value)
        self._weights.step()

    def model(self, features: frozenset[str], least: float) -> Model:
        """The average over all steps, of these features alone and of what is as large as that."""
        return self._weights.average(self._labels, features.__contains__, least)

    def _scores(self, features: Features) -> list[float]:
        scores = [0.0] * len(self._labels)
        for name, value in features.items():
            for label, weight in self._weights.rows.get(name, {}).items():
                scores[label] += value * weight
        return scores


def learn(examples: Sequence[Example], labels: Sequence[str]) -> Model:
    """The model of these examples; the same examples in the same order give the same model."""
    seen = Counter(name for example in examples for name in example.features)
    common = frozenset(name for name, count in seen.items() if count >= _RARE)
    first = Learner(labels)
    teach(first, examples, _ROUNDS)
    again = Learner(labels, first.model(common, _WEAK))
    teach(again, examples, _AGAIN)
    return again.model(common, _NOTHING)
