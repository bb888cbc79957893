"""What was written to us, by whom, and where the conversation with each stands."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key, only, without


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
        Index("ix_people_draft_on", "draft_on", **only("draft_on")),
        Index("ix_people_first_words_at", "first_words_at", **only("first_words_at")),
        Index("ix_people_left_at", "left_at", **only("left_at")),
        Index("ix_people_union_mark", "union_mark", **only("union_mark")),
        Index("ix_people_unmarked", "channel", "id", **without("union_mark")),
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
    # a question beside the form that the next message may answer
    aside: Mapped[bytes | None]
    # 退订: no invitations to rate and no reminders
    opted_out_at: Mapped[dt.datetime | None]
    # the staff member who talks with this person while the assistant is quiet
    handed_to: Mapped[str | None]
    # when they unfollowed with something still open; who they are is forgotten once it is over
    left_at: Mapped[dt.datetime | None]
    # 微信客服: a person of ours has the session (3) or it waits for one (2); null: the assistant
    session: Mapped[int | None]
    servicer: Mapped[str | None]
    # a keyed hash of the unionid, the same in every chat of one human; empty: there is none
    union_mark: Mapped[bytes | None]
    # when staff were last told that nothing reaches them until they write again
    unreached_at: Mapped[dt.datetime | None]
    # the staff member whose code they scanned, until their next case is registered
    first_asked: Mapped[str | None]
    first_asked_at: Mapped[dt.datetime | None]


class HandoverRow(Base):
    """A talk that a staff member has taken over from the assistant, until it is given back."""

    __tablename__ = "handovers"
    __table_args__ = (Index("ix_handovers_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cases.id"))
    staff: Mapped[str]
    opened_at: Mapped[dt.datetime]
    # when staff last said something, and when the client did
    answered_at: Mapped[dt.datetime | None]
    asked_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[str | None]
    # when a clock has to look at it again; null once it has ended
    next_at: Mapped[dt.datetime | None]


class PrivacyRequestRow(Base):
    """A wish about one's own data: to see, delete, or withdraw consent (PIPL 44-50)."""

    __tablename__ = "privacy_requests"
    __table_args__ = (Index("ix_privacy_requests_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"), index=True)
    wish: Mapped[str]
    state: Mapped[str]
    owner: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    due: Mapped[dt.date]
    done_at: Mapped[dt.datetime | None]
    note: Mapped[bytes | None]
    next_at: Mapped[dt.datetime | None]
