"""Signing in, tickets and QR codes as the platform judges them."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.test import TestResponse

from bot.simulator.platform import Platform
from tests.fixed_clock import FixedClock
from tests.simulator.conftest import Caller

BACK = "https://agency.example/m/mine/back"


def authorise(caller: Caller, **more: str) -> TestResponse:
    """A browser at the platform's door."""
    app_id = caller.platform.accounts.official.app_id
    asked = {"appid": app_id, "redirect_uri": BACK, "response_type": "code", "state": "abc"}
    query = {**asked, "scope": "snsapi_base", **more}
    return caller.http.get("/oa/connect/oauth2/authorize", query_string=query)


def code_of(caller: Caller) -> str:
    """The code a follower's browser comes back with."""
    caller.platform.official_api.visits.browsing = "owang"
    found = parse_qs(urlsplit(authorise(caller).headers["Location"]).query)
    assert found["state"] == ["abc"]
    return found["code"][0]


def exchange(caller: Caller, code: str, **more: str) -> dict[str, object]:
    """What the code is worth."""
    oa = caller.platform.accounts.official
    query = {"appid": oa.app_id, "secret": oa.secret, "code": code}
    asked = {**query, "grant_type": "authorization_code", **more}
    found: dict[str, object] = caller.http.get(
        "/oa/sns/oauth2/access_token", query_string=asked
    ).get_json(force=True)
    return found


def test_a_code_is_worth_one_openid_once(caller: Caller) -> None:
    code = code_of(caller)
    assert exchange(caller, code)["openid"] == "owang"
    assert exchange(caller, code)["errcode"] == 40163
    assert exchange(caller, "made-up")["errcode"] == 40029


def test_a_code_lasts_five_minutes(caller: Caller, clock: FixedClock) -> None:
    code = code_of(caller)
    clock.forward(timedelta(minutes=5))
    assert exchange(caller, code)["errcode"] == 42003


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"appid": "wx0"}, 40013), ({"secret": "x"}, 40125), ({"grant_type": "x"}, 40002)],
)
def test_a_code_is_for_its_own_account(caller: Caller, wrong: dict[str, str], code: int) -> None:
    assert exchange(caller, code_of(caller), **wrong)["errcode"] == code


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"appid": "wx0"}, "Appid"),
        ({"state": "not allowed!"}, "Scope"),
        ({"state": "a" * 129}, "Scope"),
        ({"scope": "everything"}, "Scope"),
        ({"response_type": "token"}, "Scope"),
    ],
)
def test_the_door_stays_shut_to_a_wrong_question(
    caller: Caller, wrong: dict[str, str], said: str
) -> None:
    caller.platform.official_api.visits.browsing = "owang"
    answer = authorise(caller, **wrong)
    assert answer.status_code == 200
    assert said in answer.text


def test_the_ticket_is_one_for_two_hours(caller: Caller, clock: FixedClock) -> None:
    first = caller.get("oa", "ticket/getticket", type="jsapi").get_json(force=True)
    assert first["expires_in"] == 7200
    clock.forward(timedelta(minutes=30))
    again = caller.get("oa", "ticket/getticket", type="jsapi").get_json(force=True)
    assert (again["ticket"], again["expires_in"]) == (first["ticket"], 5400)
    assert caller.get("oa", "ticket/getticket", type="x").get_json(force=True)["errcode"] == 40097


def create(caller: Caller, action: str, scene: object, **more: object) -> dict[str, object]:
    """A code of that kind."""
    name = "scene_str" if "STR" in action else "scene_id"
    body = {"action_name": action, "action_info": {"scene": {name: scene}}}
    return caller.post("oa", "qrcode/create", body | more)


def test_a_permanent_code_is_the_same_again_and_a_temporary_one_is_not(
    caller: Caller, platform: Platform
) -> None:
    lasting = [create(caller, "QR_LIMIT_STR_SCENE", "desk.window")["ticket"] for _ in range(2)]
    assert lasting[0] == lasting[1]
    passing = [create(caller, "QR_STR_SCENE", "desk.window") for _ in range(2)]
    assert passing[0]["ticket"] != passing[1]["ticket"]
    assert passing[0]["expire_seconds"] == 60
    assert set(platform.official_api.codes.made.values()) == {"desk.window"}


@pytest.mark.parametrize(
    ("action", "scene", "seconds"),
    [
        ("QR_EVER", "a", 60),
        ("QR_STR_SCENE", "", 60),
        ("QR_STR_SCENE", "a" * 65, 60),
        ("QR_STR_SCENE", "a", 2_592_001),
        ("QR_STR_SCENE", "a", 0),
        ("QR_LIMIT_SCENE", 100_001, 60),
        ("QR_SCENE", 0, 60),
    ],
)
def test_a_code_that_cannot_be_is_refused(
    caller: Caller, action: str, scene: object, seconds: int
) -> None:
    assert create(caller, action, scene, expire_seconds=seconds)["errcode"] == 40053
