"""The sandbox page: what a visitor does on both phones, at a desk and on a small screen."""

import struct
import zlib
from datetime import timedelta

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from bot.simulator.texts import PLATFORM
from tests.sandbox.conftest import DESKTOP, PHONE, Open, Town
from tests.simulator.test_wecom_api import SELECTION, VOTE, card

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])


def bubbles(page: Page, side: str) -> Locator:
    """Every bubble on one phone."""
    return page.get_by_test_id(f"{side}-log").get_by_test_id("bubble")


def follow(page: Page) -> None:
    """Follow the account, as every client does first."""
    page.get_by_test_id("follow").click()
    expect(bubbles(page, "client").last).to_contain_text("您好")


def say(page: Page, side: str, text: str) -> None:
    """Type and press Enter."""
    page.get_by_test_id(f"{side}-input").fill(text)
    page.get_by_test_id(f"{side}-input").press("Enter")


def look_at(page: Page, side: str, size: tuple[int, int]) -> None:
    """Turn to a phone; on a desk both are in sight."""
    if size == PHONE:
        page.get_by_test_id(f"tab-{side}").click()


def grey_png(width: int, height: int) -> bytes:
    """A picture large enough to be seen."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress((b"\0" + b"\x80" * width) * height)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@SIZES
def test_a_visitor_follows_writes_and_reads_the_answer(
    town: Town, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(town.url, size)
    follow(page)
    say(page, "client", "我们厂有8块压力表要校准")
    expect(bubbles(page, "client").last).to_contain_text("收到：我们厂有8块压力表要校准")
    expect(page.get_by_test_id("client-input")).to_have_value("")


@SIZES
def test_a_member_chooses_on_a_card_and_taps_and_the_card_turns_grey(
    town: Town, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(town.url, size)
    expect(page.get_by_test_id("clock")).to_contain_text("周一 09:00")
    town.caller.send_card("lilei", card(button_selection=SELECTION))
    look_at(page, "staff", size)
    # nobody chose a member by hand, so the phone turns to who was sent the card
    shown = page.get_by_test_id("staff-log").get_by_test_id("card")
    expect(shown).to_contain_text("8块压力表")
    shown.get_by_label("转派给").select_option("wangwu")
    shown.get_by_role("button", name="转派").click()
    page.wait_for_function("() => true")
    event = _pushed(town, page, "template_card_event")
    assert "wangwu" in str(event["SelectedItems"])
    town.caller.update_card(event["ResponseCode"], button={"replace_name": "已转派"})
    expect(shown.get_by_test_id("card-replaced")).to_have_text("已转派")
    expect(shown.get_by_role("button")).to_have_count(0)


def test_ticked_boxes_are_submitted(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    town.caller.send_card("wangfang", VOTE)
    shown = page.get_by_test_id("card")
    shown.get_by_label("铭牌照片").check()
    shown.get_by_role("button", name="发送").click()
    event = _pushed(town, page, "template_card_event")
    assert "['phone', 'photo']" in str(event["SelectedItems"])


def _pushed(town: Town, page: Page, event: str) -> dict[str, str]:
    for _ in range(60):
        found = [seen.tags for seen in town.bot.seen if seen.tags.get("Event") == event]
        if found:
            return found[-1]
        page.wait_for_timeout(50)
    raise AssertionError(f"the bot never saw {event}")


@SIZES
def test_the_clock_goes_forward_at_a_tap(
    town: Town, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(town.url, size)
    expect(page.get_by_test_id("clock")).to_contain_text("2026年11月23日 周一 09:00")
    page.get_by_test_id("clock-1h").click()
    expect(page.get_by_test_id("clock")).to_contain_text("10:00")
    page.get_by_test_id("clock-workday").click()
    expect(page.get_by_test_id("clock")).to_contain_text("2026年11月24日 周二 09:00")
    assert town.clock.now.day == 24


def test_shift_enter_makes_a_line_and_what_is_typed_is_never_markup(
    town: Town, open_page: Open
) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    field = page.get_by_test_id("client-input")
    field.press_sequentially("<img src=x onerror=alert(1)>")
    field.press("Shift+Enter")
    field.press_sequentially("{{ 7*7 }}")
    field.press("Enter")
    said = bubbles(page, "client").filter(has_text="收到").last
    expect(said).to_contain_text("收到：<img src=x onerror=alert(1)>\n{{ 7*7 }}")
    expect(page.get_by_test_id("client-log").locator("img")).to_have_count(0)


def test_everything_can_be_done_from_the_keyboard(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    _tab_to(page, "follow")
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("client-input")).to_be_focused()
    page.keyboard.type("你好")
    page.keyboard.press("Enter")
    expect(bubbles(page, "client").last).to_contain_text("收到：你好")
    town.caller.send_card("wangfang", card())
    expect(page.get_by_test_id("card")).to_be_visible()
    _tab_to(page, "card-button")
    page.keyboard.press("Space")
    assert _pushed(town, page, "template_card_event")["EventKey"] == "accept"


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => document.activeElement.dataset.testid || ''")
        if focused == name:
            return
    raise AssertionError(f"forty tabs do not reach {name}")


def test_on_a_small_screen_the_tabs_turn_with_arrows_and_mark_what_is_new(
    town: Town, open_page: Open
) -> None:
    page = open_page(town.url, PHONE)
    follow(page)
    expect(page.get_by_test_id("staff-phone")).to_be_hidden()
    town.caller.send_staff("lilei", "有新任务")
    tab = page.get_by_test_id("tab-staff")
    expect(tab.locator(".dot")).to_be_visible()
    page.get_by_test_id("tab-client").focus()
    page.keyboard.press("ArrowRight")
    expect(tab).to_be_focused()
    expect(bubbles(page, "staff").last).to_contain_text("有新任务")
    expect(tab.locator(".dot")).to_be_hidden()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("service-phone")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_test_id("behind")).to_be_visible()


def test_a_broken_answer_shows_the_fault_as_the_real_phone_does(
    town: Town, open_page: Open
) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    say(page, "client", "坏")
    expect(bubbles(page, "client").last).to_have_text(PLATFORM["fault"])


def test_while_the_bot_thinks_the_title_says_so(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    say(page, "client", "慢")
    expect(page.get_by_test_id("client-title")).to_have_text("对方正在输入…")
    expect(bubbles(page, "client").last).to_contain_text("收到：慢")
    expect(page.get_by_test_id("client-title")).to_have_text("长春检测院")


@SIZES
def test_a_long_notice_is_read_from_its_beginning_and_nothing_is_cut(
    town: Town, open_page: Open, size: tuple[int, int]
) -> None:
    page = open_page(town.url, size)
    follow(page)
    say(page, "client", "长")
    long = bubbles(page, "client").last
    expect(long).to_contain_text("30. 第30项材料")
    log = page.get_by_test_id("client-log").bounding_box()
    box = long.bounding_box()
    assert log is not None
    assert box is not None
    assert abs(box["y"] - log["y"]) < 40
    wide = "() => document.documentElement.scrollWidth > window.innerWidth"
    assert page.evaluate(wide) is False


def test_a_photo_is_sent_and_shown(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    picture: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": grey_png(120, 90)}
    page.get_by_test_id("client-photo-file").set_input_files(picture)
    shown = page.get_by_test_id("client-log").get_by_role("img", name="照片")
    expect(shown).to_be_visible()
    assert town.bot.seen[-1].tags["MsgType"] == "image"


def test_a_chat_belongs_to_one_person_and_news_of_others_is_marked(
    town: Town, open_page: Open
) -> None:
    page = open_page(town.url, DESKTOP)
    people = page.get_by_test_id("staff-people").get_by_role("button")
    people.filter(has_text="王芳").click()
    say(page, "staff", "任务")
    expect(bubbles(page, "staff").last).to_contain_text("收到：任务")
    town.caller.send_staff("lilei", "给李雷的")
    lilei = people.filter(has_text="李雷")
    expect(lilei).to_contain_text("有新消息")
    expect(page.get_by_test_id("staff-log")).not_to_contain_text("给李雷的")
    lilei.click()
    expect(bubbles(page, "staff").last).to_contain_text("给李雷的")
    expect(page.get_by_test_id("staff-log")).not_to_contain_text("收到：任务")
    expect(lilei).not_to_contain_text("有新消息")


def test_a_menu_of_the_account_works(town: Town, open_page: Open) -> None:
    below = [{"type": "click", "name": "我的进度", "key": "PROGRESS"}]
    town.caller.post("oa", "menu/create", {"button": [{"name": "办业务", "sub_button": below}]})
    page = open_page(town.url, DESKTOP)
    follow(page)
    page.get_by_text("办业务").click()
    page.get_by_role("button", name="我的进度").click()
    assert _pushed(town, page, "CLICK")["EventKey"] == "PROGRESS"


def test_the_drawer_tells_every_exchange_with_its_code_and_no_secret(
    town: Town, open_page: Open
) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    who = next(iter(town.platform.hub.people.followers))
    town.clock.forward(timedelta(minutes=2))
    town.caller.send_text(who)
    page.get_by_test_id("behind-toggle").click()
    refused = page.get_by_test_id("trace").filter(has_text="errcode 45015")
    expect(refused).to_contain_text("客服消息")
    expect(page.get_by_test_id("credits")).to_contain_text("0 条")
    html = page.content()
    accounts, tokens = town.platform.accounts, town.caller.token
    secrets = (accounts.official.secret, accounts.official.token, *tokens.values())
    assert not [secret for secret in secrets if secret in html]


def test_who_leaves_sees_the_profile_again(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_test_id("leave").click()
    expect(page.get_by_test_id("profile")).to_be_visible()
    assert _pushed(town, page, "unsubscribe")


def test_the_page_starts_afresh_when_the_platform_did(town: Town, open_page: Open) -> None:
    page = open_page(town.url, DESKTOP)
    follow(page)
    who = next(iter(town.platform.hub.people.followers))
    with town.platform.hub.lock:
        town.platform.run = "another"
        phone = town.platform.hub.people.followers[who].phone
        phone.entries.clear()
        phone.changed = 0
    expect(bubbles(page, "client")).to_have_count(0)
    say(page, "client", "还在吗")
    expect(bubbles(page, "client").last).to_contain_text("收到：还在吗")
