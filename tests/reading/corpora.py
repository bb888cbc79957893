"""The corpus of what clients write, its fixed split, and how a reading is scored against it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
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
    for name, seen in (("utterances", False), ("utterances_seen", True)):
        found = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
        for key, texts in found.items():
            for one in texts:
                yield replace(_utterance(key, one), seen=seen)


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
    for name, seen in (("blocks", False), ("blocks_seen", True)):
        for one in yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")):
            yield Block(one["text"], one["want"], one["labelled"], seen)


def score_utterances(reader: Reader, chosen: Iterable[Utterance]) -> Score:
    """Kind, category, item, hard negatives and pairs of needs."""
    score = Score()
    for one in chosen:
        said = reader.read(one.text)
        found = [(guess.category, guess.item) for guess in said.needs]
        told = f"{one.text} -> {said.intent} {found}"
        if one.hard:
            score.judge("hard", said.intent != "service", told)
            continue
        score.judge("kind", said.intent == one.kind, f"{told} wanted {one.kind}")
        if one.items:
            score.judge("two", {item for _, item in found} == set(one.items), told)
        elif one.category:
            category, item = found[0] if found else (None, None)
            score.judge("category", category == one.category, f"{told} wanted {one.category}")
            score.judge(f"category {one.category}", category == one.category, told)
            if one.item:
                score.judge("item", item == one.item, f"{told} wanted {one.item}")
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
