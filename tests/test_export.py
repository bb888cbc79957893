"""The register in every format: whatever JSON tells of a case, the flat formats tell as well."""

import csv
import io
import json
from typing import Any

import pytest
from openpyxl import load_workbook

from bot.export import FORMATS, read_cases, read_drafts
from tests.handlers.desk.book import client_of
from tests.handlers.ratings.rated import improved, invited
from tests.world import World

WORDS = "=催了三次还没出证书，太慢了"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: what is read is tested with the storage."""
    return sqlite_url


def told(world: World) -> tuple[str, str, str]:
    """A case with a low score and a complaint; the numbers of all three."""
    case = invited(world)
    world.say(client_of(case), "2")
    [improvement] = improved(world, case)
    world.order(improvement.owner, f"改进 {improvement.number} 计划 每周抽查出证时间")
    said = world.say(client_of(case), f"我要投诉：{WORDS}")
    return case, improvement.number, said[said.index("TS2") :][:15]


def register(world: World) -> list[dict[str, Any]]:
    """The lines of the CSV."""
    data = FORMATS["csv"](read_cases(world.database, world.app.catalog, None))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def sheets(world: World) -> dict[str, list[dict[str, Any]]]:
    """The lines of each sheet of the workbook, by its heading."""
    data = FORMATS["xlsx"](read_cases(world.database, world.app.catalog, None))
    found = {}
    for sheet in load_workbook(io.BytesIO(data)):
        heading, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(heading, row, strict=True)) for row in rows]
    return found


def test_the_line_of_a_case_says_what_is_put_right_and_what_was_complained_of(
    world: World,
) -> None:
    case, improvement, complaint = told(world)
    [line] = register(world)
    assert line["number"] == case
    for word in (improvement, "planned", "赵启明", "2026-12-01", "每周抽查出证时间"):
        assert word in line["improvements"]
    for word in (complaint, "complaint", "催了三次还没出证书"):
        assert word in line["complaints"]


def test_the_workbook_has_a_sheet_of_improvements_and_one_of_complaints(world: World) -> None:
    case, improvement, complaint = told(world)
    found = sheets(world)
    assert list(found) == ["cases", "improvements", "complaints"]
    [line] = found["improvements"]
    assert (line["case"], line["number"], line["state"]) == (case, improvement, "planned")
    assert json.loads(line["facts"])["scores"] == {"overall": 2}
    [line] = found["complaints"]
    assert (line["case"], line["number"], line["kind"]) == (case, complaint, "complaint")
    assert "催了三次还没出证书" in line["words"]
    [line] = found["cases"]
    assert improvement in line["improvements"]
    assert complaint in line["complaints"]


def test_the_flat_formats_have_each_key_that_json_has_of_improvements_and_complaints(
    world: World,
) -> None:
    told(world)
    [case] = json.loads(FORMATS["json"](read_cases(world.database, world.app.catalog, None)))
    found = sheets(world)
    for kind in ("improvements", "complaints"):
        [one] = case[kind]
        [line] = found[kind]
        assert line.keys() == {"case", *one}, kind


def test_a_case_without_either_has_empty_places(world: World) -> None:
    invited(world)
    [line] = register(world)
    assert (line["improvements"], line["complaints"]) == ("", "")
    assert sheets(world)["complaints"] == []


@pytest.mark.parametrize("form", FORMATS)
def test_a_registration_that_was_only_begun_is_exported_in_every_format(
    world: World, form: str
) -> None:
    world.say("somebody", "8块压力表要校准")
    drafts = read_drafts(world.database)
    assert len(drafts) == 1
    assert FORMATS[form](drafts)
