"""Complaints and opinions: numbered, found by person, owner or case, saved whole."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, insert, select, update

from bot.domain.complaints import Facts, Voice, VoiceKind, VoiceState
from storage.models import ComplaintRow
from storage.turn import Tx

VOICES = ComplaintRow.__table__
NEW = insert(ComplaintRow).returning(ComplaintRow.id)
BY_NUMBER = select(VOICES).where(VOICES.c.number == bindparam("wanted"))
BY_ID = select(VOICES).where(VOICES.c.id == bindparam("voice"))
HOLD = BY_ID.with_for_update(of=VOICES)
OF_PERSON = (
    select(VOICES)
    .where(VOICES.c.person_id == bindparam("person"))
    .order_by(VOICES.c.id.desc())
    .limit(bindparam("limit"))
)
OF_OWNER = (
    select(VOICES)
    .where(VOICES.c.owner == bindparam("who"))
    .where(VOICES.c.state != VoiceState.CLOSED.value)
    .order_by(VOICES.c.id)
    .limit(bindparam("limit"))
)
OF_CASES = (
    select(VOICES)
    .where(VOICES.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(VOICES.c.case_id, VOICES.c.id)
)
DUE = (
    select(VOICES.c.id)
    .where(VOICES.c.next_at <= bindparam("now"))
    .order_by(VOICES.c.next_at)
    .limit(bindparam("limit"))
)
LOOK = (
    update(ComplaintRow)
    .where(ComplaintRow.id == bindparam("voice"), ComplaintRow.next_at.is_not(None))
    .values(next_at=bindparam("later", type_=VOICES.c.next_at.type))
)
CHANGING = (
    "case_id",
    "owner",
    "about",
    "confidential",
    "state",
    "facts",
    "decision",
    "due",
    "since",
    "closed_at",
    "next_at",
)
SAVE = (
    update(ComplaintRow)
    .where(ComplaintRow.id == bindparam("voice"))
    .values({key: bindparam(f"to_{key}", type_=VOICES.c[key].type) for key in CHANGING})
)


def add(tx: Tx, voice: Voice) -> Voice:
    """Stores a new one; its `id` is given here."""
    values = {
        "number": voice.number,
        "kind": voice.kind.value,
        "person_id": voice.person_id,
        "received_at": voice.received_at,
    }
    voice_id = tx.execute(NEW, values | changing(tx, voice)).scalar_one()
    return replace(voice, id=voice_id)


def save(tx: Tx, voice: Voice) -> None:
    """Writes what may change of it."""
    values = {f"to_{key}": value for key, value in changing(tx, voice).items()}
    tx.execute(SAVE, values | {"voice": voice.id})


def by_number(tx: Tx, number: str) -> Voice | None:
    """The one with that number."""
    return next(iter(load(tx, BY_NUMBER, {"wanted": number})), None)


def by_id(tx: Tx, voice_id: int) -> Voice | None:
    """The one under our own number."""
    return next(iter(load(tx, BY_ID, {"voice": voice_id})), None)


def hold(tx: Tx, voice_id: int) -> Voice | None:
    """The same as it is now; nobody else can change it until the turn ends."""
    return next(iter(load(tx, HOLD, {"voice": voice_id})), None)


def of_person(tx: Tx, person_id: int, limit: int = 5) -> tuple[Voice, ...]:
    """What a person said, newest first."""
    return load(tx, OF_PERSON, {"person": person_id, "limit": limit})


def of_owner(tx: Tx, staff: str, limit: int = 50) -> tuple[Voice, ...]:
    """What a staff member has in hand and is not closed, oldest first."""
    return load(tx, OF_OWNER, {"who": staff, "limit": limit})


def of_cases(tx: Tx, case_ids: Sequence[int]) -> dict[int, tuple[Voice, ...]]:
    """What was said about these cases and may be shown to everybody there: none confidential."""
    found: dict[int, tuple[Voice, ...]] = {}
    for one in load(tx, OF_CASES, {"cases": list(case_ids)}):
        if one.case_id is not None and not one.confidential:
            found[one.case_id] = (*found.get(one.case_id, ()), one)
    return found


def due(tx: Tx, now: datetime, limit: int = 200) -> tuple[int, ...]:
    """The ids of those that a clock has to look at."""
    return tuple(tx.execute(DUE, {"now": now, "limit": limit}).scalars())


def look(tx: Tx, voice_id: int, next_at: datetime) -> None:
    """When a clock looks at it again, of those it looks at."""
    tx.execute(LOOK, {"voice": voice_id, "later": next_at})


def load(tx: Tx, statement: Any, values: Mapping[str, object]) -> tuple[Voice, ...]:
    """The values of the rows a statement finds."""
    return tuple(as_voice(tx, row) for row in tx.execute(statement, values))


def changing(tx: Tx, voice: Voice) -> dict[str, object]:
    """The columns that may change, those with words in them sealed."""
    return {
        "case_id": voice.case_id,
        "owner": voice.owner,
        # userids hold no spaces
        "about": " ".join(voice.about) or None,
        "confidential": voice.confidential,
        "state": voice.state.value,
        "facts": tx.vault.seal(asdict(voice.facts)),
        "decision": tx.vault.seal(voice.decision) if voice.decision else None,
        "due": voice.due,
        "since": voice.since,
        "closed_at": voice.closed_at,
        "next_at": voice.next_at,
    }


def as_voice(tx: Tx, row: Row[Any]) -> Voice:
    """The value of a stored one."""
    return Voice(
        id=row.id,
        number=row.number,
        kind=VoiceKind(row.kind),
        person_id=row.person_id,
        case_id=row.case_id,
        owner=row.owner,
        about=tuple((row.about or "").split()),
        confidential=row.confidential,
        state=VoiceState(row.state),
        facts=as_facts(cast(Mapping[str, Any], tx.vault.open(row.facts))),
        decision=str(tx.vault.open(row.decision)) if row.decision else "",
        received_at=row.received_at,
        due=row.due,
        since=row.since,
        closed_at=row.closed_at,
        next_at=row.next_at,
    )


def as_facts(stored: Mapping[str, Any]) -> Facts:
    """From JSON, where tuples have become lists."""
    lists = {
        "words": tuple((at, words) for at, words in stored["words"]),
        "files": tuple(stored["files"]),
        "steps": tuple((at, by, state, words) for at, by, state, words in stored["steps"]),
    }
    return Facts(**{**stored, **lists})
