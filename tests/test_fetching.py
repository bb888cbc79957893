"""The media worker: fetched once, before they expire, by however many workers; none is lost."""

import io
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.fernet import Fernet
from PIL import Image

from bot.domain.retry import Failure, SendFailed
from bot.fetching import LEASE, Fetching
from bot.messages import Channel
from bot.simulator import photos, recordings
from bot.wechat.limits import VOICE_BYTES
from storage import files
from storage.db import Database, Tx, open_database
from storage.files import File, FilePurpose, FileSort, FileState
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.storage.test_at_rest import on_disk


class Shelf:
    """A platform that gives out what the test puts there, and counts how often it is asked."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.act: Callable[[str], object] = lambda _media: None

    def fetch_media(self, media_id: str) -> bytes:
        """What lies there, or what the platform says to an unknown id."""
        self.asked.append(media_id)
        self.act(media_id)
        if media_id not in self.media:
            raise SendFailed(Failure.NEVER, 40007, "invalid media_id")
        return self.media[media_id]


class Ears:
    """Notes what would be told to people."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.act: Callable[[], object] = lambda: None

    def arrived(self, _tx: Tx, file: File) -> None:
        """It is stored."""
        self.told.append((file.key, "arrived"))
        self.act()

    def useless(self, _tx: Tx, file: File, reason: str) -> None:
        """It is not."""
        self.told.append((file.key, reason))


class Office:
    """A database, a platform, and workers between them."""

    def __init__(self, db: Database, clock: FixedClock) -> None:
        self.db, self.clock, self.shelf, self.ears = db, clock, Shelf(), Ears()
        self.workers: list[Fetching] = []
        self.fetching = self.worker()

    def worker(self) -> Fetching:
        """One more."""
        sources = {Channel.OFFICIAL: self.shelf, Channel.WECOM: self.shelf}
        self.workers.append(Fetching(self.db, sources, self.clock, self.ears))
        return self.workers[-1]

    def expect(
        self,
        data: bytes | None,
        purpose: FilePurpose = FilePurpose.MATERIAL,
        sort: FileSort = FileSort.PHOTO,
    ) -> File:
        """Something that was sent; None: the platform does not have it."""
        media_id = f"m{len(self.shelf.media)}"
        if data is not None:
            self.shelf.media[media_id] = data
        return self.db.run(
            lambda tx: files.expect(
                tx,
                channel=Channel.OFFICIAL,
                media_id=media_id,
                purpose=purpose,
                sort=sort,
                at=self.clock(),
            )
        )

    def state(self, file: File) -> tuple[FileState, str | None]:
        """What became of it, and why."""
        found = self.db.run(lambda tx: files.by_key(tx, file.key))
        assert found is not None
        return found.state, found.reason

    def content(self, file: File) -> bytes:
        """What was kept."""
        found = self.db.run(lambda tx: files.read(tx, file.id))
        assert found is not None
        return found


@pytest.fixture
def office(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[Office]:
    """An office on each engine."""
    db = open_database(engine_url, vault)
    found = Office(db, clock)
    yield found
    for worker in found.workers:
        worker.stop()
    db.close()


def test_a_photo_is_fetched_made_anew_and_kept_sealed(office: Office, engine_url: str) -> None:
    file = office.expect(photos.located())
    assert office.fetching.drain() == 1
    assert office.state(file) == (FileState.STORED, None)
    kept = office.content(file)
    assert not Image.open(io.BytesIO(kept)).getexif()
    assert office.ears.told == [(file.key, "arrived")]
    assert office.fetching.drain() == 0
    raw = on_disk(engine_url)
    assert kept[100:160] not in raw
    assert kept[100:160].hex().encode() not in raw


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("broken", "broken"),
        ("tiny", "too_small"),
        ("huge", "too_large"),
        ("dark", "too_dark"),
        ("blank", "blank"),
    ],
)
def test_a_useless_photo_is_refused_with_the_reason(office: Office, kind: str, reason: str) -> None:
    file = office.expect(photos.PHOTOS[kind]())
    office.fetching.drain()
    assert office.state(file) == (FileState.UNREADABLE, reason)
    assert office.ears.told == [(file.key, reason)]
    assert office.fetching.drain() == 0


def test_a_document_is_kept_to_the_byte(office: Office) -> None:
    file = office.expect(photos.document(), FilePurpose.CERTIFICATE)
    office.fetching.drain()
    assert office.content(file) == photos.document()


def test_what_is_no_document_is_no_certificate(office: Office) -> None:
    file = office.expect(b"MZ" + bytes(300), FilePurpose.CERTIFICATE)
    office.fetching.drain()
    assert office.state(file) == (FileState.UNREADABLE, "wrong_kind")


@pytest.mark.parametrize(
    ("sort", "data", "kind"),
    [
        (FileSort.VOICE, recordings.voice(), "audio/amr"),
        (FileSort.SPOKEN, recordings.voice(), "audio/amr"),
        (FileSort.VIDEO, recordings.video(), "video/mp4"),
    ],
)
def test_a_recording_is_kept_to_the_byte_under_its_own_type(
    office: Office, sort: FileSort, data: bytes, kind: str
) -> None:
    file = office.expect(data, sort=sort)
    office.fetching.drain()
    assert office.content(file) == data
    found = office.db.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    assert (found.content_type, found.size, found.sort) == (kind, len(data), sort)
    digests = office.db.run(lambda tx: files.digests(tx, [file.key]))
    assert digests == {sha256(data).digest()}


@pytest.mark.parametrize(
    ("sort", "data", "reason"),
    [
        (FileSort.VOICE, recordings.video(), "wrong_kind"),
        (FileSort.VOICE, photos.document(), "wrong_kind"),
        (FileSort.VOICE, recordings.voice() + bytes(VOICE_BYTES), "too_large"),
        (FileSort.VIDEO, recordings.voice(), "wrong_kind"),
        (FileSort.VIDEO, recordings.video()[:600], "broken"),
        (FileSort.PHOTO, recordings.voice(), "wrong_kind"),
        (FileSort.DOCUMENT, recordings.video(), "wrong_kind"),
    ],
)
def test_what_is_not_what_it_was_sent_as_is_refused(
    office: Office, sort: FileSort, data: bytes, reason: str
) -> None:
    file = office.expect(data, sort=sort)
    office.fetching.drain()
    assert office.state(file) == (FileState.UNREADABLE, reason)
    assert office.db.run(lambda tx: files.read(tx, file.id)) is None


def test_what_the_platform_does_not_know_is_lost_and_said_so(office: Office) -> None:
    file = office.expect(None)
    office.fetching.drain()
    assert office.state(file) == (FileState.LOST, "refused")
    assert office.ears.told == [(file.key, "refused")]


@pytest.mark.parametrize("failure", [Failure.AGAIN, Failure.REAUTH, Failure.WAIT, Failure.ALARM])
def test_a_passing_failure_is_tried_again(office: Office, failure: Failure) -> None:
    def away(_media: str) -> None:
        raise SendFailed(failure, -1, "busy")

    file = office.expect(photos.good())
    office.shelf.act = away
    office.fetching.drain()
    assert office.state(file)[0] is FileState.WAITING
    assert office.fetching.drain() == 0
    office.shelf.act = lambda _media: None
    office.clock.forward(timedelta(minutes=2))
    office.fetching.drain()
    assert office.state(file) == (FileState.STORED, None)


def test_a_bug_of_the_source_loses_nothing(office: Office) -> None:
    def bug(_media: str) -> None:
        raise KeyError("13804310001")

    file = office.expect(photos.good())
    office.shelf.act = bug
    office.fetching.drain()
    state, reason = office.state(file)
    assert state is FileState.WAITING
    assert "13804310001" not in str(reason)


def test_a_platform_that_stays_away_for_three_days_has_lost_it(office: Office) -> None:
    def away(_media: str) -> None:
        raise SendFailed(Failure.AGAIN, -1, "busy")

    file = office.expect(photos.good())
    office.shelf.act = away
    for _ in range(80):
        office.fetching.drain()
        office.clock.forward(timedelta(hours=1))
    assert office.state(file) == (FileState.LOST, "expired")
    assert office.ears.told == [(file.key, "expired")]
    assert len(office.shelf.asked) <= 80


def test_a_worker_killed_between_fetch_and_mark_leaves_the_file_to_the_next(
    office: Office,
) -> None:
    """It had claimed and fetched, and never came to the store."""
    file = office.expect(photos.good())
    now = office.clock()
    assert office.db.run(lambda tx: files.claim(tx, now, now + LEASE, 9))
    assert office.fetching.drain() == 0
    office.clock.forward(LEASE + timedelta(seconds=1))
    assert office.fetching.drain() == 1
    assert office.state(file)[0] is FileState.STORED
    assert office.ears.told == [(file.key, "arrived")]


def test_a_worker_that_slept_through_its_lease_tells_nobody_anything(office: Office) -> None:
    file, other = office.expect(photos.good()), office.worker()
    slept = threading.Event()

    def sleepy(_media: str) -> None:
        if not slept.is_set():
            slept.set()
            office.clock.forward(LEASE + timedelta(seconds=1))
            other.drain()

    office.shelf.act = sleepy
    office.fetching.drain()
    assert len(office.shelf.asked) == 2
    assert office.ears.told == [(file.key, "arrived")]
    assert office.state(file)[0] is FileState.STORED


def test_a_file_forgotten_while_it_was_fetched_stays_forgotten(office: Office) -> None:
    file = office.expect(photos.good())
    office.shelf.act = lambda _media: office.db.run(lambda tx: files.erase(tx, [file.key]))
    office.fetching.drain()
    assert office.state(file)[0] is FileState.ERASED
    assert office.db.run(lambda tx: files.read(tx, file.id)) is None
    assert office.ears.told == []


def test_no_transaction_is_open_while_something_is_fetched(office: Office) -> None:
    office.expect(photos.good())
    office.shelf.act = lambda _media: office.db.run(lambda tx: files.of_person(tx, 1))
    assert office.fetching.drain() == 1
    assert len(office.ears.told) == 1


def test_any_number_of_workers_fetch_each_file_once(office: Office) -> None:
    expected = [office.expect(photos.good(number)) for number in range(12)]
    workers = [office.worker() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        taken = sum(pool.map(lambda worker: worker.drain(), workers))
    assert taken == 12
    assert len(office.shelf.asked) == 12
    assert sorted(office.ears.told) == sorted((one.key, "arrived") for one in expected)


def test_news_that_fail_leave_the_file_to_be_fetched_again(office: Office) -> None:
    def fails() -> None:
        raise RuntimeError

    file = office.expect(photos.good())
    office.ears.act = fails
    office.fetching.drain()
    assert office.state(file)[0] is FileState.WAITING
    office.ears.act = lambda: None
    office.clock.forward(LEASE + timedelta(seconds=1))
    office.fetching.drain()
    assert office.state(file)[0] is FileState.STORED


def test_the_background_worker_fetches_when_it_is_woken(office: Office) -> None:
    arrived = threading.Event()
    office.ears.act = arrived.set
    office.fetching.start()
    office.expect(photos.good())
    office.fetching.wake()
    assert arrived.wait(10)


@pytest.mark.parametrize("kind", ["plain", "dark", None])
def test_a_file_nobody_can_be_told_of_does_not_wait_for_ever(
    office: Office,
    kind: str | None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: object) -> None:
        raise KeyError("王小明")

    office.ears.act = fail
    monkeypatch.setattr(office.ears, "useless", fail)
    made = {"plain": photos.located(), "dark": photos.PHOTOS["dark"](), None: None}
    file = office.expect(made[kind])
    for _ in range(5):
        assert office.state(file)[0] is FileState.WAITING
        office.fetching.drain()
        office.clock.forward(LEASE + timedelta(seconds=1))
    end = {"plain": FileState.STORED, "dark": FileState.UNREADABLE, None: FileState.LOST}[kind]
    assert office.state(file)[0] is end
    assert "nobody could be told what became of it: KeyError" in caplog.text
    assert "王小明" not in caplog.text


def test_a_file_whose_name_cannot_be_opened_holds_up_no_other(
    office: Office, engine_url: str, vault: Vault
) -> None:
    strange = Vault([Fernet.generate_key().decode()], "another")
    other = open_database(engine_url, strange)
    office.shelf.media["named"] = photos.document()
    other.run(
        lambda tx: files.expect(
            tx,
            channel=Channel.OFFICIAL,
            media_id="named",
            purpose=FilePurpose.CERTIFICATE,
            at=office.clock(),
            filename="王小明.pdf",
        )
    )
    other.close()
    file = office.expect(photos.located())
    assert office.fetching.drain() == 2
    assert office.state(file) == (FileState.STORED, None)
