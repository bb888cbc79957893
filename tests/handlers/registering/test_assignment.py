"""Needs through the webhook: each has exactly one person in charge, and the load is shared."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from storage import cases
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.letterbox import Letterbox, open_letterbox
from tests.test_deliveries import STORY

CLIENTS = 24


def register(box: Letterbox, openid: str, story: tuple[str, ...] = STORY) -> str:
    """One whole story; what the last word was answered with."""
    return [box.say(openid, text).text for text in story][-1]


def test_each_need_has_one_person_and_the_load_is_shared(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box:
        for number in range(CLIENTS):
            assert "登记成功" in register(box, f"client{number}")
        found = box.app.database.run(lambda tx: cases.page(tx, None, 0, 10_000))
        assert len(found) == CLIENTS
        assert all(case.agent == case.needs[0].assignee for case in found)
        loads = Counter(case.needs[0].assignee for case in found)
        assert loads == {"liu.min": CLIENTS // 2, "chen.gang": CLIENTS // 2}


def test_confirmations_at_once_leave_no_need_without_a_person(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    with open_letterbox(engine_url, vault, clock) as box, ThreadPoolExecutor(8) as pool:
        names = [f"client{number}" for number in range(CLIENTS)]
        receipts = list(pool.map(lambda name: register(box, name), names))
        found = box.app.database.run(lambda tx: cases.page(tx, None, 0, 10_000))
        assert len(found) == CLIENTS
        for case in found:
            [receipt] = [one for one in receipts if case.number in one]
            assignee = box.app.catalog.person[case.needs[0].assignee]
            assert f"负责人 {assignee.name}（工号 {assignee.number}" in receipt


def test_two_needs_of_one_case_go_to_two_people(
    engine_url: str, vault: Vault, clock: FixedClock
) -> None:
    two = "有8块压力表要校准，另外自来水要检测"
    details = (*STORY[1:4], "采样地点：食堂\n采样方式和日期：上门采样\n检测项目或执行标准：全项")
    with open_letterbox(engine_url, vault, clock) as box:
        receipt = register(box, "client", (two, *details, "确认"))
        [case] = box.app.database.run(lambda tx: cases.page(tx, None, 0, 10_000))
        assert {need.item for need in case.needs} == {"calibrate", "test_water_env"}
        departments = {box.app.catalog.person[need.assignee].department for need in case.needs}
        assert departments == {"metrology", "testing"}
        for need in case.needs:
            assert box.app.catalog.person[need.assignee].name in receipt
