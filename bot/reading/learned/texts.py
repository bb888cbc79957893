"""The texts that models are learned from, as they lie beside them."""

from collections.abc import Iterator
from importlib import resources
from typing import Any

import yaml


def documents(folder: str) -> Iterator[Any]:
    """What each file of a folder holds, in a fixed order; every scalar is a word, `null` too."""
    files = resources.files("bot.reading.learned").joinpath(folder).iterdir()
    for file in sorted(files, key=lambda one: one.name):
        # the loader makes nothing but words, lists and maps
        yield yaml.load(file.read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - a safe one
