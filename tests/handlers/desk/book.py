"""Cases put on a desk in any state, and what stands in the book afterwards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select

from bot.domain.cases import Case, Need, NeedState, NewNeed
from bot.messages import Channel
from storage import cases, events, people
from storage.db import Tx
from storage.models import OutboxRow
from storage.people import Act
from tests.storage.samples import RECORD
from tests.world import World

ITEM, DEPARTMENT = "calibrate", "metrology"
KEEPER, COLLEAGUE, FIRST_ASKED, MANAGER = "liu.min", "chen.gang", "sun.yue", "zhao.qiming"


@dataclass(frozen=True)
class Letter:
    """One push on its way: to whom, of which kind, and its text, if it is one."""

    to: str
    kind: str
    text: str


@dataclass(frozen=True)
class Book:
    """One case with its one need, the kinds of its events, and all pushes there are."""

    case: Case
    need: Need
    kinds: Counter[str]
    letters: Mapping[str, Letter]

    def since(self, earlier: "Book") -> list[Letter]:
        """The pushes that came after."""
        return [one for key, one in self.letters.items() if key not in earlier.letters]


def client_of(number: str) -> str:
    """The openid of the client of a case."""
    return f"client of {number}"


def put(world: World, state: NeedState) -> str:
    """A case with one need in that state; its number."""

    def turn(tx: Tx) -> str:
        now = world.clock()
        number = cases.next_number(tx, "JY", now.date())
        person = people.meet(tx, Channel.OFFICIAL, client_of(number), now, Act.WROTE)
        need = NewNeed("metrology", ITEM, DEPARTMENT, KEEPER, "8块压力表要校准", state, None)
        cases.register(tx, number, person.id, "oa", FIRST_ASKED, RECORD, [need], now)
        return number

    return world.database.run(turn)


def look(world: World, number: str) -> Book:
    """What stands in the book now."""

    def turn(tx: Tx) -> Book:
        case = cases.by_number(tx, number)
        assert case is not None
        kinds = Counter(one.kind for one in events.of_case(tx, case.id))
        columns = (OutboxRow.key, OutboxRow.recipient, OutboxRow.kind, OutboxRow.body)
        letters = {
            row.key: Letter(row.recipient, row.kind, text_of(tx, row.body))
            for row in tx.execute(select(*columns))
        }
        return Book(case, case.needs[0], kinds, letters)

    return world.database.run(turn)


def text_of(tx: Tx, sealed: bytes) -> str:
    """The text of a push."""
    body, _fields = cast(tuple[dict[str, object], object], tx.vault.open(sealed))
    return str(body.get("text", ""))
