"""From messages with the details marked in them to a model of where details stand.

A file of `marked/` is a list of texts with what they hold: role -> the very characters. What a
text does not name is not in it. Beside each text some others are learned from, which have the
names, firms, places and trades of other texts in it.
"""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.reading.fields.free import by_rules
from bot.reading.fields.marks import places, seen
from bot.reading.fields.spans import LEARNED_ROLES, SELF
from bot.reading.findings import Findings
from bot.reading.labelling import Labelling
from bot.reading.learned.model import Model
from bot.reading.learned.sequences import labels_of
from bot.reading.learned.structured import Labelled, learn_labels
from bot.reading.learned.texts import documents
from bot.reading.normalise import clean

LABELS = labels_of(LEARNED_ROLES)
_NUMBERS = {label: number for number, label in enumerate(LABELS)}
# what may stand in the place of another text's, how often it does, and in how many texts
_EXCHANGED = ("applicant", "address", "contact", "position", "business")
_OFTEN, _TIMES, _SEED = 0.8, 2, 3


@dataclass(frozen=True)
class Told:
    """A message and the details in it; `judged`: the roles somebody looked for, all if None."""

    text: str
    holds: Mapping[str, str]
    judged: frozenset[str] | None = None

    @property
    def by_themselves(self) -> bool:
        """Whether a private person asks in their own name."""
        return "applicant" in self.holds and self.holds["applicant"] == self.holds.get("contact")


def told() -> tuple[Told, ...]:
    """Everything there is to learn from, in a fixed order."""
    return tuple(
        Told(one["text"].strip(), one["want"]) for found in documents("marked") for one in found
    )


def spans_learned(found: Sequence[Told], labelling: Labelling) -> Model:
    """The model, of what is left where labels and corrections are read."""
    examples = []
    for one in (*found, *_exchanged(found)):
        before, ruled = by_rules(labelling.read(clean(one.text)).found)
        if len(before.text.plain) == len(one.text):
            examples.append(_example(one, before, ruled))
    return learn_labels(examples, LABELS)


def _example(one: Told, before: Findings, ruled: Findings) -> Labelled:
    features = seen(before, ruled)
    labels = _labels(one)
    for at, found in enumerate(features):
        if found is None:
            labels[at] = 0
        elif labels[at] and labels[at] % 2 == 0 and (at == 0 or not _inner(labels, at)):
            labels[at] -= 1
    skipped = set() if one.judged is None else set(LEARNED_ROLES) - {SELF} - one.judged
    open_labels = {_NUMBERS[f"{part}{role}"] for role in skipped for part in "BI"}
    return Labelled(features, tuple(labels), frozenset(open_labels))


def _inner(labels: Sequence[int], at: int) -> bool:
    return labels[at - 1] in {labels[at], labels[at] - 1}


def _labels(one: Told) -> list[int]:
    """The number of the label of each character; of two values in one place the longer counts."""
    labels = [0] * len(one.text)
    holds = {role: value for role, value in one.holds.items() if role in LEARNED_ROLES}
    if one.by_themselves:
        holds[SELF] = holds.pop("contact")
        del holds["applicant"]
    for role, value in sorted(holds.items(), key=lambda pair: -len(pair[1])):
        free = (span for span in places(one.text, value) if not any(labels[slice(*span)]))
        span = next(free, None)
        if span is not None:
            first = _NUMBERS[f"B{role}"]
            labels[slice(*span)] = [first, *[first + 1] * (len(value) - 1)]
    return labels


def _exchanged(found: Sequence[Told]) -> Iterator[Told]:
    """The texts again with the details of others."""
    chance = random.Random(_SEED)
    others = {role: [one.holds[role] for one in found if role in one.holds] for role in _EXCHANGED}
    for one in found:
        places = _places(one)
        for _ in range(_TIMES if places and not one.by_themselves else 0):
            text, holds, at = "", dict(one.holds), 0
            for start, end, role in places:
                value = chance.choice(others[role])
                if chance.random() > _OFTEN:
                    value = one.holds[role]
                text += one.text[at:start] + value
                holds[role], at = value, end
            yield Told(text + one.text[at:], holds, one.judged)


def _places(one: Told) -> list[tuple[int, int, str]]:
    """Where the details stand that may be exchanged; none if one stands in another."""
    found = sorted(
        (at, at + len(one.holds[role]), role)
        for role in _EXCHANGED
        if role in one.holds and (at := one.text.find(one.holds[role])) >= 0
    )
    apart = all(left[1] <= right[0] for left, right in itertools.pairwise(found))
    return found if apart else []
