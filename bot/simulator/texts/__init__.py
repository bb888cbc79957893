"""The Chinese that the pretended platforms and the sandbox themselves show."""

from collections.abc import Mapping
from importlib.resources import files

import yaml


def _read() -> Mapping[str, Mapping[str, str]]:
    source = files(__name__).joinpath("platform.yaml")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(source.read_text("utf-8"))
    return found


_TEXTS = _read()
PLATFORM = _TEXTS["platform"]
