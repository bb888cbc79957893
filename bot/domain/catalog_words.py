"""Findings about catalog.yaml as sentences for staff; the words are in bot/texts."""

import importlib.resources
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import yaml

from bot.domain.located import Finding, Located, Path, Tree

MOST_CHOICES = 12
LONGEST_QUOTE = 40


@dataclass(frozen=True)
class Problem:
    """One thing to put right: where it stands, and what was found and expected, in Chinese.

    `line` counts from 1; 0 where the file is not at hand.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


@lru_cache(maxsize=1)
def words() -> Mapping[str, Mapping[str, str]]:
    """The sentences, by kind and code."""
    page = importlib.resources.files("bot") / "texts" / "catalog_errors.yaml"
    loaded: Mapping[str, Mapping[str, str]] = yaml.load(
        page.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


def problems(
    findings: Iterable[Finding], file: Located, name: str, kind: str = "errors"
) -> tuple[Problem, ...]:
    """Findings as problems, in the order of the file, each once."""
    made = dict.fromkeys(
        Problem(
            name,
            finding.line or file.line(finding.path),
            spoken(finding.path, file.tree),
            sentence(finding, file, kind),
        )
        for finding in findings
    )
    return tuple(sorted(made, key=lambda one: (one.line, one.key)))


def sentence(finding: Finding, file: Located, kind: str) -> str:
    """The sentence of a finding, filled in."""
    sentences, values = words()[kind], dict(finding.values)
    if "known" in values:
        values["suggestion"] = suggestion(str(values["found"]), values["known"])
    if "value" in values:
        values.setdefault("found", quoted(values["value"]))
    if "other" in values and isinstance(values["other"], tuple):
        values["other_line"] = file.line(values["other"])
    if finding.code == "missing":
        values["expected"] = words()["keys"].get(str(finding.path[-1]), words()["words"]["value"])
    if finding.code == "syntax":
        known = words()["syntax"]
        values["problem"] = known.get(str(values["problem"]), known["other"])
    for key, value in values.items():
        if isinstance(value, tuple):
            values[key] = listed(value)
    template = sentences.get(finding.code) or sentences["other"]
    return template.format_map(values)


def quoted(value: object) -> str:
    """What was found, short enough to be read in a sentence."""
    if value is None:
        return words()["words"]["nothing"]
    if isinstance(value, list):
        return words()["words"]["list"]
    if isinstance(value, dict):
        return words()["words"]["mapping"]
    text = str(value)
    short = text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…"
    return words()["words"]["text"].format(found=short)


def listed(values: Iterable[object]) -> str:
    """A list of names in a sentence; a long one says how many there are."""
    names = [str(one) for one in values]
    text = words()["words"]["separator"].join(names[:MOST_CHOICES])
    if len(names) > MOST_CHOICES:
        text += words()["words"]["more"].format(count=len(names))
    return text


def suggestion(found: str, known: object) -> str:
    """What might have been meant, and what there is to choose from."""
    names = [str(one) for one in known] if isinstance(known, tuple) else []
    if not names:
        return words()["words"]["nobody"]
    near = get_close_matches(found, names, n=1)
    guess = words()["words"]["did_you_mean"].format(guess=near[0]) if near else ""
    return guess + words()["words"]["choose"].format(known=listed(names))


def spoken(path: Path, tree: Tree) -> str:
    """A path as staff read it: `items[calibrate].materials[2].when`."""
    text = ""
    for step in path:
        tree = child(tree, step)
        if isinstance(step, int):
            own = tree.get("id") if isinstance(tree, dict) else None
            text += f"[{own if isinstance(own, str) else step}]"
        else:
            text += f".{step}" if text else step
    return text


def child(tree: Tree, step: str | int) -> Tree:
    """The value one step down, None where there is none."""
    if isinstance(tree, list) and isinstance(step, int) and step < len(tree):
        return tree[step]
    return tree.get(step) if isinstance(tree, dict) and isinstance(step, str) else None
