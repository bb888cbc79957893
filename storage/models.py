"""The tables; every column that may hold personal data is sealed bytes."""

import datetime as dt
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

SHANGHAI = ZoneInfo("Asia/Shanghai")
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


class Moment(TypeDecorator[dt.datetime]):
    """A point in time: timestamptz, or microseconds since 1970 on SQLite; in Python, Shanghai's."""

    impl = TIMESTAMP(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return BigInteger() if dialect.name == "sqlite" else TIMESTAMP(timezone=True)

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored; give it a time zone")
        return (value - EPOCH) // MICROSECOND if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            value = EPOCH + dt.timedelta(microseconds=value)
        moment: dt.datetime = value.astimezone(SHANGHAI)
        return moment


Key = BigInteger().with_variant(Integer(), "sqlite")


class Base(DeclarativeBase):
    """The schema; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class
        dt.datetime: Moment(),
        bytes: LargeBinary(),
    }


class InboxRow(Base):
    """An inbound message that was answered, and with what."""

    __tablename__ = "inbox"

    key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    reply: Mapped[bytes | None]


class KeptRow(Base):
    """The sealed input of a turn that failed, for staff to look at."""

    __tablename__ = "kept_inputs"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    channel: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    why: Mapped[str]
    raw: Mapped[bytes]


class PersonRow(Base):
    """A person under one channel identity, the open conversation, and what we may still send."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("channel", "identity"),
        Index(
            "ix_people_draft_on",
            "draft_on",
            sqlite_where=text("draft_on IS NOT NULL"),
            postgresql_where=text("draft_on IS NOT NULL"),
        ),
        Index(
            "ix_people_first_words_at",
            "first_words_at",
            sqlite_where=text("first_words_at IS NOT NULL"),
            postgresql_where=text("first_words_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    channel: Mapped[str]
    identity: Mapped[str]
    met_at: Mapped[dt.datetime]
    seen_on: Mapped[dt.date]
    progress: Mapped[bytes | None]
    # a day, not a moment: PostgreSQL then rewrites no index when somebody writes twice a day
    draft_on: Mapped[dt.date | None]
    first_words: Mapped[bytes | None]
    first_words_at: Mapped[dt.datetime | None]
    consented_at: Mapped[dt.datetime | None]
    consent_version: Mapped[str | None]
    wrote_at: Mapped[dt.datetime | None]
    wrote_sent: Mapped[int] = mapped_column(server_default="0")
    tapped_at: Mapped[dt.datetime | None]
    tapped_sent: Mapped[int] = mapped_column(server_default="0")
    following: Mapped[bool] = mapped_column(server_default=text("true"))


class CounterRow(Base):
    """The last case number given out on a day."""

    __tablename__ = "counters"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    value: Mapped[int]


class CaseRow(Base):
    """One Table B.1; `enterprise` alone is clear, so that staff can search it."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_person_id_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"))
    channel: Mapped[str]
    agent: Mapped[str]
    enterprise: Mapped[str | None] = mapped_column(index=True)
    phone_hmac: Mapped[bytes | None] = mapped_column(index=True)
    phone_last4_hmac: Mapped[bytes | None] = mapped_column(index=True)
    record: Mapped[bytes]
    registered_at: Mapped[dt.datetime] = mapped_column(index=True)


class NeedRow(Base):
    """One row 服务需求; `open` repeats what `state` says, so that an index can know it."""

    __tablename__ = "needs"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        Index("ix_needs_open_assignee_id", "open", "assignee", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(Key, ForeignKey("cases.id"))
    position: Mapped[int]
    category: Mapped[str]
    item: Mapped[str]
    department: Mapped[str]
    assignee: Mapped[str]
    description: Mapped[bytes]
    state: Mapped[str]
    open: Mapped[bool]
    due: Mapped[dt.date | None]
    wanted: Mapped[str]
    reason: Mapped[bytes | None]
    step: Mapped[bytes | None]
    version: Mapped[int]
    # when it came to its present assignee and state; what a reminder counts from
    since: Mapped[dt.datetime]


class EventRow(Base):
    """One entry of a case's timeline; only `values` can be erased."""

    __tablename__ = "events"
    __table_args__ = (Index("ix_events_case_id_id", "case_id", "id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(Key, ForeignKey("cases.id"))
    need_id: Mapped[int | None] = mapped_column(Key, ForeignKey("needs.id"))
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    facts: Mapped[bytes | None]


class PushState(StrEnum):
    """Where a push stands. Held waits for the person; uncertain and failed wait for staff."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


class OutboxRow(Base):
    """One push.

    `next_at` is when a worker may take it: its due time, the end of a retry's pause, or the
    end of the lease of whoever took it; null once nobody may. `parked_at` is set while it
    waits for a person or for staff. So each question the workers ask has a small index.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_next_at",
            "next_at",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_order",
            "channel",
            "recipient",
            "due",
            "id",
            sqlite_where=text("next_at IS NOT NULL"),
            postgresql_where=text("next_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_parked",
            "channel",
            "recipient",
            "state",
            sqlite_where=text("parked_at IS NOT NULL"),
            postgresql_where=text("parked_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    kind: Mapped[str]
    purpose: Mapped[str]
    body: Mapped[bytes]
    due: Mapped[dt.datetime]
    expires: Mapped[dt.datetime | None]
    urgent: Mapped[bool] = mapped_column(server_default=false())
    state: Mapped[str]
    next_at: Mapped[dt.datetime | None]
    parked_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    # how often it stayed open whether it was sent: the person may have seen it so often more
    repeats: Mapped[int] = mapped_column(server_default="0")
    token: Mapped[str | None]
    reason: Mapped[str | None]
    sent_at: Mapped[dt.datetime | None]
    provider_id: Mapped[str | None]
    response_code: Mapped[str | None]


class TokenRow(Base):
    """A platform access token, and the lease of whoever is fetching the next one."""

    __tablename__ = "tokens"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[bytes | None]
    digest: Mapped[bytes | None]
    expires_at: Mapped[dt.datetime | None]
    refresh_until: Mapped[dt.datetime | None]


class RunRow(Base):
    """A clock job that some replica has taken for a period."""

    __tablename__ = "runs"

    job: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)


class BeatRow(Base):
    """The last sign of life of a part of the system."""

    __tablename__ = "beats"

    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]


class QuotaRow(Base):
    """How much of a platform limit was used in a window of time."""

    __tablename__ = "quotas"

    scope: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[dt.datetime] = mapped_column(primary_key=True, index=True)
    used: Mapped[int]


class MovedClockRow(Base):
    """How far the demonstration's clock was moved on."""

    __tablename__ = "moved_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)
