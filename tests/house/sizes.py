"""Rules that keep the code readable: sizes, names, first sentences."""

import ast
import re
from pathlib import Path

from tests.house.files import every_file, python_files, tree_of, where

FILE_LINES = 400
BODY_LINES = 40
NINE_OF_TEN = 20
CODE = ("bot", "storage", "dev.py")
EMPTY_NAMES = re.compile(r"^(utils?|helpers?|managers?|base|common|misc|stuff|tools?)$")


def long_files(root: Path) -> list[str]:
    """No file of code or mark-up is longer than can be read in one go."""
    complaints = []
    for path in every_file(root):
        lines = len(path.read_bytes().splitlines())
        written_here = path.suffix in {".py", ".html", ".js", ".css"} and not vendored(path)
        if written_here and lines > FILE_LINES:
            complaints.append(f"{where(root, path)} has {lines} lines; at most {FILE_LINES}")
    return complaints


def vendored(path: Path) -> bool:
    """Whether somebody else wrote it: minified, or in a folder named so."""
    return ".min." in path.name or "vendor" in path.parts


def long_functions(root: Path) -> list[str]:
    """No function is too long, and nine of ten are short."""
    complaints, lengths = [], []
    for path in python_files(root, *CODE):
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            length = body_length(node)
            lengths.append(length)
            if length > BODY_LINES:
                place = where(root, path, node.lineno)
                complaints.append(f"{place} {node.name} has {length} lines; at most {BODY_LINES}")
    ninth = sorted(lengths)[len(lengths) * 9 // 10] if lengths else 0
    if ninth > NINE_OF_TEN:
        complaints.append(f"a tenth of all functions has over {NINE_OF_TEN} lines ({ninth})")
    return complaints


def body_length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does; its docstring is not counted."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def silent_modules(root: Path) -> list[str]:
    """Every module begins with a sentence that says what it is for."""
    complaints = []
    for path in python_files(root):
        said = ast.get_docstring(tree_of(path)) or ""
        first = said.split("\n\n")[0].strip()
        if not first.endswith((".", "!", "?")):
            complaints.append(f"{where(root, path)} does not begin with a sentence")
    return complaints


def empty_names(root: Path) -> list[str]:
    """No module or folder is named after nothing in particular."""
    return [
        f"{where(root, path)}: {part!r} says nothing; name what it is about"
        for path in python_files(root)
        for part in path.relative_to(root).with_suffix("").parts
        if EMPTY_NAMES.match(part)
    ]
