"""The third phone: a client who writes to 微信客服, and a servicer who takes the session over."""

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open
from tests.sandbox.test_story import demo, last

__all__ = ["demo"]

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])


def turn_to(page: Page, side: str, size: tuple[int, int]) -> None:
    """The phone in sight."""
    if size == PHONE:
        page.get_by_test_id(f"tab-{side}").click()


def write(page: Page, text: str) -> None:
    """The client types."""
    page.get_by_test_id("service-input").fill(text)
    page.get_by_test_id("service-send").click()


@SIZES
def test_a_client_is_welcomed_answered_and_handed_to_a_person(
    demo: str, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(demo, size)
    turn_to(page, "service", size)
    page.get_by_test_id("service-enter").click()
    expect(last(page, "service")).to_contain_text("一站式服务", timeout=20_000)
    write(page, "转人工")
    expect(page.get_by_test_id("session")).to_contain_text("人工接待", timeout=20_000)
    page.once("dialog", lambda asked: asked.accept("您好，我来处理"))
    page.get_by_test_id("session-say").click()
    expect(last(page, "service")).to_contain_text("您好，我来处理")
    page.get_by_test_id("session-end").click()
    expect(last(page, "service")).to_contain_text("助手继续为您服务", timeout=20_000)
    expect(page.get_by_test_id("session")).to_be_hidden()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size[0]
