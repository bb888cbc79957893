"""What must hold between the parts of catalog.yaml, beyond the shape of each part.

The rules work on the plain values, before the schema has judged them, so that one run
tells everything that is wrong, not only what the first stage saw.
"""

import re
from collections.abc import Callable, Collection, Iterator
from itertools import pairwise

import jinja2

from bot.domain.catalog import CATCH_ALL, Purpose, Role
from bot.domain.located import Finding, Path, Tree
from bot.domain.notice import GROUPS

# What an item or a standing rule may ask for.
ASKED_FOR = ("items.*.materials.*.name", "standing.*.name")

# Where a thing is named, where such things are defined, and the sentence for a stranger.
REFERENCES = (
    ("items.*.category", "categories.*.id", "unknown_category"),
    ("items.*.department", "departments.*.id", "unknown_department"),
    ("staff.*.department", "departments.*.id", "unknown_department"),
    ("staff.*.items.*", "items.*.id", "unknown_item"),
    ("items.*.qualification", "qualifications.#", "unknown_qualification"),
)

# No two of these may be the same, upper and lower case being one.
DISTINCT = (
    "departments.*.id",
    "departments.*.name",
    "staff.*.id",
    "staff.*.number",
    "categories.*.id",
    "categories.*.name",
    "conditions.*.id",
    "items.*.id",
    "items.*.name",
    "faq.*.id",
)

PHONES = (
    "agency.phone",
    "agency.complaint_phone",
    "departments.*.phone",
    "staff.*.phone",
    "items.*.partner.phone",
)

# area code and local number, with extension; mobile; 400 and 800; short public numbers
PHONE = re.compile(
    r"0\d{2,3}-?[2-9]\d{6,7}(-\d{1,6})?|1[3-9]\d{9}|[48]00-?\d{3}-?\d{4}|1[12]\d|12\d{3}|9[56]\d{3,4}"
)


def findings(tree: Tree) -> Iterator[Finding]:
    """Everything the rules find, in no particular order."""
    for rule in RULES:
        yield from rule(tree)


def each(tree: Tree, pattern: str) -> Iterator[tuple[Path, Tree]]:
    """The values at a dotted pattern: `*` any element, `#` the keys themselves."""
    found: list[tuple[Path, Tree]] = [((), tree)]
    for step in pattern.split("."):
        found = [hit for path, value in found for hit in one_step(path, value, step)]
    yield from found


def one_step(path: Path, value: Tree, step: str) -> Iterator[tuple[Path, Tree]]:
    """What one step of a pattern leads to; nothing where the value has another shape."""
    if isinstance(value, dict):
        if step == "#":
            yield from (((*path, key), key) for key in value)
        elif step == "*":
            yield from (((*path, key), inner) for key, inner in value.items())
        elif step in value:
            yield (*path, step), value[step]
    elif isinstance(value, list) and step == "*":
        yield from (((*path, index), inner) for index, inner in enumerate(value))


def texts(tree: Tree, pattern: str) -> Iterator[tuple[Path, str]]:
    """The texts among the values at a pattern."""
    for path, value in each(tree, pattern):
        if isinstance(value, str):
            yield path, value.strip()


def names(tree: Tree, *patterns: str) -> tuple[str, ...]:
    """The texts at some patterns, each once, in the order of the file."""
    return tuple(dict.fromkeys(text for pattern in patterns for _, text in texts(tree, pattern)))


def strangers(tree: Tree, pattern: str, known: Collection[str], code: str) -> Iterator[Finding]:
    """Every text at a pattern that is not among the known ones."""
    for path, value in texts(tree, pattern):
        if value not in known:
            yield Finding(path, code, {"found": value, "known": tuple(known)})


def unknown_references(tree: Tree) -> Iterator[Finding]:
    """Ids that nothing in the file defines."""
    for pattern, source, code in REFERENCES:
        known = names(tree, source)
        # a required section that is not there at all is told once, by the schema
        if known or source == "qualifications.#":
            yield from strangers(tree, pattern, known, code)


def unknown_conditions(tree: Tree) -> Iterator[Finding]:
    """`when` values that are neither a group of clients nor a condition; ids that are both."""
    conditions = names(tree, "conditions.*.id")
    for pattern in ("items.*.materials.*.when", "standing.*.when"):
        yield from strangers(tree, pattern, (*GROUPS, *conditions), "unknown_when")
    yield from strangers(tree, "substitutes.*.when", tuple(GROUPS), "unknown_group")
    for path, value in texts(tree, "conditions.*.id"):
        if value in GROUPS:
            yield Finding(path, "condition_is_group", {"found": value})


def unknown_materials(tree: Tree) -> Iterator[Finding]:
    """Notes on, or substitutes for, what nobody asks for: a slip that would silently lose them."""
    known = names(tree, *ASKED_FOR)
    yield from strangers(tree, "substitutes.*.material", known, "unknown_material")
    known = names(tree, *ASKED_FOR, "substitutes.*.to")
    yield from strangers(tree, "materials.#", known, "unknown_material")


def duplicates(tree: Tree) -> Iterator[Finding]:
    """Ids and names that two things share."""
    for pattern in DISTINCT:
        first: dict[str, Path] = {}
        for path, value in texts(tree, pattern):
            other = first.setdefault(value.casefold(), path)
            if other != path:
                yield Finding(path, "duplicate", {"found": value, "other": other})


def repeated_materials(tree: Tree) -> Iterator[Finding]:
    """A material an item asks for twice under the same condition."""
    for item, rows in each(tree, "items.*.materials"):
        first: dict[tuple[str, str], Path] = {}
        for path, row in each(rows, "*"):
            if isinstance(row, dict) and isinstance(row.get("name"), str):
                here = (*item, *path, "name")
                other = first.setdefault((str(row["name"]), str(row.get("when"))), here)
                if other != here:
                    yield Finding(here, "duplicate", {"found": row["name"], "other": other})


def conflicting_kinds(tree: Tree) -> Iterator[Finding]:
    """One material name, two kinds: a client could not know what to do with it."""
    first: dict[str, tuple[str, Path]] = {}
    for pattern in ("items.*.materials.*", "standing.*"):
        for path, row in each(tree, pattern):
            if not isinstance(row, dict):
                continue
            name, kind = row.get("name"), row.get("kind")
            if isinstance(name, str) and isinstance(kind, str):
                other, where = first.setdefault(name.strip(), (kind, path))
                if other != kind:
                    values = {"found": kind, "name": name, "other": where, "kind": other}
                    yield Finding((*path, "kind"), "conflicting_kind", values)


def items_without_staff(tree: Tree) -> Iterator[Finding]:
    """Items that nobody is named for and whose department has nobody for everything."""
    named = names(tree, "staff.*.items.*")
    staffed = [
        one.get("department")
        for _, one in each(tree, "staff.*")
        if isinstance(one, dict) and not one.get("items") and one.get("role") != Role.MANAGER
    ]
    # an item of no known department has been told of already
    known = names(tree, "departments.*.id")
    for path, item in each(tree, "items.*"):
        if isinstance(item, dict) and item.get("department") in known:
            department = item["department"]
            if item.get("id") not in named and department not in staffed:
                values = {"found": item.get("name"), "department": department}
                yield Finding(path, "no_staff", values)


def bad_phones(tree: Tree) -> Iterator[Finding]:
    """Phone numbers nobody could dial."""
    for pattern in PHONES:
        for path, value in texts(tree, pattern):
            if not PHONE.fullmatch(value.replace(" ", "")):
                yield Finding(path, "phone", {"found": value})


def bad_duty(tree: Tree) -> Iterator[Finding]:
    """Duty hours that end before they begin, or overlap."""
    for pattern in ("agency.duty", "staff.*.duty"):
        for path, rows in each(tree, pattern):
            spans = sorted(duty_spans(rows))
            for start, end, index in spans:
                if start >= end:
                    yield Finding((*path, index), "duty_order", {"start": start, "end": end})
            for (_, end, _), (start, _, index) in pairwise(spans):
                if start < end:
                    yield Finding((*path, index), "duty_overlap", {"start": start, "end": end})


def duty_spans(rows: Tree) -> Iterator[tuple[str, str, int]]:
    """Start, end and index of the duty hours that look like hours."""
    if isinstance(rows, list):
        for index, row in enumerate(rows):
            times = [row.get("start"), row.get("end")] if isinstance(row, dict) else []
            clock = [one.strip().zfill(5) for one in times if isinstance(one, str)]
            if len(clock) == 2 and all(re.fullmatch(r"\d\d:\d\d", one) for one in clock):
                yield clock[0], clock[1], index


def bad_templates(tree: Tree) -> Iterator[Finding]:
    """Template messages for no known purpose, and values that are no Jinja."""
    for kind in ("templates", "subscriptions"):
        yield from strangers(tree, f"{kind}.#", tuple(Purpose), "unknown_purpose")
    for pattern in ("templates.*.fields.*", "subscriptions.*.fields.*", "faq.*.answer"):
        for path, value in texts(tree, pattern):
            try:
                jinja2.Environment(autoescape=False).parse(value)  # noqa: S701 - parsed only
            except jinja2.TemplateSyntaxError as fault:
                yield Finding(path, "jinja", {"found": value, "problem": fault.message})


def idle_buttons(tree: Tree) -> Iterator[Finding]:
    """Buttons of the menu that lead nowhere, or to two places at once."""
    tops, below = (list(each(tree, pattern)) for pattern in ("menu.*", "menu.*.buttons.*"))
    for path, value in (*tops, *below):
        keys = LEADS if (path, value) in below else (*LEADS, "buttons")
        if isinstance(value, dict) and sum(bool(value.get(key)) for key in keys) != 1:
            yield Finding(path, "idle_button", {"found": value.get("name"), "keys": keys})


LEADS = ("says", "page", "url")


def missing_catch_all(tree: Tree) -> Iterator[Finding]:
    """No item of last resort: a need that fits nowhere would be dropped."""
    items = [value for _, value in texts(tree, "items.*.id")]
    if items and CATCH_ALL not in items:
        yield Finding(("items",), "no_catch_all", {"found": CATCH_ALL})


RULES: tuple[Callable[[Tree], Iterator[Finding]], ...] = (
    unknown_references,
    unknown_conditions,
    unknown_materials,
    duplicates,
    repeated_materials,
    conflicting_kinds,
    items_without_staff,
    bad_phones,
    bad_duty,
    bad_templates,
    idle_buttons,
    missing_catch_all,
)
