"""What is to be sent, what was, and what keeps the clocks and limits of sending."""

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key, only


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
            **only("next_at"),
        ),
        Index(
            "ix_outbox_order",
            "channel",
            "recipient",
            "due",
            "id",
            **only("next_at"),
        ),
        Index(
            "ix_outbox_parked",
            "channel",
            "recipient",
            "state",
            **only("parked_at"),
        ),
        # what a person was sent is found when they are to be forgotten
        Index("ix_outbox_sent_to", "channel", "recipient", **only("sent_at")),
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
    # the ways it was refused for what it holds, each followed by a space: not tried again
    refused: Mapped[str] = mapped_column(server_default="")


class ConsentRow(Base):
    """How many notices of a template a person has asked for and not yet been sent."""

    __tablename__ = "consents"

    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"), primary_key=True)
    template: Mapped[str] = mapped_column(primary_key=True)
    left: Mapped[int] = mapped_column(server_default="0")


class ClosedWayRow(Base):
    """A call that the platform refuses to the whole account, and until when it is left alone."""

    __tablename__ = "closed_ways"

    channel: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[int]
    until: Mapped[dt.datetime]


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
