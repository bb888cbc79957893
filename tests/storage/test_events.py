"""The timeline: what was said can be forgotten, that and when something happened cannot."""

from datetime import timedelta

from storage import events
from storage.db import Database, Tx
from tests.storage.samples import NOW
from tests.storage.test_cases import registered


def test_events_come_back_in_their_order_and_can_lose_their_values(db: Database) -> None:
    def log(tx: Tx) -> tuple[int, int]:
        case = registered(tx)
        need = case.needs[0].id
        lines = [(None, "registered", "client", {"渠道": "oa"}), (need, "assigned", "system", {})]
        events.append_many(tx, case.id, NOW, lines)
        events.append(tx, case.id, need, NOW + timedelta(1), "accepted", "zhangsan", {"note": 1})
        return case.id, need

    case_id, need_id = db.run(log)
    found = db.run(lambda tx: events.of_case(tx, case_id))
    assert [(one.kind, one.need_id, one.actor) for one in found] == [
        ("registered", None, "client"),
        ("assigned", need_id, "system"),
        ("accepted", need_id, "zhangsan"),
    ]
    assert [dict(one.values) for one in found] == [{"渠道": "oa"}, {}, {"note": 1}]
    db.run(lambda tx: events.erase_values(tx, case_id))
    erased = db.run(lambda tx: events.of_case(tx, case_id))
    assert [(one.kind, one.at) for one in erased] == [(one.kind, one.at) for one in found]
    assert all(one.erased and one.values == {} for one in erased)


def test_no_event_is_no_statement(db: Database) -> None:
    case = db.run(registered)
    db.run(lambda tx: events.append_many(tx, case.id, NOW, []))
    assert db.run(lambda tx: events.of_case(tx, case.id)) == ()
