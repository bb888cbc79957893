"""The statements of the outbox, built once; what they promise is said in `storage.outbox`."""

from sqlalchemy import and_, bindparam, case, func, or_, select, tuple_, update
from sqlalchemy.orm import aliased

from bot.messages import PushKind
from storage.models import OutboxRow, PersonRow
from storage.models import PushState as State
from storage.turn import upsert

ENQUEUE = upsert(
    OutboxRow,
    lambda insert: insert.on_conflict_do_nothing(index_elements=["key"]).returning(OutboxRow.id),
)
older = aliased(OutboxRow)
# held rows wait for the person and hold up nobody; only rows on their way keep their order
IN_TURN = ~(
    select(older.id)
    .where(older.next_at.is_not(None))
    .where(older.channel == OutboxRow.channel, older.recipient == OutboxRow.recipient)
    .where(tuple_(older.due, older.id) < tuple_(OutboxRow.due, OutboxRow.id))
    .correlate(OutboxRow)
    .exists()
)
# a common table expression, because PostgreSQL may run a plain sub-select more than once and
# then takes more than the limit
takeable = (
    select(OutboxRow.id)
    .where(OutboxRow.next_at <= bindparam("now"), IN_TURN)
    .order_by(OutboxRow.next_at, OutboxRow.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=OutboxRow)
    .cte("takeable")
)
CLAIM = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(select(takeable.c.id)))
    .values(
        state=State.SENDING.value,
        token=bindparam("new_token"),
        next_at=bindparam("lease_until"),
        attempts=OutboxRow.attempts + 1,
        repeats=OutboxRow.repeats + case((OutboxRow.state == State.SENDING.value, 1), else_=0),
    )
    .returning(OutboxRow.__table__)
)
OURS = update(OutboxRow).where(
    OutboxRow.id == bindparam("row"),
    OutboxRow.token == bindparam("our_token"),
    OutboxRow.state == State.SENDING.value,
)
RENEW = OURS.values(next_at=bindparam("lease_until")).returning(OutboxRow.id)
SENT = OURS.values(
    state=State.SENT.value,
    next_at=None,
    token=None,
    reason=None,
    sent_at=bindparam("at"),
    provider_id=bindparam("provider"),
    response_code=bindparam("code"),
).returning(OutboxRow.id)
RETRY = OURS.values(
    state=State.PENDING.value,
    next_at=bindparam("again_at"),
    token=None,
    reason=bindparam("why"),
    attempts=OutboxRow.attempts - bindparam("uncounted"),
    repeats=OutboxRow.repeats + bindparam("doubts"),
).returning(OutboxRow.id)
# each is written once: the route leaves out what is there
REFUSE = OURS.values(refused=OutboxRow.refused + bindparam("refused_way"))
PARK = OURS.values(
    state=bindparam("parked_as"),
    next_at=None,
    parked_at=bindparam("at"),
    token=None,
    reason=bindparam("why"),
).returning(OutboxRow.id)
PARKED_OF = (
    OutboxRow.parked_at.is_not(None),
    OutboxRow.channel == bindparam("on"),
    OutboxRow.recipient == bindparam("who"),
    OutboxRow.state == State.HELD.value,
)
TAKE_HELD = (
    update(OutboxRow)
    .where(*PARKED_OF, OutboxRow.kind.in_((PushKind.TEXT.value, PushKind.MENU.value)))
    # what nobody needs any more is not said, even before a clock has found it
    .where(or_(OutboxRow.expires.is_(None), OutboxRow.expires > bindparam("at")))
    .values(
        state=State.SENT.value,
        parked_at=None,
        sent_at=bindparam("at"),
        provider_id="reply",
    )
    .returning(OutboxRow.__table__)
)
RELEASE = (
    update(OutboxRow)
    .where(*PARKED_OF)
    .values(state=State.PENDING.value, parked_at=None, next_at=bindparam("at"))
    .returning(OutboxRow.id)
)
# the platform does not number every notice: of several the newest is meant
bounced = (
    select(OutboxRow.id)
    .where(OutboxRow.channel == bindparam("on"), OutboxRow.recipient == bindparam("who"))
    .where(OutboxRow.sent_at.is_not(None), OutboxRow.state == State.SENT.value)
    .where(OutboxRow.provider_id == bindparam("provider"))
    .order_by(OutboxRow.sent_at.desc(), OutboxRow.id.desc())
    .limit(1)
)
BOUNCE = (
    update(OutboxRow)
    .where(OutboxRow.id == bounced.scalar_subquery())
    .values(
        state=bindparam("parked_as"),
        sent_at=None,
        parked_at=bindparam("at"),
        reason=bindparam("why"),
    )
    .returning(OutboxRow.__table__)
)
AGAIN = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("row"), OutboxRow.parked_at.is_not(None))
    .values(
        state=State.PENDING.value,
        parked_at=None,
        next_at=bindparam("at"),
        attempts=0,
        repeats=0,
        refused="",
    )
    .returning(OutboxRow.id)
)
REOPEN = (
    update(OutboxRow)
    .where(OutboxRow.parked_at.is_not(None), OutboxRow.state == State.HELD.value)
    .where(OutboxRow.channel == bindparam("on"), OutboxRow.reason == bindparam("why"))
    .values(state=State.PENDING.value, parked_at=None, next_at=bindparam("at"))
    .returning(OutboxRow.id)
)
# what waits for a client, or will never come, and staff have not been told of today
UNREACHED = (
    select(OutboxRow.__table__, PersonRow.id.label("person_id"))
    .join(
        PersonRow,
        and_(PersonRow.channel == OutboxRow.channel, PersonRow.identity == OutboxRow.recipient),
    )
    .where(OutboxRow.parked_at.is_not(None), OutboxRow.urgent.is_(False))
    # a platform's refusal has its code in brackets; what was given up otherwise is no news
    .where(
        or_(
            OutboxRow.state == State.HELD.value,
            and_(OutboxRow.state == State.FAILED.value, OutboxRow.reason.like("% (%): %")),
        )
    )
    .where(OutboxRow.purpose.in_(bindparam("purposes", expanding=True)))
    .where(
        or_(
            PersonRow.unreached_at.is_(None),
            and_(
                OutboxRow.due > PersonRow.unreached_at,
                PersonRow.unreached_at < bindparam("today"),
            ),
        )
    )
    .limit(bindparam("limit"))
)
EXPIRE_HELD = (
    update(OutboxRow)
    .where(OutboxRow.parked_at.is_not(None), OutboxRow.state == State.HELD.value)
    .where(OutboxRow.expires <= bindparam("at"))
    .values(state=State.FAILED.value, parked_at=bindparam("at"), reason="expired")
    .returning(OutboxRow.id)
)
# not on its way any more, and no failure either: nobody needs to look at it
WITHDRAW = (
    update(OutboxRow)
    .where(OutboxRow.key.in_(bindparam("pushed", expanding=True)), OutboxRow.repeats == 0)
    .where(OutboxRow.state.in_((State.PENDING.value, State.HELD.value)))
    .values(state=State.FAILED.value, next_at=None, parked_at=None, reason=bindparam("why"))
    .returning(OutboxRow.key)
)
FATE = select(OutboxRow.state, OutboxRow.sent_at, OutboxRow.reason).where(
    OutboxRow.key == bindparam("pushed")
)
CODE_OF = select(OutboxRow.response_code).where(OutboxRow.key == bindparam("pushed"))
SPEND = update(PersonRow).where(
    PersonRow.channel == bindparam("on"), PersonRow.identity == bindparam("who")
)
SPEND_WRITTEN = SPEND.values(wrote_sent=PersonRow.wrote_sent + 1)
SPEND_TAPPED = SPEND.values(tapped_sent=PersonRow.tapped_sent + 1)
EXHAUST = SPEND.values(wrote_sent=bindparam("wrote"), tapped_sent=bindparam("tapped"))
PARKED = (
    select(OutboxRow.state, func.count().label("parked"))
    .where(OutboxRow.parked_at.is_not(None))
    .group_by(OutboxRow.state)
)
DUE = select(func.count().label("due"), func.min(OutboxRow.next_at).label("oldest")).where(
    OutboxRow.next_at <= bindparam("at")
)
