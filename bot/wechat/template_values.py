"""Values made to fit the data keys of a template message, which refuses what does not fit."""

import re
from collections.abc import Callable, Mapping

from bot.wechat.limits import TEMPLATE_CHARS, TEMPLATE_VALUES

_NAME_CJK, _NAME_LATIN = 10, 20


class Unfit(ValueError):
    """No part of the value may stand under this data key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the template's {key} got a value its type does not allow")


def fit(key: str, value: str) -> str:
    """The value as the key's type allows it: cleaned, shortened, or Unfit."""
    kind = key.rstrip("0123456789")
    # a line break is refused in every type
    plain = " ".join(value.split())
    fitted = _MAKERS.get(kind, _as_it_is)(kind, plain)
    if kind not in TEMPLATE_VALUES or not re.fullmatch(TEMPLATE_VALUES[kind], fitted):
        raise Unfit(key)
    return fitted


def _as_it_is(_kind: str, value: str) -> str:
    return value


def _shortened(kind: str, value: str) -> str:
    limit = TEMPLATE_CHARS[kind]
    return value if len(value) <= limit else value[: limit - 1] + "…"


def _only(allowed: str) -> Callable[[str, str], str]:
    refused = re.compile(f"[^{allowed}]")
    return lambda kind, value: refused.sub("", value).strip()[: TEMPLATE_CHARS[kind]]


def _name(_kind: str, value: str) -> str:
    chinese = re.sub(r"[^\u4e00-\u9fff·]", "", value)
    if chinese:
        return chinese[:_NAME_CJK]
    return re.sub(r"[^A-Za-z .·-]", "", value).strip()[:_NAME_LATIN].strip()


_MAKERS: Mapping[str, Callable[[str, str], str]] = {
    "thing": _shortened,
    "short_thing": _shortened,
    "car_number": _shortened,
    "const": _as_it_is,
    "character_string": _only("!-~ "),
    "letter": _only("A-Za-z"),
    "symbol": _only(r"^\w\s"),
    "phone_number": _only("0-9+() -"),
    "phrase": _only("\u4e00-\u9fff"),
    "name": _name,
}
