"""A reading as the JSON of `yizhan read`: every key always there, null where nothing was said."""

from collections.abc import Mapping

from bot.reading.fields.phones import Phone, read_phone
from bot.reading.fields.uscc import read_uscc
from bot.reading.reading import NeedGuess, Reading, Refusal

FIELDS = (
    "applicant", "address", "contact", "position", "phone", "business", "need",
    "uscc", "client_type", "urgency", "import", "agent",
)  # fmt: skip
SINGLE_FIELDS = ("phone", "uscc")


def as_json(reading: Reading) -> dict[str, object]:
    """What was understood of one text."""
    return {
        "kind": reading.kind.value if reading.kind else None,
        "needs": [_need(guess) for guess in reading.needs],
        "sure": reading.sure,
        "second": _need(reading.second) if reading.second else None,
        "fields": {name: reading.fields.get(name) for name in FIELDS},
        "refused": {name: refusal.reason.value for name, refusal in reading.refused.items()},
    }


def as_field_json(value: str | None, refused: str | None) -> dict[str, object]:
    """One value, or why it was refused."""
    return {"value": value} if refused is None else {"value": None, "refused": refused}


def read_field(field: str, text: str) -> Mapping[str, object]:
    """`--field phone|uscc`: what a text says for one field alone."""
    if field not in SINGLE_FIELDS:
        raise ValueError(f"field: found {field!r}, expected one of {', '.join(SINGLE_FIELDS)}")
    found = read_phone(text) if field == "phone" else read_uscc(text)
    if isinstance(found, Refusal):
        return as_field_json(None, found.reason.value)
    return as_field_json(found.value if isinstance(found, Phone) else found, None)


def _need(guess: NeedGuess) -> dict[str, object]:
    return {
        "category": guess.category,
        "item": guess.item,
        "score": guess.score,
        "because": list(guess.because),
    }
