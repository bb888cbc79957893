"""Turns a Say into the text a person reads; every sentence stands in `bot/texts/`."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from importlib import resources

import jinja2
import yaml

from bot.messages import Say


class UnknownText(KeyError):
    """A Say names a key that no file of `bot/texts/` has."""


class Renderer:
    """The texts, compiled once. Values are data: they are shown, never evaluated."""

    def __init__(self, texts: Mapping[str, Mapping[str, object]]) -> None:
        self.texts = texts
        self.environment = jinja2.Environment(
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701 - plain text for a chat; nothing here becomes HTML
        )
        self.environment.filters["label"] = self.label
        self.environment.filters["day"] = self.day
        self.environment.filters["moment"] = self.moment
        self.templates: dict[str, jinja2.Template] = {}
        # what is said without any value is always the same
        self.fixed: dict[str, str] = {}

    def text(self, say: Say) -> str:
        """The sentence, trimmed; UnknownText names a key that is not there."""
        if say.values:
            return self.rendered(say)
        if say.key not in self.fixed:
            self.fixed[say.key] = self.rendered(say)
        return self.fixed[say.key]

    def rendered(self, say: Say) -> str:
        """`text`, made anew."""
        if say.key not in self.templates:
            template = self.environment.from_string(self.source(say.key))
            # Jinja copies these at each rendering, from a chain of mappings ten times as slowly
            template.globals = dict(template.globals)
            self.templates[say.key] = template
        return self.templates[say.key].render(say.values).strip()

    def bubble(self, says: tuple[Say, ...]) -> str:
        """Several sentences as one message, a blank line between them."""
        return "\n\n".join(filter(None, map(self.text, says)))

    def source(self, key: str) -> str:
        """The Jinja source behind a key `file/name`."""
        file, _, name = key.partition("/")
        try:
            return str(self.texts[file][name])
        except KeyError:
            raise UnknownText(key) from None

    def has(self, key: str) -> bool:
        """Whether there is a text under this key."""
        file, _, name = key.partition("/")
        return name in self.texts.get(file, {})

    def label(self, key: str) -> str:
        """What people call a field, a state or a kind of client; any other word stays itself."""
        return str(self.labels.get(str(key), key))

    @cached_property
    def labels(self) -> Mapping[str, object]:
        """`texts/labels.yaml`."""
        return self.texts["labels"]

    def day(self, value: date) -> str:
        """A date as people say it."""
        return self.text(Say("labels/day", {"value": value}))

    def moment(self, value: datetime) -> str:
        """A date and time as people say it."""
        return self.text(Say("labels/moment", {"value": value}))


def load_texts() -> Mapping[str, Mapping[str, object]]:
    """Every file of `bot/texts/`, by its name without the ending."""
    folder = resources.files("bot").joinpath("texts")
    return {
        entry.name.removesuffix(".yaml"): yaml.safe_load(entry.read_text(encoding="utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
