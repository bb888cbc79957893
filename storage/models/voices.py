"""What clients say of the service: ratings, complaints, opinions, and what is improved for them."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key, only
from storage.models.matters import NeedRow

# whose service is over and whose rating is not: few rows, looked for every minute
OVER = text("state IN ('answered', 'finished')")
Index("ix_needs_over", NeedRow.__table__.c.case_id, sqlite_where=OVER, postgresql_where=OVER)


class SurveyRow(Base):
    """The one invitation to rate a case, and what came of it (clause 9.2.1)."""

    __tablename__ = "surveys"
    __table_args__ = (Index("ix_surveys_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    case_id: Mapped[int] = mapped_column(Key, ForeignKey("cases.id"), unique=True)
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"), index=True)
    # who is rated
    staff: Mapped[str]
    state: Mapped[str]
    # why there will be no rating, once that is so
    reason: Mapped[str | None]
    ended_at: Mapped[dt.datetime]
    last_day: Mapped[dt.date]
    invited_at: Mapped[dt.datetime | None]
    reminded_at: Mapped[dt.datetime | None]
    rated_at: Mapped[dt.datetime | None]
    closes_at: Mapped[dt.datetime | None]
    professional: Mapped[int | None]
    timely: Mapped[int | None]
    honest: Mapped[int | None]
    overall: Mapped[int | None]
    comment: Mapped[bytes | None]
    next_at: Mapped[dt.datetime | None]


class ComplaintRow(Base):
    """A complaint or an opinion under its own number (domain.md 6, clause 9.1.1)."""

    __tablename__ = "complaints"
    __table_args__ = (Index("ix_complaints_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    person_id: Mapped[int] = mapped_column(Key, ForeignKey("people.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cases.id"), index=True)
    owner: Mapped[str] = mapped_column(index=True)
    # the staff member complained about, who neither sees nor decides it
    about: Mapped[str | None]
    confidential: Mapped[bool]
    state: Mapped[str]
    facts: Mapped[bytes]
    decision: Mapped[bytes | None]
    received_at: Mapped[dt.datetime] = mapped_column(index=True)
    due: Mapped[dt.date | None]
    since: Mapped[dt.datetime]
    closed_at: Mapped[dt.datetime | None]
    # when it had been kept for as long as its case would be, and only counts were left
    erased_at: Mapped[dt.datetime | None]
    next_at: Mapped[dt.datetime | None]


class ImprovementRow(Base):
    """Something to be put right, with an owner and a day (clause 9.3)."""

    __tablename__ = "improvements"
    __table_args__ = (Index("ix_improvements_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    case_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cases.id"), index=True)
    survey_id: Mapped[int | None] = mapped_column(Key, ForeignKey("surveys.id"))
    complaint_id: Mapped[int | None] = mapped_column(Key, ForeignKey("complaints.id"))
    owner: Mapped[str] = mapped_column(index=True)
    confidential: Mapped[bool]
    state: Mapped[str]
    facts: Mapped[bytes]
    plan: Mapped[bytes | None]
    due: Mapped[dt.date]
    opened_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    next_at: Mapped[dt.datetime | None]
