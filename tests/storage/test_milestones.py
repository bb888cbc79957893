"""Points of a need's way: reached and closed once, and found again; a report by any spelling."""

from datetime import date, timedelta
from functools import partial

import pytest

from bot.domain.cases import Need, NeedState
from storage import cases, milestones, quotas
from storage.db import Database
from tests.storage.samples import NEED, NOW
from tests.storage.test_cases import registered

DAY = timedelta(days=1)


def a_need(db: Database) -> Need:
    return db.run(lambda tx: registered(tx, [NEED])).needs[0]


def test_a_point_is_reached_once_and_closed_once(db: Database) -> None:
    need = a_need(db)
    assert db.run(lambda tx: milestones.reach(tx, need.id, "half", 3, NOW))
    assert not db.run(lambda tx: milestones.reach(tx, need.id, "half", 4, NOW + DAY))
    assert db.run(lambda tx: milestones.reach(tx, need.id, "full", 4, NOW + DAY))
    assert db.run(lambda tx: milestones.close(tx, need.id, "half", NOW + DAY))
    assert not db.run(lambda tx: milestones.close(tx, need.id, "half", NOW + DAY))
    assert not db.run(lambda tx: milestones.close(tx, need.id, "still:1", NOW))
    seen = db.run(lambda tx: milestones.one(tx, need.id))
    assert seen is not None
    half, full = seen.known
    assert (half.key, half.version, half.reminded_at, half.closed_at) == ("half", 3, NOW, NOW + DAY)
    assert (full.key, full.closed_at) == ("full", None)


def test_watched_are_open_needs_that_are_due_promised_or_standing_still(db: Database) -> None:
    need = a_need(db)
    assert need.due is not None

    def watched(today: date) -> list[int]:
        before = NOW + (today - NOW.date()) - 5 * DAY
        return [one.need_id for one in db.run(lambda tx: milestones.watched(tx, today, before))]

    assert watched(NOW.date()) == []
    assert watched(need.due) == [need.id]
    assert watched(NOW.date() + 6 * DAY) == [need.id]
    promised = db.run(
        lambda tx: cases.change(tx, need, promised_from=NOW.date(), promised_days=8, estimated=True)
    )
    assert watched(NOW.date() + DAY) == [need.id]
    found = db.run(lambda tx: milestones.one(tx, need.id))
    assert found is not None
    standing = found.standing
    assert (standing.start, standing.days, standing.due) == (NOW.date(), 8, need.due)
    assert (standing.version, standing.since) == (promised.version, NOW)
    (guess,) = db.run(milestones.guessed)
    assert (guess.need_id, guess.start, guess.days) == (need.id, NOW.date(), 8)
    db.run(lambda tx: cases.change(tx, promised, state=NeedState.WITHDRAWN))
    assert watched(need.due) == []
    assert db.run(milestones.guessed) == ()
    assert db.run(lambda tx: milestones.one(tx, 99)) is None


def test_watched_needs_come_in_slices(db: Database) -> None:
    needs = [a_need(db).id for _ in range(5)]
    due = NEED.due
    assert due is not None
    found: list[int] = []
    while page := db.run(
        partial(milestones.watched, today=due, before=NOW, after=max(found, default=0), limit=2)
    ):
        assert len(page) <= 2
        found += [one.need_id for one in page]
    assert found == needs


@pytest.mark.parametrize(
    "typed", ["BG-2026-0012", "bg 2026 0012", "ＢＧ２０２６００１２", "BG—2026—0012"]
)
def test_a_report_is_found_however_its_number_is_written(db: Database, typed: str) -> None:
    need = a_need(db)
    db.run(lambda tx: cases.change(tx, need, report_number="BG-2026-0012"))
    (case,) = db.run(lambda tx: cases.by_report(tx, typed))
    assert case.needs[0].report_number == "BG-2026-0012"


def test_no_other_report_is_found(db: Database) -> None:
    a_need(db)
    for typed in ("BG-2026-0013", "", "---", "BG"):
        assert db.run(partial(cases.by_report, number=typed)) == ()


def test_what_was_used_is_counted_over_windows_since_a_moment(db: Database) -> None:
    for minutes in (0, 0, 1, 30):
        window = NOW + timedelta(minutes=minutes)
        db.run(partial(quotas.take, scope="scope", window=window, limit=9))
    db.run(partial(quotas.take, scope="other", window=NOW, limit=9))
    moments = [NOW + timedelta(minutes=minutes) for minutes in (0, 1, 2, 31)]
    counts = [db.run(partial(quotas.used, scope="scope", since=since)) for since in moments]
    assert counts == [4, 2, 1, 0]


def test_another_promise_forgets_half_and_all_of_the_old_one_and_nothing_else(db: Database) -> None:
    need, other = a_need(db), a_need(db)
    for one in (need, other):
        for key in ("half", "full", "still:1", "evaluate:1"):
            db.run(partial(milestones.reach, need_id=one.id, key=key, version=1, at=NOW))
    db.run(lambda tx: milestones.restart(tx, need.id))
    left = [db.run(partial(milestones.one, need_id=one.id)) for one in (need, other)]
    assert [len(found.known) if found else 0 for found in left] == [2, 4]
    assert db.run(lambda tx: milestones.reach(tx, need.id, "full", 2, NOW + DAY))
