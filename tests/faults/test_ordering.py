"""Faults of a running sandbox are ordered from its page, or by whoever knows its secret."""

from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from bot.messages import Channel
from bot.simulator.accounts import Accounts
from bot.simulator.faults import Fault, PushTrouble, Trouble
from bot.simulator.platform import Platform
from bot.simulator.sandbox import sandbox_blueprint
from bot.simulator.server import RunningServer, serve_platform
from tests.fixed_clock import FixedClock

PATH = "/cgi-bin/message/custom/send"


@pytest.fixture
def server(clock: FixedClock) -> Iterator[tuple[RunningServer, Platform]]:
    platform = Platform(Accounts.random(), clock, lambda *_: (200, {}, b""), staff={})
    running = serve_platform(platform)
    yield running, platform
    running.stop()


@pytest.fixture
def page(server: tuple[RunningServer, Platform]) -> FlaskClient:
    app = Flask("sandbox-under-test")
    app.register_blueprint(sandbox_blueprint(server[0].control_url, server[0].secret))
    return app.test_client()


def test_a_fault_is_ordered_by_path_person_and_number(
    page: FlaskClient, server: tuple[RunningServer, Platform]
) -> None:
    order = {"path": PATH, "trouble": "half", "who": "oA", "times": 2, "done": True}
    assert page.post("/sandbox/faults", json=order, headers={"X-Sandbox": "1"}).status_code == 200
    faults = server[1].faults
    assert faults.take_call(PATH, "oB") is None
    assert faults.take_call("/cgi-bin/other", "oA") is None
    found = [faults.take_call(PATH, "oA") for _ in range(3)]
    assert found == [Fault(Trouble.HALF, -1, True)] * 2 + [None]


def test_a_code_for_every_call_a_lost_push_and_an_end_of_it_are_ordered(
    page: FlaskClient, server: tuple[RunningServer, Platform]
) -> None:
    faults, sandbox = server[1].faults, {"X-Sandbox": "1"}
    page.post("/sandbox/faults", json={"trouble": "code", "code": 45009}, headers=sandbox)
    assert faults.take_call("/whatever") == Fault(Trouble.CODE, 45009)
    lost = {"channel": "kf", "trouble": "lost", "times": 2}
    page.post("/sandbox/faults", json=lost, headers=sandbox)
    assert faults.take_push(Channel.KF) is PushTrouble.LOST
    page.post("/sandbox/faults", json={"clear": True}, headers=sandbox)
    assert faults.take_push(Channel.KF) is None


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"trouble": "sulks"},
        {"trouble": "code", "code": "many"},
        {"trouble": "reset", "times": 0},
        {"channel": "fax", "trouble": "lost"},
    ],
)
def test_an_order_that_means_nothing_is_refused(page: FlaskClient, order: object) -> None:
    assert page.post("/sandbox/faults", json=order, headers={"X-Sandbox": "1"}).status_code == 400


def test_nobody_orders_a_fault_without_the_secret_or_from_another_site(
    page: FlaskClient, server: tuple[RunningServer, Platform]
) -> None:
    order = {"trouble": "reset"}
    url = server[0].control_url + "/faults"
    assert requests.post(url, json=order, timeout=5).status_code == 403
    assert page.post("/sandbox/faults", json=order).status_code == 403
    assert server[1].faults.take_call(PATH) is None
