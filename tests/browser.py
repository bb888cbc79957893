"""Where the Chromium is that the tests drive."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
)

HOW_TO_GET_ONE = (
    "No browser: install Chromium or Chrome (on Debian: apt-get install chromium), "
    "or set TEST_BROWSER to the path of one."
)


class Missing(Exception):
    """No browser and no way to get one; the text says what to install."""


def find_browser() -> Path:
    """The browser named by TEST_BROWSER, one on PATH, Debian's, or Playwright's own."""
    if named := os.environ.get("TEST_BROWSER"):
        if not Path(named).is_file():
            raise Missing(f"TEST_BROWSER names {named}, and there is no such file.")
        return Path(named)
    found = on_path() or from_debian() or from_playwright()
    if found is None:
        raise Missing(HOW_TO_GET_ONE)
    return found


def on_path() -> Path | None:
    """A browser that is installed."""
    paths = (shutil.which(name) for name in NAMES)
    return next((Path(path) for path in paths if path), None)


def from_debian() -> Path | None:
    """Debian's Chromium, installed now if we may."""
    may = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get")
    if not may:
        return None
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for step in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
        run = ["apt-get", "-q", *step]
        if subprocess.run(run, env=quiet, stdin=subprocess.DEVNULL, check=False).returncode:
            return None
    return on_path()


def from_playwright() -> Path | None:
    """Playwright's own Chromium, downloaded now if it is not there yet."""
    # asked in a process of its own: starting Playwright here would leave an event loop behind
    ask = (
        "from playwright.sync_api import sync_playwright\n"
        "with sync_playwright() as driver: print(driver.chromium.executable_path)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", ask], stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    path = Path(answer.stdout.decode().strip() or "/nowhere")
    if not path.is_file():
        install = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(install, stdin=subprocess.DEVNULL, check=False)
    return path if path.is_file() else None
