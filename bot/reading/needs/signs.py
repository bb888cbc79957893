"""Typed materials known by what they say, where no label stands: 开普票, 压力表 0-1.6MPa 8块."""

import re
from collections.abc import Iterator

from bot.domain.catalog import Catalog
from bot.reading.findings import Findings
from bot.reading.vocabulary import any_pattern, document

_LONGEST = 2000


class Signs:
    """What is known so, for the materials of one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        listed = document("labels")["signs"]
        if not isinstance(listed, dict):
            raise TypeError("words/labels.yaml: signs: expected a mapping")
        names = {one.name for item in catalog.items for one in item.materials}
        self._signs = {
            name: re.compile(any_pattern(patterns))
            for name, patterns in listed.items()
            if name in names
        }

    def read(self, findings: Findings) -> list[tuple[int, int]]:
        """Keeps what was found; the spans, which ask for nothing by themselves."""
        return list(self._found(findings))

    def _found(self, findings: Findings) -> Iterator[tuple[int, int]]:
        free = findings.free()[:_LONGEST]
        for name, pattern in self._signs.items():
            found = pattern.search(free)
            if found is not None and name not in findings.materials:
                findings.materials[name] = findings.text.quote(*found.span())
                yield found.span()
