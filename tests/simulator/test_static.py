"""What the sandbox page carries: unchanged vendored files, and nothing from elsewhere."""

import hashlib
import re
from importlib.resources import files
from pathlib import Path

import yaml

STATIC = Path(str(files("bot.simulator"))) / "static"
PAGES = Path(str(files("bot.pages"))) / "static"


def test_vendored_files_are_what_their_list_says() -> None:
    listed = yaml.safe_load((PAGES / "vendor" / "vendored.yaml").read_text("utf-8"))
    for entry in listed:
        data = (PAGES / "vendor" / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert {"package", "version", "licence"} <= set(entry)
        assert (PAGES / "vendor" / entry["licence_file"]).is_file()


def test_our_own_files_name_no_other_host() -> None:
    own = [path for path in (*STATIC.iterdir(), *PAGES.iterdir()) if path.is_file()]
    hosts = {
        host for path in own for host in re.findall(r"https?://([\w.-]+)", path.read_text("utf-8"))
    }
    # the name of the SVG language is an address nobody visits
    assert hosts <= {"www.w3.org"}


def test_no_style_sheet_loads_anything_from_outside() -> None:
    for sheet in (*STATIC.rglob("*.css"), *PAGES.rglob("*.css")):
        found = re.findall(r"url\(\s*[\"']?([^\"')\s]{1,20})", sheet.read_text("utf-8"))
        assert not [one for one in found if not one.startswith(("data:", "#", "%23"))]
