"""The accounts of 微信客服: bells that rang, up to where each was read, and by whom.

One process reads an account at a time, under a lease. Nothing depends on it: two that read the
same page meet at the claim of each message, and only the holder of the lease moves the cursor.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, case, func, null, or_, select, update
from sqlalchemy.sql.base import Executable

from storage.models import KfAccountRow
from storage.turn import Tx, upsert

RING = upsert(
    KfAccountRow,
    lambda insert: insert.values(
        open_kfid=bindparam("account"),
        token=bindparam("sealed"),
        bells=1,
        next_at=bindparam("at"),
    ).on_conflict_do_update(
        index_elements=["open_kfid"],
        set_={
            "token": bindparam("sealed"),
            "bells": KfAccountRow.bells + 1,
            "next_at": bindparam("at"),
        },
    ),
)
# a platform that hiccups is no alarm
TRIES = 3
UNREAD = select(func.count()).where(KfAccountRow.attempts > bindparam("tries"))
ANY = select(KfAccountRow.open_kfid).limit(1)
takeable = (
    select(KfAccountRow.open_kfid)
    .where(KfAccountRow.next_at <= bindparam("now"))
    .where(or_(KfAccountRow.lease_until.is_(None), KfAccountRow.lease_until <= bindparam("now")))
    .order_by(KfAccountRow.next_at)
    .limit(1)
    .with_for_update(skip_locked=True, of=KfAccountRow)
    .cte("takeable")
)
CLAIM = (
    update(KfAccountRow)
    .where(KfAccountRow.open_kfid.in_(select(takeable.c.open_kfid)))
    .values(
        lease=bindparam("new_lease"),
        lease_until=bindparam("until"),
        attempts=KfAccountRow.attempts + 1,
    )
    .returning(KfAccountRow.__table__)
)
OURS = update(KfAccountRow).where(
    KfAccountRow.open_kfid == bindparam("account"), KfAccountRow.lease == bindparam("our_lease")
)
MOVE = OURS.values(
    cursor=bindparam("to"), caught_up=bindparam("done"), lease_until=bindparam("until")
).returning(KfAccountRow.open_kfid)
FORGET_CURSOR = OURS.values(cursor=None)
LATER = bindparam("later", type_=KfAccountRow.__table__.c.next_at.type)
LET_GO: dict[str, Any] = {
    "lease": None,
    "lease_until": None,
    # a bell that rang meanwhile is heard at once
    "next_at": case((KfAccountRow.bells == bindparam("heard"), LATER), else_=KfAccountRow.next_at),
}
# the bell's token was for this; without a bell there is none to go by
FINISH = OURS.values(
    **LET_GO,
    attempts=0,
    token=case((KfAccountRow.bells == bindparam("heard"), null()), else_=KfAccountRow.token),
)
PUT_OFF = OURS.values(**LET_GO)


@dataclass(frozen=True)
class KfAccount:
    """An account that is ours to read for now; `cursor` is None before the very first page."""

    open_kfid: str
    cursor: str | None
    token: str
    bells: int
    caught_up: bool
    attempts: int
    lease: str


def unread(tx: Tx) -> int:
    """How many accounts could not be read several times on end."""
    return int(tx.execute(UNREAD, {"tries": TRIES}).scalar_one())


def anything(tx: Tx) -> bool:
    """Whether 微信客服 has ever rung."""
    return tx.execute(ANY).first() is not None


def ring(tx: Tx, open_kfid: str, token: str, at: datetime) -> None:
    """The platform says that there is something to read."""
    tx.execute(RING, {"account": open_kfid, "sealed": tx.vault.seal(token), "at": at})


def claim(tx: Tx, now: datetime, lease: str, until: datetime) -> KfAccount | None:
    """One account that is due and that nobody is reading."""
    values = {"now": now, "new_lease": lease, "until": until}
    row = tx.execute(CLAIM, values).first()
    if row is None:
        return None
    token = cast(str, tx.vault.open(row.token)) if row.token else ""
    return KfAccount(
        row.open_kfid, row.cursor, token, row.bells, row.caught_up, row.attempts, lease
    )


def move(tx: Tx, account: KfAccount, cursor: str, caught_up: bool, until: datetime) -> bool:
    """A page was read to its end; False: somebody else reads the account by now."""
    values: dict[str, object] = {"to": cursor, "done": caught_up, "until": until}
    values |= {"account": account.open_kfid, "our_lease": account.lease}
    return tx.execute(MOVE, values).first() is not None


def forget_cursor(tx: Tx, account: KfAccount) -> None:
    """The platform does not take our cursor: the last days are read again, and found answered."""
    tx.execute(FORGET_CURSOR, {"account": account.open_kfid, "our_lease": account.lease})


def finish(tx: Tx, account: KfAccount, later: datetime) -> None:
    """Everything is read: lets go of the account until `later`, or until it rings."""
    _let_go(tx, FINISH, account, later)


def put_off(tx: Tx, account: KfAccount, later: datetime) -> None:
    """It could not be read: lets go of the account until `later`, or until it rings."""
    _let_go(tx, PUT_OFF, account, later)


def _let_go(tx: Tx, statement: Executable, account: KfAccount, later: datetime) -> None:
    values = {"account": account.open_kfid, "our_lease": account.lease, "later": later}
    tx.execute(statement, values | {"heard": account.bells})
