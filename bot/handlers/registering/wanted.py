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
    materials = (*notice.uploads, *notice.typed, *notice.optional)
    fields = (field for field in Field if field in FIELDS[record.client_type])
    return (
        *((one.name, one.name) for one in materials),
        *((str(field), name_of(turn, field)) for field in fields),
    )


def wanted_names(turn: Turn, need: Need) -> tuple[str, ...]:
    """What is wanted of the client, in words."""
    return tuple(name_of(turn, key) for key in need.wanted)


def wants_files(turn: Turn, keys: Collection[str]) -> bool:
    """Whether one of these is a material that may come as a file rather than as words."""
    kinds = {one.name: one.kind for item in turn.catalog.items for one in item.materials}
    return any(
        kinds.get(key, MaterialKind.UPLOAD) is MaterialKind.UPLOAD or is_long_list(key)
        for key in keys
        if key not in set(Field) and not key.startswith(FACT)
    )


def name_of(turn: Turn, key: str) -> str:
    """The words for a field, a deciding question or a material."""
    return name_in(turn.office, key)


def name_in(office: Office, key: str) -> str:
    """The same where no turn is under way."""
    if key.startswith(FACT):
        return office.catalog.condition[key.removeprefix(FACT)].question
    return office.renderer.label(key)
