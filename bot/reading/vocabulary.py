"""The word lists of `words/*.yaml`, loaded once, and the patterns built from them."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import yaml

# every scalar is a word, `no` and `1` included
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def document(name: str) -> Mapping[str, object]:
    """One file of `words/`, as YAML gives it."""
    text = resources.files("bot.reading").joinpath("words", f"{name}.yaml").read_text("utf-8")
    found = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader, in C where there is one
    if not isinstance(found, dict):
        raise TypeError(f"words/{name}.yaml: expected a mapping at the top")
    return found


@cache
def words(name: str, key: str) -> tuple[str, ...]:
    """The list `key` of `words/<name>.yaml`; one string stands for its words between spaces."""
    found = document(name)[key]
    if isinstance(found, str):
        return tuple(found.split())
    if isinstance(found, list) and all(isinstance(word, str) for word in found):
        return tuple(found)
    raise TypeError(f"words/{name}.yaml: {key}: expected strings")


def keys(name: str) -> tuple[str, ...]:
    """The names of the lists in `words/<name>.yaml`, in the order of the file."""
    return tuple(document(name))


def any_of(found: Iterable[str]) -> str:
    """A pattern for any of these literal words, the longest first."""
    ordered = sorted(set(found), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word) for word in ordered) + ")"


def any_run_of(found: Iterable[str]) -> str:
    """The same, to be repeated: without words that others make up, which could be read two ways.

    Of those two ways a pattern that fails tries every mixture: twice as many for every word more.
    """
    kept = set(found)
    return any_of(word for word in kept if not _is_made_of(word, kept))


def _is_made_of(word: str, others: set[str], *, whole: bool = True) -> bool:
    heads = range(1, len(word) + (not whole))
    return any(
        word[:at] in others and (at == len(word) or _is_made_of(word[at:], others, whole=False))
        for at in heads
    )


def any_pattern(found: Iterable[str]) -> str:
    """A pattern for any of these patterns, in their order."""
    return "(?:" + "|".join(found) + ")"
