"""Pushes on their way: inserted by the turn that causes them, claimed under a lease by workers.

A claim stamps a fencing token; a mark that comes with another token than the row's is refused,
so that a worker that slept through its lease cannot undo what its successor did.

What a crash between sending and marking may repeat, and how it is kept from being seen:
template messages carry a `client_msg_id` and WeCom messages `enable_duplicate_check`, both made
from the row's key, so that the platform drops the repeat; a card update meets a used code, which
counts as done; a customer-service text has no such key, is sent again (rather twice than never)
and `repeats` counts it for staff. A text whose repeat would do harm is marked uncertain instead.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row as DbRow
from sqlalchemy.sql.base import Executable

from bot.messages import Channel, Credits, Push, PushKind
from storage import outbox_sql as sql
from storage.models import PushState
from storage.turn import Tx
from storage.vault import Unopenable


@dataclass(frozen=True)
class Row:
    """A push as stored. `repeats`: how often it stayed open whether it had been sent.

    `refused`: the ways on which the platform would not take what it holds.
    """

    id: int
    push: Push
    state: PushState
    attempts: int
    repeats: int
    lease_until: datetime | None
    reason: str
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unreached:
    """A push that did not reach a client, who of ours they are, and why."""

    row: Row
    person_id: int


@dataclass(frozen=True)
class Fate:
    """What has become of a push; without `sent_at` it has not arrived."""

    state: PushState
    sent_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Waiting:
    """What has not arrived: how much is due and since when, and what waits for somebody."""

    due: int
    oldest_due: datetime | None
    held: int
    uncertain: int
    failed: int


def enqueue(tx: Tx, pushes: Sequence[Push]) -> int:
    """Puts pushes on their way; one whose key was ever used is left out. How many were new."""
    if not pushes:
        return 0
    return len(tx.execute(sql.ENQUEUE, [as_new(tx, push) for push in pushes]).all())


def claim(tx: Tx, now: datetime, token: str, lease_until: datetime, limit: int) -> tuple[Row, ...]:
    """Takes pushes that are due, each person's oldest alone, and counts the attempt.

    A row whose lease ran out counts as due: its worker is taken for dead.
    """
    values = {"now": now, "new_token": token, "lease_until": lease_until, "limit": limit}
    found = []
    for row in tx.execute(sql.CLAIM, values).all():
        try:
            found.append(as_row(tx, row))
        except Unopenable:
            # one row under a lost key must not hold up everybody's pushes
            mark_failed(tx, row.id, token, now, "cannot be opened: its key is not in DATA_KEYS")
    return tuple(sorted(found, key=in_order))


def renew(tx: Tx, row_id: int, token: str, lease_until: datetime) -> bool:
    """Keeps a claimed push for longer; False: it was taken over, do not send it."""
    return _mark(tx, sql.RENEW, row_id, token, lease_until=lease_until)


def mark_sent(
    tx: Tx, row_id: int, token: str, at: datetime, provider_id: str = "", response_code: str = ""
) -> bool:
    """The platform took it. Like all marks: False if the row has been taken over meanwhile."""
    return _mark(tx, sql.SENT, row_id, token, at=at, provider=provider_id, code=response_code)


def mark_retry(  # noqa: PLR0913 -- two of them only where a try is no plain failure
    tx: Tx,
    row_id: int,
    token: str,
    due: datetime,
    error: str,
    *,
    counted: bool = True,
    doubtful: bool = False,
) -> bool:
    """Try again at `due`. Not `counted`: only put off; `doubtful`: it may have been sent."""
    counts = {"uncounted": int(not counted), "doubts": int(doubtful)}
    return _mark(tx, sql.RETRY, row_id, token, again_at=due, why=error, **counts)


def note_refused(tx: Tx, row_id: int, token: str, way: str) -> None:
    """The platform does not take that way what the push holds; staff alone have it tried again."""
    tx.execute(sql.REFUSE, {"row": row_id, "our_token": token, "refused_way": f"{way} "})


def mark_held(tx: Tx, row_id: int, token: str, at: datetime, reason: str) -> bool:
    """No way to the person is open; it waits until they write again."""
    return _park(tx, PushState.HELD, row_id, token, at, reason)


def mark_failed(tx: Tx, row_id: int, token: str, at: datetime, reason: str) -> bool:
    """It will never arrive by itself; staff see it."""
    return _park(tx, PushState.FAILED, row_id, token, at, reason)


def mark_uncertain(tx: Tx, row_id: int, token: str, at: datetime, reason: str) -> bool:
    """It may have arrived, and must not arrive twice; staff decide."""
    return _park(tx, PushState.UNCERTAIN, row_id, token, at, reason)


def take_held(tx: Tx, channel: Channel, to: str, at: datetime) -> tuple[Row, ...]:
    """The texts and menus held for a person, oldest first; they count as sent, with this reply."""
    values = {"on": channel.value, "who": to, "at": at}
    found = [as_row(tx, row) for row in tx.execute(sql.TAKE_HELD, values)]
    return tuple(sorted(found, key=in_order))


def release(tx: Tx, channel: Channel, to: str, at: datetime) -> int:
    """Puts what is held for a person back on its way, since a way has opened; how many."""
    return len(tx.execute(sql.RELEASE, {"on": channel.value, "who": to, "at": at}).all())


def reopen(tx: Tx, channel: Channel, why: str, at: datetime) -> int:
    """Puts back on its way what was held for that reason, which has passed; how many."""
    values = {"on": channel.value, "why": why, "at": at}
    return len(tx.execute(sql.REOPEN, values).all())


def unreached(
    tx: Tx, purposes: Sequence[str], today: datetime, limit: int = 1000
) -> tuple[Unreached, ...]:
    """What did not reach clients and staff have not been told of since `today` began."""
    values = {"purposes": list(purposes), "today": today, "limit": limit}
    found = []
    for row in tx.execute(sql.UNREACHED, values).all():
        with suppress(Unopenable):
            found.append(Unreached(as_row(tx, row), row.person_id))
    return tuple(sorted(found, key=lambda one: in_order(one.row)))


def again(tx: Tx, row_id: int, at: datetime) -> bool:
    """Staff have a failed, uncertain or held push sent after all."""
    return tx.execute(sql.AGAIN, {"row": row_id, "at": at}).first() is not None


def expire_held(tx: Tx, at: datetime) -> int:
    """Gives up held pushes that nobody needs any more; staff see them. How many."""
    return len(tx.execute(sql.EXPIRE_HELD, {"at": at}).all())


def withdraw(tx: Tx, keys: Sequence[str], why: str) -> tuple[str, ...]:
    """Takes back pushes that nobody has seen; the keys of those that could be taken back."""
    return tuple(tx.execute(sql.WITHDRAW, {"pushed": keys, "why": why}).scalars())


def fate(tx: Tx, key: str) -> Fate | None:
    """Whether a push has arrived; None if there is none under that key."""
    row = tx.execute(sql.FATE, {"pushed": key}).first()
    return None if row is None else Fate(PushState(row.state), row.sent_at, row.reason or "")


def code_of(tx: Tx, key: str) -> str | None:
    """The response code the platform gave for a card, by the key of its push."""
    code: str | None = tx.execute(sql.CODE_OF, {"pushed": key}).scalar()
    return code


def bounce(
    tx: Tx,
    to: tuple[Channel, str],
    provider_id: str,
    at: datetime,
    why: str,
    *,
    held: bool,
) -> Row | None:
    """A push the platform took has not arrived: held or failed; None if we never sent it."""
    state = PushState.HELD if held else PushState.FAILED
    values = {"on": to[0].value, "who": to[1], "provider": provider_id, "at": at}
    row = tx.execute(sql.BOUNCE, values | {"parked_as": state.value, "why": why}).first()
    return None if row is None else as_row(tx, row)


def spend(tx: Tx, channel: Channel, identity: str, tapped: bool) -> None:
    """Counts one customer-service message against what the person's last act allows."""
    statement = sql.SPEND_TAPPED if tapped else sql.SPEND_WRITTEN
    tx.execute(statement, {"on": channel.value, "who": identity})


def exhaust(tx: Tx, channel: Channel, identity: str, left: Credits) -> None:
    """Puts our count right where the platform says that more was sent than we knew."""
    values = {"on": channel.value, "who": identity}
    counts = {"wrote": left.wrote_sent, "tapped": left.tapped_sent}
    tx.execute(sql.EXHAUST, {**values, **counts})


def waiting(tx: Tx, at: datetime) -> Waiting:
    """What has not arrived."""
    parked = {row.state: row.parked for row in tx.execute(sql.PARKED)}
    late = tx.execute(sql.DUE, {"at": at}).one()
    return Waiting(
        due=late.due,
        oldest_due=late.oldest,
        held=parked.get(PushState.HELD, 0),
        uncertain=parked.get(PushState.UNCERTAIN, 0),
        failed=parked.get(PushState.FAILED, 0),
    )


def in_order(row: Row) -> tuple[datetime, int]:
    """The order in which a person is told things."""
    return row.push.due, row.id


def as_new(tx: Tx, push: Push) -> dict[str, object]:
    """The columns of a push that is about to be put on its way."""
    return {
        "key": push.key,
        "channel": push.channel.value,
        "recipient": push.to,
        "kind": push.kind.value,
        "purpose": push.purpose,
        "body": tx.vault.seal([dict(push.body), dict(push.fields)]),
        "due": push.due,
        "next_at": push.due,
        "expires": push.expires,
        "urgent": push.urgent,
        "state": PushState.PENDING.value,
    }


def as_row(tx: Tx, row: DbRow[Any]) -> Row:
    """The value of a stored push."""
    body, fields = cast(list[dict[str, Any]], tx.vault.open(row.body))
    push = Push(
        key=row.key,
        channel=Channel(row.channel),
        to=row.recipient,
        kind=PushKind(row.kind),
        body=body,
        due=row.due,
        purpose=row.purpose,
        expires=row.expires,
        urgent=row.urgent,
        fields=fields,
    )
    return Row(
        id=row.id,
        push=push,
        state=PushState(row.state),
        attempts=row.attempts,
        repeats=row.repeats,
        lease_until=row.next_at,
        reason=row.reason or "",
        refused=frozenset(row.refused.split()),
    )


def _park(tx: Tx, state: PushState, row_id: int, token: str, at: datetime, why: str) -> bool:
    return _mark(tx, sql.PARK, row_id, token, parked_as=state.value, at=at, why=why)


def _mark(tx: Tx, statement: Executable, row_id: int, token: str, **values: object) -> bool:
    values |= {"row": row_id, "our_token": token}
    return tx.execute(statement, values).first() is not None
