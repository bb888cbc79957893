"""A client with a registration under way, or a case that waits, and a browser without a script."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages.form import path_in, send
from tests.world import World

BLOCK = """单位：长春市宏达食品有限公司
联系人：王芳（采购经理）
电话：13900001111
地址：长春市朝阳区人民大街100号
主营：食品加工"""


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
        return send(self.web, path, name, *files, **more)

    def texts(self) -> list[str]:
        """What the chat shows."""
        return [entry.text for entry in self.world.platform.client_phone(self.name)]


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
