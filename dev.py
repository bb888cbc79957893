#!/usr/bin/env python3
"""The workshop door: run, test, lint and bench with nothing installed but Python and pip.

    python3 dev.py run [--port 8000 ...]     the whole assistant with a pretend WeChat
    python3 dev.py test [--long] [tests ...] the linters, then the tests
    python3 dev.py lint                      ruff, mypy and the import contracts
    python3 dev.py bench NAME                benchmarks/NAME.py
    python3 dev.py learn                     what the reading learned, learned anew

Everything is installed into .venv, by hash, and again only after requirements.lock or
pyproject.toml has changed.
"""

import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / "installed.sha256"
LOCK = ROOT / "requirements.lock"

NO_VENV = (
    "This Python can make no virtual environment: it has neither ensurepip nor pip. "
    "Install one of them (on Debian and Ubuntu: apt install python3-venv) and run this again."
)
LINTERS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    # import-linter has no __main__
    ("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"),
)


# a process for each core, though each starts a database server of its own
SIDE_BY_SIDE = ("-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")


class Stop(Exception):
    """What cannot go on, in one sentence for whoever sits at the terminal."""


def main(arguments: "list[str]") -> int:
    """Do what the first argument names."""
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    verbs = {"run": run, "test": test, "lint": lint, "bench": bench, "learn": learn}
    if verb not in verbs:
        print(__doc__, file=sys.stdout if verb in ("-h", "--help", "help") else sys.stderr)
        return 0 if verb in ("-h", "--help", "help") else 2
    try:
        check_python()
        prepare()
        return verbs[verb](rest)
    except Stop as stop:
        print("dev.py: " + str(stop), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def run(rest: "list[str]") -> int:
    """The demo: WeChat, WeCom and the assistant in one command."""
    return become(PYTHON.with_name("yizhan"), "demo", *rest)


def test(rest: "list[str]") -> int:
    """The linters, then the tests. A lint failure does not hide what the tests say."""
    fault = lint([])
    words = ("-m", "pytest", *SIDE_BY_SIDE, *rest)
    if not fault:
        return become(PYTHON, *words)
    call(*words)
    print("dev.py: the linters found something, see above", file=sys.stderr)
    return fault


def lint(rest: "list[str]") -> int:
    """All linters, each of them even if an earlier one complained."""
    if rest:
        raise Stop("lint takes no arguments; it always looks at the whole house.")
    commands = [words if words[0] == "-c" else ("-m", *words) for words in LINTERS]
    return max([call(*command) for command in commands])


def bench(rest: "list[str]") -> int:
    """One benchmark, by name."""
    files = (ROOT / "benchmarks").glob("[a-z]*.py")
    # the others are what the benchmarks are made of
    known = sorted(path.stem for path in files if "__main__" in path.read_text("utf-8"))
    if not rest or rest[0] not in known:
        raise Stop("name a benchmark: " + (", ".join(known) or "there is none yet") + ".")
    return become(PYTHON, str(ROOT / "benchmarks" / (rest[0] + ".py")), *rest[1:])


def learn(rest: "list[str]") -> int:
    """The models of bot/reading/learned, from its examples, the catalogue and half the corpus."""
    if rest:
        raise Stop("learn takes no arguments; it always learns everything.")
    return become(PYTHON, "-m", "tests.reading.learn")


def call(*words: str) -> int:
    """Run the environment's Python and wait."""
    sys.stdout.flush()
    return subprocess.call([str(PYTHON), *words], cwd=ROOT)


def become(program: Path, *words: str) -> int:
    """Run a program in our place, so that signals and the terminal reach it."""
    if WINDOWS:
        return subprocess.call([str(program), *words], cwd=ROOT)
    os.chdir(ROOT)
    sys.stdout.flush()
    return os.execv(program, [str(program), *words])


def check_python() -> None:
    """Stop early where the code could not even be read."""
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        raise Stop(f"Yizhan needs Python 3.11 or newer, and this is {found} ({sys.executable}).")


def prepare() -> None:
    """Make .venv and install into it, unless that was done for these very files."""
    wanted = fingerprint()
    if works() and STAMP.exists() and STAMP.read_text() == wanted:
        return
    if not works():
        make_environment()
    print("dev.py: installing into .venv, once; a minute or two", file=sys.stderr)
    STAMP.unlink(missing_ok=True)
    install("--require-hashes", "-r", str(LOCK))
    # the lock holds the build backend, so nothing is fetched that has no hash
    install("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """What .venv has to match: the two files, and where they lie (scripts hold their path)."""
    parts = (str(ROOT).encode(), LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def works() -> bool:
    """Whether .venv has a Python that starts; it does not after the system's was replaced."""
    try:
        return subprocess.call([str(PYTHON), "-c", ""]) == 0
    except OSError:
        return False


def make_environment() -> None:
    """A new .venv, with a pip of its own if this Python can give it one."""
    print("dev.py: making .venv", file=sys.stderr)
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if has("ensurepip") and subprocess.call(command) == 0:
        return
    if not has("pip"):
        raise Stop(NO_VENV)
    if not has("venv") or subprocess.call([*command, "--without-pip"]):
        raise Stop(NO_VENV)


def install(*what: str) -> None:
    """Install with the environment's pip, else with the one of the Python that runs this."""
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    if subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0:
        command = [str(PYTHON), "-m", "pip", "install"]
    elif has("pip"):
        command = [sys.executable, "-m", "pip", "--python", str(PYTHON), "install"]
    else:
        raise Stop(NO_VENV)
    # a user's own pip settings may say --user or --target, which a .venv does not go with
    env = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    if subprocess.call([*command, *quiet, *what], env=env, cwd=ROOT):
        raise Stop("the packages could not be installed; what pip says is above.")


def has(module: str) -> bool:
    """Whether the Python that runs this has a module."""
    return importlib.util.find_spec(module) is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
