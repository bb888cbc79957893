"""YAML text as plain values that remember their lines, with every surprise of YAML taken out.

Every scalar stays the text that was written (`1:30`, `010`, `no`): what it means is for the
schema to say. Only an empty value, `~` and `null` are None. A key given twice is a finding.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml

Path = tuple[str | int, ...]
Tree = str | list["Tree"] | dict[str, "Tree"] | None

NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
# what YAML itself may make of a plain scalar; any other tag was written by hand
SCALAR_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "merge", "value")
)


# findings whose value was left out
REFUSED = frozenset({"tag", "endless"})


@dataclass(frozen=True)
class Finding:
    """Something wrong at a path: `code` names the sentence that tells it, `values` fill it.

    `line` is given only where the path alone does not lead to it.
    """

    path: Path
    code: str
    values: Mapping[str, object] = field(default_factory=dict)
    line: int | None = None


@dataclass(frozen=True)
class Located:
    """The values of a file, the line of each path (from 1), and what was wrong on the way."""

    tree: Tree
    lines: Mapping[Path, int]
    findings: tuple[Finding, ...] = ()

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it; 0 if nothing stands there."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def unread(self, path: Path) -> bool:
        """Whether a path lies in a value that was refused, and so stands empty."""
        return any(
            path[: len(one.path)] == one.path for one in self.findings if one.code in REFUSED
        )


def read(text: str) -> Located:
    """The values in a YAML text; a text that is no YAML at all has none, and one finding."""
    reader = NodeReader()
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        tree = reader.value(node, ()) if node is not None else None
    except (yaml.YAMLError, UnicodeEncodeError, RecursionError) as fault:
        return Located(None, {}, (syntax_finding(fault, text),))
    return Located(tree, reader.lines, tuple(reader.findings))


def syntax_finding(fault: Exception, text: str) -> Finding:
    """What a YAML parser complained of, with its line."""
    if isinstance(fault, yaml.MarkedYAMLError):
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        return Finding((), "syntax", {"problem": fault.problem or str(fault)}, line)
    if isinstance(fault, yaml.reader.ReaderError):
        line = text.encode()[: fault.position].count(b"\n") + 1
        return Finding((), "syntax", {"problem": "control characters"}, line)
    if isinstance(fault, UnicodeEncodeError):
        line = text[: fault.start].count("\n") + 1
        return Finding((), "syntax", {"problem": "control characters"}, line)
    return Finding((), "syntax", {"problem": "nesting"}, 1)


class NodeReader:
    """Walks the nodes of one document, noting lines and findings as it goes."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.findings: list[Finding] = []
        self._open: list[yaml.Node] = []

    def value(self, node: yaml.Node, path: Path) -> Tree:
        """The plain value of a node."""
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        if any(node is outer for outer in self._open):
            self._refuse(node, path, "endless")
            return None
        self._open.append(node)
        try:
            if isinstance(node, yaml.SequenceNode):
                return self._sequence(node, path)
            return self._mapping(node, path)
        finally:
            self._open.pop()

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Tree:
        if node.tag not in SCALAR_TAGS:
            self._refuse(node, path, "tag")
            return None
        return None if not node.style and node.value in NOTHING else str(node.value)

    def _sequence(self, node: yaml.SequenceNode, path: Path) -> Tree:
        if node.tag != "tag:yaml.org,2002:seq":
            self._refuse(node, path, "tag")
            return None
        return [self.value(child, (*path, index)) for index, child in enumerate(node.value)]

    def _mapping(self, node: yaml.Node, path: Path) -> Tree:
        if node.tag != "tag:yaml.org,2002:map":
            self._refuse(node, path, "tag")
            return None
        found: dict[str, Tree] = {}
        for name, child in self._keys(node, path):
            here, line = (*path, name.value), name.start_mark.line + 1
            if name.value in found:
                first = self.lines[here]
                self.findings.append(Finding(here, "duplicate_key", {"first": first}, line))
                continue
            self.lines[here] = line
            found[name.value] = self.value(child, here)
        return found

    def _keys(self, node: yaml.Node, path: Path) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
        for name, child in node.value:
            if isinstance(name, yaml.ScalarNode) and name.tag in SCALAR_TAGS:
                yield name, child
            else:
                self._refuse(name, path, "odd_key")

    def _refuse(self, node: yaml.Node, path: Path, code: str) -> None:
        line = node.start_mark.line + 1
        self.findings.append(Finding(path, code, {"tag": node.tag}, line))
