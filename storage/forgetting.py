"""Forgetting: who somebody is, what they wrote, and records that were kept long enough.

A person is never deleted, since cases, counts and the log of deletions hang on them. What goes is
everything that says who they are: what is left has a name nobody can guess, on the channel of
people whom we cannot write to.
"""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, text, update

from bot.domain.cases import ClientType, Record
from bot.domain.complaints import Facts
from bot.messages import Channel
from storage import consents, events, files, handovers
from storage.models import (
    SHANGHAI,
    CaseRow,
    ComplaintRow,
    EventRow,
    ImprovementRow,
    NeedRow,
    OutboxRow,
    PersonRow,
    PushState,
    SurveyRow,
)
from storage.models.matters import CHAT
from storage.people import Person
from storage.records import from_json, searchable
from storage.turn import Tx

GONE = "gone:"
OURS = update(PersonRow).where(PersonRow.id == bindparam("person"))
DROP_DRAFT = OURS.values(
    progress=None, draft_on=None, first_words=None, first_words_at=None, aside=None
)
HAND_BACK = OURS.values(handed_to=None)
VANISH = OURS.values(
    channel=Channel.DESK.value,
    identity=bindparam("nobody"),
    following=False,
    left_at=None,
    opted_out_at=None,
    wrote_at=None,
    tapped_at=None,
    session=None,
    servicer=None,
    union_mark=None,
    unreached_at=None,
    first_asked=None,
    first_asked_at=None,
)
LEAVE = OURS.values(left_at=bindparam("since"))
LEFT = select(PersonRow.id).where(PersonRow.left_at.is_not(None)).order_by(PersonRow.left_at)
# a stranger under the same identity, so that one last thing can still be said to them
STRANGER = insert(PersonRow).returning(PersonRow.id)
THEIRS = (OutboxRow.channel == bindparam("on"), OutboxRow.recipient == bindparam("who"))
STOPPED: dict[str, Any] = {
    "state": PushState.FAILED.value,
    "next_at": None,
    "parked_at": bindparam("at"),
    "token": None,
    "reason": bindparam("why"),
}
# what is being sent this moment cannot be stopped any more
STOP = (
    update(OutboxRow)
    .where(*THEIRS, OutboxRow.next_at.is_not(None), OutboxRow.state != PushState.SENDING.value)
    .values(**STOPPED)
)
STOP_HELD = (
    update(OutboxRow)
    .where(*THEIRS, OutboxRow.parked_at.is_not(None), OutboxRow.state == PushState.HELD.value)
    .values(**STOPPED)
)
BLANK: dict[str, Any] = {"recipient": bindparam("nobody"), "body": bindparam("blank")}
# one statement for each of the two small indexes
BLANK_SENT = update(OutboxRow).where(*THEIRS, OutboxRow.sent_at.is_not(None)).values(**BLANK)
BLANK_PARKED = update(OutboxRow).where(*THEIRS, OutboxRow.parked_at.is_not(None)).values(**BLANK)
STATE_OF = select(OutboxRow.state).where(OutboxRow.key == bindparam("pushed"))
SPOKEN = bindparam("before", type_=EventRow.__table__.c.at.type)
FORGET_CHAT = (
    update(EventRow)
    .where(
        EventRow.id.in_(
            select(EventRow.id)
            .where(text(CHAT), EventRow.at < SPOKEN)
            .order_by(EventRow.at)
            .limit(bindparam("limit"))
        )
    )
    .values(facts=None)
    .returning(EventRow.id)
)
FORGET_CHAT_OF = (
    update(EventRow).where(EventRow.case_id == bindparam("case"), text(CHAT)).values(facts=None)
)
# rows are numbered as they come, so that the oldest are looked at and no more
OLD_PUSHES = (
    select(OutboxRow.id, func.coalesce(OutboxRow.sent_at, OutboxRow.parked_at).label("over_at"))
    .order_by(OutboxRow.id)
    .limit(bindparam("limit"))
    .subquery()
)
PURGE_PUSHES = (
    delete(OutboxRow)
    .where(OutboxRow.id.in_(select(OLD_PUSHES.c.id).where(OLD_PUSHES.c.over_at < SPOKEN)))
    .returning(OutboxRow.id)
)
LAST_CHANGE = (
    select(func.max(NeedRow.since)).where(NeedRow.case_id == CaseRow.id).correlate(CaseRow)
)
STILL_OPEN = select(NeedRow.id).where(NeedRow.case_id == CaseRow.id, NeedRow.open).exists()
OUTLIVED = (
    select(CaseRow.id, CaseRow.registered_at)
    .where(CaseRow.erased_at.is_(None), CaseRow.registered_at < bindparam("before"))
    .where(LAST_CHANGE.scalar_subquery() < SPOKEN, ~STILL_OPEN)
    .order_by(CaseRow.registered_at, CaseRow.id)
    .limit(bindparam("limit"))
)
KEPT_SINCE = bindparam("after_at", type_=CaseRow.__table__.c.registered_at.type)
# the first condition is what the index is read from, the second what it says in full
OUTLIVED_AFTER = OUTLIVED.where(CaseRow.registered_at >= KEPT_SINCE).where(
    or_(CaseRow.registered_at > KEPT_SINCE, CaseRow.id > bindparam("after"))
)
# until the turn ends nobody else empties it
KEPT = (
    select(CaseRow.person_id, CaseRow.record)
    .where(CaseRow.id == bindparam("case"), CaseRow.erased_at.is_(None), ~STILL_OPEN)
    .with_for_update(of=CaseRow)
)
EMPTY_CASE = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case"))
    .values(
        record=bindparam("emptied"),
        enterprise=None,
        phone_hmac=None,
        phone_last4_hmac=None,
        erased_at=bindparam("at"),
    )
)
EMPTY_NEEDS = (
    update(NeedRow)
    .where(NeedRow.case_id == bindparam("case"))
    .values(
        description=bindparam("blank"), reason=None, step=None, report_number=None, report_key=None
    )
)
EMPTY_IMPROVEMENT = (
    update(ImprovementRow)
    .where(ImprovementRow.case_id == bindparam("case"))
    .values(facts=bindparam("blank"), plan=None)
)
EMPTY_VOICES = (
    update(ComplaintRow)
    .where(
        ComplaintRow.id.in_(
            select(ComplaintRow.id)
            .where(ComplaintRow.received_at < bindparam("before"))
            .where(ComplaintRow.erased_at.is_(None), ComplaintRow.closed_at < bindparam("before"))
            .order_by(ComplaintRow.received_at)
            .limit(bindparam("limit"))
        )
    )
    .values(facts=bindparam("blank"), decision=None, erased_at=bindparam("now"))
    .returning(ComplaintRow.id)
)
EMPTY_SURVEY = update(SurveyRow).where(SurveyRow.case_id == bindparam("case")).values(comment=None)
RECORDS = (
    select(CaseRow.id).where(CaseRow.person_id == bindparam("person"), CaseRow.erased_at.is_(None))
).limit(1)
UNHEARD = (
    select(ComplaintRow.id).where(
        ComplaintRow.person_id == bindparam("person"),
        or_(ComplaintRow.closed_at.is_(None), ComplaintRow.closed_at >= SPOKEN),
    )
).limit(1)
SEEN_ON = select(PersonRow.seen_on).where(PersonRow.id == bindparam("person"))
FORGET_CONSENT = OURS.where(PersonRow.identity.startswith(GONE)).values(
    consented_at=None, consent_version=None
)


def drop_draft(tx: Tx, person_id: int) -> None:
    """Forgets what was begun in a conversation, and the materials that no case has."""
    tx.execute(DROP_DRAFT, {"person": person_id})
    drop_materials(tx, person_id, loose=True)


def drop_materials(tx: Tx, person_id: int, *, loose: bool) -> int:
    """Forgets photos and documents a person sent; `loose`: but those of their cases."""
    own = files.of_person(tx, person_id)
    sent = (one for one in own if one.purpose is files.FilePurpose.MATERIAL)
    return files.erase(tx, [one.key for one in sent if not (loose and one.case_id)])


def drop_talk(tx: Tx, person_id: int, at: datetime) -> None:
    """Forgets all that is open in a conversation; whoever had taken it over has it no more."""
    drop_draft(tx, person_id)
    tx.execute(HAND_BACK, {"person": person_id})
    talk = handovers.of_person(tx, person_id)
    if talk is not None:
        handovers.end(tx, talk.id, "system", at)


def vanish(tx: Tx, person: Person, at: datetime, why: str) -> None:
    """Forgets who a person is; their cases stay, and can no longer be traced to the channel."""
    drop_talk(tx, person.id, at)
    drop_materials(tx, person.id, loose=False)
    silence(tx, person.channel, person.identity, at, why)
    consents.forget(tx, person.id)
    nobody = GONE + secrets.token_urlsafe(24)
    blank_pushes(tx, person.channel, person.identity, nobody)
    tx.execute(VANISH, {"person": person.id, "nobody": nobody})


def silence(tx: Tx, channel: Channel, identity: str, at: datetime, why: str) -> None:
    """Gives up what waits to be sent to somebody."""
    values = {"on": channel.value, "who": identity, "at": at, "why": why}
    tx.execute(STOP, values)
    tx.execute(STOP_HELD, values)


def blank_pushes(tx: Tx, channel: Channel, identity: str, nobody: str) -> None:
    """Forgets to whom things were sent, and what."""
    blank = tx.vault.seal([{}, {}])
    values = {"on": channel.value, "who": identity, "nobody": nobody, "blank": blank}
    tx.execute(BLANK_SENT, values)
    tx.execute(BLANK_PARKED, values)


def as_stranger(tx: Tx, person: Person, at: datetime) -> int:
    """The identity once more, with nothing but the allowance to send; call it after `vanish`."""
    allowance = person.credits
    values = {
        "channel": person.channel.value,
        "identity": person.identity,
        "met_at": at,
        "seen_on": at.astimezone(SHANGHAI).date(),
        "wrote_at": allowance.wrote_at,
        "wrote_sent": allowance.wrote_sent,
        "tapped_at": allowance.tapped_at,
        "tapped_sent": allowance.tapped_sent,
        "following": allowance.following,
    }
    person_id: int = tx.execute(STRANGER, values).scalar_one()
    return person_id


def push_state(tx: Tx, key: str) -> PushState | None:
    """How far a push has come, by its key."""
    state = tx.execute(STATE_OF, {"pushed": key}).scalar()
    return None if state is None else PushState(state)


def leave(tx: Tx, person_id: int, at: datetime | None) -> None:
    """Since when a person is to be forgotten, as soon as nothing is open; None: no more."""
    tx.execute(LEAVE, {"person": person_id, "since": at})


def left(tx: Tx) -> tuple[int, ...]:
    """Those who are to be forgotten, the longest waiting first."""
    return tuple(tx.execute(LEFT).scalars())


def forget_chat(tx: Tx, before: datetime, limit: int) -> int:
    """Forgets what timelines quote of chats of before that moment; how many lines."""
    return len(tx.execute(FORGET_CHAT, {"before": before, "limit": limit}).all())


def forget_chat_of(tx: Tx, case_ids: Sequence[int]) -> None:
    """Forgets what the timelines of these cases quote of chats."""
    if case_ids:
        tx.execute(FORGET_CHAT_OF, [{"case": one} for one in case_ids])


def purge_pushes(tx: Tx, before: datetime, limit: int) -> int:
    """Forgets pushes that were sent or given up before that moment, of the `limit` oldest."""
    return len(tx.execute(PURGE_PUSHES, {"before": before, "limit": limit}).all())


def outlived(
    tx: Tx, before: datetime, limit: int, after: tuple[int, datetime] | None = None
) -> tuple[tuple[int, datetime], ...]:
    """Cases that ended before then and are not emptied: id and when registered, oldest first.

    `after`: only those that come after this one.
    """
    values: dict[str, object] = {"before": before, "limit": limit}
    if after is None:
        found = tx.execute(OUTLIVED, values)
    else:
        number, at = after
        found = tx.execute(OUTLIVED_AFTER, values | {"after": number, "after_at": at})
    return tuple((row.id, row.registered_at) for row in found)


def empty_case(tx: Tx, case_id: int, at: datetime) -> int | None:
    """Leaves of a case that it was, of which kind, when, and how it was rated; whose it was.

    None: it is emptied already, or worked on again.
    """
    case = tx.execute(KEPT, {"case": case_id}).first()
    if case is None:
        return None
    kind = from_json(tx.vault.open(case.record)).client_type
    values = searchable(tx, Record(ClientType(kind), {}))
    tx.execute(EMPTY_CASE, {"case": case_id, "emptied": values["record"], "at": at})
    tx.execute(EMPTY_NEEDS, {"case": case_id, "blank": tx.vault.seal("")})
    tx.execute(EMPTY_SURVEY, {"case": case_id})
    tx.execute(EMPTY_IMPROVEMENT, {"case": case_id, "blank": tx.vault.seal({})})
    events.erase_values(tx, case_id)
    files.erase_of_case(tx, case_id)
    return int(case.person_id)


def empty_voices(tx: Tx, before: datetime, now: datetime, limit: int) -> int:
    """Leaves of complaints and opinions closed before that moment that they were; how many."""
    blank = tx.vault.seal(asdict(Facts(words=())))
    values = {"before": before, "blank": blank, "now": now, "limit": limit}
    return len(tx.execute(EMPTY_VOICES, values).all())


def is_past(tx: Tx, person_id: int, before: datetime, silent_since: datetime) -> bool:
    """Whether a person has no record left, no complaint of after `before`, and says nothing."""
    who = {"person": person_id}
    seen = tx.execute(SEEN_ON, who).scalar()
    if seen is None or seen >= silent_since.astimezone(SHANGHAI).date():
        return False
    if tx.execute(RECORDS, who).first() is not None:
        return False
    return tx.execute(UNHEARD, {**who, "before": before}).first() is None


def forget_consent(tx: Tx, person_id: int) -> None:
    """Of somebody who is forgotten, that they once agreed."""
    tx.execute(FORGET_CONSENT, {"person": person_id})
