"""What people sent and what is handed to them: photos, documents, certificates."""

import datetime as dt

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base, Key, only


class FileRow(Base):
    """One file under a generated name; what is in it stands apart, sealed."""

    __tablename__ = "files"
    __table_args__ = (Index("ix_files_next_at", "next_at", **only("next_at")),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    # random, so that nobody guesses another's; the material's value in a record
    key: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(Key, ForeignKey("people.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(Key, ForeignKey("cases.id"), index=True)
    need_id: Mapped[int | None] = mapped_column(Key, ForeignKey("needs.id"))
    purpose: Mapped[str]
    # what it was sent as
    sort: Mapped[str] = mapped_column(server_default="photo")
    # the material or the document it is, as people call it
    title: Mapped[str | None]
    # the name it had on the sender's side
    filename: Mapped[bytes | None]
    channel: Mapped[str]
    media_id: Mapped[str | None]
    state: Mapped[str]
    reason: Mapped[str | None]
    content_type: Mapped[str | None]
    size: Mapped[int | None]
    sha256: Mapped[bytes | None]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    stored_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    # when it is to be fetched from the platform; null once nobody has to
    next_at: Mapped[dt.datetime | None]


class FileContentRow(Base):
    """The sealed bytes of a stored file; forgetting a file deletes this row."""

    __tablename__ = "file_contents"

    file_id: Mapped[int] = mapped_column(Key, ForeignKey("files.id"), primary_key=True)
    data: Mapped[bytes]
