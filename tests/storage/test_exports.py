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
    found = list(exports.cases_with_events(db, None))
    assert [case.number for case, _events in found] == numbers
    assert [len(case.needs) for case, _events in found] == [2] * 8
    days = [one.values["day"] for _case, timeline in found for one in timeline[:1]]
    assert days == [0, 1, 2, 3, 5, 6, 7]
    assert all(
        [one.kind for one in timeline] in ([], ["registered", "seen"]) for _, timeline in found
    )
    later = exports.cases_with_events(db, NOW.date() + timedelta(days=6))
    assert [case.number for case, _events in later] == numbers[6:]
