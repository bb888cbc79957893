"""Cases and their needs: registered once, found by number or person, moved by who is in charge."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any, TypedDict, Unpack

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.sql.base import Executable

from bot.domain.cases import Case, Need, NeedState, NewNeed, Record
from bot.domain.report_numbers import report_key
from storage.models import SHANGHAI, CaseRow, CounterRow, NeedRow
from storage.records import as_case, as_stored, movable, new_row, searchable
from storage.turn import Tx, upsert


class Stale(Exception):
    """The need was changed by somebody else since it was read."""


class Changes(TypedDict, total=False):
    """What may change of a need; a key that is absent or None stays as it is.

    `at` is when it came to its new state or assignee: reminders count from there.
    """

    state: NeedState | None
    assignee: str | None
    department: str | None
    wanted: Sequence[str] | None
    reason: str | None
    step: str | None
    due: date | None
    options: Sequence[str] | None
    wanted_on: date | None
    amount: str | None
    report_number: str | None
    promised_from: date | None
    promised_days: int | None
    estimated: bool | None
    at: datetime | None


NEXT = upsert(
    CounterRow,
    lambda insert: (
        insert.values(value=1)
        .on_conflict_do_update(
            index_elements=["prefix", "day"], set_={"value": CounterRow.value + 1}
        )
        .returning(CounterRow.value)
    ),
)
NEW_CASE = insert(CaseRow).returning(CaseRow.id)
NEW_NEED = insert(NeedRow).returning(NeedRow.id, NeedRow.position, sort_by_parameter_order=True)
CASES = CaseRow.__table__
NEEDS = NeedRow.__table__


def whole(condition: Any) -> Select[Any]:
    """Cases with all their needs, newest case first, needs in their order."""
    columns = [column.label(f"need_{column.name}") for column in NEEDS.c]
    return (
        select(CASES, *columns)
        .join_from(CASES, NEEDS, NEEDS.c.case_id == CASES.c.id)
        .where(condition)
        .order_by(CASES.c.id.desc(), NEEDS.c.position)
    )


BY_NUMBER = whole(CASES.c.number == bindparam("number"))
BY_IDS = whole(CASES.c.id.in_(bindparam("ids", expanding=True)))
OF_PERSON = whole(
    CASES.c.id.in_(
        select(CASES.c.id)
        .where(CASES.c.person_id == bindparam("person"))
        .order_by(CASES.c.id.desc())
        .limit(bindparam("limit"))
    )
)
LOCK_NEED = select(NEEDS.c.case_id).where(NEEDS.c.id == bindparam("need")).with_for_update(of=NEEDS)
CHANGE = (
    update(NeedRow)
    .where(NeedRow.id == bindparam("need"), NeedRow.version == bindparam("found"))
    .values(
        category=bindparam("to_category"),
        item=bindparam("to_item"),
        state=bindparam("to_state"),
        open=bindparam("to_open"),
        assignee=bindparam("to_assignee"),
        department=bindparam("to_department"),
        wanted=bindparam("to_wanted"),
        reason=bindparam("to_reason"),
        step=bindparam("to_step"),
        due=bindparam("to_due"),
        options=bindparam("to_options"),
        wanted_on=bindparam("to_wanted_on"),
        amount=bindparam("to_amount"),
        report_number=bindparam("to_report_number"),
        report_key=bindparam("to_report_key"),
        promised_from=bindparam("to_promised_from"),
        promised_days=bindparam("to_promised_days"),
        estimated=bindparam("to_estimated"),
        since=func.coalesce(bindparam("to_since", type_=NEEDS.c.since.type), NeedRow.since),
        version=NeedRow.version + 1,
    )
    .returning(NeedRow.version)
)
REWRITE = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case"))
    .values(
        record=bindparam("to_record"),
        enterprise=bindparam("to_enterprise"),
        phone_hmac=bindparam("to_phone_hmac"),
        phone_last4_hmac=bindparam("to_phone_last4_hmac"),
    )
)
LOADS = (
    select(NeedRow.assignee, func.count().label("open_needs"))
    .where(NeedRow.open == bindparam("open", True))
    .group_by(NeedRow.assignee)
)
OF_ASSIGNEE = (
    select(NeedRow.id, NeedRow.case_id)
    .where(NeedRow.open == bindparam("open", True), NeedRow.assignee == bindparam("staff"))
    .order_by(NeedRow.id)
    .limit(bindparam("limit"))
)
UNACCEPTED = (
    select(NeedRow.id)
    .where(NeedRow.open == bindparam("open", True), NeedRow.since < bindparam("before"))
    .where(NeedRow.state == NeedState.SUBMITTED.value)
    .order_by(NeedRow.id)
)
PAGE = (
    select(CASES.c.id)
    .where(CASES.c.id > bindparam("after"), CASES.c.registered_at >= bindparam("since"))
    .order_by(CASES.c.id)
    .limit(bindparam("limit"))
)
BY_REPORT = whole(
    CASES.c.id.in_(
        select(NEEDS.c.case_id).where(NEEDS.c.report_key == bindparam("report")).limit(20)
    )
)


def next_number(tx: Tx, prefix: str, day: date) -> str:
    """The next case number of the day, e.g. JY20261122-0007; a rolled-back turn gives it back."""
    value = tx.execute(NEXT, {"prefix": prefix, "day": day}).scalar_one()
    return f"{prefix}{day:%Y%m%d}-{value:04d}"


def register(  # noqa: PLR0913 -- what a case is made of, all of it needed
    tx: Tx,
    number: str,
    person_id: int,
    channel: str,
    agent: str,
    record: Record,
    needs: Sequence[NewNeed],
    at: datetime,
) -> Case:
    """Stores a confirmed case with its needs."""
    values = {
        "number": number,
        "person_id": person_id,
        "channel": channel,
        "agent": agent,
        "registered_at": at,
    }
    case_id = tx.execute(NEW_CASE, values | searchable(tx, record)).scalar_one()
    rows = [new_row(tx, case_id, position, need, at) for position, need in enumerate(needs, 1)]
    ids = [row.id for row in tx.execute(NEW_NEED, rows)]
    stored = tuple(
        as_stored(need_id, case_id, position, need)
        for position, (need_id, need) in enumerate(zip(ids, needs, strict=True), 1)
    )
    at = at.astimezone(SHANGHAI)
    return Case(case_id, number, person_id, channel, agent, record, at, stored)


def by_number(tx: Tx, number: str) -> Case | None:
    """The case with that number."""
    return next(iter(load(tx, BY_NUMBER, {"number": number})), None)


def by_id(tx: Tx, case_id: int) -> Case | None:
    """The case under our own number."""
    return next(iter(load(tx, BY_IDS, {"ids": [case_id]})), None)


def by_ids(tx: Tx, ids: Sequence[int]) -> tuple[Case, ...]:
    """The cases under these numbers of ours, oldest first."""
    return load(tx, BY_IDS, {"ids": list(ids)})[::-1]


def of_person(tx: Tx, person_id: int, limit: int = 20) -> tuple[Case, ...]:
    """A person's cases, newest first."""
    return load(tx, OF_PERSON, {"person": person_id, "limit": limit})


def by_report(tx: Tx, number: str) -> tuple[Case, ...]:
    """The cases with a need whose report has that number, written in whatever way."""
    key = report_key(number)
    return load(tx, BY_REPORT, {"report": key}) if key else ()


def need(tx: Tx, need_id: int) -> tuple[Case, Need] | None:
    """A need and its case; nobody else can change the need until the turn ends."""
    case_id = tx.execute(LOCK_NEED, {"need": need_id}).scalar()
    case = None if case_id is None else by_id(tx, case_id)
    if case is None:
        return None
    return case, next(one for one in case.needs if one.id == need_id)


def change(tx: Tx, need: Need, **changes: Unpack[Changes]) -> Need:
    """The need as changed; raises Stale if it is no longer the one that was read."""
    at = changes.pop("at", None)
    given: dict[str, Any] = {key: value for key, value in changes.items() if value is not None}
    given |= {key: tuple(given[key]) for key in ("wanted", "options") if key in given}
    return put(tx, need, replace(need, **given), at)


def put(tx: Tx, need: Need, new: Need, at: datetime | None = None) -> Need:
    """`new` in the place of the need that was read; raises Stale as `change` does."""
    changed = replace(new, version=need.version + 1)
    values = {f"to_{key}": value for key, value in movable(tx, changed).items()}
    values |= {"need": need.id, "found": need.version, "to_since": at}
    if tx.execute(CHANGE, values).first() is None:
        raise Stale(f"need {need.id} is no longer at version {need.version}")
    return changed


def rewrite(tx: Tx, case_id: int, record: Record) -> None:
    """Replaces what the client gave, and what it is searched by."""
    values = {f"to_{key}": value for key, value in searchable(tx, record).items()}
    tx.execute(REWRITE, values | {"case": case_id})


def open_loads(tx: Tx) -> dict[str, int]:
    """How many open needs each assignee has."""
    return {row.assignee: row.open_needs for row in tx.execute(LOADS)}


def of_assignee(tx: Tx, staff_id: str, limit: int = 50) -> tuple[tuple[Case, Need], ...]:
    """A staff member's open needs with their cases, oldest first."""
    return pairs(tx, OF_ASSIGNEE, {"staff": staff_id, "limit": limit})


def unaccepted(tx: Tx, before: datetime) -> tuple[int, ...]:
    """The ids of needs given to somebody before that moment and not taken up, oldest first."""
    return tuple(tx.execute(UNACCEPTED, {"before": before}).scalars())


def page(tx: Tx, since: date | None, after: int = 0, limit: int = 200) -> tuple[Case, ...]:
    """Cases registered from that day on, oldest first, from `after` (an id) on."""
    start = datetime.combine(since or date(2000, 1, 1), time(), SHANGHAI)
    found = tx.execute(PAGE, {"after": after, "since": start, "limit": limit})
    return by_ids(tx, found.scalars().all())


def pairs(
    tx: Tx, statement: Executable, values: Mapping[str, object]
) -> tuple[tuple[Case, Need], ...]:
    """Needs that a statement names by id and case, with their whole cases."""
    found = tx.execute(statement, values).all()
    cases = load(tx, BY_IDS, {"ids": list({row.case_id for row in found})})
    by_need = {one.id: (case, one) for case in cases for one in case.needs}
    return tuple(by_need[row.id] for row in found)


def load(tx: Tx, statement: Select[Any], values: Mapping[str, object]) -> tuple[Case, ...]:
    """The cases of a joined result: one row for each need, those of a case together."""
    grouped: dict[int, list[Row[Any]]] = {}
    for row in tx.execute(statement, values):
        grouped.setdefault(row.id, []).append(row)
    return tuple(as_case(tx, rows) for rows in grouped.values())
