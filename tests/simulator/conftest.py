"""A platform with a fake bot on its other side, and a caller of its API."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from bot.messages import Channel
from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.wires import in_process
from tests.fixed_clock import FixedClock
from tests.simulator.fake_bot import FakeBot

STAFF = {"ZhangSan": "Zhang San", "LiSi": "Li Si"}


@dataclass
class Caller:
    """What a bot does to call the API: get a token, post JSON."""

    platform: Platform

    def __post_init__(self) -> None:
        self.http = Client(self.platform.api)
        self.token: dict[str, str] = {}

    def official_token(self, **more: object) -> dict[str, Any]:
        oa = self.platform.accounts.official
        asked = {"grant_type": "client_credential", "appid": oa.app_id, "secret": oa.secret}
        return self._json(self.http.post("/oa/cgi-bin/stable_token", json=asked | more))

    def wecom_token(self) -> dict[str, Any]:
        corp = self.platform.accounts.corp
        query = {"corpid": corp.corp_id, "corpsecret": corp.secret}
        return self._json(self.http.get("/wecom/cgi-bin/gettoken", query_string=query))

    def post(self, host: str, path: str, body: object) -> dict[str, Any]:
        """Call with a token fetched at first use; the JSON that came back."""
        return self._json(self.raw(host, path, json.dumps(body, ensure_ascii=False)))

    def raw(self, host: str, path: str, body: str) -> TestResponse:
        query = {"access_token": self._token(host)}
        return self.http.post(f"/{host}/cgi-bin/{path}", data=body, query_string=query)

    def get(self, host: str, path: str, **query: str) -> TestResponse:
        asked = {"access_token": self._token(host)} | query
        return self.http.get(f"/{host}/cgi-bin/{path}", query_string=asked)

    def send_text(self, openid: str, text: str = "hello") -> dict[str, Any]:
        message = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        return self.post("oa", "message/custom/send", message)

    def send_staff(self, to: str, text: str = "hello", **more: object) -> dict[str, Any]:
        agent = self.platform.accounts.corp.agent_id
        message = {"touser": to, "msgtype": "text", "agentid": agent, "text": {"content": text}}
        return self.post("wecom", "message/send", message | more)

    def send_card(self, to: str, card: object, **more: object) -> dict[str, Any]:
        agent = self.platform.accounts.corp.agent_id
        message = {"touser": to, "msgtype": "template_card", "agentid": agent}
        return self.post("wecom", "message/send", message | {"template_card": card} | more)

    def update_card(self, code: str, **more: object) -> dict[str, Any]:
        agent = self.platform.accounts.corp.agent_id
        asked = {"agentid": agent, "response_code": code, "atall": 1}
        return self.post("wecom", "message/update_template_card", asked | more)

    def _token(self, host: str) -> str:
        if host not in self.token:
            found = self.official_token() if host == "oa" else self.wecom_token()
            self.token[host] = found["access_token"]
        return self.token[host]

    @staticmethod
    def _json(response: TestResponse) -> dict[str, Any]:
        assert response.status_code == 200
        found: dict[str, Any] = json.loads(response.get_data())
        return found


@pytest.fixture
def accounts() -> Accounts:
    """Credentials made up for this test."""
    return Accounts.random()


@pytest.fixture
def bot(accounts: Accounts) -> FakeBot:
    """A bot that echoes."""
    return FakeBot(accounts)


@pytest.fixture
def platform(accounts: Accounts, bot: FakeBot, clock: FixedClock) -> Platform:
    """The platform under test."""
    return Platform(accounts, clock, in_process(bot), staff=STAFF)


@pytest.fixture
def caller(platform: Platform) -> Caller:
    """The bot's side of the API."""
    return Caller(platform)


CHANNELS = (Channel.OFFICIAL, Channel.WECOM)
