"""The three modes of the official account's console: the official samples, and a whole office."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
import yaml
from werkzeug.test import Client

from bot.app import App
from bot.clock import SHANGHAI
from bot.messages import Channel, Inbound
from bot.simulator.accounts import Accounts, Mode
from bot.simulator.platform import Platform
from bot.simulator.server import serve_platform
from bot.simulator.wires import in_process
from bot.wechat.envelope import Envelope
from bot.wechat.webhooks import Door
from storage.db import open_database
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.world import settings_for, shipped_catalog

VECTORS = yaml.safe_load(Path(__file__).with_name("vectors.yaml").read_text(encoding="utf-8"))


class Ear:
    """Hears what a door lets in."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []

    def __call__(self, inbound: Inbound, _raw: bytes, /) -> bytes | None:
        self.heard.append(inbound)
        return None


def door_for(sample: dict[str, str], ear: Ear, *, plaintext: bool = False) -> Client:
    """The door of the account of a sample, at the second it was sent."""
    at = datetime.fromtimestamp(int(sample["timestamp"]), SHANGHAI)
    envelope = Envelope(sample["token"], sample["aes_key"], sample["receive_id"])
    return Client(Door(envelope, Channel.OFFICIAL, ear, lambda: at, plaintext))


def post(door: Client, sample: dict[str, str], body: str, **query: str) -> int:
    """The status that a body is answered with."""
    asked = {"timestamp": sample["timestamp"], "nonce": sample["nonce"], **query}
    answer = door.post("/", query_string=asked, data=body.encode(), content_type="text/xml")
    return answer.status_code


@pytest.fixture
def sample() -> dict[str, str]:
    """The official sample of the compatible mode."""
    given = VECTORS["C"]
    return {**given["account"], **{key: str(given[key]) for key in given.keys() - {"account"}}}


def test_the_official_sample_of_the_compatible_mode_is_read(sample: dict[str, str]) -> None:
    ear = Ear()
    query = {"encrypt_type": "aes", "msg_signature": sample["msg_signature"]}
    assert post(door_for(sample, ear), sample, sample["body"], **query) == 200
    assert [one.text for one in ear.heard] == ["abcdteT"]


def test_what_somebody_wrote_into_the_plain_part_is_not_read(sample: dict[str, str]) -> None:
    ear = Ear()
    forged = sample["body"].replace("[abcdteT]", "[forged]")
    assert forged != sample["body"]
    query = {"encrypt_type": "aes", "msg_signature": sample["msg_signature"]}
    assert post(door_for(sample, ear), sample, forged, **query) == 200
    assert [one.text for one in ear.heard] == ["abcdteT"]


@pytest.mark.parametrize(("allowed", "status"), [(False, 403), (True, 200)])
def test_the_plain_part_alone_is_refused_unless_plaintext_is_on(
    sample: dict[str, str], allowed: bool, status: int
) -> None:
    ear = Ear()
    head, _, rest = sample["body"].partition("<Encrypt>")
    plain = head + rest.partition("</Encrypt>")[2]
    envelope = Envelope(sample["token"], sample["aes_key"], sample["receive_id"])
    signature = envelope.sign(sample["timestamp"], sample["nonce"])
    door = door_for(sample, ear, plaintext=allowed)
    for more in ({}, {"encrypt_type": "raw"}):
        assert post(door, sample, plain, signature=signature, **more) == status
    # a sealed request without its sealed part is no plaintext
    assert post(door, sample, plain, signature=signature, encrypt_type="aes") == 400
    assert len(ear.heard) == (2 if allowed else 0)


@pytest.fixture(params=list(Mode), ids=str)
def modal(
    request: pytest.FixtureRequest, sqlite_url: str, vault: Vault, clock: FixedClock
) -> Iterator[tuple[Mode, App, Platform, list[App]]]:
    """An office whose account is set to one of the modes."""
    accounts = Accounts.random()
    accounts = replace(accounts, official=replace(accounts.official, mode=request.param))
    catalog, database, office = shipped_catalog(), open_database(sqlite_url, vault), list[App]()
    wire = in_process(lambda environ, start: office[0].wsgi(environ, start))
    platform = Platform(accounts, clock, wire, staff={one.id: one.name for one in catalog.staff})
    server = serve_platform(platform)
    app = App(settings_for(accounts, sqlite_url, server.url), catalog, database, clock)
    office.append(app)
    yield request.param, app, platform, office
    server.stop()
    database.close()


def test_a_client_is_answered_in_every_mode_that_is_allowed(
    modal: tuple[Mode, App, Platform, list[App]],
) -> None:
    mode, app, platform, office = modal
    if mode is Mode.PLAIN:
        heard = platform.client_says("owang", "你好")
        assert (heard.reply, heard.status) == (None, 403)
        lenient = app.settings.model_copy(update={"oa_plaintext": True})
        office[0] = replace(app, settings=lenient)
    assert "一站式服务" in (platform.client_says("owang", "您好").reply or "")
