"""Between the values of a case and its rows: what is sealed, what is searched, what is clear."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row

from bot.domain.cases import (
    OPEN,
    Case,
    ClientType,
    Field,
    How,
    Need,
    NeedState,
    NewNeed,
    Provided,
    Record,
)
from bot.domain.report_numbers import report_key
from storage.turn import Tx

# What is searched and indexed of a name; an index has a longest entry. The record has it whole.
LONGEST_NAME = 200


def to_json(record: Record) -> dict[str, object]:
    """The record as plain JSON."""
    return {
        "client_type": record.client_type.value,
        "fields": {field.value: text for field, text in record.fields.items()},
        "extra": dict(record.extra),
        "facts": dict(record.facts),
        "materials": {name: [one.how.value, one.value] for name, one in record.materials.items()},
    }


def from_json(value: object) -> Record:
    """The record that `to_json` was given."""
    found = cast(dict[str, Any], value)
    return Record(
        client_type=ClientType(found["client_type"]),
        fields={Field(key): text for key, text in found["fields"].items()},
        extra=found["extra"],
        facts=found["facts"],
        materials={
            name: Provided(How(how), text) for name, (how, text) in found["materials"].items()
        },
    )


def searchable(tx: Tx, record: Record) -> dict[str, object]:
    """The columns of a case that come from its record: sealed, but for an enterprise's name."""
    name, phone = record.fields.get(Field.APPLICANT), record.fields.get(Field.PHONE)
    # a natural person's name is personal data, an organisation's is not
    organisation = record.client_type is not ClientType.INDIVIDUAL
    return {
        "record": tx.vault.seal(to_json(record)),
        "enterprise": name[:LONGEST_NAME] if name and organisation else None,
        "phone_hmac": tx.vault.digest(phone) if phone else None,
        "phone_last4_hmac": tx.vault.digest(phone[-4:]) if phone else None,
    }


def movable(tx: Tx, need: Need | NewNeed) -> dict[str, object]:
    """The columns of a need that change while it is worked on."""
    reason = step = amount = report_number = ""
    if isinstance(need, Need):
        reason, step = need.reason, need.step
        amount, report_number = need.amount, need.report_number
    return {
        "category": need.category,
        "item": need.item,
        "state": need.state.value,
        "open": need.state in OPEN,
        "assignee": need.assignee,
        "department": need.department,
        "wanted": json.dumps(need.wanted, ensure_ascii=False),
        "reason": tx.vault.seal(reason) if reason else None,
        "step": tx.vault.seal(step) if step else None,
        "due": need.due,
        "options": json.dumps(need.options),
        "wanted_on": need.wanted_on,
        "amount": amount or None,
        "report_number": report_number or None,
        "report_key": report_key(report_number) or None,
        "promised_from": need.promised_from,
        "promised_days": need.promised_days,
        "estimated": need.estimated,
    }


def new_row(tx: Tx, case_id: int, position: int, need: NewNeed, at: datetime) -> dict[str, object]:
    """The row of a need that is about to be registered."""
    return movable(tx, need) | {
        "case_id": case_id,
        "position": position,
        "description": tx.vault.seal(need.description),
        "version": 1,
        "since": at,
    }


def as_stored(need_id: int, case_id: int, position: int, need: NewNeed) -> Need:
    """The need as it is after registration."""
    return Need(id=need_id, case_id=case_id, position=position, **vars(need))


def as_case(tx: Tx, rows: Sequence[Row[Any]]) -> Case:
    """The value of a stored case, from one row for each of its needs."""
    row = rows[0]
    return Case(
        id=row.id,
        number=row.number,
        person_id=row.person_id,
        channel=row.channel,
        agent=row.agent,
        record=from_json(tx.vault.open(row.record)),
        registered_at=row.registered_at,
        needs=tuple(as_need(tx, one) for one in rows),
    )


def as_need(tx: Tx, row: Row[Any]) -> Need:
    """The value of a stored need."""
    return Need(
        id=row.need_id,
        case_id=row.id,
        position=row.need_position,
        category=row.need_category,
        item=row.need_item,
        department=row.need_department,
        assignee=row.need_assignee,
        description=str(tx.vault.open(row.need_description)),
        state=NeedState(row.need_state),
        due=row.need_due,
        wanted=tuple(json.loads(row.need_wanted)),
        reason="" if row.need_reason is None else str(tx.vault.open(row.need_reason)),
        step="" if row.need_step is None else str(tx.vault.open(row.need_step)),
        version=row.need_version,
        options=tuple(json.loads(row.need_options)),
        wanted_on=row.need_wanted_on,
        amount=row.need_amount or "",
        report_number=row.need_report_number or "",
        promised_from=row.need_promised_from,
        promised_days=row.need_promised_days,
        estimated=row.need_estimated,
    )
