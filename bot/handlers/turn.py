"""What a handler works with: the turn it is in, the office it serves, the answer it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Protocol

from bot.dialogs.intake.draft import Draft
from bot.domain.catalog import Catalog, Staff
from bot.handlers.ways import Account
from bot.messages import Channel, Inbound, Kind, Push, PushKind, Say
from bot.reading.concerns.faqs import Faqs
from bot.reading.reader import Reader
from bot.reading.reading import Reading
from bot.reading.staff.commands import Command, read_command
from bot.render import Renderer
from storage import events, outbox
from storage.db import Tx
from storage.people import Person

Address = tuple[Channel, str]


class Links(Protocol):
    """Addresses of pages for one person or file; "" where no address of ours is known."""

    def upload(self, person_id: int) -> str:
        """Where that client sends documents and long lists."""

    def subscribe(self, person_id: int) -> str:
        """Where that client asks for notices."""

    def file(self, key: str) -> str:
        """Where the person in charge looks at a material."""

    def certificate(self, key: str) -> str:
        """Where the client downloads a document."""

    def hand_over(self, person_id: int, need_id: int, title: str) -> str:
        """Where that staff member sends a document to the client of a need."""


@dataclass(frozen=True)
class Office:
    """What does not change from turn to turn, built once by the composition root."""

    catalog: Catalog
    reader: Reader
    faqs: Faqs
    renderer: Renderer
    links: Links
    # what our own account can send, where staff are told how a client hears of something
    account: Account = field(default_factory=Account)


# the verbs of orders that the result of a need may as well begin with
RESULTS = frozenset({"amount", "report", "certificate", "received"})


@dataclass(frozen=True)
class Turn:
    """One inbound message, its person's row locked, inside one transaction."""

    tx: Tx
    now: datetime
    inbound: Inbound
    reading: Reading
    person: Person
    office: Office

    @property
    def catalog(self) -> Catalog:
        """The offer."""
        return self.office.catalog

    @property
    def staff(self) -> Staff | None:
        """Who writes, if they work here."""
        return self.catalog.person.get(self.inbound.person.lower())

    @cached_property
    def draft(self) -> Draft | None:
        """The draft this person has, open or cancelled, as the turn found it."""
        progress = self.person.progress
        return Draft.model_validate(progress) if progress.get("form") == "intake" else None

    @cached_property
    def command(self) -> Command | None:
        """The order that was typed, read once for all handlers of a turn.

        Where another order waits for its words, 报告编号 JY-1 and 证书已寄出 are those words: an
        order of one of these verbs takes a case number then.
        """
        if self.inbound.kind is not Kind.TEXT:
            return None
        command = read_command(self.inbound.text)
        waits = self.person.progress.get("form") == "order"
        if waits and command is not None and command.verb in RESULTS and not command.number:
            return None
        return command

    def push(self, *pushes: Push) -> None:
        """Lay pushes into the outbox of this transaction."""
        if pushes:
            outbox.enqueue(self.tx, pushes)

    def text_push(
        self, key: str, to: Address, say: Say, *, purpose: str, due: datetime | None = None
    ) -> Push:
        """A text for somebody, rendered now, so that what is sent is what was decided."""
        body = {"text": self.office.renderer.text(say)}
        return Push(key, *to, PushKind.TEXT, body, due or self.now, purpose)

    def note(
        self, case_id: int, need_id: int | None, kind: str, actor: str, **values: object
    ) -> None:
        """Append one line to the case's timeline."""
        events.append(self.tx, case_id, need_id, self.now, kind, actor, values)


@dataclass(frozen=True)
class Answer:
    """What is said, and the new progress of the person; None leaves it as it is."""

    says: tuple[Say, ...] = ()
    progress: Mapping[str, object] | None = None
    # deliberate silence: an event that no person waits for an answer to
    silent: bool = False
    # what goes out after the reply
    after: tuple[Push, ...] = ()


Handler = Callable[[Turn], Answer | None]

CLIENT, STAFF = "client", "staff"
