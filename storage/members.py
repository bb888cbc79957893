"""The members of WeCom as it last listed them, and who of them takes nothing new now."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, bindparam, delete, or_, select, update

from storage.models import MemberRow
from storage.turn import Tx, upsert

LISTED = upsert(
    MemberRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["userid"], set_={"about": insert.excluded.about, "left_at": None}
    ),
)
UNREACHED = upsert(
    MemberRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["userid"],
        set_={"unreachable_at": insert.excluded.unreachable_at},
        where=MemberRow.unreachable_at.is_(None),
    ).returning(MemberRow.userid),
)
AWAY = upsert(
    MemberRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["userid"], set_={"away_until": insert.excluded.away_until}
    ),
)
REACHED = (
    update(MemberRow)
    .where(MemberRow.userid == bindparam("who"), MemberRow.unreachable_at.is_not(None))
    .values(unreachable_at=None)
    .returning(MemberRow.userid)
)
LEFT = upsert(
    MemberRow,
    lambda insert: insert.on_conflict_do_update(
        index_elements=["userid"],
        set_={"left_at": insert.excluded.left_at},
        where=MemberRow.left_at.is_(None),
    ).returning(MemberRow.userid),
)
FORGET = (
    delete(MemberRow)
    .where(MemberRow.userid.in_(bindparam("who", expanding=True)))
    .returning(MemberRow.userid)
)
ALL = select(MemberRow.__table__).order_by(MemberRow.userid)
GONE = select(MemberRow.userid).where(MemberRow.left_at.is_not(None))
ABSENT = select(MemberRow.userid).where(
    or_(
        MemberRow.left_at.is_not(None),
        MemberRow.unreachable_at.is_not(None),
        MemberRow.away_until > bindparam("at"),
    )
)


@dataclass(frozen=True)
class Listed:
    """One member as WeCom lists them: userid as written there, name, names of departments."""

    userid: str
    name: str
    departments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Member:
    """One member as stored; without `listed`, WeCom has never listed them."""

    userid: str
    listed: Listed | None
    left_at: datetime | None
    unreachable_at: datetime | None
    away_until: datetime | None


def every(tx: Tx) -> tuple[Member, ...]:
    """Everybody WeCom ever listed, and whoever else something is known of."""
    return tuple(as_member(tx, row) for row in tx.execute(ALL))


def listed(tx: Tx, found: Sequence[Listed]) -> None:
    """They are in the list, by these names; who was marked as gone is back."""
    if found:
        rows = [{"userid": one.userid.lower(), "about": sealed(tx, one)} for one in found]
        tx.execute(LISTED, rows)


def left(tx: Tx, userids: Collection[str], at: datetime) -> frozenset[str]:
    """They are not in the list, or no more; who of them was not known to be missing."""
    rows = [{"userid": one.lower(), "left_at": at} for one in userids]
    return frozenset(tx.execute(LEFT, rows).scalars()) if rows else frozenset()


def forget(tx: Tx, userids: Collection[str]) -> int:
    """Nothing is known of them any more; how many of them there were."""
    return len(tx.execute(FORGET, {"who": [one.lower() for one in userids]}).all())


def unreachable(tx: Tx, userid: str, at: datetime) -> bool:
    """The platform takes nothing for that member; whether that is news."""
    values = {"userid": userid.lower(), "unreachable_at": at}
    return tx.execute(UNREACHED, values).first() is not None


def reached(tx: Tx, userid: str) -> bool:
    """Something has arrived there; whether that is news."""
    return tx.execute(REACHED, {"who": userid.lower()}).first() is not None


def away(tx: Tx, userid: str, until: datetime | None) -> None:
    """Off duty until then; `None`: on duty again."""
    tx.execute(AWAY, {"userid": userid.lower(), "away_until": until})


def gone(tx: Tx) -> frozenset[str]:
    """Who left the list, in lower case."""
    return frozenset(tx.execute(GONE).scalars())


def absent(tx: Tx, at: datetime) -> frozenset[str]:
    """Who takes nothing new now, in lower case: gone, out of reach, or off duty."""
    return frozenset(tx.execute(ABSENT, {"at": at}).scalars())


def sealed(tx: Tx, one: Listed) -> bytes:
    """What the platform says of a member, so that a copy of the database names nobody."""
    return tx.vault.seal([one.userid, one.name, list(one.departments)])


def as_member(tx: Tx, row: Row[Any]) -> Member:
    """The value of a stored member."""
    listed_as = None
    if row.about is not None:
        userid, name, departments = cast(tuple[str, str, list[str]], tx.vault.open(row.about))
        listed_as = Listed(userid, name, tuple(departments))
    return Member(row.userid, listed_as, row.left_at, row.unreachable_at, row.away_until)
