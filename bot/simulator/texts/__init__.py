"""The Chinese that the pretended platforms and the sandbox themselves show."""

from collections.abc import Mapping, Sequence
from importlib.resources import files

import yaml

Texts = Mapping[str, str]


def _read() -> Mapping[str, Texts | Sequence[str]]:
    source = files(__name__).joinpath("platform.yaml")
    found: Mapping[str, Texts | Sequence[str]] = yaml.safe_load(source.read_text("utf-8"))
    return found


def _section(name: str) -> Texts:
    found = _TEXTS[name]
    if not isinstance(found, Mapping):
        raise TypeError(f"{name} in platform.yaml is no mapping of keys to texts")
    return found


_TEXTS = _read()
PLATFORM, SANDBOX, TERMINAL = (_section(name) for name in ("platform", "sandbox", "terminal"))
CLIENTS = tuple(_TEXTS["clients"])
CUSTOMERS = tuple(_TEXTS["customers"])
