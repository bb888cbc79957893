"""The account's menu: checked before it is sent, published, compared, and worth its taps."""

import pytest

from bot.domain.catalog import Button, Leaf
from bot.domain.catalog_file import CatalogError, parse
from bot.messages import Channel
from bot.wechat.client import ApiError
from bot.wechat.menu import buttons_of, faults_of
from storage import people
from tests.world import SHIPPED, World


def home(path: str) -> str:
    """Where the tests say our pages are."""
    return f"https://agency.example/m/{path}"


def nowhere(_: str) -> str:
    """No page can be reached from outside."""
    return ""


ONE = Leaf(name="进度", says="进度")
TWO = "二" * 7
# a menu that breaks one rule of the platform, and the name of our sentence about it
WRONG = [
    ((), "buttons"),
    ((Button(name="一", says="一"),) * 4, "buttons"),
    ((Button(name="一", buttons=(ONE,) * 6),), "sub_buttons"),
    ((Button(name="一二三四五六", says="一"),), "name_long"),
    ((Button(name="一", buttons=(Leaf(name=TWO + TWO, says="一"),)),), "name_long"),
    ((Button(name="一", says="说" * 42),), "key_long"),
    ((Button(name="一", url="https://a.example/" + "x" * 1024),), "url_long"),
    ((Button(name="一", url="mine"),), "bad_address"),
]


@pytest.mark.parametrize(("menu", "code"), WRONG)
def test_what_the_platform_would_refuse_is_found_before_it_is_sent(
    sqlite_world: World, menu: tuple[Button, ...], code: str
) -> None:
    built = buttons_of(menu, home)
    assert [one.code for one in faults_of(built)] == [code]
    with pytest.raises(ApiError):
        sqlite_world.app.account_menu.publish(built)


def test_a_page_of_ours_needs_an_address_that_clients_reach() -> None:
    built = buttons_of((Button(name="我的", page="mine"),), nowhere)
    assert [one.code for one in faults_of(built)] == ["no_address"]


def test_the_shipped_menu_is_taken_and_comes_back_the_same(sqlite_world: World) -> None:
    app = sqlite_world.app
    assert not list(faults_of(app.menu))
    assert app.account_menu.published() == []
    app.account_menu.publish(app.menu)
    assert app.account_menu.published() == app.menu
    assert [one["name"] for one in sqlite_world.platform.official.menu] == [
        "我要办理",
        "查进度",
        "更多",
    ]


def test_another_trouble_than_no_menu_is_not_taken_for_no_menu(sqlite_world: World) -> None:
    sqlite_world.platform.faults.on_call("/cgi-bin/menu/get", code=48001)
    with pytest.raises(ApiError, match="48001"):
        sqlite_world.app.account_menu.published()


def test_a_button_counts_as_a_tap_and_not_as_a_message(world: World) -> None:
    world.platform.client_taps("owang", "say:进度")
    person = world.database.run(lambda tx: people.find(tx, Channel.OFFICIAL, "owang"))
    assert person is not None
    assert person.credits.wrote_at is None
    assert person.credits.tapped_at == world.clock()


def test_a_key_that_is_not_ours_is_welcomed(sqlite_world: World) -> None:
    said = sqlite_world.platform.client_taps("owang", "OLD_MENU").reply
    assert said is not None
    assert "可办：" in said


@pytest.mark.parametrize(
    ("button", "found"),
    [
        ("{name: 空}", "says、page、url、buttons"),
        ("{name: 两样, says: 进度, page: mine}", "says、page、url、buttons"),
        ("{name: 组, buttons: [{name: 空}]}", "says、page、url 里"),
        ("{name: 页, page: nowhere}", "mine"),
    ],
)
def test_a_button_that_leads_nowhere_is_named_in_the_catalogue(button: str, found: str) -> None:
    text = SHIPPED.read_text(encoding="utf-8")
    broken = text.replace("menu:\n", f"menu:\n  - {button}\n", 1)
    with pytest.raises(CatalogError, match=found):
        parse(broken)
