"""The last step of a need: rated, or no longer to be rated, it is put on file (domain.md 2)."""

from datetime import datetime

from bot.domain.cases import Case, NeedState
from bot.domain.surveys import SERVED
from storage import cases, events
from storage.db import Tx


def close_served(tx: Tx, case: Case, at: datetime, because: str) -> None:
    """Closes every need of the case whose service is over; what is worked on stays as it is."""
    for one in case.needs:
        found = cases.need(tx, one.id)
        if found is None or found[1].state not in SERVED:
            continue
        need = cases.change(tx, found[1], state=NeedState.CLOSED, at=at)
        values = {"from": found[1].state, "to": need.state, "because": because}
        events.append(tx, case.id, need.id, at, "closed", "system", values)
