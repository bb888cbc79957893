"""What lies in the house: the files the rules look at."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

NOT_OURS = frozenset({"build", "dist", "data", "node_modules", "__pycache__"})
# hidden, but ours
SHOWN = frozenset({".ci", ".gitignore"})


def every_file(root: Path) -> Iterator[Path]:
    """All files that are or may be committed; a folder that git does not see is passed by."""
    for entry in sorted(root.iterdir()):
        hidden = entry.name.startswith(".") and entry.name not in SHOWN
        if hidden or entry.name in NOT_OURS or entry.name.endswith(".egg-info"):
            continue
        if entry.is_dir():
            yield from every_file(entry)
        else:
            yield entry


def python_files(root: Path, *under: str) -> Iterator[Path]:
    """The Python files of some folders, or of the whole house."""
    for path in every_file(root):
        inside = path.relative_to(root).parts[0]
        if path.suffix == ".py" and (not under or inside in under):
            yield path


def text_files(root: Path) -> Iterator[tuple[Path, str]]:
    """Every file that can be read as text, with its text."""
    for path in every_file(root):
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def tree_of(path: Path) -> ast.Module:
    """A parsed module; files are read once however many rules look at them."""
    return _parsed(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2048)
def _parsed(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Every string of a module that does something: docstrings and their like left out."""
    idle = {id(statement.value) for statement in ast.walk(tree) if isinstance(statement, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle:
            yield node


def where(root: Path, path: Path, line: int | None = None) -> str:
    """A place as people point at it: file and line."""
    return str(path.relative_to(root)) + (f":{line}" if line else "")
