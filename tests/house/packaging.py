"""Rules about what an installed Yizhan carries: every file it opens at run time."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.house.files import every_file, python_files, tree_of, where

PACKAGES = ("bot", "storage")
# known to type checkers only
STUBS = frozenset({"_typeshed"})
# published together with what is declared, in step with it
COMPANIONS = {"pydantic-core": "pydantic", "psycopg-pool": "psycopg"}


def left_behind(root: Path, workshop: Path) -> list[str]:
    """Every file of the packages is in the wheel; built in `workshop`, as a deployer builds it."""
    copy = workshop / "source"
    for path in every_file(root):
        inside = path.relative_to(root)
        if inside.parts[0] in (*PACKAGES, "pyproject.toml", "README.md", "catalog.yaml"):
            (copy / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / inside, follow_symlinks=False)
    packed = wheel_contents(copy, workshop)
    return [
        f"the wheel leaves {path.relative_to(copy)} behind"
        for package in PACKAGES
        for path in every_file(copy / package)
        if path.relative_to(copy).as_posix() not in packed
    ]


def wheel_contents(source: Path, workshop: Path) -> set[str]:
    """The names in the wheel that the build backend makes of a source tree."""
    make = "import setuptools.build_meta, sys; setuptools.build_meta.build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", make, str(workshop)]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    wheels = list(workshop.glob("*.whl"))
    if built.returncode or not wheels:
        raise AssertionError(f"the wheel was not built:\n{built.stderr}")
    return set(zipfile.ZipFile(wheels[0]).namelist())


def undeclared_packages(root: Path) -> list[str]:
    """Every package that the product imports is named in pyproject.toml, not merely dragged in."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    declared = {plain(re.split(r"[\[<>=~! ;]", line)[0]) for line in wanted}
    owners = packages_distributions()
    return [
        f"{where(root, path, line)} imports {module}, which pyproject.toml does not name"
        for path in python_files(root, *PACKAGES)
        for module, line in imported(tree_of(path))
        if module not in sys.stdlib_module_names
        and module not in (*PACKAGES, *STUBS)
        and not declared & {declared_as(owner) for owner in owners.get(module, [])}
    ]


def declared_as(owner: str) -> str:
    """The name under which pyproject.toml has to list a distribution."""
    return COMPANIONS.get(plain(owner), plain(owner))


def plain(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The outermost packages that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name.split(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0], node.lineno
