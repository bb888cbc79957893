"""Files: sealed, fetched by whoever holds the lease, stored once, forgotten in time."""

from datetime import timedelta
from typing import TypedDict, Unpack

import pytest

from bot.domain.cases import NeedState
from bot.domain.files import RECORDINGS
from bot.messages import Channel
from storage import cases, files, people
from storage.db import Database, Tx
from storage.files import File, FilePurpose, FileSort, FileState
from storage.people import Act
from tests.storage.samples import NOW
from tests.storage.test_at_rest import on_disk
from tests.storage.test_cases import registered

LEASE = timedelta(seconds=60)
SECRET = b"a licence that nobody is to read " * 40


def expected(tx: Tx, media: str = "m1", person: int | None = None) -> File:
    """A photo that lies on the platform."""
    return files.expect(
        tx,
        person_id=person,
        channel=Channel.OFFICIAL,
        media_id=media,
        purpose=FilePurpose.MATERIAL,
        at=NOW,
    )


class Whose(TypedDict, total=False):
    """Whom or what a file belongs to."""

    person_id: int
    case_id: int


def kept(tx: Tx, purpose: FilePurpose = FilePurpose.MATERIAL, **whose: Unpack[Whose]) -> File:
    """A file whose bytes were at hand."""
    return files.put(
        tx,
        purpose=purpose,
        data=SECRET,
        content_type="application/pdf",
        channel=Channel.WECOM,
        at=NOW,
        filename="营业执照.pdf",
        **whose,
    )


def someone(tx: Tx, identity: str = "openid-1") -> int:
    """A person's number."""
    return people.meet(tx, Channel.OFFICIAL, identity, NOW, Act.WROTE).id


def state(db: Database, file: File) -> FileState:
    """What became of it."""
    found = db.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    return found.state


def test_a_file_comes_back_as_it_was_put_in(db: Database) -> None:
    file = db.run(kept)
    assert db.run(lambda tx: files.by_key(tx, file.key)) == file
    assert db.run(lambda tx: files.by_id(tx, file.id)) == file
    assert (file.filename, file.size, file.state) == ("营业执照.pdf", len(SECRET), "stored")
    assert db.run(lambda tx: files.read(tx, file.id)) == SECRET
    assert db.run(lambda tx: files.by_key(tx, "another")) is None


def test_nothing_of_a_file_lies_readable_on_the_disk(db: Database, engine_url: str) -> None:
    db.run(kept)
    waiting = db.run(lambda tx: expected(tx, "m2"))
    db.run(lambda tx: files.store(tx, waiting.id, SECRET, "image/jpeg", NOW))
    raw = on_disk(engine_url)
    for plain in (SECRET[:20], "营业执照.pdf".encode()):
        assert plain not in raw
        assert plain.hex().encode() not in raw


def test_keys_are_never_the_same(db: Database) -> None:
    made = db.run(lambda tx: [expected(tx, f"m{number}").key for number in range(50)])
    assert len(set(made)) == 50
    assert all(" " not in key and len(key) >= 20 for key in made)


def test_a_medium_is_taken_once_until_its_lease_runs_out(db: Database) -> None:
    file = db.run(expected)
    taken = [db.run(lambda tx: files.claim(tx, NOW, NOW + LEASE, 10)) for _ in range(2)]
    assert [[one.key for one in some] for some in taken] == [[file.key], []]
    late = NOW + LEASE + timedelta(seconds=1)
    (again,) = db.run(lambda tx: files.claim(tx, late, late + LEASE, 10))
    assert (again.key, again.attempts) == (file.key, 2)


def test_the_oldest_come_first_and_no_more_than_asked_for(db: Database) -> None:
    made = db.run(lambda tx: [expected(tx, f"m{number}") for number in range(5)])
    taken = db.run(lambda tx: files.claim(tx, NOW, NOW + LEASE, 3))
    assert [one.media_id for one in taken] == ["m0", "m1", "m2"]
    assert made[3].key not in {one.key for one in taken}


def test_a_worker_that_slept_through_its_lease_changes_nothing(db: Database) -> None:
    file = db.run(expected)
    assert db.run(lambda tx: files.store(tx, file.id, SECRET, "image/jpeg", NOW))
    assert not db.run(lambda tx: files.store(tx, file.id, b"other", "image/jpeg", NOW))
    assert not db.run(lambda tx: files.refuse(tx, file.id, "broken"))
    assert not db.run(lambda tx: files.lose(tx, file.id, "expired"))
    assert not db.run(lambda tx: files.later(tx, file.id, NOW))
    assert db.run(lambda tx: files.read(tx, file.id)) == SECRET
    assert db.run(lambda tx: files.claim(tx, NOW + LEASE * 9, NOW + LEASE * 10, 10)) == ()


def test_recordings_of_one_person_that_no_case_has_become_part_of_it(db: Database) -> None:
    case, other = db.run(registered), db.run(registered)

    def said(tx: Tx, person: int, sort: FileSort, case_id: int | None = None) -> File:
        return files.expect(
            tx,
            channel=Channel.OFFICIAL,
            media_id="m",
            purpose=FilePurpose.MATERIAL,
            at=NOW,
            sort=sort,
            person_id=person,
            case_id=case_id,
        )

    me, you = db.run(someone), db.run(lambda tx: someone(tx, "openid-2"))
    recorded = db.run(lambda tx: {said(tx, me, sort).key for sort in RECORDINGS})
    lost = db.run(lambda tx: said(tx, me, FileSort.VOICE))
    db.run(lambda tx: files.lose(tx, lost.id, "expired"))
    db.run(lambda tx: said(tx, me, FileSort.PHOTO))
    db.run(lambda tx: said(tx, you, FileSort.VOICE))
    db.run(lambda tx: said(tx, me, FileSort.VOICE, case_id=other.id))
    later = NOW + timedelta(seconds=1)
    assert db.run(lambda tx: files.attach_recordings(tx, me, case.id, later)) == ()
    found = db.run(lambda tx: files.attach_recordings(tx, me, case.id, NOW))
    assert {one.key for one in found} == recorded
    assert {one.key for one in db.run(lambda tx: files.of_case(tx, case.id))} == recorded
    assert db.run(lambda tx: files.attach_recordings(tx, me, case.id, NOW)) == ()


@pytest.mark.parametrize("end", [files.refuse, files.lose])
def test_what_cannot_be_had_is_not_asked_for_again(db: Database, end: object) -> None:
    file = db.run(expected)
    assert callable(end)
    assert db.run(lambda tx: end(tx, file.id, "broken"))
    found = db.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    assert (found.reason, found.media_id) == ("broken", None)
    assert db.run(lambda tx: files.claim(tx, NOW + LEASE * 9, NOW + LEASE * 10, 10)) == ()
    assert db.run(lambda tx: files.read(tx, file.id)) is None


def test_what_failed_for_now_waits_its_time(db: Database) -> None:
    file, soon = db.run(expected), NOW + timedelta(minutes=5)
    db.run(lambda tx: files.claim(tx, NOW, NOW + LEASE, 1))
    assert db.run(lambda tx: files.later(tx, file.id, soon, "away"))
    assert db.run(lambda tx: files.claim(tx, NOW + LEASE, NOW + LEASE, 1)) == ()
    assert len(db.run(lambda tx: files.claim(tx, soon, soon + LEASE, 1))) == 1


def test_a_file_becomes_part_of_one_case_and_stays_there(db: Database) -> None:
    first, second = db.run(lambda tx: (registered(tx), registered(tx)))
    file = db.run(kept)
    assert db.run(lambda tx: files.attach(tx, [file.key], first.id, first.needs[0].id)) == 1
    assert db.run(lambda tx: files.attach(tx, [file.key, "unknown"], second.id)) == 0
    (found,) = db.run(lambda tx: files.of_case(tx, first.id))
    assert (found.key, found.need_id) == (file.key, first.needs[0].id)
    assert db.run(lambda tx: files.of_case(tx, second.id)) == ()


def test_a_file_gets_its_name_later(db: Database) -> None:
    file = db.run(expected)
    db.run(lambda tx: files.rename(tx, file.key, "营业执照复印件"))
    found = db.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    assert found.title == "营业执照复印件"


def test_forgetting_leaves_that_there_was_a_file_and_nothing_else(db: Database) -> None:
    file, waiting = db.run(kept), db.run(expected)
    assert db.run(lambda tx: files.erase(tx, [file.key, waiting.key, "unknown"])) == 2
    assert db.run(lambda tx: files.erase(tx, [file.key])) == 0
    found = db.run(lambda tx: files.by_key(tx, file.key))
    assert found is not None
    assert (found.state, found.filename) == (FileState.ERASED, None)
    assert db.run(lambda tx: files.read(tx, file.id)) is None
    # a worker that has it under way comes too late
    assert not db.run(lambda tx: files.store(tx, waiting.id, SECRET, "image/jpeg", NOW))
    assert db.run(lambda tx: files.claim(tx, NOW + LEASE, NOW + LEASE, 9)) == ()


def test_the_files_of_a_case_go_together(db: Database) -> None:
    case = db.run(registered)
    file, other = db.run(lambda tx: (kept(tx, case_id=case.id), kept(tx)))
    assert db.run(lambda tx: files.erase_of_case(tx, case.id)) == 1
    assert (state(db, file), state(db, other)) == (FileState.ERASED, FileState.STORED)


def test_media_are_forgotten_in_time_but_not_while_their_case_is_worked_at(db: Database) -> None:
    case = db.run(registered)

    def sent(tx: Tx) -> tuple[File, File, File]:
        certificate = kept(tx, FilePurpose.CERTIFICATE, case_id=case.id)
        return kept(tx, case_id=case.id), kept(tx), certificate

    filed, loose, certificate = db.run(sent)
    after = NOW + timedelta(seconds=1)
    assert db.run(lambda tx: files.purge(tx, NOW)) == 0
    assert db.run(lambda tx: files.purge(tx, after)) == 1
    assert (state(db, filed), state(db, loose)) == (FileState.STORED, FileState.ERASED)
    db.run(lambda tx: cases.change(tx, case.needs[0], state=NeedState.CLOSED))
    assert db.run(lambda tx: files.purge(tx, after)) == 1
    assert (state(db, filed), state(db, certificate)) == (FileState.ERASED, FileState.STORED)
    assert db.run(lambda tx: files.purge_records(tx, after)) == 1
    assert state(db, certificate) is FileState.ERASED


def test_no_more_than_a_handful_is_forgotten_at_once(db: Database) -> None:
    db.run(lambda tx: [kept(tx) for _ in range(5)])
    after = NOW + timedelta(seconds=1)
    counts = [db.run(lambda tx: files.purge(tx, after, 2)) for _ in range(4)]
    assert counts == [2, 2, 1, 0]


def test_materials_without_a_case_go_once_their_person_has_no_draft(db: Database) -> None:
    def sent(tx: Tx) -> tuple[int, File, File]:
        person = someone(tx)
        people.save(tx, person, {"form": "intake"})
        complaint = kept(tx, FilePurpose.COMPLAINT, person_id=person)
        return person, kept(tx, person_id=person), complaint

    person, file, complaint = db.run(sent)
    after = NOW + timedelta(seconds=1)
    assert db.run(lambda tx: files.purge_loose(tx, after)) == 0
    db.run(lambda tx: people.save(tx, person, {}))
    assert db.run(lambda tx: files.purge_loose(tx, NOW)) == 0
    assert db.run(lambda tx: files.purge_loose(tx, after)) == 1
    assert (state(db, file), state(db, complaint)) == (FileState.ERASED, FileState.STORED)
