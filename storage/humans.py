"""One human in several chats: known by the unionid, with one history that follows them.

A person is one chat. What a human has with us belongs to the chat they wrote in last, where they
read what becomes of it; the chats keep what is theirs alone: the open form, consent, talks, and
what may be sent.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.orm import aliased

from bot.messages import Channel
from storage.models import CaseRow, ComplaintRow, FileRow, PersonRow, PrivacyRequestRow, SurveyRow
from storage.turn import Tx

UNMARKED = (
    select(PersonRow.id, PersonRow.identity)
    .where(PersonRow.union_mark.is_(None), PersonRow.channel == bindparam("on"))
    .order_by(PersonRow.id)
    .limit(bindparam("limit"))
)
MARK = (
    update(PersonRow)
    .where(PersonRow.id == bindparam("person"), PersonRow.union_mark.is_(None))
    .values(union_mark=bindparam("mark"))
)
mine = aliased(PersonRow)
# whoever asked for their data to be deleted is left with all of it until that is done
LEAVING = (
    select(PrivacyRequestRow.id)
    .where(PrivacyRequestRow.person_id == PersonRow.id, PrivacyRequestRow.done_at.is_(None))
    .correlate(PersonRow)
    .exists()
)
OTHERS = (
    select(PersonRow.id)
    .join(mine, mine.union_mark == PersonRow.union_mark)
    .where(mine.id == bindparam("person"), mine.union_mark != b"", PersonRow.id != mine.id)
    .where(PersonRow.union_mark.is_not(None), ~LEAVING)
)
THEIRS: BindParameter[Any] = bindparam("others", expanding=True)


def moved(table: Any, *conditions: Any) -> Any:
    """The rows of other chats become this one's."""
    return (
        update(table)
        .where(table.person_id.in_(THEIRS), *conditions)
        .values(person_id=bindparam("person"))
    )


MOVES = (
    moved(CaseRow),
    moved(SurveyRow),
    moved(ComplaintRow),
    # photos of an open form stay with the form
    moved(FileRow, FileRow.case_id.is_not(None)),
)


def unmarked(tx: Tx, channel: Channel, limit: int) -> Sequence[tuple[int, str]]:
    """Chats whose unionid nobody has asked for: our number and the platform's id."""
    found = tx.execute(UNMARKED, {"on": channel.value, "limit": limit}).all()
    return [(row.id, row.identity) for row in found]


def mark(tx: Tx, person_id: int, unionid: str) -> None:
    """Who is behind a chat; "" if the platform does not say."""
    digest = tx.vault.digest(f"unionid {unionid}") if unionid else b""
    tx.execute(MARK, {"person": person_id, "mark": digest})


def gather(tx: Tx, person_id: int) -> None:
    """Has the history of this human follow them to this chat."""
    others = tx.execute(OTHERS, {"person": person_id}).scalars().all()
    if not others:
        return
    for move in MOVES:
        tx.execute(move, {"others": list(others), "person": person_id})
