"""我的办理: opened from the menu, for whoever's phone it is, by a code that is asked once."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.fixed_clock import FixedClock
from tests.pages.conftest import BLOCK
from tests.world import World

MINUTE = timedelta(minutes=1)
HOME = "https://agency.example"
EXCHANGE = "/sns/oauth2/access_token"


def registered(world: World, name: str = "owang") -> str:
    """A client with one case; its number."""
    for text in ("我们有8块压力表要校准", "同意", BLOCK, "都稍后送", "确认"):
        said = world.say(name, text)
    assert "JY2026" in said, said
    return said[said.index("JY2026") :][:14]


class Phone:
    """The browser inside of one client's WeChat."""

    def __init__(self, world: World, name: str) -> None:
        self.world, self.name = world, name
        self.web: FlaskClient = world.app.pages.test_client()

    def get(self, path: str) -> TestResponse:
        """One request, redirects not followed."""
        return self.web.get(path, base_url=HOME)

    def way_back(self, answer: TestResponse) -> str:
        """Where the platform sends this phone that was sent to it."""
        self.world.platform.client_views(self.name, f"{HOME}/m/mine")
        sent = requests.get(answer.headers["Location"], allow_redirects=False, timeout=5)
        assert sent.status_code == 302, sent.text
        return sent.headers["Location"].removeprefix(HOME)

    def open(self) -> str:
        """The page from the menu to what it shows."""
        back = self.get(self.way_back(self.get("/m/mine")))
        assert (back.status_code, back.headers["Location"]) == (302, "/m/mine")
        shown = self.get("/m/mine")
        assert shown.status_code == 200
        return shown.text


def test_a_client_sees_their_own_case_with_its_state_and_who_has_it(world: World) -> None:
    number = registered(world)
    page = Phone(world, "owang").open()
    assert number in page
    assert "校准" in page
    assert 'data-testid="state">' in page
    assert 'href="tel:' in page
    # what is still wanted stands there, with the place to send it
    assert "还差：计量器具清单" in page
    assert "/m/upload/" in page


def test_somebody_else_sees_nothing_of_it(world: World) -> None:
    number = registered(world)
    page = Phone(world, "oli").open()
    assert number not in page
    assert "还没有登记过的事项" in page


def test_the_journey_carries_a_word_that_only_this_browser_can_bring_back(
    sqlite_world: World,
) -> None:
    phone, other = Phone(sqlite_world, "owang"), Phone(sqlite_world, "oli")
    sent = phone.get("/m/mine")
    query = parse_qs(urlsplit(sent.headers["Location"]).query)
    assert query["scope"] == ["snsapi_base"]
    assert query["redirect_uri"] == [f"{HOME}/m/mine/back"]
    assert sent.headers["Location"].endswith("#wechat_redirect")
    back = phone.way_back(sent)
    # the link of one passed on to another: no identity comes along with it
    assert other.get(back).status_code == 403
    assert not any("sns" in one.what for one in sqlite_world.platform.journal.since(0))
    assert phone.get(back).status_code == 302


def test_the_cookie_is_kept_from_scripts_and_from_plain_http(sqlite_world: World) -> None:
    phone = Phone(sqlite_world, "owang")
    back = phone.get(phone.way_back(phone.get("/m/mine")))
    kept = next(one for one in back.headers.getlist("Set-Cookie") if one.startswith("mine="))
    for wanted in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/m/mine", "Max-Age=1800"):
        assert wanted in kept


def test_going_back_in_the_browser_does_not_ask_a_code_twice(sqlite_world: World) -> None:
    phone = Phone(sqlite_world, "owang")
    back = phone.way_back(phone.get("/m/mine"))
    phone.get(back)
    again = phone.get(back)
    assert (again.status_code, again.headers["Location"]) == (302, "/m/mine")
    asked = [one for one in sqlite_world.platform.journal.since(0) if EXCHANGE in one.what]
    assert len(asked) == 1


@pytest.mark.parametrize("code", [40029, 40163, 42003])
def test_a_stale_code_begins_the_journey_again_and_then_no_more(
    sqlite_world: World, code: int
) -> None:
    sqlite_world.platform.faults.on_call(EXCHANGE, code=code, times=2)
    phone = Phone(sqlite_world, "owang")
    again = phone.get(phone.way_back(phone.get("/m/mine")))
    assert again.status_code == 302
    assert "/connect/oauth2/authorize" in again.headers["Location"]
    over = phone.get(phone.way_back(again))
    assert over.status_code == 403
    assert "没有打开" in over.text


def test_a_code_older_than_five_minutes_is_stale(sqlite_world: World, clock: FixedClock) -> None:
    phone = Phone(sqlite_world, "owang")
    back = phone.way_back(phone.get("/m/mine"))
    clock.forward(MINUTE * 6)
    assert "/connect/oauth2/authorize" in phone.get(back).headers["Location"]


def test_a_preview_is_bound_to_nobody(sqlite_world: World) -> None:
    registered(sqlite_world)
    sqlite_world.platform.official_api.visits.previewed = True
    phone = Phone(sqlite_world, "owang")
    answer = phone.get(phone.way_back(phone.get("/m/mine")))
    assert answer.status_code == 403
    assert "使用完整服务" in answer.text


def test_a_platform_that_is_away_is_said_in_words(sqlite_world: World) -> None:
    sqlite_world.platform.faults.on_call(EXCHANGE, code=-1)
    phone = Phone(sqlite_world, "owang")
    answer = phone.get(phone.way_back(phone.get("/m/mine")))
    assert answer.status_code == 503
    assert "进度" in answer.text


def test_after_half_an_hour_the_platform_is_asked_again(
    sqlite_world: World, clock: FixedClock
) -> None:
    phone = Phone(sqlite_world, "owang")
    phone.open()
    clock.forward(MINUTE * 31)
    assert phone.get("/m/mine").status_code == 302


def test_a_forged_cookie_opens_nothing(sqlite_world: World) -> None:
    phone = Phone(sqlite_world, "oli")
    phone.web.set_cookie("mine", "owang.1.forged", domain="agency.example", path="/m/mine")
    assert phone.get("/m/mine").status_code == 302


def test_a_browser_outside_of_wechat_is_told_to_open_it_there(sqlite_world: World) -> None:
    sent = Phone(sqlite_world, "owang").get("/m/mine")
    answer = requests.get(sent.headers["Location"], allow_redirects=False, timeout=5)
    assert answer.status_code == 200
    assert "请在微信客户端打开链接" in answer.text


def test_a_domain_that_is_not_set_in_the_console_is_refused_by_the_platform(
    sqlite_world: World,
) -> None:
    visits = sqlite_world.platform.official_api.visits
    visits.domain, visits.browsing = "other.example", "owang"
    sent = Phone(sqlite_world, "owang").get("/m/mine")
    answer = requests.get(sent.headers["Location"], allow_redirects=False, timeout=5)
    assert "10003" in answer.text
