"""我的办理 from the menu of the real demo, in a real browser as wide as a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open
from tests.sandbox.test_story import BLOCK, REST, demo, last, say

__all__ = ["demo"]

pytestmark = pytest.mark.browser


def opened(chat: Page) -> Page:
    """The page that the menu opens, as wide as a phone."""
    chat.get_by_text("查进度").click()
    with chat.context.expect_page() as came:
        chat.get_by_role("link", name="我的办理").click()
    page = came.value
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.wait_for_load_state()
    return page


def test_the_menu_leads_a_client_to_their_own_cases(demo: str, open_page: Open) -> None:
    chat = open_page(demo, DESKTOP)
    chat.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    expect(last(chat, "client")).to_contain_text("一站式服务")
    page = opened(chat)
    expect(page.get_by_test_id("nothing")).to_be_visible()
    page.close()
    say(chat, "我们厂有8块压力表要校准", "回复“同意”继续")
    say(chat, "同意", "还需填写")
    say(chat, BLOCK, "计量器具清单")
    say(chat, REST, "无误请回复“确认”")
    say(chat, "确认", "登记成功！登记编号：JY")
    page = opened(chat)
    case = page.get_by_test_id("case")
    expect(case).to_contain_text("检定/校准（送检）")
    expect(case.get_by_test_id("state")).to_have_text("已登记")
    expect(case.get_by_role("link")).to_contain_text("负责人")
    # the address says nothing about anybody, and nothing is wider than the phone
    assert page.url.endswith("/m/mine")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE[0]
    # the links are places large enough for a thumb
    for link in case.get_by_role("link").all():
        box = link.bounding_box()
        assert box is not None
        assert box["height"] >= 44
