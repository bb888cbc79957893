"""Which of several needs a text is about: 第二个, or a word that one of them is known by."""

import re
from collections.abc import Sequence

from bot.dialogs.intake.draft import Draft, Row
from bot.domain.catalog import Catalog
from bot.reading.answers.choices import NUMERALS
from bot.reading.normalise import normalise
from bot.reading.vocabulary import any_of, words

_FILE = "rows"
_NUMERAL = rf"(?P<n>[0-9]{{1,2}}|{any_of(NUMERALS)})"
_ORDINAL = re.compile(
    rf"{any_of(words(_FILE, 'ordinal'))}[ ]?{_NUMERAL}[ ]?(?:{any_of(words(_FILE, 'units'))})?"
)


def row_named(draft: Draft, text: str, catalog: Catalog) -> int | None:
    """The one need of several that a text is about."""
    named = rows_named(draft, normalise(text), catalog)
    return next(iter(named)) if len(named) == 1 else None


def rows_named(draft: Draft, text: str, catalog: Catalog) -> set[int]:
    """The indices of the needs a text names, by 第二个 or by a word of theirs."""
    ordinals = {as_index(found["n"]) for found in _ORDINAL.finditer(text)}
    if ordinals:
        return {index for index in ordinals if 0 <= index < len(draft.rows)}
    spoken = {index for index, row in enumerate(draft.rows) if speaks_of(row, text, catalog)}
    if len(spoken) == len(draft.rows) > 1:
        return {index for index in spoken if alone(draft.rows, index, text, catalog)}
    return spoken


def as_index(numeral: str) -> int:
    """第二 -> 1."""
    return (int(numeral) if numeral.isdigit() else NUMERALS[numeral]) - 1


def speaks_of(row: Row, text: str, catalog: Catalog) -> bool:
    """Whether a text holds words that this need was known by."""
    return any(normalise(word).lower() in text.lower() for word in names_of(row, catalog))


def alone(rows: Sequence[Row], index: int, text: str, catalog: Catalog) -> bool:
    """Whether a word for this need is in the text that no other need is known by."""
    others = {w for n, row in enumerate(rows) if n != index for w in names_of(row, catalog)}
    return any(
        normalise(word).lower() in text.lower()
        for word in names_of(rows[index], catalog)
        if word not in others
    )


def names_of(row: Row, catalog: Catalog) -> set[str]:
    """The words of a need: those that decided, the parts of its name, and its phrases."""
    item = catalog.item[str(row.item)]
    parts = re.split(r"[/()\uff08\uff09\u3001 ]", item.name)
    pieces = {part for part in parts if len(part) >= 2}
    short = {part[:2] for part in pieces if len(part) <= 4} | {part[-2:] for part in pieces}
    return pieces | short | {word for word in row.because if len(word) >= 2} | set(item.phrases)
