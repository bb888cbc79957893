"""Learning the labels of sequences: an averaged structured perceptron with a margin.

After Collins, Discriminative Training Methods for Hidden Markov Models (2002). As with single
texts, what says little is dropped and the rest learns on without it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.learned.model import Model, Row
from bot.reading.learned.sequences import OUTSIDE, Links, Seen, best, link, links_of
from bot.reading.learned.weights import Weights, teach

# times each example is seen with all features, and with those that are left
_ROUNDS, _AGAIN = 5, 3
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
        self._weights = Weights(begun)

    def see(self, example: Labelled) -> None:
        """Moves the weights if another row than the right one is nearly as good."""
        path = best(self._hardened(example), self._links())
        before = (OUTSIDE, OUTSIDE)
        for features, right, wrong in zip(example.seen, example.labels, path, strict=True):
            here = (wrong, wrong) if right == OUTSIDE and wrong in example.open else (right, wrong)
            if here[0] != here[1]:
                for name in features or ():
                    self._weights.move(name, here[0], 1.0)
                    self._weights.move(name, here[1], -1.0)
            if here[0] != here[1] or before[0] != before[1]:
                self._weights.move(link(self._labels[before[0]]), here[0], _BEHIND)
                self._weights.move(link(self._labels[before[1]]), here[1], -_BEHIND)
            before = here
        self._weights.step()

    def model(self, common: frozenset[str], least: float) -> Model:
        """The average over all steps, of what is common and as large as that."""
        links = {link(label) for label in self._labels}
        return self._weights.average(self._labels, (common | links).__contains__, least)

    def _links(self) -> Links:
        rows = self._weights.rows
        return Links(links_of(self._labels, lambda name: rows.get(name, {}).items()))

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
                for label, says in self._weights.rows.get(name, {}).items():
                    scores[label] += says
            found.append(scores)
        return found


def learn_labels(
    examples: Sequence[Labelled], labels: Sequence[str], least: float = _WEAK
) -> Model:
    """The model of these examples; the same examples in the same order give the same model.

    Weights below `least` are dropped half-way.
    """
    seen = Counter(name for one in examples for found in one.seen for name in found or ())
    common = frozenset(name for name, count in seen.items() if count >= _RARE)
    first = _Learner(labels)
    teach(first, examples, _ROUNDS)
    again = _Learner(labels, first.model(common, least))
    teach(again, examples, _AGAIN)
    learned = again.model(common, _NOTHING)
    return Model(learned.labels, {name: _scaled(row) for name, row in learned.rows.items()})


def _scaled(row: Row) -> Row:
    return tuple((label, weight * _SCALE) for label, weight in row)
