"""Consents to notices: how many of each template a person will still take, as far as we know."""

from sqlalchemy import bindparam, case, delete, select, update

from storage.models import ConsentRow
from storage.turn import Tx, upsert

GRANT = upsert(
    ConsentRow,
    lambda insert: insert.values(
        person_id=bindparam("person"), template=bindparam("notice"), left=1
    ).on_conflict_do_update(
        index_elements=["person_id", "template"], set_={"left": ConsentRow.left + 1}
    ),
)
OURS = update(ConsentRow).where(
    ConsentRow.person_id == bindparam("person"), ConsentRow.template == bindparam("notice")
)
DROP = OURS.values(left=0)
# never below nothing: the platform may know of a consent whose event was lost
SPEND = OURS.values(left=case((ConsentRow.left > 0, ConsentRow.left - 1), else_=0))
LEFT = select(ConsentRow.left).where(
    ConsentRow.person_id == bindparam("person"), ConsentRow.template == bindparam("notice")
)
FORGET = delete(ConsentRow).where(ConsentRow.person_id == bindparam("person"))


def grant(tx: Tx, person_id: int, template: str) -> None:
    """The person agreed to one more notice."""
    tx.execute(GRANT, {"person": person_id, "notice": template})


def drop(tx: Tx, person_id: int, template: str) -> None:
    """The person refused, or the platform says that no consent is left."""
    tx.execute(DROP, {"person": person_id, "notice": template})


def spend(tx: Tx, person_id: int, template: str) -> None:
    """One notice went out."""
    tx.execute(SPEND, {"person": person_id, "notice": template})


def left(tx: Tx, person_id: int, template: str) -> int:
    """How many more notices may be sent."""
    return tx.execute(LEFT, {"person": person_id, "notice": template}).scalar() or 0


def forget(tx: Tx, person_id: int) -> None:
    """Everything the person agreed to."""
    tx.execute(FORGET, {"person": person_id})
