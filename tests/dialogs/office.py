"""The parts of the product that an intake needs, on the shipped catalogue; no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.dialogs.intake.draft import Draft
from bot.dialogs.intake.outcome import Heard, Outcome, Setting
from bot.domain.catalog_file import parse
from bot.messages import Media
from bot.reading.reader import Reader
from bot.reading.reading import Reading
from bot.render import Renderer, load_texts
from bot.wechat.limits import OFFICIAL_TEXT_BYTES, split_text

CATALOG = Path(__file__).parents[2] / "catalog.yaml"
TODAY = date(2026, 11, 23)


@dataclass(frozen=True)
class Office:
    """`rules` is the catalogue as YAML, for tests that must not ask the product."""

    rules: Mapping[str, Any]
    setting: Setting
    renderer: Renderer
    reader: Reader

    def heard(self, text: str, photo: str = "") -> Heard:
        """A message as the intake takes it."""
        if photo:
            return Heard(Reading(""), Media(photo))
        return Heard(self.reader.read(text))

    def told(self, outcome: Outcome) -> str:
        """What the client reads: over the limit it comes in several bubbles, nothing is cut."""
        parts = split_text(self.renderer.bubble(outcome.says), OFFICIAL_TEXT_BYTES)
        assert all(len(part.encode()) <= OFFICIAL_TEXT_BYTES for part in parts)
        return "\n".join(part.strip("\n") for part in parts)


@cache
def office() -> Office:
    """Built once."""
    text = CATALOG.read_text(encoding="utf-8")
    catalog = parse(text)
    reader = Reader(catalog)
    setting = Setting(catalog, TODAY, reader.read, consented=True)
    return Office(yaml.safe_load(text), setting, Renderer(load_texts()), reader)


def reloaded(draft: Draft) -> Draft:
    """The draft as it comes back from the database."""
    return Draft.model_validate_json(draft.model_dump_json())
