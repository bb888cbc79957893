"""Guards the house: sizes, layers, wording and papers. Each guard is also shown to bite."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.house import papers, sizes, wording
from tests.house.packaging import left_behind, undeclared_packages

ROOT = Path(__file__).resolve().parent.parent

Rule = Callable[[Path], list[str]]

RULES: tuple[Rule, ...] = (
    sizes.long_files,
    sizes.long_functions,
    sizes.silent_modules,
    sizes.empty_names,
    wording.chat_in_code,
    wording.missing_texts,
    wording.idle_texts,
    wording.rude_words,
    wording.open_ended_notices,
    papers.unexplained_settings,
    papers.unexplained_commands,
    papers.machine_paths,
    papers.traces,
    papers.bad_lock,
    papers.unreasoned_skips,
    undeclared_packages,
)

DOCSTRING = '"""A module."""\n'
BODY = "def f():\n" + "    x = 1\n" * 41
HASH = "    --hash=sha256:" + "a" * 64
PROJECT = (
    '[project]\ndependencies = ["PyYAML>=6", "flask"]\n'
    '[project.optional-dependencies]\npostgres = ["psycopg[binary,pool]>=3.2"]\n'
)
SETUPTOOLS = f"setuptools==84.2.1 \\\n{HASH}\n"

# What each rule must not let through: the rule, a house that breaks it, a word of the complaint.
BREACHES: tuple[tuple[Rule, Mapping[str, str], str], ...] = (
    (sizes.long_files, {"bot/a.py": "x = 1\n" * 401}, "bot/a.py has 401 lines"),
    (sizes.long_files, {"bot/a.html": "<p>\n" * 401}, "bot/a.html"),
    (sizes.long_functions, {"bot/a.py": BODY}, "f has 41 lines"),
    (sizes.long_functions, {"storage/a.py": BODY.replace("= 1\n" * 1, "= 1\n")}, "a tenth"),
    (sizes.silent_modules, {"bot/a.py": "x = 1\n"}, "bot/a.py"),
    (sizes.silent_modules, {"bot/a.py": '"""Things"""\n'}, "bot/a.py"),
    (sizes.empty_names, {"bot/utils.py": DOCSTRING}, "utils"),
    (sizes.empty_names, {"storage/helpers/x.py": DOCSTRING}, "helpers"),
    (wording.chat_in_code, {"bot/a.py": 'x = "您好"\n'}, "bot/a.py:1"),
    (wording.chat_in_code, {"storage/a.py": 'x = f"{y}您好"\n'}, "您好"),
    (wording.missing_texts, {"bot/a.py": 'Say("intake/hello")\n'}, "intake/hello"),
    (wording.idle_texts, {"bot/texts/intake.yaml": "hello: 您好\n"}, "intake/hello"),
    (wording.idle_texts, {"bot/texts/labels.yaml": "phone: 电话\n"}, "labels/phone"),
    (wording.rude_words, {"bot/texts/intake.yaml": "hello: 您的单子不归我管\n"}, "不归我管"),
    (wording.rude_words, {"bot/console/page.html": "<p>下班了</p>"}, "下班了"),
    (wording.rude_words, {"bot/a.py": "", "catalog.yaml": "faq: [{answer: 自己看}]"}, "自己看"),
    (wording.open_ended_notices, {"bot/texts/a.yaml": "notice: 营业执照等材料\n"}, "等"),
    (wording.open_ended_notices, {"bot/texts/a.yaml": "notice: 营业执照……\n"}, "…"),
    (
        wording.open_ended_notices,
        {"catalog.yaml": "items: [{materials: [{name: 型号、规格等}]}]"},
        "型号、规格等",
    ),
    (papers.unexplained_settings, {"bot/config.py": "class Settings:\n    x: int\n"}, "YIZHAN_X"),
    (papers.unexplained_commands, {"bot/cli.py": "@main.command()\ndef demo(): ...\n"}, "demo"),
    (
        papers.unexplained_commands,
        {
            "bot/cli.py": '@main.group()\ndef db(): ...\n@db.command("upgrade")\ndef x(): ...\n',
            "README.md": "`yizhan db`",
        },
        "yizhan db upgrade",
    ),
    (papers.machine_paths, {"README.md": "see /ro" + "ot/x"}, "README.md:1"),
    (papers.traces, {"bot/a.py": "# see /wo" + "rk/notes"}, "bot/a.py:1"),
    (papers.traces, {"docs/a.md": "https://mirror.example/simp" + "le/"}, "docs/a.md:1"),
    (papers.bad_lock, {"requirements.lock": SETUPTOOLS + "--index-url x\n"}, "--index-url"),
    (papers.bad_lock, {"requirements.lock": SETUPTOOLS + "x @ file:///x\n"}, "x @ file"),
    (papers.bad_lock, {"requirements.lock": SETUPTOOLS + "flask==3.1.3 \\\n"}, "flask has no hash"),
    (papers.bad_lock, {"requirements.lock": SETUPTOOLS + "flask==3.1.3\n"}, "neither"),
    (papers.bad_lock, {"requirements.lock": f"torch==2.9.1 \\\n{HASH}\n"}, "torch"),
    (papers.bad_lock, {"requirements.lock": ""}, "setuptools"),
    (papers.unreasoned_skips, {"tests/a.py": "@pytest.mark.skip\ndef f(): ...\n"}, "tests/a.py:1"),
    (papers.unreasoned_skips, {"tests/a.py": "pytest.skip()\n"}, "tests/a.py:1"),
    (papers.unreasoned_skips, {"tests/a.py": "x = pytest.mark.xfail(y)\n"}, "tests/a.py:1"),
    (papers.unreasoned_skips, {"tests/a.py": 'pytest.importorskip("x")\n'}, "tests/a.py:1"),
    (undeclared_packages, {"bot/a.py": "import jinja2\n", "pyproject.toml": PROJECT}, "jinja2"),
    (undeclared_packages, {"bot/a.py": "import nowhere\n", "pyproject.toml": PROJECT}, "nowhere"),
)

# What looks like a breach and is none.
FINE: tuple[tuple[Rule, Mapping[str, str]], ...] = (
    (sizes.long_functions, {"bot/a.py": 'def f():\n    """' + "long\n" * 60 + '    """\n'}),
    (
        wording.chat_in_code,
        {"bot/a.py": '"""一站。"""\nUNIT = "年"\n\n\ndef f():\n    """登记。"""\n'},
    ),
    (wording.chat_in_code, {"bot/cli.py": 'x = "启动演示"\n'}),
    (
        wording.idle_texts,
        {
            "bot/a.py": 'x = "intake/one"\ny = f"intake/two_{z}"\nPHONE = "phone"\n',
            "bot/texts/intake.yaml": "one: 一\ntwo_b: 二\n",
            "bot/texts/labels.yaml": "phone: 电话\n",
        },
    ),
    (wording.rude_words, {"bot/a.py": "", "catalog.yaml": "faq: [{phrases: [不知道选哪个]}]"}),
    (wording.open_ended_notices, {"bot/texts/a.yaml": "notice: 计量器具等级、二等标准器\n"}),
    (wording.open_ended_notices, {"bot/texts/a.yaml": "hello: 改电话139…\n"}),
    (
        papers.unexplained_settings,
        {"bot/config.py": "class Settings:\n    x: int\n", "README.md": "| `YIZHAN_X` |"},
    ),
    (papers.machine_paths, {"README.md": "[x](docs/work/x.md) https://x.example/tm" + "p/"}),
    (papers.unreasoned_skips, {"tests/a.py": 'pytest.skip("Windows has no fork")\n'}),
    (
        undeclared_packages,
        {
            "bot/a.py": "import sys\nfrom storage import x\nimport yaml, psycopg_pool\n",
            "pyproject.toml": PROJECT,
        },
    ),
)


def build(root: Path, files: Mapping[str, str]) -> Path:
    """A tiny house."""
    (root / "bot").mkdir()
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def name_of(value: object) -> str:
    """A rule by its name."""
    return getattr(value, "__name__", "")


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_the_house_keeps_its_rules(rule: Rule) -> None:
    """Every rule, over the whole repository."""
    assert not rule(ROOT), "\n" + "\n".join(rule(ROOT))


@pytest.mark.parametrize(("rule", "files", "complaint"), BREACHES, ids=name_of)
def test_a_breach_is_noticed(
    tmp_path: Path, rule: Rule, files: Mapping[str, str], complaint: str
) -> None:
    """A rule that cannot complain guards nothing."""
    assert complaint in "\n".join(rule(build(tmp_path, files)))


@pytest.mark.parametrize(("rule", "files"), FINE, ids=name_of)
def test_what_only_looks_like_a_breach_passes(
    tmp_path: Path, rule: Rule, files: Mapping[str, str]
) -> None:
    """A rule that complains about everything is soon ignored."""
    assert rule(build(tmp_path, files)) == []


def test_every_rule_is_shown_to_bite() -> None:
    """A new rule comes with a breach."""
    assert {rule for rule, _, _ in BREACHES} == set(RULES)


def test_there_are_enough_words_that_no_client_may_hear() -> None:
    """At least the twenty that the trade names."""
    assert len(set(wording.TABOO)) >= 20


def check_contracts(root: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """What `lint-imports` exits with in a folder, with nothing left changed in this process."""
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(str(root))
    # its logging set-up would switch off every logger that exists, for all tests after this
    monkeypatch.setattr("logging.config.dictConfig", lambda _settings: None)
    return lint_imports(no_cache=True, no_logo=True)


def test_imports_point_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contracts of pyproject.toml, all of them."""
    assert check_contracts(ROOT, monkeypatch) == 0


def test_an_import_that_points_up_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contracts are read at all, and broken by a breach."""
    house = {"low/__init__.py": "import high\n", "high/__init__.py": ""}
    house["pyproject.toml"] = (
        '[tool.importlinter]\nroot_packages = ["low", "high"]\n'
        '[[tool.importlinter.contracts]]\nname = "x"\ntype = "layers"\nlayers = ["high", "low"]\n'
    )
    assert check_contracts(build(tmp_path, house), monkeypatch) == 1


def test_an_installed_house_has_everything(tmp_path: Path) -> None:
    """Texts, word lists, templates and migrations travel with the wheel."""
    assert left_behind(ROOT, tmp_path) == []


def test_a_file_left_behind_is_noticed(tmp_path: Path) -> None:
    """A data file with an ending that no glob names would be missing at the deployer's."""
    project = {"pyproject.toml": (ROOT / "pyproject.toml").read_text(), "README.md": "x"}
    house = {"bot/__init__.py": "", "bot/a.strange": "", "storage/__init__.py": "", **project}
    source, workshop = tmp_path / "house", tmp_path / "workshop"
    source.mkdir()
    workshop.mkdir()
    assert left_behind(build(source, house), workshop) == ["the wheel leaves bot/a.strange behind"]
