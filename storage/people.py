"""Who wrote to us, where the conversation with each stands, and what we may still send."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, bindparam, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.base import Executable

from bot.messages import Channel, Credits
from storage.models import SHANGHAI, OutboxRow, PersonRow, PushState
from storage.turn import Tx, upsert


class Act(StrEnum):
    """What a person did, as far as the platform's sending allowance goes."""

    WROTE = "wrote"
    TAPPED = "tapped"
    FOLLOWED = "followed"
    LEFT = "left"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Person:
    """A person as the turn finds them.

    `aside` is a question beside the form that the next message may answer; `handed_to` the
    staff member who talks with them; `held`: pushes wait for their next message; `servicer`
    the member of WeCom who has their session of 微信客服, "" while it waits for one; `linked`:
    other chats may be of the same human; `first_asked`: whose code they scanned, and when.
    """

    id: int
    channel: Channel
    identity: str
    progress: Mapping[str, object]
    first_words: str | None
    consented_at: datetime | None
    consent_version: str | None
    credits: Credits
    aside: Mapping[str, object]
    opted_out_at: datetime | None
    handed_to: str | None
    held: bool
    servicer: str | None = None
    linked: bool = False
    first_asked: str | None = None
    first_asked_at: datetime | None = None


PEOPLE = PersonRow.__table__
COLUMNS = (
    PersonRow.id,
    PersonRow.channel,
    PersonRow.identity,
    PersonRow.progress,
    PersonRow.first_words,
    PersonRow.consented_at,
    PersonRow.consent_version,
    PersonRow.wrote_at,
    PersonRow.wrote_sent,
    PersonRow.tapped_at,
    PersonRow.tapped_sent,
    PersonRow.following,
    PersonRow.aside,
    PersonRow.opted_out_at,
    PersonRow.handed_to,
    PersonRow.session,
    PersonRow.servicer,
    PersonRow.union_mark,
    PersonRow.first_asked,
    PersonRow.first_asked_at,
)


def held(channel: ColumnElement[str], identity: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether pushes wait for that person's next message."""
    return (
        select(OutboxRow.id)
        .where(OutboxRow.parked_at.is_not(None), OutboxRow.state == PushState.HELD.value)
        .where(OutboxRow.channel == channel, OutboxRow.recipient == identity)
        .exists()
        .label("held")
    )


WROTE = {"wrote_at": bindparam("at"), "wrote_sent": 0, "following": True}
TAPPED = {"tapped_at": bindparam("at"), "tapped_sent": 0}
GRANTS: Mapping[Act, Mapping[str, Any]] = {
    # whoever can write to us has not left, whatever event was lost
    Act.WROTE: WROTE,
    Act.TAPPED: TAPPED,
    Act.FOLLOWED: TAPPED | {"following": True},
    Act.LEFT: {"following": False},
    Act.NOTHING: {},
}


def meeting(grant: Mapping[str, Any]) -> Any:
    """Makes the person or locks the row, notes what the act grants, and loads what is there."""

    def build(insert: postgresql.Insert) -> Executable:
        seen = {"seen_on": bindparam("seen_on")} | dict(grant)
        new = insert.values(
            channel=bindparam("channel"),
            identity=bindparam("identity"),
            met_at=bindparam("at"),
            **seen,
        )
        return new.on_conflict_do_update(
            index_elements=["channel", "identity"], set_=seen
        ).returning(*COLUMNS, held(bindparam("channel"), bindparam("identity")))

    return upsert(PersonRow, build)


MEET = {act: meeting(grant) for act, grant in GRANTS.items()}
BY_ID = select(*COLUMNS, held(PEOPLE.c.channel, PEOPLE.c.identity)).where(
    PersonRow.id == bindparam("person")
)
DRAFTS = (
    select(*COLUMNS, held(PEOPLE.c.channel, PEOPLE.c.identity))
    .where(PersonRow.draft_on.is_not(None))
    .order_by(PersonRow.id)
)
FIND = select(*COLUMNS, held(bindparam("on"), bindparam("who"))).where(
    PersonRow.channel == bindparam("on"), PersonRow.identity == bindparam("who")
)
ANYBODY = select(PersonRow.id).limit(1)
LOCK = FIND.with_for_update(of=PersonRow)
OURS = update(PersonRow).where(PersonRow.id == bindparam("person"))
SAVE = OURS.values(progress=bindparam("sealed"), draft_on=PersonRow.seen_on)
CLEAR = OURS.values(progress=None, draft_on=None)
CONSENT = OURS.values(consented_at=bindparam("since"), consent_version=bindparam("version"))
KEEP_FIRST = OURS.values(first_words=bindparam("sealed"), first_words_at=bindparam("since"))
ASIDE = OURS.values(aside=bindparam("sealed"))
OPT_OUT = OURS.values(opted_out_at=bindparam("since"))
HAND = OURS.values(handed_to=bindparam("staff"))
ASK_FIRST = OURS.values(first_asked=bindparam("staff"), first_asked_at=bindparam("since"))
SESSION = (
    update(PersonRow)
    .where(PersonRow.channel == bindparam("on"), PersonRow.identity == bindparam("who"))
    .values(session=bindparam("now_in"), servicer=bindparam("by"))
)
# whoever writes or follows again is reached again
UNREACHABLE = (
    update(PersonRow)
    .where(PersonRow.channel == bindparam("on"), PersonRow.identity == bindparam("who"))
    .values(following=False)
)
TOLD_UNREACHED = OURS.values(unreached_at=bindparam("told_at"))
FORGET_FIRST = (
    update(PersonRow)
    .where(PersonRow.first_words_at.is_not(None), PersonRow.first_words_at < bindparam("before"))
    .values(first_words=None, first_words_at=None)
    .returning(PersonRow.id)
)
DROP_DRAFTS = (
    update(PersonRow)
    .where(PersonRow.draft_on.is_not(None), PersonRow.draft_on < bindparam("before"))
    .values(progress=None, draft_on=None)
    .returning(PersonRow.id)
)


def meet(tx: Tx, channel: Channel, identity: str, at: datetime, act: Act) -> Person:
    """The person, met for the first time or again; nobody else has them until the turn ends."""
    seen_on = at.astimezone(SHANGHAI).date()
    values = {"channel": channel.value, "identity": identity, "at": at, "seen_on": seen_on}
    return as_person(tx, tx.execute(MEET[act], values).one())


def find(tx: Tx, channel: Channel, identity: str) -> Person | None:
    """The person, if we have ever met, without waiting for a turn of theirs."""
    row = tx.execute(FIND, {"on": channel.value, "who": identity}).first()
    return None if row is None else as_person(tx, row)


def anybody(tx: Tx) -> bool:
    """Whether anybody ever wrote to us."""
    return tx.execute(ANYBODY).first() is not None


def lock(tx: Tx, channel: Channel, identity: str) -> Person | None:
    """As `find`, but after any turn of theirs that is under way."""
    row = tx.execute(LOCK, {"on": channel.value, "who": identity}).first()
    return None if row is None else as_person(tx, row)


def by_id(tx: Tx, person_id: int) -> Person | None:
    """The person under our own number."""
    row = tx.execute(BY_ID, {"person": person_id}).first()
    return None if row is None else as_person(tx, row)


def save(tx: Tx, person_id: int, progress: Mapping[str, object]) -> None:
    """Where the conversation stands now; empty: nowhere, and nothing is stored."""
    if progress:
        tx.execute(SAVE, {"person": person_id, "sealed": tx.vault.seal(dict(progress))})
    else:
        tx.execute(CLEAR, {"person": person_id})


def consent(tx: Tx, person_id: int, at: datetime | None, version: str) -> None:
    """When the person agreed, and to which text; `None`: no more."""
    tx.execute(CONSENT, {"person": person_id, "since": at, "version": version})


def keep_first(tx: Tx, person_id: int, text: str | None, at: datetime) -> None:
    """Seals what the person wrote before agreeing to anything; `None` forgets it."""
    sealed = None if text is None else tx.vault.seal(text)
    since = None if text is None else at
    tx.execute(KEEP_FIRST, {"person": person_id, "sealed": sealed, "since": since})


def ask_aside(tx: Tx, person_id: int, question: Mapping[str, object] | None) -> None:
    """Keeps a question beside the form for the next message; `None`: it was answered."""
    sealed = None if question is None else tx.vault.seal(dict(question))
    tx.execute(ASIDE, {"person": person_id, "sealed": sealed})


def opt_out(tx: Tx, person_id: int, at: datetime | None) -> None:
    """No more invitations and reminders from then on; `None`: they are welcome again."""
    tx.execute(OPT_OUT, {"person": person_id, "since": at})


def hand_to(tx: Tx, person_id: int, staff: str | None) -> None:
    """Who talks with the person instead of the assistant; `None`: nobody."""
    tx.execute(HAND, {"person": person_id, "staff": staff})


def ask_first(tx: Tx, person_id: int, staff: str | None, at: datetime) -> None:
    """Who was asked first by a code of theirs; `None`: their case is registered."""
    since = None if staff is None else at
    tx.execute(ASK_FIRST, {"person": person_id, "staff": staff, "since": since})


def note_session(tx: Tx, address: tuple[Channel, str], state: int | None, servicer: str) -> None:
    """Who has the session of 微信客服: a servicer or nobody yet (3, 2); `None`: the assistant."""
    channel, identity = address
    values = {"now_in": state, "by": None if state is None else servicer}
    tx.execute(SESSION, {"on": channel.value, "who": identity, **values})


def unreachable(tx: Tx, channel: Channel, identity: str) -> None:
    """The platform says nothing reaches them: nothing is sent until they write or follow again."""
    tx.execute(UNREACHABLE, {"on": channel.value, "who": identity})


def told_unreached(tx: Tx, person_id: int, at: datetime) -> None:
    """Staff know that what is said to this person waits; nobody tells them again today."""
    tx.execute(TOLD_UNREACHED, {"person": person_id, "told_at": at})


def forget_first_words(tx: Tx, before: datetime) -> int:
    """Forgets what was kept before that moment and never agreed to; how many it was."""
    return len(tx.execute(FORGET_FIRST, {"before": before}).all())


def drop_drafts(tx: Tx, before: datetime) -> int:
    """Forgets where the conversation stood with people not seen since that day."""
    day = before.astimezone(SHANGHAI).date()
    return len(tx.execute(DROP_DRAFTS, {"before": day}).all())


def drafts(tx: Tx) -> Iterator[Person]:
    """Everybody whose conversation stands somewhere, in the order they came."""
    return (as_person(tx, row) for row in tx.execute(DRAFTS).all())


def as_person(tx: Tx, row: Row[Any]) -> Person:
    """The value of a stored person."""
    progress = cast(Mapping[str, object], tx.vault.open(row.progress)) if row.progress else {}
    aside = cast(Mapping[str, object], tx.vault.open(row.aside)) if row.aside else {}
    words = None if row.first_words is None else cast(str, tx.vault.open(row.first_words))
    return Person(
        id=row.id,
        channel=Channel(row.channel),
        identity=row.identity,
        progress=progress,
        first_words=words,
        consented_at=row.consented_at,
        consent_version=row.consent_version,
        credits=Credits(
            wrote_at=row.wrote_at,
            wrote_sent=row.wrote_sent,
            tapped_at=row.tapped_at,
            tapped_sent=row.tapped_sent,
            following=row.following,
            staffed=row.session is not None,
        ),
        aside=aside,
        opted_out_at=row.opted_out_at,
        handed_to=row.handed_to,
        held=row.held,
        servicer=row.servicer,
        linked=bool(row.union_mark),
        first_asked=row.first_asked,
        first_asked_at=row.first_asked_at,
    )
