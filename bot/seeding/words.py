"""The invented words, loaded once."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from random import Random

import yaml


@cache
def document() -> Mapping[str, object]:
    """The file as YAML gives it."""
    text = resources.files("bot.seeding").joinpath("words.yaml").read_text("utf-8")
    found = yaml.safe_load(text)
    if not isinstance(found, dict):
        raise TypeError("bot/seeding/words.yaml: expected a mapping at the top")
    return found


def listed(key: str, inner: str = "") -> tuple[str, ...]:
    """One list; a string stands for its words between spaces."""
    found = document()[key]
    if inner and isinstance(found, dict):
        found = found[inner]
    if isinstance(found, str):
        return tuple(found.split())
    if not isinstance(found, list):
        raise TypeError(f"bot/seeding/words.yaml: {key}: expected a list")
    return tuple(str(one) for one in found)


def pick(dice: Random, key: str, inner: str = "") -> str:
    """One of a list."""
    return dice.choice(listed(key, inner))


def trades() -> tuple[tuple[str, str], ...]:
    """What companies are called by, and what they make."""
    found = document()["trades"]
    if not isinstance(found, list):
        raise TypeError("bot/seeding/words.yaml: trades: expected pairs")
    return tuple((str(name), str(business)) for name, business in found)


def typed(material: str) -> str:
    """What a client writes for a material."""
    found = document()["typed"]
    known = found.get(material) if isinstance(found, dict) else None
    return str(known or document()["typed_otherwise"])
