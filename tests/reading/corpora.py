"""The corpus of what clients write, its fixed split, and how a reading is scored against it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import yaml

from bot.reading.reader import Reader

FOLDER = Path(__file__).parent / "corpus"
SPECIAL = ("hard", "two", "null")
KINDS = ("progress", "complaint", "human", "greeting", "faq", "chitchat", "privacy")


@dataclass(frozen=True)
class Utterance:
    """One message and what it is; `item` None: only kind and category are judged.

    `seen`: words were tuned on it, whatever its checksum says.
    """

    text: str
    kind: str | None
    category: str | None = None
    item: str | None = None
    items: tuple[str, ...] = ()
    hard: bool = False
    seen: bool = False


@dataclass(frozen=True)
class Block:
    """One pasted block and the fields it holds; None where a field must stay empty."""

    text: str
    want: dict[str, str | None]
    labelled: bool
    seen: bool = False


@dataclass
class Score:
    """Right and all, by what was judged, and the misses in words."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    def judge(self, what: str, right: bool, miss: str) -> None:
        """Count one judgement."""
        self.all[what] += 1
        self.right[what] += right
        if not right:
            self.misses.append(f"{what}: {miss}")

    def rate(self, what: str) -> float:
        """The share of right ones."""
        return self.right[what] / self.all[what] if self.all[what] else 1.0


def in_test_half(one: Utterance | Block) -> bool:
    """The fixed rule of the split: nobody tunes words on these."""
    return not one.seen and crc32(one.text.encode()) % 2 == 1


def utterances() -> Iterator[Utterance]:
    """Every message of the corpus."""
    for found, seen in _files("utterances"):
        for key, texts in found.items():
            for one in texts:
                yield replace(_utterance(key, one), seen=seen)


def _files(sort: str) -> Iterator[tuple[Any, bool]]:
    """What the files of one sort hold, and whether words were tuned on all of it."""
    for path in sorted(FOLDER.glob(f"{sort}*.yaml")):
        # YAML 1.1 takes NO, Y and numbers for something else than words
        loaded = yaml.load(path.read_text("utf-8"), Loader=Words)  # noqa: S506 - a safe loader
        yield loaded, path.stem.endswith("_seen")


class Words(yaml.SafeLoader):
    """Every scalar is a word, but for true, false and null."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - as the class it is made from has it
        first: [(tag, pattern) for tag, pattern in found if tag.endswith((":bool", ":null"))]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
        if first in "tfn~"
    }


def _utterance(key: str, one: str | dict[str, object]) -> Utterance:
    if isinstance(one, dict):
        return Utterance(str(one["text"]), "service", items=tuple(one["items"]))  # type: ignore[arg-type]
    if key == "hard":
        return Utterance(one, None, hard=True)
    if key == "null":
        return Utterance(one, None)
    if key in KINDS:
        return Utterance(one, key)
    category, item = key.split("/")
    return Utterance(one, "service", category, None if item.endswith("~") else item)


def blocks() -> Iterator[Block]:
    """Every block of the corpus."""
    for found, seen in _files("blocks"):
        for one in found:
            yield Block(one["text"].strip(), one["want"], one["labelled"], seen)


def single_values(field: str) -> Iterator[tuple[str, str | None, str | None]]:
    """The texts of one field alone, its value, or the reason why it is refused."""
    for found, _ in _files(field):
        for one in found:
            yield one["text"], one.get("value"), one.get("refused")


def score_utterances(reader: Reader, chosen: Iterable[Utterance]) -> Score:
    """Kind, category, item, hard negatives and pairs of needs."""
    score = Score()
    for one in chosen:
        said = reader.read(one.text)
        found = [(guess.category, guess.item) for guess in said.needs]
        told = f"{one.text} -> {said.kind} {found}"
        if one.hard:
            score.judge("hard", said.intent != "service", told)
            continue
        score.judge("kind", said.kind == one.kind, f"{told} wanted {one.kind}")
        score.judge(f"kind {one.kind}", said.kind == one.kind, told)
        if one.items:
            score.judge("two", {item for _, item in found} == set(one.items), told)
        elif one.category:
            category, item = found[0] if found else (None, None)
            score.judge("category", category == one.category, f"{told} wanted {one.category}")
            score.judge(f"category {one.category}", category == one.category, told)
            if one.item:
                score.judge("item", item == one.item, f"{told} wanted {one.item}")
                score.judge(f"item {one.item}", item == one.item, told)
    return score


def score_blocks(reader: Reader, chosen: Iterable[Block]) -> Score:
    """Each wanted field, labelled or not, and fills where nothing belongs."""
    score = Score()
    for one in chosen:
        said = reader.read(one.text)
        for name, want in one.want.items():
            got = said.fields.get(name)
            told = f"{got!r} wanted {want!r} in {one.text!r}"
            if want is None:
                score.judge("empty", got is None, f"{name} {told}")
                continue
            sort = "labelled" if one.labelled else "free"
            score.judge(f"{sort} {name}", got == want, told)
            score.judge(sort, got == want, f"{name} {told}")
    return score
