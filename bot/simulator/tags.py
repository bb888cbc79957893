"""The XML both platforms speak: written with CDATA as they do, read back strictly."""

from collections.abc import Mapping, Sequence
from xml.parsers.expat import ExpatError

import xmltodict

# a str is written as CDATA, an int bare; a list repeats the tag
Value = str | int | Mapping[str, "Value"] | Sequence["Value"]


class NotXml(Exception):
    """What the bot answered is no XML of the platform's form."""


def write(tags: Mapping[str, Value]) -> bytes:
    """`<xml>` with these tags in this order."""
    # half a surrogate pair can be typed but not sent
    return f"<xml>{inside(tags)}</xml>".encode(errors="replace")


def read(body: bytes) -> dict[str, object]:
    """The tags under `<xml>`, empty ones as empty strings; or NotXml."""
    try:
        tree = xmltodict.parse(body)
    except (ExpatError, ValueError) as error:
        raise NotXml(f"not well-formed: {error}") from error
    inside = tree.get("xml")
    if set(tree) != {"xml"} or not isinstance(inside, dict):
        raise NotXml("the root is not <xml> with tags inside")
    return {name: "" if value is None else value for name, value in inside.items()}


def inside(tags: Mapping[str, Value]) -> str:
    """The tags without a root."""
    return "".join(_tag(name, value) for name, value in tags.items())


def _tag(name: str, value: Value) -> str:
    if isinstance(value, str):
        return f"<{name}><![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>"
    if isinstance(value, int):
        return f"<{name}>{value}</{name}>"
    if isinstance(value, Mapping):
        return f"<{name}>{inside(value)}</{name}>"
    return "".join(_tag(name, one) for one in value)
