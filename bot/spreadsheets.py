"""The register in flat formats: a line for each need, what else belongs to its case in brief.

The spreadsheet has sheets besides, with a line for each improvement and each complaint.
"""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.cases import Field
from bot.domain.surveys import Rated

# A case as `bot.export` has it, or one of the things that hang on it.
Row = dict[str, object]

# The columns of the flat formats: one line a need, as the register on paper has it.
COLUMNS = (
    "number",
    "registered_at",
    "channel",
    "client_type",
    *Field,
    "category",
    "item",
    "description",
    "state",
    "agent",
    "assignee",
    "due",
    "options",
    "wanted_on",
    "amount",
    "report_number",
    "feedback_at",
    "feedback",
    "survey_state",
    "survey_reason",
    *Rated,
    "comment",
    "improvements",
    "complaints",
)
# What the line of a need says of each of them.
IN_BRIEF = ("number", "kind", "state", "owner", "due", "words", "decision", "plan")
# The columns of the further sheets, behind the number of the case.
SHEETS: Mapping[str, tuple[str, ...]] = {
    "improvements": (
        "number",
        "source",
        "state",
        "owner",
        "confidential",
        "due",
        "opened_at",
        "done_at",
        "facts",
        "plan",
    ),
    "complaints": (
        "number",
        "kind",
        "state",
        "owner",
        "received_at",
        "due",
        "words",
        "decision",
        "closed_at",
    ),
}


def lines(found: Iterable[Row]) -> list[list[str]]:
    """The register: a heading, then a line for each need."""
    return [list(COLUMNS), *([cell(value) for value in line(*one)] for one in each(found))]


def cell(value: object) -> str:
    """A value as a cell shows it."""
    if isinstance(value, list):
        return "；".join(map(str, value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def each(found: Iterable[Row]) -> Iterable[tuple[Row, Row]]:
    """Every need with its case."""
    for case in found:
        needs = case["needs"]
        assert isinstance(needs, list)  # noqa: S101 - `whole` made it
        for need in needs:
            yield case, need


def of_case(case: Row, kind: str) -> list[Row]:
    """The improvements or the complaints of a case."""
    found = case[kind]
    assert isinstance(found, list)  # noqa: S101 - `read_cases` made it
    return found


def in_brief(one: Row) -> str:
    """An improvement or a complaint in a few words."""
    return " ".join(cell(one[key]) for key in IN_BRIEF if one.get(key))


def further(found: Sequence[Row]) -> Mapping[str, list[list[str]]]:
    """The further sheets by their names."""
    return {kind: listed(found, kind) for kind in SHEETS}


def listed(found: Iterable[Row], kind: str) -> list[list[str]]:
    """A further sheet: a heading, then a line for each, with the number of its case."""
    columns = SHEETS[kind]
    rows = [(case, one) for case in found for one in of_case(case, kind)]
    return [
        ["case", *columns],
        *([cell(case["number"]), *(cell(one[key]) for key in columns)] for case, one in rows),
    ]


def line(case: Row, need: Row) -> list[object]:
    """One need in the order of the columns; a draft has nothing yet for some of them."""
    feedback = case["feedback"]
    assert isinstance(feedback, list)  # noqa: S101 - `whole` made it
    own = "；".join(str(one["text"]) for one in feedback if one["item"] == need["item"])
    options = need["options"]
    assert isinstance(options, list)  # noqa: S101 - `need_row` made it
    survey = case.get("survey")
    rated = dict(survey) if isinstance(survey, dict) else {}
    names: Mapping[str, object] = {
        **{key: rated.get(key) for key in (*Rated, "comment")},
        "survey_state": rated.get("state"),
        "survey_reason": rated.get("reason"),
        **case,
        **need,
        # a row has its place among the needs under the same word
        "position": case["position"],
        "category": need.get("category_name", need["category"]),
        "options": " ".join(map(str, options)),
        "item": need.get("item_name", need["item"]),
        "feedback": own,
        **{kind: [in_brief(one) for one in of_case(case, kind)] for kind in SHEETS},
    }
    return [names.get(key) for key in COLUMNS]


def as_csv(found: Iterable[Row]) -> bytes:
    """UTF-8 with a mark, so that spreadsheets read the Chinese; no cell can be a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([[tame(one) for one in row] for row in lines(found)])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def tame(text: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return "'" + text if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_xlsx(found: Iterable[Row]) -> bytes:
    """A workbook whose cells are all text: nothing in them is evaluated (deps.md 5)."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book, cases = Workbook(), list(found)
    book.remove(book.active)
    for title, rows in {"cases": lines(cases), **further(cases)}.items():
        sheet = book.create_sheet(title)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                field = sheet.cell(number, column)
                field.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                field.data_type = "s"
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()
