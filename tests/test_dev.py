"""The workshop door, without walking through it: nothing here installs anything."""

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dev


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty house of its own, with a lock and a project file."""
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    monkeypatch.setattr(dev, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "installed.sha256")
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements.lock")
    (tmp_path / "requirements.lock").write_text("")
    (tmp_path / "pyproject.toml").write_text("")
    return tmp_path


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence instead of a syntax error."""
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    assert dev.main(["test"]) == 1
    assert "Python 3.11 or newer, and this is 3.10.13" in capsys.readouterr().err


@pytest.mark.parametrize(("words", "code"), [([], 2), (["tset"], 2), (["--help"], 0)])
def test_an_unknown_word_is_answered_with_what_there_is(words: list[str], code: int) -> None:
    """Nothing is installed to say so."""
    assert dev.main(words) == code


def test_without_ensurepip_the_environment_is_made_without_pip(
    workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a Debian that has pip but not python3-venv."""
    monkeypatch.setattr(dev, "has", lambda module: module != "ensurepip")
    dev.make_environment()
    assert dev.works()
    assert not list(workshop.glob(".venv/lib/*/site-packages/pip"))


def test_without_any_pip_one_sentence_says_what_to_install(
    workshop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not a traceback out of venv."""
    monkeypatch.setattr(dev, "has", lambda module: module == "venv")
    assert dev.main(["test"]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert "apt install python3-venv" in said


def test_packages_are_installed_again_only_when_the_files_changed(
    workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second start costs nothing, a changed lock is noticed."""
    installs: list[Sequence[str]] = []
    monkeypatch.setattr(dev, "has", lambda module: module != "ensurepip")
    monkeypatch.setattr(dev, "install", lambda *what: installs.append(what))
    dev.prepare()
    dev.prepare()
    assert len(installs) == 2, "the lock, then the project"
    assert installs[0][0] == "--require-hashes"
    (workshop / "requirements.lock").write_text("# changed")
    dev.prepare()
    assert len(installs) == 4


def test_an_interrupted_installation_is_done_again(
    workshop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an environment is not taken for a whole one."""

    def fail(*_what: str) -> None:
        raise dev.Stop("no network")

    monkeypatch.setattr(dev, "has", lambda module: module != "ensurepip")
    monkeypatch.setattr(dev, "install", lambda *_what: None)
    dev.prepare()
    (workshop / "pyproject.toml").write_text("# changed")
    monkeypatch.setattr(dev, "install", fail)
    with pytest.raises(dev.Stop):
        dev.prepare()
    assert not dev.STAMP.exists()
