"""Who of the corporation is in the range of the staff app, as WeCom last listed them."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from storage.models.columns import Base


class MemberRow(Base):
    """One member of WeCom, whatever the catalogue says of them."""

    __tablename__ = "members"

    # lower-cased, as the platform compares and answers them
    userid: Mapped[str] = mapped_column(primary_key=True)
    # name and departments; null as long as WeCom has not listed them
    about: Mapped[bytes | None]
    # no longer in the list since
    left_at: Mapped[dt.datetime | None]
    # the platform took nothing for them since
    unreachable_at: Mapped[dt.datetime | None]
    # off duty until
    away_until: Mapped[dt.datetime | None]
