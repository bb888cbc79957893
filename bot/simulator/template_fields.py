"""What a template message's data may hold, key type by key type (wechat_platform.md 3.3)."""

import re
from collections.abc import Mapping, Sequence

from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import TEMPLATE_VALUES

_KEY = re.compile(r"([a-z_]+?)(\d+)(\.DATA)?")
# dropped by the platform since 2023-05-04, without an error
_IGNORED = frozenset({"first", "remark"})


def check(data: object, keys: Sequence[str] | None) -> tuple[tuple[str, str], ...]:
    """The (key, value) rows shown; ApiRefusal 47003 naming the key the platform would name.

    `keys` are those of the template as approved, None when nobody told us.
    """
    if not isinstance(data, Mapping):
        raise ApiRefusal(47003, "data.value invalid")
    wanted = tuple(data) if keys is None else tuple(keys)
    return tuple((key, _value(data, key)) for key in wanted if key not in _IGNORED)


def _value(data: Mapping[str, object], key: str) -> str:
    part = data.get(key)
    value = part.get("value") if isinstance(part, Mapping) else None
    match = _KEY.fullmatch(key)
    rule = TEMPLATE_VALUES.get(match.group(1)) if match else None
    if rule is None or not isinstance(value, str) or not re.fullmatch(rule, value):
        raise ApiRefusal(47003, f"data.{key}.value invalid")
    return value
