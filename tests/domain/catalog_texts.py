"""The catalogue texts the tests read and break, and what is asked of them."""

from pathlib import Path

from bot.domain.catalog_file import CatalogError, parse
from bot.domain.catalog_words import Problem

SHIPPED = (Path(__file__).parents[2] / "catalog.yaml").read_text(encoding="utf-8")
SMALL = (Path(__file__).parent / "small_catalog.yaml").read_text(encoding="utf-8")


def edited(old: str, new: str, text: str = SMALL) -> str:
    """`text` with its only `old` replaced."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the text"
    return text.replace(old, new)


def problems_in(text: str) -> tuple[Problem, ...]:
    """What is wrong with a catalogue; nothing, if nothing is."""
    try:
        parse(text)
    except CatalogError as error:
        return error.problems
    return ()
