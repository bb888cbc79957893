"""The media worker: fetches what people sent from the platform before it expires, and keeps it.

Like the delivery worker it claims under a lease, talks to the platform with no transaction open,
and marks each file on its own; any number of processes may run one. A worker that dies between
fetching and storing has done nothing: when its lease runs out the file is fetched again.
"""

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from bot.background import Background
from bot.clock import Clock
from bot.domain.files import FilePurpose, FileSort, Loss
from bot.domain.retry import Again, Failure, SendFailed, decide, redacted
from bot.media import recordings
from bot.media.documents import CERTIFICATES, MATERIALS, Ware, examined
from bot.media.flaws import Unusable
from bot.messages import Channel
from bot.wechat.limits import MEDIA_LIFETIME, VIDEO_BYTES, VOICE_BYTES
from storage import files
from storage.db import Busy, Database, Tx
from storage.files import File
from storage.vault import Vault

log = logging.getLogger(__name__)

# a fetch takes ten seconds at most (bot.wechat.client), and one picture is decoded at a time
LEASE = timedelta(seconds=90)
WORKERS = 4
# what may come beside pictures, by what it is for
TAKEN: Mapping[FilePurpose, frozenset[str]] = {
    FilePurpose.CERTIFICATE: CERTIFICATES,
    FilePurpose.MATERIAL: MATERIALS,
    FilePurpose.COMPLAINT: MATERIALS,
}


def looked_at(data: bytes, file: File) -> Ware:
    """What came, if it is what it was sent as; Unusable says why it cannot be kept."""
    if file.sort in {FileSort.VOICE, FileSort.SPOKEN}:
        return Ware(data, recordings.sound(data, VOICE_BYTES))
    if file.sort is FileSort.VIDEO:
        return Ware(data, recordings.film(data, VIDEO_BYTES))
    return examined(data, TAKEN[file.purpose])


# so often a file is fetched again because nobody could be told what became of it
PATIENCE = 5


class Marks(Protocol):
    """A turn that marks a file, and if wanted has people told of it."""

    def __call__(self, tx: Tx, *, told: bool) -> None:
        """Both in one transaction."""


class Source(Protocol):
    """A platform account that media can be fetched from."""

    def fetch_media(self, media_id: str) -> bytes:
        """What is behind the id, or SendFailed."""


class News(Protocol):
    """What follows for people, in the transaction that stores or gives up a file."""

    def arrived(self, tx: Tx, file: File) -> None:
        """It is stored."""

    def useless(self, tx: Tx, file: File, reason: str) -> None:
        """It came and cannot be used, or it will never come."""


@dataclass(frozen=True)
class Claimed:
    """Files that are ours for now, and what seals them."""

    files: tuple[File, ...]
    vault: Vault


class Fetching(Background):
    """Fetches what is expected, a few files at a time."""

    def __init__(
        self, db: Database, sources: Mapping[Channel, Source], clock: Clock, news: News
    ) -> None:
        super().__init__("fetching", WORKERS)
        self._db, self._sources, self._clock, self._news = db, sources, clock, news

    def drain(self) -> int:
        """Fetches until nothing is due; how many files were taken."""
        taken = 0
        while not self._stopping.is_set():
            claimed = self._claim()
            if claimed is None or not claimed.files:
                return taken
            taken += len(claimed.files)
            list(self._pool.map(partial(self._attempt, vault=claimed.vault), claimed.files))
        return taken

    def _claim(self) -> Claimed | None:
        now = self._clock()
        try:
            return self._db.run(
                lambda tx: Claimed(files.claim(tx, now, now + LEASE, WORKERS), tx.vault)
            )
        except Busy:
            # nothing was taken; the next tick asks again
            return None

    def _attempt(self, file: File, vault: Vault) -> None:
        """One file, whatever happens; without a mark its lease runs out and it is taken again."""
        try:
            self._fetch(file, vault)
        except Exception as error:  # noqa: BLE001 -- the others go on
            log.warning("file %d has no mark: %s", file.id, type(error).__name__)

    def _fetch(self, file: File, vault: Vault) -> None:
        try:
            data = self._sources[file.channel].fetch_media(file.media_id or "")
        except SendFailed as failure:
            self._failed(file, failure)
            return
        except Exception as error:  # noqa: BLE001 -- a source's bug must not lose the file
            self._failed(file, SendFailed(Failure.AGAIN, None, type(error).__name__))
            return
        try:
            ware = looked_at(data, file)
        except Unusable as unusable:
            self._end(file, str(unusable.flaw), came=True)
            return
        self._store(file, ware, vault)

    def _store(self, file: File, ware: Ware, vault: Vault) -> None:
        # sealed before the transaction, which everybody else waits for
        sealed, kind = files.seal(vault, ware.data), ware.content_type

        def stored(tx: Tx, *, told: bool) -> None:
            if files.store(tx, file.id, sealed, kind, self._clock()) and told:
                self._news.arrived(tx, file)

        self._mark(file, stored)

    def _failed(self, file: File, failure: SendFailed) -> None:
        now = self._clock()
        why = redacted(str(failure))
        log.warning("file %d: %s", file.id, why)
        decision = decide(failure.failure, file.attempts, now, random.random())
        if now >= file.at + MEDIA_LIFETIME:
            self._end(file, Loss.EXPIRED, came=False)
        elif isinstance(decision, Again):
            again = decision.at
            self._db.run(lambda tx: files.later(tx, file.id, again, why))
        else:
            self._end(file, Loss.REFUSED, came=False)

    def _end(self, file: File, reason: str, *, came: bool) -> None:
        end = files.refuse if came else files.lose

        def ended(tx: Tx, *, told: bool) -> None:
            if end(tx, file.id, str(reason)) and told:
                self._news.useless(tx, file, str(reason))

        self._mark(file, ended)

    def _mark(self, file: File, turn: Marks) -> None:
        """Marks it together with what follows; in the end, of what cannot follow, alone.

        What is wrong with a draft or a case must not leave a file waiting, and fetched, for ever.
        """
        try:
            self._db.run(partial(turn, told=True))
        except Busy:
            raise
        except Exception as error:
            if file.attempts < PATIENCE:
                raise
            log.error(  # noqa: TRY400 -- what an error says may be what somebody sent
                "file %d: nobody could be told what became of it: %s", file.id, type(error).__name__
            )
            self._db.run(partial(turn, told=False))
