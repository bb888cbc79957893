"""Rules about what is written beside the code: README, lock file, traces of our desks."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import python_files, text_files, tree_of, where

# one letter stands in brackets so that these lines do not find themselves
MACHINE_PATHS = re.compile(
    r"(?<![\w./:-])/(wor[k]|roo[t]|hom[e]/\w|User[s]/\w|opt/pyp[i]|tm[p]/)\b"
)
TRACES = re.compile(
    r"(?<![\w./:-])/wor[k]\b|share[d]/\w+\.md|\bissue[s] show\b|spe[c]\.md|/opt/(pyp[i]|wheel[s])"
    r"|pypi-mor[e]|Claud[e]|Anthropi[c]|https?://\S+/simpl[e]\b"
)
PIN = r"[a-z0-9][a-z0-9.-]*==[^\s;/:@]+( ; [^/:@]+)? \\"
LOCK_LINE = re.compile(rf"{PIN}|    --hash=sha256:[0-9a-f]{{64}}( \\)?| *#[^/]*|")
# far too large for an office, or only wanted by an extra; gunicorn is what benchmarks measure by
NOT_IN_LOCK = ("torch", "numpy", "nvidia", "redis", "waitress")


def unexplained_settings(root: Path) -> list[str]:
    """Every setting stands in the README."""
    config, readme = root / "bot" / "config.py", read(root / "README.md")
    if not config.exists():
        return []
    names = [
        f"YIZHAN_{row.target.id.upper()}"
        for node in ast.walk(tree_of(config))
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
        for row in node.body
        if isinstance(row, ast.AnnAssign) and isinstance(row.target, ast.Name)
    ]
    shown = set(re.findall(r"`(\w+)`", readme))
    return [
        f"README.md does not explain the setting {name}"
        for name in names
        if not {name, name.removeprefix("YIZHAN_")} & shown
    ]


def unexplained_commands(root: Path) -> list[str]:
    """Every command stands in the README."""
    cli, readme = root / "bot" / "cli.py", read(root / "README.md")
    if not cli.exists():
        return []
    return [
        f"README.md does not explain the command yizhan {command}"
        for command in commands(tree_of(cli))
        if not re.search(rf"`yizhan {command}\b", readme)
    ]


def commands(tree: ast.Module) -> Iterator[str]:
    """The names of the click commands: `db upgrade` for one that stands in a group."""
    groups: dict[str, str] = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef):
            continue
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if not (isinstance(call, ast.Attribute) and call.attr in {"command", "group"}):
                continue
            prefix = groups.get(getattr(call.value, "id", ""), "")
            name = f"{prefix} {own_name(node, decorator)}".strip()
            if call.attr == "group" and getattr(call.value, "id", "") != "click":
                groups[node.name] = name
            elif call.attr == "command":
                yield name


def own_name(function: ast.FunctionDef, decorator: ast.expr) -> str:
    """The name given to a command, else its function's, as click derives it."""
    given = decorator.args if isinstance(decorator, ast.Call) else []
    if given and isinstance(given[0], ast.Constant):
        return str(given[0].value)
    return re.sub(r"_(command|cmd|group|grp)$", "", function.name).replace("_", "-")


def machine_paths(root: Path) -> list[str]:
    """The documents name no path of somebody's own machine."""
    return [
        f"{where(root, path, line)} names a path of one machine: {found}"
        for path, text in text_files(root)
        if path.suffix == ".md"
        for line, found in hits(MACHINE_PATHS, text)
    ]


def traces(root: Path) -> list[str]:
    """Nothing tells on which desk, with which tools, it was written."""
    return [
        f"{where(root, path, line)} tells where it was written: {found}"
        for path, text in text_files(root)
        for line, found in hits(TRACES, text)
    ]


def hits(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, str]]:
    """Line numbers and finds."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := pattern.search(line):
            yield number, found.group()


def bad_lock(root: Path) -> list[str]:
    """The lock names versions and hashes, and no index, address or folder."""
    text = read(root / "requirements.lock")
    complaints = [
        f"requirements.lock:{number} is neither version nor hash: {line}"
        for number, line in enumerate(text.splitlines(), start=1)
        if not LOCK_LINE.fullmatch(line)
    ]
    pins = re.findall(r"^([a-z0-9.-]+)==.*\n( +--hash=)?", text, re.MULTILINE)
    complaints += [f"requirements.lock: {name} has no hash" for name, hashed in pins if not hashed]
    locked = {name for name, _ in pins}
    complaints += [
        f"requirements.lock: {name} is not wanted" for name in NOT_IN_LOCK if name in locked
    ]
    if "setuptools" not in locked:
        complaints.append(
            "requirements.lock: setuptools is missing; dev.py installs without isolation"
        )
    return complaints


def unreasoned_skips(root: Path) -> list[str]:
    """No test is skipped or expected to fail without a reason; none is skipped in silence."""
    return [
        f"{where(root, path, line)} skips without a reason"
        for path in python_files(root, "tests")
        for line in silent_skips(tree_of(path))
    ]


def silent_skips(tree: ast.Module) -> Iterator[int]:
    """The lines with a `skip`, `skipif`, `xfail` or `importorskip` that says nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and silent(node):
            yield node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            bare = {"pytest.mark.skip", "pytest.mark.xfail"}
            yield from (one.lineno for one in node.decorator_list if ast.unparse(one) in bare)


def silent(call: ast.Call) -> bool:
    """Whether this call of pytest skips and does not say why."""
    verb = ast.unparse(call.func)
    if verb == "pytest.importorskip":
        return True
    said = any(word.arg == "reason" for word in call.keywords)
    if verb in {"pytest.skip", "pytest.xfail"}:
        return not (said or call.args)
    return verb in {"pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail"} and not said


def read(path: Path) -> str:
    """The text of a file, nothing if it is not there."""
    return path.read_text(encoding="utf-8") if path.exists() else ""
