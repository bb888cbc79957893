"""The XML both platforms speak: read strictly into leaves, written so that no text adds a tag."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

# The deepest thing either platform sends is xml/SelectedItems/SelectedItem/OptionIds/OptionId.
MAX_DEPTH = 8

# Characters no XML 1.0 document may hold, and lone surrogates, which no UTF-8 may hold.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")
# the two that UTF-8 can hold and XML cannot
_NO_CHARACTERS = ("\ufffe".encode(), "\uffff".encode())


class Malformed(Exception):
    """The body is not what the platform sends; the reason names no value of it."""


class Leaf(NamedTuple):
    """A tag that holds text: its name, how deep it stands below `<xml>`, and the text."""

    tag: str
    depth: int
    text: str


@dataclass
class _Reading:
    leaves: list[Leaf] = field(default_factory=list)
    depth: int = 0
    # the pieces of text since the last opening tag; None once that tag is known not to be a leaf
    pieces: list[str] | None = None

    def opened(self, tag: str, _attributes: object) -> None:
        if self.depth == 0 and tag != "xml":
            raise Malformed("the root is not <xml>")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Malformed("nested too deep")
        self.pieces = []

    def closed(self, tag: str) -> None:
        self.depth -= 1
        if self.pieces is not None and self.depth:
            self.leaves.append(Leaf(tag, self.depth, "".join(self.pieces)))
        self.pieces = None

    def wrote(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)


def _no_doctype(*_declared: object) -> None:
    # every entity attack begins with a document type; neither platform ever sends one
    raise Malformed("a document type is declared")


def leaves(body: bytes) -> list[Leaf]:
    """Every tag with text, in order; Malformed at the first thing that is out of place."""
    reading = _Reading()
    # naming the encoding here overrules whatever the document claims
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = reading.opened
    parser.EndElementHandler = reading.closed
    parser.CharacterDataHandler = reading.wrote
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise Malformed(f"not XML: {expat.ErrorString(error.code)}") from None
    return reading.leaves


def fields(found: Iterable[Leaf]) -> dict[str, str]:
    """The tags that stand directly under `<xml>`; the same tag twice is Malformed."""
    flat: dict[str, str] = {}
    for leaf in found:
        if leaf.depth != 1:
            continue
        if leaf.tag in flat:
            raise Malformed("a tag is doubled")
        flat[leaf.tag] = leaf.text
    return flat


def without_controls(body: bytes) -> bytes:
    """The body without the characters people paste and no XML parser accepts."""
    kept = body.translate(None, _CONTROLS)
    for one in _NO_CHARACTERS:
        kept = kept.replace(one, b"")
    return kept


def cdata(text: str) -> str:
    """The text as character data: `]]>` is split, characters illegal in XML are dropped."""
    safe = _ILLEGAL.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{safe}]]>"


def document(pairs: Iterable[tuple[str, str | int]]) -> bytes:
    """`<xml>` with one tag for each pair, numbers bare and texts as character data."""
    tags = (
        f"<{tag}>{value if isinstance(value, int) else cdata(value)}</{tag}>"
        for tag, value in pairs
    )
    return f"<xml>{''.join(tags)}</xml>".encode()
