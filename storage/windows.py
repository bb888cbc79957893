"""Clients whose window closes while something still waits for us or for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, select

from bot.domain.cases import NeedState
from bot.messages import Channel
from storage.models import CaseRow, HandoverRow, NeedRow, OutboxRow, PersonRow, PushState
from storage.turn import Tx

# nobody has said yet what becomes of it
UNANSWERED = (NeedState.SUBMITTED, NeedState.EVALUATING)
RECENT = (
    PersonRow.channel.in_((Channel.OFFICIAL.value, Channel.KF.value)),
    PersonRow.wrote_at > bindparam("after"),
    PersonRow.wrote_at <= bindparam("until"),
    PersonRow.following.is_(True),
)
NEEDS = (
    select(PersonRow.id, PersonRow.wrote_at)
    .join(CaseRow, CaseRow.person_id == PersonRow.id)
    .join(NeedRow, NeedRow.case_id == CaseRow.id)
    .where(NeedRow.open.is_(True), NeedRow.state.in_([one.value for one in UNANSWERED]), *RECENT)
)
TALKS = (
    select(PersonRow.id, PersonRow.wrote_at)
    .join(HandoverRow, HandoverRow.person_id == PersonRow.id)
    .where(HandoverRow.next_at.is_not(None), HandoverRow.ended_at.is_(None), *RECENT)
)
THEIRS = and_(PersonRow.channel == OutboxRow.channel, PersonRow.identity == OutboxRow.recipient)
HELD = (
    select(PersonRow.id, PersonRow.wrote_at)
    .join(OutboxRow, THEIRS)
    .where(OutboxRow.parked_at.is_not(None), OutboxRow.state == PushState.HELD.value, *RECENT)
)
HELD_OF = (
    select(func.count())
    .select_from(OutboxRow)
    .where(OutboxRow.parked_at.is_not(None), OutboxRow.state == PushState.HELD.value)
    .where(OutboxRow.channel == bindparam("on"), OutboxRow.recipient == bindparam("who"))
)


def closing(tx: Tx, after: datetime, until: datetime) -> Sequence[tuple[int, datetime]]:
    """Clients who last wrote between the two, and to whom an answer or a message is owed."""
    values = {"after": after, "until": until}
    found = (row for query in (NEEDS, TALKS, HELD) for row in tx.execute(query, values))
    return sorted({(row.id, row.wrote_at) for row in found})


def held_of(tx: Tx, channel: Channel, identity: str) -> int:
    """How many messages wait for a client to write."""
    return int(tx.execute(HELD_OF, {"on": channel.value, "who": identity}).scalar_one())
