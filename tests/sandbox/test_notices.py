"""The page on which a client asks for notices, in a real browser beside a pretended WeChat."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bot.domain.catalog import Template
from bot.pages.subscribe import PRETENDED
from bot.simulator.sandbox import sandbox_blueprint
from bot.simulator.server import serve_platform
from storage.vault import Vault
from tests.delivery.test_notices import CLIENT, FIELDS, NOTICE, left
from tests.fixed_clock import FixedClock
from tests.sandbox.conftest import PHONE, Open, listening
from tests.world import World, open_world, shipped_catalog

pytestmark = pytest.mark.browser


@pytest.fixture
def office(sqlite_url: str, vault: Vault, clock: FixedClock) -> Iterator[World]:
    """An office that may send notices, with one client."""
    update = {"subscriptions": {"status": Template(id=NOTICE, fields=FIELDS)}}
    with open_world(sqlite_url, vault, clock, shipped_catalog().model_copy(update=update)) as found:
        found.platform.client_follows(CLIENT)
        yield found


def test_each_tap_is_one_notice_and_a_refusal_is_none(office: World, open_page: Open) -> None:
    server = serve_platform(office.platform)
    pages = office.app.pages
    pages.register_blueprint(sandbox_blueprint(server.control_url, server.secret))
    pages.config[PRETENDED] = "/sandbox/deeds"
    path = office.app.links.subscribe(1).removeprefix("https://agency.example")
    with listening(pages) as url:
        page = open_page(url + path, PHONE)
        expect(page.get_by_test_id("left")).to_contain_text("0 条")
        page.get_by_test_id("accept").click()
        expect(page.get_by_role("status")).to_contain_text("会给您发一条通知")
        # nobody answers WeChat's question twice in a second
        office.clock.forward(timedelta(seconds=2))
        page.get_by_test_id("accept").click()
        expect(page.get_by_test_id("left")).to_contain_text("2 条")
        assert left(office) == 2
        page.get_by_test_id("reject").click()
        expect(page.get_by_role("status")).to_contain_text("不发通知")
        assert left(office) == 0
    server.stop()
