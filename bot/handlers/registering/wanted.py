"""What a 需补料 may ask a client for again, by key and by the name people read."""

from collections.abc import Collection

from bot.dialogs.form import FACT
from bot.domain.cases import Case, Field, Need
from bot.domain.catalog import MaterialKind
from bot.domain.notice import FIELDS, Situation, required
from bot.handlers.turn import Office, Turn
from bot.reading.concerns.uploads import is_long_list


def askable(turn: Turn, case: Case, need: Need) -> tuple[tuple[str, str], ...]:
    """The materials and fields of a need that can be sent again: (key, name), materials first."""
    record = case.record
    situation = Situation((need.item,), record.client_type, record.facts)
    notice = required(turn.catalog, situation)
    materials = [one.name for one in (*notice.uploads, *notice.typed, *notice.optional)]
    if need.item not in turn.catalog.item:
        # what it asked for once, the catalogue says no more: what was given, or is waited for
        materials += [key for key in (*need.wanted, *record.materials) if is_material(key)]
    fields = (field for field in Field if field in FIELDS[record.client_type])
    return (
        *((name, name) for name in dict.fromkeys(materials)),
        *((str(field), name_of(turn, field)) for field in fields),
    )


def is_material(key: str) -> bool:
    """Whether a wanted key is a thing that can be sent, not a field or a question."""
    return key not in set(Field) and not key.startswith(FACT)


def wanted_names(turn: Turn, need: Need) -> tuple[str, ...]:
    """What is wanted of the client, in words."""
    return tuple(name_of(turn, key) for key in need.wanted)


def wants_files(turn: Turn, keys: Collection[str]) -> bool:
    """Whether one of these is a material that may come as a file rather than as words."""
    kinds = {one.name: one.kind for item in turn.catalog.items for one in item.materials}
    return any(
        kinds.get(key, MaterialKind.UPLOAD) is MaterialKind.UPLOAD or is_long_list(key)
        for key in keys
        if is_material(key)
    )


def name_of(turn: Turn, key: str) -> str:
    """The words for a field, a deciding question or a material."""
    return name_in(turn.office, key)


def name_in(office: Office, key: str) -> str:
    """The same where no turn is under way."""
    if not key.startswith(FACT):
        return office.renderer.label(key)
    asked = office.catalog.condition.get(key.removeprefix(FACT))
    # a condition may have left the catalogue with the item that asked for it
    return asked.question if asked else office.renderer.label("fact")
