"""The platform on a real loopback port: its APIs, the control API, and the sandbox blueprint."""

import io
import time
from collections.abc import Iterator

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from bot.simulator.platform import Platform
from bot.simulator.sandbox import sandbox_blueprint
from bot.simulator.server import RunningServer, serve_platform
from tests.fixed_clock import FixedClock
from tests.simulator.fake_bot import FakeBot

MINE = "oClient"
PAGE = {"X-Sandbox": "1"}


@pytest.fixture
def server(platform: Platform, clock: FixedClock) -> Iterator[RunningServer]:
    """The platform, listening."""
    platform.client_arrives(MINE, "张建国")
    running = serve_platform(platform, move_clock=clock.forward)
    yield running
    running.stop()


@pytest.fixture
def page(server: RunningServer) -> FlaskClient:
    """A browser without eyes on the sandbox."""
    app = Flask("sandbox-under-test")
    app.register_blueprint(sandbox_blueprint(server.control_url, server.secret, "检测院"))
    return app.test_client()


def _wait_for_seen(bot: FakeBot, count: int) -> None:
    for _ in range(100):
        if len(bot.seen) >= count:
            return
        time.sleep(0.02)
    raise AssertionError(f"the bot saw {len(bot.seen)} pushes, expected {count}")


def test_the_api_answers_over_http(server: RunningServer, platform: Platform) -> None:
    corp = platform.accounts.corp
    query = {"corpid": corp.corp_id, "corpsecret": corp.secret}
    answer = requests.get(server.wecom_url + "/cgi-bin/gettoken", params=query, timeout=5)
    assert answer.json()["errcode"] == 0
    assert requests.get(server.url + "/elsewhere", timeout=5).status_code == 404


def test_a_photo_is_served_at_the_address_the_bot_was_given(
    server: RunningServer, platform: Platform, bot: FakeBot
) -> None:
    platform.client_sends_photo(MINE, b"jpeg bytes", "image/jpeg")
    assert requests.get(bot.seen[0].tags["PicUrl"], timeout=5).content == b"jpeg bytes"


def test_the_control_api_is_closed_without_the_secret(server: RunningServer) -> None:
    assert requests.get(server.control_url + "/state", timeout=5).status_code == 403


def test_delivery_reports_go_out_by_themselves(
    server: RunningServer, platform: Platform, bot: FakeBot
) -> None:
    platform.hub.afterwards.put(lambda: platform.official.template_finished(MINE, 7))
    _wait_for_seen(bot, 1)
    assert bot.seen[0].tags["MsgID"] == "7"


def test_the_page_comes_with_a_policy_that_lets_nothing_in_from_outside(page: FlaskClient) -> None:
    answer = page.get("/sandbox/")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    html = answer.get_data(as_text=True)
    assert "检测院" in html
    assert "://" not in html.replace("http://www.w3.org", "")
    assert "<script>" not in html
    assert " style=" not in html


def test_what_one_phone_says_is_in_the_next_state(page: FlaskClient) -> None:
    order = {"deed": "client_says", "who": MINE, "text": "hi"}
    assert page.post("/sandbox/deeds", json=order, headers=PAGE).status_code in (200, 202)
    for _ in range(100):
        state = page.get("/sandbox/state", query_string={"client": MINE}).get_json()
        if len(state["client"]["entries"]) == 2:
            break
        time.sleep(0.02)
    assert [entry["text"] for entry in state["client"]["entries"]] == ["hi", "echo:hi"]
    later = {"client": MINE, "client_changed": state["client"]["changed"], "trace": 1}
    news = page.get("/sandbox/state", query_string=later).get_json()
    assert (news["client"]["entries"], news["traces"]) == ([], [])


@pytest.mark.parametrize(
    "order",
    [
        {"deed": "dance", "who": MINE},
        {"deed": "client_says", "who": MINE, "text": "  "},
        {"deed": "client_says"},
        {"deed": "staff_says", "who": "nobody", "text": "hi"},
        {"deed": "staff_taps", "who": "lisi", "task": "none", "key": "accept"},
        {"deed": "staff_taps", "who": "lisi", "task": "none", "key": "a", "selected": {"a": 5}},
        {"deed": "staff_taps", "who": "lisi", "task": "none", "key": "a", "selected": [1]},
        [],
    ],
)
def test_an_order_that_makes_no_sense_is_refused(page: FlaskClient, order: object) -> None:
    assert page.post("/sandbox/deeds", json=order, headers=PAGE).status_code == 400


def test_orders_from_another_page_are_refused(page: FlaskClient) -> None:
    order = {"deed": "client_says", "who": MINE, "text": "hi"}
    assert page.post("/sandbox/deeds", json=order).status_code == 403
    foreign = {**PAGE, "Origin": "http://elsewhere.example"}
    assert page.post("/sandbox/deeds", json=order, headers=foreign).status_code == 403
    own = {**PAGE, "Origin": "http://localhost"}
    assert page.post("/sandbox/deeds", json=order, headers=own).status_code in (200, 202)


@pytest.mark.parametrize("body", [b"{", b"[" * 100_000, b"\xff\xfe", b"null"])
def test_what_is_no_order_is_refused(page: FlaskClient, body: bytes) -> None:
    assert page.post("/sandbox/deeds", data=body, headers=PAGE).status_code == 400


def test_half_a_character_leaves_the_phone_readable(page: FlaskClient) -> None:
    order = b'{"deed": "client_says", "who": "%s", "text": "a\\ud83d"}' % MINE.encode()
    assert page.post("/sandbox/deeds", data=order, headers=PAGE).status_code in (200, 202)
    state = page.get("/sandbox/state", query_string={"client": MINE}).get_json()
    assert state["client"]["entries"][0]["text"] == "a?"


def test_a_photo_from_the_page_reaches_the_bot_and_comes_back_as_a_picture(
    page: FlaskClient, bot: FakeBot
) -> None:
    sent = page.post(
        f"/sandbox/photos?who={MINE}", data=b"png", content_type="image/png", headers=PAGE
    )
    assert sent.status_code in (200, 202)
    _wait_for_seen(bot, 1)
    picture = page.get("/sandbox/media/" + bot.seen[0].tags["MediaId"])
    assert (picture.get_data(), picture.content_type) == (b"png", "image/png")
    wrong = page.post(
        f"/sandbox/photos?who={MINE}", data=b"x", content_type="text/html", headers=PAGE
    )
    assert wrong.status_code == 400
    endless = page.post(
        f"/sandbox/photos?who={MINE}",
        input_stream=io.BytesIO(b"x"),
        content_type="image/png",
        headers={**PAGE, "Transfer-Encoding": "chunked"},
    )
    assert endless.status_code == 411


@pytest.mark.parametrize(
    ("order", "now"),
    [
        ({"seconds": 600}, "2026-11-23T09:10:00+08:00"),
        ({"to": "next_workday"}, "2026-11-24T09:00:00+08:00"),
    ],
)
def test_the_clock_moves_forward(page: FlaskClient, order: dict[str, object], now: str) -> None:
    assert page.post("/sandbox/clock", json=order, headers=PAGE).get_json()["now"] == now


@pytest.mark.parametrize(
    "order",
    [
        {"seconds": -60},
        {"seconds": 0},
        {"seconds": "60"},
        {"seconds": 10**12},
        {"seconds": 10**40},
        {},
    ],
)
def test_the_clock_never_moves_back_or_out_of_the_calendar(
    page: FlaskClient, order: dict[str, object]
) -> None:
    assert page.post("/sandbox/clock", json=order, headers=PAGE).status_code == 400
