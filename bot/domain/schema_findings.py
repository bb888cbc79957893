"""What pydantic finds wrong with the shape of catalog.yaml, as findings that have sentences."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.catalog import Catalog, Part
from bot.domain.located import Finding, Path

# which sentence explains the pattern of a key; every other patterned key is an id
PATTERNS = {("staff", "id"): "pattern_staff", ("agency", "number_prefix"): "pattern_prefix"}


def schema_findings(fault: ValidationError, model: type[Part] = Catalog) -> Iterator[Finding]:
    """One finding for each error of the schema."""
    for error in fault.errors(include_url=False):
        # pydantic marks a bad key of a mapping by an extra last step
        path: Path = tuple(step for step in error["loc"] if step != "[key]")
        yield Finding(path, code_of(error, path), values_of(error, path, model))


def code_of(error: ErrorDetails, path: Path) -> str:
    """The name of the sentence for an error."""
    if error["type"] == "string_pattern_mismatch":
        return PATTERNS.get((str(path[0]), str(path[-1])), "pattern_id")
    return error["type"]


def values_of(error: ErrorDetails, path: Path, model: type[Part]) -> Mapping[str, object]:
    """What the sentence shows."""
    values: dict[str, object] = {"value": error["input"], "problem": error["msg"]}
    values |= {key: value for key, value in error.get("ctx", {}).items() if key != "error"}
    if error["type"] == "extra_forbidden":
        values |= {"found": str(path[-1]), "known": keys_at(path[:-1], model)}
    elif error["type"] == "model_type":
        values["keys"] = keys_at(path, model)
    elif error["type"] == "enum":
        values["expected"] = tuple(re.findall(r"'([^']*)'", str(values["expected"])))
    return values


def keys_at(path: Path, root: type[Part]) -> tuple[str, ...]:
    """The keys the schema knows at a path."""
    model: type[Part] | None = root
    named_freely = False
    for step in path:
        if isinstance(step, int):
            continue
        if named_freely:
            named_freely = False
            continue
        field = model.model_fields.get(step) if model else None
        if field is None:
            return ()
        named_freely = is_mapping(field.annotation)
        model = part_in(field.annotation)
    return tuple(model.model_fields) if model else ()


def is_mapping(annotation: Any) -> bool:
    """Whether a field holds parts under keys of the writer's choice."""
    origin = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def part_in(annotation: Any) -> type[Part] | None:
    """The part a field is made of, alone or in a list, a mapping or an option."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    found = (part_in(inner) for inner in get_args(annotation))
    return next((part for part in found if part is not None), None)
