"""An office that is reached only by letter: signed, encrypted, as often as a test likes."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlalchemy import func, select

from bot.app import App
from bot.clock import Clock
from bot.config import Settings
from bot.simulator.accounts import Accounts
from bot.wechat.envelope import Envelope
from storage.db import Database, Tx, open_database
from storage.models import CaseRow, EventRow, InboxRow, KeptRow, NeedRow, OutboxRow, PersonRow
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.wechat.sender import Knock, sealed
from tests.world import settings_for, shipped_catalog

ENCRYPTED = re.compile(rb"<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>")
SAID = re.compile(r"<Content><!\[CDATA\[(.*)\]\]></Content>", re.DOTALL)
TABLES = (CaseRow, NeedRow, EventRow, OutboxRow, InboxRow, KeptRow, PersonRow)

# nobody listens there: what these tests look at is what lies in the outbox
NOWHERE = "http://127.0.0.1:9"


@dataclass(frozen=True)
class Answer:
    """What the platform got: the inner XML, byte for byte; empty for silence."""

    status: int
    inner: bytes

    @property
    def text(self) -> str:
        """What the person reads."""
        found = SAID.search(self.inner.decode())
        return found[1] if found else ""


class Writer:
    """Writes letters as the platform does, and opens what comes back."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.envelope = Envelope(settings.oa_token, settings.oa_aes_key, settings.oa_app_id)
        self.clock = clock
        self.numbers = count(7_000_000_001)

    def letter(self, openid: str, text: str) -> bytes:
        """A text message with a MsgId of its own."""
        tags = {"MsgType": "text", "Content": text, "MsgId": str(next(self.numbers))}
        return self.inner(openid, tags)

    def photo(self, openid: str) -> bytes:
        """A picture."""
        number = str(next(self.numbers))
        return self.inner(openid, {"MsgType": "image", "MediaId": number, "MsgId": number})

    def event(self, openid: str, name: str, key: str = "") -> bytes:
        """An event: it has no MsgId."""
        return self.inner(openid, {"MsgType": "event", "Event": name, "EventKey": key})

    def inner(self, openid: str, tags: Mapping[str, str]) -> bytes:
        """The XML inside the envelope."""
        head = {"ToUserName": "gh_office", "FromUserName": openid}
        head["CreateTime"] = str(int(self.clock().timestamp()))
        body = "".join(f"<{k}><![CDATA[{v}]]></{k}>" for k, v in {**head, **tags}.items())
        return f"<xml>{body}</xml>".encode()

    def knock(self, inner: bytes) -> Knock:
        """One delivery of a letter, sealed and signed anew."""
        return sealed(inner, self.clock(), self.envelope)

    def opened(self, status: int, body: bytes) -> Answer:
        """The answer out of its envelope."""
        found = ENCRYPTED.search(body)
        return Answer(status, self.envelope.decrypt(found[1].decode()) if found else b"")


class Letterbox(Writer):
    """Delivers to the `/wechat` of an office in this process."""

    def __init__(self, app: App) -> None:
        super().__init__(app.settings, app.clock)
        self.app = app

    def environ(self, inner: bytes) -> dict[str, Any]:
        """The request as the server hands it over."""
        return self.knock(inner).environ(PATH_INFO="/wechat")

    def post(self, inner: bytes) -> Answer:
        """One delivery."""
        started: list[str] = []

        def start(status: str, _headers: object, _info: object = None) -> Any:
            started.append(status)
            return lambda _data: None

        body = b"".join(self.app.wsgi(self.environ(inner), start))
        return self.opened(int(started[0][:3]), body)

    def say(self, openid: str, text: str) -> Answer:
        """One message, delivered once."""
        return self.post(self.letter(openid, text))


@contextmanager
def open_letterbox(
    url: str, vault: Vault, clock: FixedClock, kind: type[App] = App
) -> Iterator[Letterbox]:
    """The office on this database, without anybody who sends what is in its outbox."""
    database = open_database(url, vault)
    settings = settings_for(Accounts.random(), url, NOWHERE)
    try:
        yield Letterbox(kind(settings, shipped_catalog(), database, clock))
    finally:
        database.close()


def rows_of(database: Database) -> dict[str, int]:
    """How many rows each table has: what messages have caused."""

    def counted(tx: Tx) -> dict[str, int]:
        return {
            table.__tablename__: int(
                tx.execute(select(func.count()).select_from(table)).scalar_one()
            )
            for table in TABLES
        }

    return database.run(counted)
