"""The accounts of 微信客服, whose messages have to be fetched."""

import datetime as dt

from sqlalchemy import false
from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base


class KfAccountRow(Base):
    """One account: up to where it was read, when to look again, and who is reading it."""

    __tablename__ = "kf_accounts"

    open_kfid: Mapped[str] = mapped_column(primary_key=True)
    # the platform's own mark of the last page; without one it begins three days ago
    cursor: Mapped[str | None]
    # of the last bell, good for ten minutes
    token: Mapped[bytes | None]
    # how often it rang: a bell during a pull asks for another
    bells: Mapped[int] = mapped_column(server_default="0")
    # whether everything from before our first start has been read
    caught_up: Mapped[bool] = mapped_column(server_default=false())
    next_at: Mapped[dt.datetime]
    lease: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
