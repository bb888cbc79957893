"""Everything a database holds, opened: what a thief with the keys would read."""

from collections.abc import Iterator

from sqlalchemy import LargeBinary, select

from storage.db import Database, Tx
from storage.models import Base
from storage.vault import Unopenable


def everything(db: Database) -> str:
    """Every value of every table, sealed ones in clear, each on a line of its own."""
    return db.run(lambda tx: "\n".join(one.replace("\n", " ") for one in values(tx)))


def values(tx: Tx) -> Iterator[str]:
    """Table, column and value of each."""
    for table in Base.metadata.sorted_tables:
        for row in tx.connection.execute(select(table)).mappings():
            for column in table.columns:
                value = row[column.name]
                if value is not None:
                    sealed = isinstance(column.type, LargeBinary)
                    yield f"{table.name}.{column.name}: {opened(tx, value) if sealed else value}"


def opened(tx: Tx, blob: bytes) -> str:
    """What is sealed in it; digests stay what they are."""
    try:
        raw = tx.vault.open_bytes(blob)
    except Unopenable:
        return blob.hex()
    text = raw.decode("utf-8", "replace")
    # JSON may spell characters by their numbers
    return text if "\\u" not in text else text + text.encode().decode("unicode_escape", "replace")
