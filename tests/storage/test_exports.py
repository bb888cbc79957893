"""Exports: whole cases with their timelines, page by page, in order."""

from datetime import timedelta

import pytest

from storage import events, exports
from storage.db import Database, Tx
from tests.storage.samples import NEED, NOW
from tests.storage.test_cases import registered


def test_an_export_has_every_case_once_with_its_own_events(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 3)

    def fill(tx: Tx) -> list[str]:
        numbers = []
        for day in range(8):
            case = registered(tx, [NEED, NEED], at=NOW + timedelta(days=day))
            numbers.append(case.number)
            if day != 4:
                lines = [(None, "registered", "client", {"day": day}), (None, "seen", "x", {})]
                events.append_many(tx, case.id, NOW, lines)
        return numbers

    numbers = db.run(fill)
    found = list(exports.whole_cases(db, None))
    assert [one.case.number for one in found] == numbers
    assert [len(one.case.needs) for one in found] == [2] * 8
    days = [line.values["day"] for one in found for line in one.events[:1]]
    assert days == [0, 1, 2, 3, 5, 6, 7]
    assert all([line.kind for line in one.events] in ([], ["registered", "seen"]) for one in found)
    later = exports.whole_cases(db, NOW.date() + timedelta(days=6))
    assert [one.case.number for one in later] == numbers[6:]


def test_cases_in_which_something_happened_since_a_day_come_whole_and_once(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)

    def fill(tx: Tx) -> list[str]:
        numbers = []
        for day in range(6):
            case, at = registered(tx), NOW + timedelta(days=day)
            numbers.append(case.number)
            kinds = ["registered", "moved", "moved"] if day != 2 else ["registered"]
            for kind in kinds:
                events.append(tx, case.id, case.needs[0].id, at, kind, "x", {"day": day})
        return numbers

    numbers = db.run(fill)
    found = list(exports.cases_with(db, "moved", None))
    assert [case.number for case, _ in found] == [*numbers[:2], *numbers[3:]]
    assert all(
        [one.kind for one in lines] == ["registered", "moved", "moved"] for _, lines in found
    )
    later = exports.cases_with(db, "moved", NOW.date() + timedelta(days=3))
    assert [case.number for case, _ in later] == numbers[3:]
    assert list(exports.cases_with(db, "lost", None)) == []
