"""Whole cases with the keys of Table B.1, as JSON, CSV or a spreadsheet; JSON has everything."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from bot.dialogs.intake.draft import Draft
from bot.domain.cases import Case, Field, Need
from bot.domain.catalog import Catalog
from bot.domain.complaints import Voice
from bot.domain.improvements import Improvement
from bot.domain.surveys import Rated, Survey
from bot.spreadsheets import Row, as_csv, as_xlsx
from storage import exports, people
from storage.db import Database
from storage.events import Event
from storage.people import Person


def read_cases(database: Database, catalog: Catalog, since: date | None) -> list[Row]:
    """Every case registered since that day, oldest first, with needs, materials and events."""
    return [
        whole(found.case, found.events, catalog)
        | {
            "survey": survey_row(found.survey, catalog),
            "improvements": [improvement_row(one, catalog) for one in found.improvements],
            "complaints": [complaint_row(one, catalog) for one in found.complaints],
        }
        for found in exports.whole_cases(database, since)
    ]


def read_drafts(database: Database) -> list[Row]:
    """Every intake that was begun and not confirmed, cancelled ones among them."""
    return database.run(
        lambda tx: [draft_row(one) for one in people.drafts(tx) if one.progress.get("form") == FORM]
    )


FORM = "intake"


def draft_row(person: Person) -> Row:
    """A draft with the keys of a case; what was not answered yet is null."""
    draft = Draft.model_validate(person.progress)
    needs = [
        {
            "position": number,
            "category": row.category,
            "item": row.item,
            "description": row.text,
            "options": list(row.options),
            "wanted_on": row.wanted_on.isoformat() if row.wanted_on else None,
        }
        for number, row in enumerate(draft.rows, start=1)
    ]
    return {
        "number": None,
        "state": "cancelled" if draft.cancelled else "draft",
        "registered_at": None,
        "channel": person.channel,
        "client_type": draft.client_type,
        **{field: draft.fields.get(field) for field in Field},
        "extra": dict(draft.extra),
        "facts": dict(draft.facts),
        "agent": None,
        "feedback_at": None,
        "needs": needs,
        "feedback": [],
        "materials": [
            {"name": name, "how": given.how, "value": given.value}
            for name, given in draft.materials.items()
        ],
        "events": [],
        "survey": None,
        "improvements": [],
        "complaints": [],
    }


def whole(case: Case, timeline: Sequence[Event], catalog: Catalog) -> Row:
    """One case with everything that belongs to it."""
    record = case.record
    replies = [one for one in timeline if one.kind == "feedback"]
    return {
        "number": case.number,
        "state": case.state,
        "registered_at": stamp(case.registered_at),
        "channel": case.channel,
        "client_type": record.client_type,
        **{field: record.fields.get(field) for field in Field},
        "extra": dict(record.extra),
        "facts": dict(record.facts),
        "agent": staff_name(catalog, case.agent),
        "feedback_at": stamp(replies[-1].at) if replies else None,
        "needs": [need_row(need, catalog) for need in case.needs],
        "feedback": [
            {"item": one.values.get("item"), "text": one.values.get("text"), "at": stamp(one.at)}
            for one in replies
        ],
        "materials": [
            {"name": name, "how": given.how, "value": given.value}
            for name, given in record.materials.items()
        ],
        "events": [event_row(one) for one in timeline],
    }


def need_row(need: Need, catalog: Catalog) -> Row:
    """One row 服务需求."""
    return {
        "position": need.position,
        "category": need.category,
        "category_name": catalog.area(need).name,
        "item": need.item,
        "item_name": catalog.service(need).name,
        "description": need.description,
        "state": need.state,
        "step": need.step,
        "department": need.department,
        "assignee": staff_name(catalog, need.assignee),
        "due": need.due.isoformat() if need.due else None,
        "options": list(need.options),
        "wanted_on": need.wanted_on.isoformat() if need.wanted_on else None,
        "wanted": list(need.wanted),
        "reason": need.reason,
        "amount": need.amount or None,
        "report_number": need.report_number or None,
    }


def survey_row(survey: Survey | None, catalog: Catalog) -> Row | None:
    """The rating of a case, or why there is none; null until service was over once."""
    if survey is None:
        return None
    moments = {
        "ended_at": survey.ended_at,
        "invited_at": survey.invited_at,
        "reminded_at": survey.reminded_at,
        "rated_at": survey.rated_at,
        "closes_at": survey.closes_at,
    }
    return {
        "state": survey.state,
        "reason": survey.reason,
        "staff": staff_name(catalog, survey.staff),
        **{key: stamp(at) if at else None for key, at in moments.items()},
        **{str(item): survey.scores.given().get(item) for item in Rated},
        "comment": survey.comment or None,
    }


def complaint_row(voice: Voice, catalog: Catalog) -> Row:
    """A complaint or an opinion about the case, in the client's words."""
    return {
        "number": voice.number,
        "kind": voice.kind,
        "state": voice.state,
        "owner": staff_name(catalog, voice.owner),
        "received_at": stamp(voice.received_at),
        "due": voice.due.isoformat() if voice.due else None,
        "words": [words for _, words in voice.facts.words],
        "decision": voice.decision or None,
        "closed_at": stamp(voice.closed_at) if voice.closed_at else None,
    }


def improvement_row(found: Improvement, catalog: Catalog) -> Row:
    """Something to be put right, and what came of it."""
    return {
        "number": found.number,
        "source": found.source,
        "state": found.state,
        "owner": staff_name(catalog, found.owner),
        "confidential": found.confidential,
        "due": found.due.isoformat(),
        "opened_at": stamp(found.opened_at),
        "done_at": stamp(found.done_at) if found.done_at else None,
        "facts": dict(found.facts),
        "plan": found.plan or None,
    }


def event_row(event: Event) -> Row:
    """One line of the timeline."""
    return {
        "at": stamp(event.at),
        "kind": event.kind,
        "actor": event.actor,
        "need": event.need_id,
        "values": dict(event.values),
    }


def staff_name(catalog: Catalog, userid: str) -> str:
    """The name of a staff member, or the userid of one who has left the catalogue."""
    found = catalog.person.get(userid.lower())
    return found.name if found else userid


def stamp(moment: datetime) -> str:
    """Minute precision, in Shanghai's time (domain.md 3)."""
    return moment.isoformat(timespec="minutes")


def as_json(found: Iterable[Row]) -> bytes:
    """One array."""
    return json.dumps(list(found), ensure_ascii=False, indent=2).encode() + b"\n"


FORMATS: Mapping[str, Callable[[Iterable[Row]], bytes]] = {
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
}
