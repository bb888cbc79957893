"""What the clocks have already brought up about each need."""

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key


class MilestoneRow(Base):
    """A point of a need's way that was reached: staff first, then the client, each once."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("need_id", "mark"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    need_id: Mapped[int] = mapped_column(Key, ForeignKey("needs.id"))
    mark: Mapped[str]
    # the need's version when staff were reminded: another one means that something has changed
    version: Mapped[int]
    reminded_at: Mapped[dt.datetime]
    # when the client was told, or it was found that there is nothing to tell any more
    closed_at: Mapped[dt.datetime | None]
