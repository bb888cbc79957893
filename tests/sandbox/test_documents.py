"""A photo in the chat and documents on the upload page, in a real browser and the real demo."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open
from tests.sandbox.test_story import demo, last, say

__all__ = ["demo"]

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])

BLOCK = """单位：长春市宏达食品有限公司
联系人：王芳（采购经理）
电话：13900001111
地址：长春市朝阳区人民大街100号
主营：食品加工，是食品生产企业，不是进口产品"""
LICENCE, LABEL, PERMIT = "营业执照复印件", "食品标签照片", "食品生产许可证复印件"
WORDS = {
    "样品信息": "苏打饼干，200克/袋，批号20261101，保质期12个月，常温",
    "执行标准或检验依据": "GB 7100",
    "检验项目": "按标准全项",
    "样品数量和状态": "12袋，包装完好，固体，检后处理",
}


def picture(number: int = 0) -> bytes:
    """A photo that shows something."""
    found = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(found).rectangle((60 + number, 60, 500, 300), fill="navy")
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
    sent = [FilePayload(name=one, mimeType=kind, buffer=data) for one, kind, data in files]
    place.set_input_files(sent)


def shoot(page: Page, name: str, size: tuple[int, int]) -> None:
    """A picture for the README."""
    pictures = os.environ.get("PICTURES")
    if pictures:
        page.screenshot(path=str(Path(pictures) / f"{name}-{size[0]}.png"))


def up_to_the_list(chat: Page, size: tuple[int, int]) -> str:
    """A need, the fields and a photo in the chat; the address of the upload page."""
    expect(last(chat, "client")).to_contain_text("一站式服务")
    say(chat, "我们食品厂要委托检验饼干", "回复“同意”继续")
    say(chat, "同意", "还需填写")
    expect(last(chat, "client").get_by_role("link")).to_have_attribute("target", "_blank")
    # what stood there before asked for materials, too
    say(chat, BLOCK, "· 申请人：")
    chat.get_by_test_id("client-photo").click()
    chat.get_by_test_id("client-photo-sample").click()
    expect(last(chat, "client")).to_contain_text("请问是")
    shoot(chat, "photo", size)
    say(chat, LICENCE, "已收到")
    say(chat, "PDF发不了", "上传页")
    address = last(chat, "client").get_by_role("link").get_attribute("href")
    assert address is not None
    return address


def refuse_and_take(page: Page, size: tuple[int, int]) -> None:
    """A file that nobody may send, then a PDF, two photos, and the words."""
    expect(page.get_by_role("heading", name="上传材料")).to_be_visible()
    expect(want(page, LICENCE)).to_contain_text("已收到 1 个文件")
    choose(page, LABEL, "pick-file", ("label.html", "text/html", b"<script>alert(1)</script>"))
    expect(want(page, LABEL)).to_contain_text("这种文件收不了")
    shoot(page, "upload", size)
    begun, *_ = WORDS
    want(page, begun).get_by_role("textbox").fill("写到一半")
    choose(page, PERMIT, "pick-file", ("许可证.pdf", "application/pdf", PDF))
    expect(page.get_by_test_id("news")).to_contain_text("已收到")
    expect(want(page, PERMIT)).to_contain_text("已收到 1 个文件")
    expect(want(page, begun).get_by_role("textbox")).to_have_value("写到一半")
    two = [(f"label{number}.jpg", "image/jpeg", picture(number)) for number in range(2)]
    choose(page, LABEL, "pick-photo", *two)
    expect(want(page, LABEL)).to_contain_text("已收到 2 个文件")
    for name, text in WORDS.items():
        want(page, name).get_by_role("textbox").fill(text)
        want(page, name).get_by_role("button", name="提交文字").click()
        expect(want(page, name)).to_have_count(0)


@SIZES
def test_a_photo_in_the_chat_and_documents_on_the_page(
    demo: str, open_page: Open, size: tuple[int, int]
) -> None:
    chat = open_page(demo, size)
    chat.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    page = open_page(up_to_the_list(chat, size), size)
    refuse_and_take(page, size)
    expect(page.get_by_test_id("left")).to_contain_text("需要上传的都齐了")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    shoot(page, "upload-done", size)
    expect(last(chat, "client")).to_contain_text("无误请回复“确认”")
    shoot(chat, "uploaded", size)
    say(chat, "确认", "登记成功")
