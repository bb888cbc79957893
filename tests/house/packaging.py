"""Rules about what an installed Yizhan carries: every file it opens at run time."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.house.files import every_file

PACKAGES = ("bot", "storage")


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
