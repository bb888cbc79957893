"""Every error code of the platforms in words: what it means, where to look, what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

import yaml


class Platform(StrEnum):
    """Whose code it is: the same number means different things."""

    OFFICIAL = "official"
    WECOM = "wecom"
    KF = "kf"


@dataclass(frozen=True)
class Explanation:
    """One code: `where` is the page of which console, "" where there is nothing to set."""

    platform: Platform
    code: int
    means: str
    where: str
    do: str


@cache
def _table() -> Mapping[str, Mapping[object, Sequence[str] | str]]:
    file = resources.files(__package__).joinpath("explained.yaml")
    found: Mapping[str, Mapping[object, Sequence[str] | str]] = yaml.safe_load(
        file.read_text(encoding="utf-8")
    )
    return found


def explain(platform: Platform, code: int) -> Explanation | None:
    """The code in words; a call of 微信客服 may also be answered by a code of WeCom."""
    row = _table()[platform].get(code)
    if row is None:
        return explain(Platform.WECOM, code) if platform is Platform.KF else None
    means, place, do = row
    return Explanation(platform, code, means, where(place), do)


def everywhere(code: int) -> tuple[Explanation, ...]:
    """What the code means on each platform that has it."""
    own = (platform for platform in Platform if code in _table()[platform])
    return tuple(found for one in own if (found := explain(one, code)) is not None)


def codes(platform: Platform) -> frozenset[int]:
    """Every code that is explained for a platform."""
    return frozenset(int(str(code)) for code in _table()[platform])


def where(place: str) -> str:
    """The page of a console by its short name."""
    return str(_table()["places"][place])
