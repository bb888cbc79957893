"""A linear model: how much each feature of a text speaks for each of a few labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import TextIOWrapper

from bot.reading.learned.grams import Features

# labels by their number in the row of a feature, with what the feature says for them
Row = tuple[tuple[int, float], ...]
# weights are written as whole numbers of this size
_UNIT = 0.01


class UnreadableModel(ValueError):
    """A file of weights that is not one; it has to be learned anew (`python3 dev.py learn`)."""

    def __init__(self, name: str, line: int) -> None:
        super().__init__(
            f"learned/{name}.txt, line {line}: expected a feature, a tab and label:weight pairs; "
            "run `python3 dev.py learn`"
        )


@dataclass(frozen=True)
class Model:
    """The labels, and what each feature says for each of them."""

    labels: tuple[str, ...]
    rows: Mapping[str, Row]

    def scores(self, features: Features) -> dict[str, float]:
        """Label -> score; the right one of a text like those learned from is ahead by about 1."""
        found = [0.0] * len(self.labels)
        rows = self.rows
        for name, weight in features.items():
            row = rows.get(name)
            if row is not None:
                for label, says in row:
                    found[label] += weight * says
        return dict(zip(self.labels, found, strict=True))


@cache
def learned(name: str) -> Model:
    """The model that was learned under this name."""
    file = resources.files("bot.reading.learned").joinpath(f"{name}.txt")
    # only a line feed ends a line: a feature may hold any other sign that others end lines with
    with TextIOWrapper(file.open("rb"), "utf-8", newline="\n") as lines:
        return parsed(name, lines)


def parsed(name: str, lines: Iterable[str]) -> Model:
    """The model a file of that name holds; UnreadableModel names the line that is wrong."""
    labels: tuple[str, ...] = ()
    features: dict[str, Row] = {}
    # features that say the same share a row
    rows: dict[str, Row] = {}
    for number, line in enumerate(lines, 1):
        feature, tab, says = line.rstrip("\n").partition("\t")
        if number == 1:
            labels = tuple(feature.split(" "))
        elif tab or feature:
            try:
                row = rows[says] if says in rows else rows.setdefault(says, _row(says))
            except ValueError:
                raise UnreadableModel(name, number) from None
            features[shown(feature, back=True)] = row
    return Model(labels, features)


def _row(text: str) -> Row:
    return tuple(_pair(pair) for pair in text.split(" "))


# the same few thousand pairs stand in every row
@cache
def _pair(text: str) -> tuple[int, float]:
    label, _, weight = text.partition(":")
    return int(label), int(weight) * _UNIT


def written(model: Model) -> str:
    """The file `learned` reads: one feature a line, in order, so that a change can be reviewed."""
    lines = [" ".join(model.labels)]
    for feature in sorted(model.rows):
        pairs = _rounded(model.rows[feature])
        if pairs:
            lines.append(f"{shown(feature)}\t{' '.join(f'{a}:{b}' for a, b in pairs)}")
    return "\n".join(lines) + "\n"


def _rounded(row: Sequence[tuple[int, float]]) -> list[tuple[int, int]]:
    whole = [(label, round(weight / _UNIT)) for label, weight in row]
    return [(label, weight) for label, weight in whole if weight]


# the marks of begin and end cannot be seen in a file
_SHOWN = str.maketrans("\x02\x03", "\u27e8\u27e9")
_MEANT = str.maketrans("\u27e8\u27e9", "\x02\x03")


def shown(feature: str, *, back: bool = False) -> str:
    """A feature as the file has it, or back from there."""
    return feature.translate(_MEANT if back else _SHOWN)
