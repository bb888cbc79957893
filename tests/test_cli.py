"""The yizhan command as an operator meets it: what it prints, and what it ends with."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def yizhan(tmp_path: Path) -> Run:
    """Run the command in an empty folder, with no settings but those given."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("YIZHAN_")}

    def run(*words: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        given = {f"YIZHAN_{name}": value for name, value in settings.items()}
        return subprocess.run(
            [Path(sys.executable).with_name("yizhan"), *words],
            cwd=tmp_path,
            env=clean | given,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


def test_reading_a_text_needs_no_setting_and_leaves_nothing_behind(
    yizhan: Run, tmp_path: Path
) -> None:
    ran = yizhan("read", "我们厂有8块压力表要校准")
    found = json.loads(ran.stdout)
    assert (ran.returncode, found["kind"], found["sure"]) == (0, "service", True)
    assert found["needs"][0]["item"] == "calibrate"
    assert set(found["fields"]) >= {
        "applicant", "address", "contact", "position", "phone", "business", "need",
        "uscc", "client_type", "urgency", "import", "agent",
    }  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_every_line_of_jsonl_is_answered_by_one_line(yizhan: Run) -> None:
    lines = [json.dumps({"text": text}, ensure_ascii=False) for text in ("你好", "同意", "")]
    ran = yizhan("read", "--jsonl", stdin="\n".join(lines) + "\n")
    kinds = [json.loads(line)["kind"] for line in ran.stdout.splitlines()]
    assert (ran.returncode, kinds) == (0, ["greeting", None, None])


def test_a_line_that_is_no_json_is_named_by_its_number(yizhan: Run) -> None:
    ran = yizhan("read", "--jsonl", stdin='{"text": "你好"}\n你好\n')
    assert ran.returncode == 1
    assert "第 2 行" in ran.stderr


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("phone", "139 0000 1111", {"value": "13900001111"}),
        ("phone", "85374567", {"value": None, "refused": "missing_area_code"}),
        ("uscc", "91220101MA0000000", {"value": None, "refused": "bad_length"}),
    ],
)
def test_one_field_alone_gives_its_value_or_the_reason(
    yizhan: Run, field: str, text: str, expected: dict[str, object]
) -> None:
    ran = yizhan("read", "--field", field, text)
    assert (ran.returncode, json.loads(ran.stdout)) == (0, expected)


def test_check_passes_the_sample_catalogue_and_names_what_serve_would_miss(yizhan: Run) -> None:
    ran = yizhan("check")
    assert ran.returncode == 0
    assert "YIZHAN_OA_APP_ID" in ran.stdout
    assert "YIZHAN_WECOM_CORP_ID" in ran.stdout
    assert "YIZHAN_PUBLIC_URL" in ran.stdout


def test_check_names_file_line_and_key_of_a_mistake(yizhan: Run, tmp_path: Path) -> None:
    broken = tmp_path / "mine.yaml"
    broken.write_text("agency: {}\nagency: {}\n", encoding="utf-8")
    ran = yizhan("check", CATALOG=str(broken))
    assert ran.returncode == 1
    assert f"{broken}:2 agency" in ran.stderr


def test_serving_without_an_account_says_what_is_missing_and_where_it_is_found(yizhan: Run) -> None:
    ran = yizhan("serve")
    assert ran.returncode == 3
    assert "YIZHAN_OA_TOKEN" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_database_that_is_away_is_said_in_one_sentence(yizhan: Run) -> None:
    ran = yizhan("db", "upgrade", DATABASE_URL="postgresql+psycopg://u:p@127.0.0.1:1/x")
    assert ran.returncode == 3
    assert len(ran.stderr.strip().splitlines()) == 1


def test_a_fresh_database_exports_nothing_in_every_format(yizhan: Run) -> None:
    assert json.loads(yizhan("export", "cases").stdout) == []
    heading = yizhan("export", "cases", "--format", "csv").stdout.splitlines()
    assert (
        heading[0].lstrip("\ufeff").startswith("number,registered_at,channel,client_type,applicant")
    )


def test_the_database_is_brought_up_to_date_twice_without_harm(yizhan: Run) -> None:
    assert [yizhan("db", "upgrade").returncode for _ in range(2)] == [0, 0]


def test_a_port_in_use_is_named(yizhan: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = yizhan("demo", "--port", str(taken.getsockname()[1]))
    assert ran.returncode == 3
    assert "端口" in ran.stderr


def test_what_staff_corrected_is_tried_out_before_it_is_pasted(yizhan: Run, tmp_path: Path) -> None:
    assert yizhan("export", "routings", "--since", "2026-11-23").stdout == "items: []\n"
    words, file = "我们要过双随机那一套", tmp_path / "routings.yaml"
    rows = f"items:\n- id: ems_cert\n  phrases: [{words}]\n"
    file.write_text(rows, encoding="utf-8")
    before, after = yizhan("read", words), yizhan("read", "--learn-from", str(file), words)
    items = [json.loads(ran.stdout)["needs"][0]["item"] for ran in (before, after)]
    assert items[0] != items[1] == "ems_cert"
    line = json.dumps({"text": words}, ensure_ascii=False)
    ran = yizhan("read", "--jsonl", "--learn-from", str(file), stdin=line)
    assert json.loads(ran.stdout) == json.loads(after.stdout)


def test_a_file_that_nothing_can_be_learned_from_is_refused(yizhan: Run, tmp_path: Path) -> None:
    file = tmp_path / "routings.yaml"
    for text, said in (
        ("items:\n- id: calibrat\n  phrases: [校表]\n", "calibrate"),
        ("items: [\n", "格式有误"),
        ("", "文件是空的"),
    ):
        file.write_text(text, encoding="utf-8")
        ran = yizhan("read", "--learn-from", str(file), "你好")
        assert (ran.returncode, ran.stdout) == (1, "")
        assert f"{file}" in ran.stderr
        assert said in ran.stderr
    assert yizhan("read", "--learn-from", str(tmp_path / "none.yaml"), "你好").returncode == 2
    file.write_text("items: []\n", encoding="utf-8")
    assert yizhan("read", "--field", "phone", "--learn-from", str(file), "1").returncode == 2
