"""Files people sent or are handed: expected, fetched under a lease, sealed, and forgotten in time.

A medium lies on the platform for three days. The turn only notes that it is expected; a worker
claims it, fetches it with no transaction open, and stores it. Whoever stores, refuses or loses it
second (a worker that slept through its lease) changes nothing and is told so.
"""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import Row
from sqlalchemy.sql.base import Executable

from bot.domain.files import FilePurpose, FileSort, FileState
from bot.messages import Channel
from storage import files_sql as sql
from storage.turn import Tx
from storage.vault import Unopenable, Vault

__all__ = ["File", "FilePurpose", "FileSort", "FileState"]


@dataclass(frozen=True)
class File:
    """One file as known; `key` is the random name it goes by in records and links."""

    id: int
    key: str
    person_id: int | None
    case_id: int | None
    need_id: int | None
    purpose: FilePurpose
    sort: FileSort
    title: str | None
    filename: str | None
    channel: Channel
    media_id: str | None
    state: FileState
    reason: str | None
    content_type: str | None
    size: int | None
    at: datetime
    attempts: int


class About(TypedDict):
    """What is known of a file before anybody looks at what is in it."""

    purpose: FilePurpose
    channel: Channel
    at: datetime
    sort: NotRequired[FileSort]
    title: NotRequired[str | None]
    filename: NotRequired[str | None]
    person_id: NotRequired[int | None]
    case_id: NotRequired[int | None]
    need_id: NotRequired[int | None]


@dataclass(frozen=True)
class Sealed:
    """The bytes of a file as they are stored, made before the transaction that stores them."""

    blob: bytes
    size: int
    sha256: bytes


def seal(vault: Vault, data: bytes) -> Sealed:
    """Large bytes made ready outside of a transaction, which nobody else then has to wait for."""
    return Sealed(vault.seal_bytes(data), len(data), hashlib.sha256(data).digest())


def expect(tx: Tx, *, media_id: str, **about: Unpack[About]) -> File:
    """A medium on the platform that a worker is to fetch."""
    values = {
        "state": FileState.WAITING.value,
        "media_id": media_id,
        "next_at": about["at"],
    }
    return _begin(tx, about, values)


def put(tx: Tx, *, data: bytes | Sealed, content_type: str, **about: Unpack[About]) -> File:
    """A file whose bytes are at hand; they were checked before."""
    sealed = data if isinstance(data, Sealed) else seal(tx.vault, data)
    values = {
        "state": FileState.STORED.value,
        "sort": about.get("sort", FileSort.DOCUMENT).value,
        "content_type": content_type,
        "size": sealed.size,
        "sha256": sealed.sha256,
        "stored_at": about["at"],
    }
    file = _begin(tx, about, values)
    tx.execute(sql.KEEP, {"file_id": file.id, "data": sealed.blob})
    return file


def _begin(tx: Tx, about: About, values: Mapping[str, object]) -> File:
    """A new row, under a name that nobody guesses."""
    filename = about.get("filename")
    known = {
        "key": secrets.token_urlsafe(16),
        "purpose": about["purpose"].value,
        "sort": about.get("sort", FileSort.PHOTO).value,
        "channel": about["channel"].value,
        "at": about["at"],
        "title": about.get("title"),
        "filename": tx.vault.seal(filename) if filename else None,
        "person_id": about.get("person_id"),
        "case_id": about.get("case_id"),
        "need_id": about.get("need_id"),
    }
    return as_file(tx, tx.execute(sql.NEW, {**known, **values}).one())


def claim(tx: Tx, now: datetime, lease_until: datetime, limit: int) -> tuple[File, ...]:
    """Takes expected media that are due, oldest first; due again when the lease runs out."""
    values = {"now": now, "lease_until": lease_until, "limit": limit}
    found = [as_file(tx, row) for row in tx.execute(sql.CLAIM, values).all()]
    return tuple(sorted(found, key=lambda file: file.id))


def store(tx: Tx, file_id: int, data: bytes | Sealed, content_type: str, at: datetime) -> bool:
    """The medium came. False: it is no longer waited for, nothing was stored."""
    sealed = data if isinstance(data, Sealed) else seal(tx.vault, data)
    values = {"as_type": content_type, "bytes": sealed.size, "digest": sealed.sha256, "now": at}
    if not changed(tx, sql.STORE, values | {"file": file_id}):
        return False
    tx.execute(sql.KEEP, {"file_id": file_id, "data": sealed.blob})
    return True


def refuse(tx: Tx, file_id: int, reason: str) -> bool:
    """The medium came and cannot be used. False: it is no longer waited for."""
    return _end(tx, file_id, FileState.UNREADABLE, reason)


def lose(tx: Tx, file_id: int, reason: str) -> bool:
    """The medium will never come. False: it is no longer waited for."""
    return _end(tx, file_id, FileState.LOST, reason)


def later(tx: Tx, file_id: int, next_at: datetime, reason: str | None = None) -> bool:
    """The medium is to be fetched again then."""
    return changed(tx, sql.LATER, {"file": file_id, "again_at": next_at, "why": reason})


def by_key(tx: Tx, key: str) -> File | None:
    """The file that goes by that name."""
    row = tx.execute(sql.BY_KEY, {"named": key}).first()
    return None if row is None else as_file(tx, row)


def digests(tx: Tx, keys: Sequence[str]) -> frozenset[bytes]:
    """The SHA-256 of what is in those files, to know what comes a second time."""
    if not keys:
        return frozenset()
    return frozenset(tx.execute(sql.DIGESTS, {"keys": list(keys)}).scalars())


def by_id(tx: Tx, file_id: int) -> File | None:
    """The file under our own number."""
    row = tx.execute(sql.BY_ID, {"file": file_id}).first()
    return None if row is None else as_file(tx, row)


def of_case(tx: Tx, case_id: int) -> tuple[File, ...]:
    """The files of a case, oldest first."""
    return tuple(as_file(tx, row) for row in tx.execute(sql.OF_CASE, {"of_case": case_id}))


def of_person(tx: Tx, person_id: int) -> tuple[File, ...]:
    """The files a person sent, oldest first."""
    return tuple(as_file(tx, row) for row in tx.execute(sql.OF_PERSON, {"person": person_id}))


def read(tx: Tx, file_id: int) -> bytes | None:
    """What is in a stored file; None if nothing is, any more or yet."""
    blob: bytes | None = tx.execute(sql.CONTENT, {"file": file_id}).scalar()
    return None if blob is None else tx.vault.open_bytes(blob)


def read_sealed(tx: Tx, file_id: int) -> bytes | None:
    """The same still sealed, for whoever opens it after the transaction."""
    blob: bytes | None = tx.execute(sql.CONTENT, {"file": file_id}).scalar()
    return blob


def rename(tx: Tx, key: str, title: str | None) -> None:
    """What the file is."""
    tx.execute(sql.RENAME, {"named": key, "to": title})


def attach(
    tx: Tx, keys: Sequence[str], case_id: int, need_id: int | None = None, title: str | None = None
) -> int:
    """Makes files part of a case, under the name they have there; how many were in none before."""
    one = {"to_case": case_id, "to_need": need_id, "to_title": title}
    return sum(changed(tx, sql.ATTACH, one | {"named": key}) for key in keys)


def attach_recordings(tx: Tx, person_id: int, case_id: int, since: datetime) -> tuple[File, ...]:
    """Makes what that person said or filmed since then, and no case has, part of this one."""
    values = {"person": person_id, "to_case": case_id, "since": since}
    return tuple(as_file(tx, row) for row in tx.execute(sql.ATTACH_RECORDINGS, values).all())


def erase(tx: Tx, keys: Sequence[str]) -> int:
    """Forgets these files for good; how many there were to forget."""
    return sum(forget(tx, sql.ERASE_KEY, {"named": key}) for key in keys)


def erase_of_case(tx: Tx, case_id: int) -> int:
    """Forgets the files of a case."""
    return forget(tx, sql.ERASE_OF_CASE, {"of_case": case_id})


def purge(tx: Tx, before: datetime, limit: int = 100) -> int:
    """Forgets media that came before that moment, unless their case is still worked at."""
    return forget(tx, sql.PURGE_MEDIA, {"before": before, "limit": limit})


def purge_records(tx: Tx, before: datetime, limit: int = 100) -> int:
    """Forgets certificates and reports of before that moment."""
    return forget(tx, sql.PURGE_RECORDS, {"before": before, "limit": limit})


def purge_loose(tx: Tx, before: datetime, limit: int = 100) -> int:
    """Forgets materials of before that moment that no case has, of people without a draft."""
    return forget(tx, sql.PURGE_LOOSE, {"before": before, "limit": limit})


def forget(tx: Tx, statement: Executable, values: Mapping[str, object]) -> int:
    """Runs a statement that forgets files, and drops what was in them; how many they were."""
    gone = [{"file": row.id} for row in tx.execute(statement, values).all()]
    if gone:
        tx.execute(sql.DROP_CONTENT, gone)
    return len(gone)


def changed(tx: Tx, statement: Executable, values: Mapping[str, object]) -> bool:
    """Whether the statement found its row."""
    return tx.execute(statement, values).first() is not None


def _end(tx: Tx, file_id: int, state: FileState, reason: str) -> bool:
    values = {"file": file_id, "to_state": state.value, "why": reason}
    return changed(tx, sql.END, values)


def opened_name(tx: Tx, sealed: bytes) -> str | None:
    """A file's name; none if its key is lost, since a name is worth no file."""
    try:
        return str(tx.vault.open(sealed))
    except Unopenable:
        return None


def as_file(tx: Tx, row: Row[Any]) -> File:
    """The value of a stored file."""
    return File(
        id=row.id,
        key=row.key,
        person_id=row.person_id,
        case_id=row.case_id,
        need_id=row.need_id,
        purpose=FilePurpose(row.purpose),
        sort=FileSort(row.sort),
        title=row.title,
        filename=None if row.filename is None else opened_name(tx, row.filename),
        channel=Channel(row.channel),
        media_id=row.media_id,
        state=FileState(row.state),
        reason=row.reason,
        content_type=row.content_type,
        size=row.size,
        at=row.at,
        attempts=row.attempts,
    )
