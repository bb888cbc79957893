"""A sandbox with a scripted bot behind it, and a browser that notices every misstep of a page."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.sandbox import sandbox_blueprint
from bot.simulator.server import serve_platform
from bot.simulator.wires import in_process
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller
from tests.simulator.fake_bot import FakeBot, Tags

# offline in earnest: a browser looks for updates and for its maker's services by itself
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP, PHONE = (1440, 900), (360, 740)

STAFF = {"wangfang": "王芳", "lilei": "李雷"}
LONG = "\n".join(f"{number}. 第{number}项材料，说明一行放不下就换行显示" for number in range(1, 31))


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- werkzeug names it so
        """Keep the test's output to what failed."""


@dataclass
class Town:
    """A running sandbox: its page, its platform, and the bot that can be told what to say."""

    url: str
    platform: Platform
    bot: FakeBot
    clock: FixedClock
    caller: Caller


@dataclass
class Watched:
    """A page and everything it did wrong."""

    page: Page
    wrongs: list[str] = field(default_factory=list)


def scripted(tags: Tags) -> str | bytes:
    """What the bot of these tests says."""
    if tags.get("Event") == "subscribe":
        return "您好，请直接说要办的事"
    said = tags.get("Content", "")
    if said == "坏":
        return b"{}"
    if said == "慢":
        time.sleep(1.5)
    if said == "长":
        return LONG
    return "" if tags["MsgType"] == "event" else f"收到：{said}"


@contextmanager
def listening(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def town(clock: FixedClock) -> Iterator[Town]:
    """The sandbox of an agency with two staff members."""
    accounts = Accounts.random()
    bot = FakeBot(accounts, answer=lambda tags: scripted(tags) or b"")
    platform = Platform(accounts, clock, in_process(bot), staff=STAFF)
    platform.invite_sample_clients()
    server = serve_platform(platform, move_clock=clock.forward)
    app = Flask("sandbox-in-a-browser")
    app.register_blueprint(sandbox_blueprint(server.control_url, server.secret, "长春检测院"))
    with listening(app) as url:
        yield Town(url + "/sandbox/", platform, bot, clock, Caller(platform))
    server.stop()


@pytest.fixture(scope="session")
def chromium(browser_path: Path) -> Iterator[Browser]:
    """One browser for all tests of this folder."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(browser_path), args=list(FLAGS))
        yield browser
        browser.close()


Open = Callable[[str, tuple[int, int]], Page]


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Open]:
    """Open an address at a size; afterwards nothing may have gone wrong on any such page."""
    watched: list[Watched] = []

    def open_(url: str, size: tuple[int, int]) -> Page:
        width, height = size
        page = chromium.new_page(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            reduced_motion="reduce",
        )
        watched.append(_watch(page))
        page.set_default_timeout(8000)
        page.goto(url)
        return page

    yield open_
    for one in watched:
        one.page.close()
    assert [wrong for one in watched for wrong in one.wrongs] == []


def _watch(page: Page) -> Watched:
    watched = Watched(page)

    def wrong(happened: bool, what: str) -> None:
        if happened:
            watched.wrongs.append(what)

    page.on("console", lambda line: wrong(line.type in ("error", "warning"), line.text))
    page.on("pageerror", lambda error: wrong(True, str(error)))
    page.on("request", lambda sent: wrong(not _stays_here(sent.url), f"left for {sent.url}"))
    page.on("response", lambda got: wrong(got.status >= 500, f"{got.status} for {got.url}"))
    return watched


def _stays_here(url: str) -> bool:
    return urlsplit(url).hostname == "127.0.0.1" or url.startswith(("data:", "blob:"))
