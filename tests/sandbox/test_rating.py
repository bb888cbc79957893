"""A case to its end, the clock moved on, and a rating by one tap, in the real demo."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open
from tests.sandbox.test_documents import shoot
from tests.sandbox.test_story import demo, last, look_at, say

__all__ = ["demo"]

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])

NEED = """想查一下GB 2760是不是现行版本
标准编号或产品名称：GB 2760
用途说明：编制企业标准
单位：吉林省瑞丰食品有限公司
地址：长春市绿园区景阳大路2288号
联系人：张建国
职务：质量部长
电话：13844001234
主营：糕点生产"""
ANSWER = "答复 1 现行版本是 GB 2760—2024，2025年2月8日起实施。"
PATIENCE = timedelta(seconds=30).total_seconds() * 1000


def answered(page: Page, size: tuple[int, int]) -> None:
    """Staff take the case by its card, and answer it in so many words."""
    look_at(page, "staff", size)
    log = page.get_by_test_id("staff-log")
    log.get_by_test_id("card").last.get_by_role("button", name="接单").click()
    expect(log).to_contain_text("评估中")
    page.get_by_test_id("staff-input").fill(ANSWER)
    page.get_by_test_id("staff-input").press("Enter")
    expect(log).to_contain_text("已答复")
    look_at(page, "client", size)
    expect(page.get_by_test_id("client-log")).to_contain_text("现行版本是 GB 2760—2024")


@SIZES
def test_a_rating_by_one_tap_once_the_clock_is_moved_on(
    demo: str, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(demo, size)
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    expect(last(page, "client")).to_contain_text("一站式服务")
    say(page, NEED, "回复“同意”继续")
    say(page, "同意", "无误请回复“确认”")
    say(page, "确认", "登记成功")
    answered(page, size)
    page.get_by_test_id("clock-workday").click()
    page.get_by_test_id("clock-1h").click()
    menu = last(page, "client")
    expect(menu).to_contain_text("请您评价这次服务")
    shoot(page, "rating", size)
    menu.get_by_role("button", name="满意", exact=True).click()
    expect(last(page, "client")).to_contain_text("总体 4分（满意）")
    shoot(page, "rated", size)
