"""The README's story in a real browser, against the real `yizhan demo` in processes of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.conftest import DESKTOP, PHONE, Open

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "360px"])
READY = 60.0

BLOCK = """单位：长春市宏达机械有限公司
联系人：王芳（采购经理）
电话：13900001111"""
REST = """地址：长春市朝阳区人民大街100号
主营：机械加工
计量器具清单：压力表 0-1.6MPa 1.6级 8块
证书单位名称和地址：同申请人
开票信息：普票"""


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[str]:
    """The address that `yizhan demo` prints, once it prints it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    home = {key: value for key, value in os.environ.items() if not key.startswith("YIZHAN_")}
    running = subprocess.Popen(
        [Path(sys.executable).with_name("yizhan"), "demo", "--port", str(port)],
        cwd=tmp_path,
        env=home | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert running.stdout is not None
        line = next(one for one in running.stdout if "http://" in one)
        yield line[line.index("http://") :].strip()
    finally:
        running.send_signal(signal.SIGTERM)
        code = running.wait(20)
        if running.stdout is not None:
            running.stdout.close()
        assert code == 0


def last(page: Page, side: str) -> Locator:
    return page.get_by_test_id(f"{side}-log").get_by_test_id("bubble").last


def say(page: Page, text: str, answer: str) -> None:
    """Write as the client, and wait until the last bubble says this."""
    page.get_by_test_id("client-input").fill(text)
    page.get_by_test_id("client-input").press("Enter")
    expect(last(page, "client")).to_contain_text(answer)


def look_at(page: Page, side: str, size: tuple[int, int]) -> None:
    if size == PHONE:
        page.get_by_test_id(f"tab-{side}").click()


@SIZES
def test_a_first_case_from_half_a_sentence_to_the_person_in_charge(
    demo: str, open_page: Open, size: tuple[int, int], tmp_path: Path
) -> None:
    page = open_page(demo, size)
    page.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)
    expect(last(page, "client")).to_contain_text("一站式服务")
    say(page, "我们厂有8块压力表要校准", "回复“同意”继续")
    say(page, "同意", "还需填写")
    say(page, BLOCK, "计量器具清单")
    missing = last(page, "client")
    for name in ("详细地址", "主营业务", "证书单位名称和地址", "仪器实物及附件"):
        expect(missing).to_contain_text(name)
    expect(missing).not_to_contain_text("联系电话（")
    say(page, REST, "无误请回复“确认”")
    say(page, "确认", "登记成功！登记编号：JY")
    expect(last(page, "client")).to_contain_text("负责人")
    look_at(page, "staff", size)
    card = page.get_by_test_id("staff-log").get_by_test_id("card").first
    expect(card).to_contain_text("长春市宏达机械有限公司")
    card.get_by_role("button", name="接单").click()
    expect(card.get_by_test_id("card-replaced")).to_have_text("已接单")
    look_at(page, "client", size)
    expect(last(page, "client")).to_contain_text("已接单，正在评估")
    pictures = os.environ.get("PICTURES")
    if pictures:
        page.screenshot(path=str(Path(pictures) / f"first-case-{size[0]}.png"))
