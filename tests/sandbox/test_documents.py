"""A photo in the chat and documents on the upload page, in a real browser and the real demo."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open
from tests.sandbox.test_story import demo, last, look_at, say

__all__ = ["demo"]

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])

BLOCK = """单位：长春市宏达食品有限公司
联系人：王芳（采购经理）
电话：13900001111
地址：长春市朝阳区人民大街100号
主营：食品加工，是食品生产企业，不是进口产品"""
LICENCE = "营业执照复印件"


def picture() -> bytes:
    """A photo that shows something."""
    found = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(found).rectangle((60, 60, 500, 300), fill="navy")
    out = io.BytesIO()
    found.save(out, "JPEG")
    return out.getvalue()


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def want(page: Page, name: str) -> Locator:
    """The place of a material on the page."""
    return page.locator(f'[data-testid="want"][data-name="{name}"]')


def choose(page: Page, name: str, which: str, *files: tuple[str, str, bytes]) -> None:
    """Choose files for a material, as a thumb would."""
    more = want(page, name).locator("summary")
    if more.count():
        more.click()
    place = want(page, name).get_by_test_id(which)
    sent = [{"name": one, "mimeType": kind, "buffer": data} for one, kind, data in files]
    place.set_input_files(sent)  # type: ignore[arg-type]


def shoot(page: Page, name: str, size: tuple[int, int]) -> None:
    """A picture for the README."""
    pictures = os.environ.get("PICTURES")
    if pictures:
        page.screenshot(path=str(Path(pictures) / f"{name}-{size[0]}.png"))


@SIZES
def test_a_photo_in_the_chat_and_documents_on_the_page(
    demo: str, open_page: Open, size: tuple[int, int]
) -> None:
    chat = open_page(demo, size)
    chat.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    expect(last(chat, "client")).to_contain_text("一站式服务")
    say(chat, "我们食品厂要委托检验饼干", "回复“同意”继续")
    say(chat, "同意", "还需填写")
    link = last(chat, "client").get_by_role("link")
    expect(link).to_have_attribute("target", "_blank")
    say(chat, BLOCK, "还需材料")
    chat.get_by_test_id("client-photo").click()
    chat.get_by_test_id("client-photo-sample").click()
    expect(last(chat, "client")).to_contain_text("请问是")
    shoot(chat, "photo", size)
    say(chat, LICENCE, "已收到")

    say(chat, "PDF发不了", "上传页")
    with chat.context.expect_page() as opened:
        last(chat, "client").get_by_role("link").click()
    page = opened.value
    page.set_viewport_size({"width": size[0], "height": size[1]})
    expect(page.get_by_role("heading", name="上传材料")).to_be_visible()
    expect(want(page, LICENCE)).to_contain_text("已收到 1 个文件")
    shoot(page, "upload", size)
    page.close()
