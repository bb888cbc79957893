"""What every table is made of: its base class and the types of its columns."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import TIMESTAMP, BigInteger, Integer, LargeBinary, MetaData, text
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
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


def only(column: str) -> dict[str, Any]:
    """Keeps an index to the rows where the column is set, on both engines."""
    condition = text(f"{column} IS NOT NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}


def without(column: str) -> dict[str, Any]:
    """Keeps an index to the rows where the column is not set, on both engines."""
    condition = text(f"{column} IS NULL")
    return {"sqlite_where": condition, "postgresql_where": condition}
