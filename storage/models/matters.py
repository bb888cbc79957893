"""The cases, their needs, and what happened to them."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key, only


class CounterRow(Base):
    """The last case number given out on a day."""

    __tablename__ = "counters"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    value: Mapped[int]


class CaseRow(Base):
    """One Table B.1; `enterprise` alone is clear, so that staff can search it."""

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_person_id_id", "person_id", "id"),
        Index(
            "ix_cases_kept",
            "registered_at",
            sqlite_where=text("erased_at IS NULL"),
            postgresql_where=text("erased_at IS NULL"),
        ),
    )

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
    # when its record had been kept for as long as the law asks, and only counts were left
    erased_at: Mapped[dt.datetime | None]


class NeedRow(Base):
    """One row 服务需求; `open` repeats what `state` says, so that an index can know it."""

    __tablename__ = "needs"
    __table_args__ = (
        UniqueConstraint("case_id", "position"),
        Index("ix_needs_open_assignee_id", "open", "assignee", "id"),
        Index("ix_needs_report_key", "report_key", **only("report_key")),
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
    # how the client wants it done (clause 7.4.4), a JSON list, and by when
    options: Mapped[str] = mapped_column(server_default="[]")
    wanted_on: Mapped[dt.date | None]
    # entered by staff: a sum as it is shown, and the number the report is known by
    amount: Mapped[str | None]
    report_number: Mapped[str | None]
    # the same in the one form it is searched by
    report_key: Mapped[str | None]
    # the promise behind `due`: from which day, how many working days, and whether any is a guess
    promised_from: Mapped[dt.date | None]
    promised_days: Mapped[int | None]
    estimated: Mapped[bool] = mapped_column(server_default=false())


# The lines of a timeline that quote what somebody wrote in the chat: their values are kept as
# long as chats are, where everything else belongs to the record.
CHAT = (
    "kind IN ('asks_for_person', 'complaint', 'privacy', 'opinion',"
    " 'talk_asked', 'talk_client', 'talk_answered') AND facts IS NOT NULL"
)


class EventRow(Base):
    """One entry of a case's timeline; only `values` can be erased."""

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_case_id_id", "case_id", "id"),
        Index("ix_events_chat_at", "at", sqlite_where=text(CHAT), postgresql_where=text(CHAT)),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(Key, ForeignKey("cases.id"))
    need_id: Mapped[int | None] = mapped_column(Key, ForeignKey("needs.id"))
    at: Mapped[dt.datetime]
    kind: Mapped[str]
    actor: Mapped[str]
    facts: Mapped[bytes | None]
