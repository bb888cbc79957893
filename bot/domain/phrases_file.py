"""Phrases in the shape of catalog.yaml, `items` with `id` and `phrases`, added to a catalogue."""

from collections.abc import Mapping

from pydantic import Field, ValidationError

from bot.domain.catalog import Catalog, Id, Part, Text
from bot.domain.catalog_file import CatalogError, decoded
from bot.domain.catalog_words import problems
from bot.domain.located import Finding, Located, read
from bot.domain.schema_findings import schema_findings

Phrases = Mapping[str, tuple[str, ...]]


class Told(Part):
    """What clients said when they meant one item; the name is there for people."""

    id: Id
    name: str = ""
    phrases: tuple[Text, ...] = Field(min_length=1)


class Learned(Part):
    """The whole file."""

    items: tuple[Told, ...]


def parse_phrases(text: str | bytes, catalog: Catalog, name: str) -> Phrases:
    """The phrases of each item; CatalogError names everything that is wrong with the file."""
    file = read(decoded(text, name).removeprefix("\ufeff"))
    learned, findings = judged(file, catalog)
    if learned is None or findings:
        raise CatalogError(problems(findings, file, name))
    found: dict[str, tuple[str, ...]] = {}
    for one in learned.items:
        found[one.id] = tuple(dict.fromkeys((*found.get(one.id, ()), *one.phrases)))
    return found


def judged(file: Located, catalog: Catalog) -> tuple[Learned | None, list[Finding]]:
    """What the file says, if that can be read, and whatever is wrong with it."""
    findings = list(file.findings)
    if file.tree is None and not findings:
        return None, [Finding((), "empty")]
    try:
        learned = Learned.model_validate(file.tree)
    except ValidationError as fault:
        further = (one for one in schema_findings(fault, Learned) if not file.unread(one.path))
        return None, [*findings, *(further if file.tree is not None else ())]
    for index, one in enumerate(learned.items):
        if one.id not in catalog.item:
            known = {"found": one.id, "known": tuple(catalog.item)}
            findings.append(Finding(("items", index, "id"), "unknown_item", known))
    return learned, findings


def with_phrases(catalog: Catalog, more: Phrases) -> Catalog:
    """The catalogue as if these phrases stood in it, behind its own."""
    items = tuple(
        item.model_copy(
            update={"phrases": tuple(dict.fromkeys((*item.phrases, *more.get(item.id, ()))))}
        )
        for item in catalog.items
    )
    # a copy would take over what the old one has looked up
    fields = {name: getattr(catalog, name) for name in Catalog.model_fields}
    return Catalog.model_construct(**(fields | {"items": items}))
