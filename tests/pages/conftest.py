"""A client with a registration under way, or a case that waits, and a browser without a script."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw
from werkzeug.test import TestResponse

from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.world import World, open_world

BLOCK = """单位：长春市宏达食品有限公司
联系人：王芳（采购经理）
电话：13900001111
地址：长春市朝阳区人民大街100号
主营：食品加工"""


def picture(seed: int = 0, size: tuple[int, int] = (640, 480), kind: str = "JPEG") -> bytes:
    """A photo that shows something."""
    found = Image.new("RGB", size, "white")
    drawing = ImageDraw.Draw(found)
    drawing.rectangle((20 + seed, 20, 300, 200), fill="navy")
    drawing.text((40, 220), f"LICENCE {seed}", fill="black")
    out = io.BytesIO()
    found.save(out, kind)
    return out.getvalue()


def pdf(words: str = "licence") -> bytes:
    """A document of one empty page."""
    return b"%PDF-1.4\n% " + words.encode() + b"\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def sheet(*more: str) -> bytes:
    """An Excel workbook as far as its parts go."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            packed.writestr(name, "<x/>")
    return out.getvalue()


@dataclass
class Client:
    """A client on the telephone: the chat, and the pages its links open."""

    world: World
    name: str = "owang"

    @property
    def web(self) -> FlaskClient:
        """A browser that runs no script."""
        return self.world.app.pages.test_client()

    def say(self, text: str) -> str:
        """What the bot replies."""
        return self.world.say(self.name, text)

    def link(self, text: str = "上传") -> str:
        """The path of the upload page, from what the bot says to that."""
        return path_in(self.say(text))

    def open(self, path: str) -> str:
        """The page as it is."""
        answer = self.web.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def send(self, path: str, name: str, *files: tuple[bytes, str], **more: str) -> TestResponse:
        """What the form of a material sends; `more` changes its fields."""
        page = self.open(path)
        fields = {"form_key": form_key(page), "place": place_of(page), "name": name, **more}
        sent = [(io.BytesIO(data), filename) for data, filename in files]
        data = fields | {"files": sent} if sent else fields
        answer = self.web.post(path, data=data, content_type="multipart/form-data")
        # a large body lies in a file of the test's own
        answer.request.environ["wsgi.input"].close()
        return answer

    def texts(self) -> list[str]:
        """What the chat shows."""
        return [entry.text for entry in self.world.platform.client_phone(self.name)]


def path_in(text: str) -> str:
    """The path of the link in a bubble."""
    found = re.search(r"https://agency\.example(/m/\S+)", text)
    assert found, text
    return found[1]


def form_key(page: str) -> str:
    """What stands hidden in the form."""
    found = re.search(r'name="form_key" value="([^"]+)"', page)
    return found[1] if found else ""


def place_of(page: str) -> str:
    """The first matter on the page."""
    found = re.search(r'name="place" value="([^"]+)"', page)
    return found[1] if found else ""


@pytest.fixture
def world(engine_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office on each engine."""
    with open_world(engine_url, vault, clock) as found:
        yield found


@pytest.fixture
def sqlite_world(sqlite_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office, where the engine makes no difference."""
    with open_world(sqlite_url, vault, clock) as found:
        yield found


@pytest.fixture
def drafting(world: World) -> Client:
    """A client who said what is needed and agreed, and has documents to send."""
    return begun(world)


@pytest.fixture
def visitor(sqlite_world: World) -> Client:
    """The same on SQLite alone."""
    return begun(sqlite_world)


def begun(world: World) -> Client:
    """The chat up to the list of what is missing."""
    client = Client(world)
    client.say("我们食品厂要委托检验饼干")
    client.say("同意")
    client.say(BLOCK)
    return client


HERE = Path(__file__).parent
