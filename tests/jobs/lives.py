"""Clients with one of everything that a clock looks at."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from sqlalchemy import text

from bot.domain.cases import NeedState
from bot.messages import Channel
from storage import complaints, files, handovers, people, privacy
from storage.db import Database, Tx
from storage.people import Act
from tests.storage.samples import NEED, NOW
from tests.storage.test_cases import registered
from tests.storage.test_voices import voice

KEEPER = "liu.min"
HOUR = timedelta(hours=1)
LEAVE = text("UPDATE people SET left_at = met_at WHERE id = :id")


def live(database: Database, number: int, keeper: str = KEEPER) -> None:
    """So many clients."""
    for one in range(1, number + 1):
        database.run(partial(life, number=one, keeper=keeper))


def life(tx: Tx, number: int, keeper: str) -> None:
    """One of everything that a clock looks at, of one client."""
    who = f"openid-{number}"
    need = replace(NEED, item="calibrate", assignee=keeper)
    promised = replace(need, promised_from=NOW.date(), promised_days=4, due=date(2026, 11, 27))
    served = registered(tx, [replace(need, state=NeedState.FINISHED)], who, NOW)
    registered(tx, [need], who, NOW)
    registered(tx, [replace(promised, state=NeedState.IN_SERVICE)], who, NOW)
    day = f"{NOW:%Y%m%d}"
    complaints.add(tx, voice(served.person_id, f"TS{day}-{number:04d}", owner=keeper, about=()))
    talk_with(tx, served.person_id, keeper)
    ask_to_forget(tx, served.person_id, number, keeper)
    left = people.meet(tx, Channel.OFFICIAL, f"left-{number}", NOW, Act.LEFT)
    tx.connection.execute(LEAVE, {"id": left.id})
    material = files.FilePurpose.MATERIAL
    files.expect(tx, channel=Channel.OFFICIAL, media_id=f"m{number}", purpose=material, at=NOW)


def talk_with(tx: Tx, person_id: int, keeper: str) -> None:
    """A talk that a staff member has taken over and not answered."""
    people.hand_to(tx, person_id, keeper)
    handovers.begin(tx, person_id, None, keeper, NOW, NOW + HOUR)


def ask_to_forget(tx: Tx, person_id: int, number: int, keeper: str) -> None:
    """A wish to be forgotten."""
    privacy.open_request(
        tx,
        number=f"YS20261101-{number:04d}",
        person_id=person_id,
        wish="delete",
        owner=keeper,
        at=NOW,
        due=date(2026, 12, 14),
        next_at=NOW + HOUR,
        note={},
    )
