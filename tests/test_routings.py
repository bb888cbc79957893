"""What staff corrected, from the desk to a file that the catalogue takes: masked, newest, once."""

from datetime import timedelta

import pytest
import yaml

from bot.domain.phrases_file import parse_phrases
from bot.messages import Channel
from bot.routings import as_yaml, read_routings
from storage import cases, events, people
from storage.db import Tx
from storage.people import Act
from tests.handlers.desk.book import FIRST_ASKED, MANAGER, client_of
from tests.storage.samples import NEED, RECORD
from tests.world import World

ONSITE, WATER = "calibrate_onsite", "test_water_env"


@pytest.fixture
def engine_url(sqlite_url: str) -> str:
    """One engine is enough: what is read is tested with the storage."""
    return sqlite_url


def said(world: World, words: str, *items: str) -> str:
    """A need in these words, that a manager moves to these items one after the other."""

    def turn(tx: Tx) -> str:
        now = world.clock()
        number = cases.next_number(tx, "JY", now.date())
        person = people.meet(tx, Channel.OFFICIAL, client_of(number), now, Act.WROTE)
        need = vars(NEED) | {"item": "calibrate", "department": "metrology", "description": words}
        cases.register(tx, number, person.id, "oa", FIRST_ASKED, RECORD, [type(NEED)(**need)], now)
        return number

    number = world.database.run(turn)
    for item in items:
        assert "已由" in world.order(MANAGER, f"改项 {number} {item}")
    return number


def exported(world: World, days: int | None = None) -> dict[str, tuple[str, ...]]:
    """Item -> phrases, from so many days from now on."""
    since = None if days is None else world.clock().date() + timedelta(days=days)
    return dict(read_routings(world.database, world.app.catalog, since))


def test_what_was_corrected_comes_out_by_item_each_text_once(world: World) -> None:
    said(world, "锅炉上的表准不准", ONSITE)
    said(world, "井水发黄", WATER)
    said(world, "锅炉上的表准不准", ONSITE)
    said(world, "8块压力表")
    assert exported(world) == {ONSITE: ("锅炉上的表准不准",), WATER: ("井水发黄",)}


def test_the_newest_move_counts_and_there_and_back_gives_nothing(world: World) -> None:
    said(world, "井水发黄", ONSITE, WATER)
    said(world, "表不准", ONSITE, "calibrate")
    assert exported(world) == {WATER: ("井水发黄",)}


def test_it_counts_from_the_day_of_the_last_move(world: World) -> None:
    number = said(world, "井水发黄", ONSITE)
    world.clock.forward(timedelta(days=3))
    said(world, "锅炉上的表准不准", ONSITE)
    assert exported(world, 0) == {ONSITE: ("锅炉上的表准不准",)}
    assert exported(world, 1) == {}
    world.order(MANAGER, f"改项 {number} {WATER}")
    assert exported(world, 0)[WATER] == ("井水发黄",)


def test_nobody_is_recognised_in_it(world: World) -> None:
    said(world, "我是王小明 13804310001，锅炉上的表准不准，来长春市净月区生态大街1号", ONSITE)
    said(world, "王小明 13804310001", ONSITE)
    said(world, "长春市净月仪表厂的\n井水发黄，联系13900002222", WATER)
    found = exported(world)
    assert len(found[ONSITE]) == 1
    text = "".join(found[ONSITE] + found[WATER])
    assert "锅炉上的表准不准" in text
    assert "井水发黄" in text
    for secret in ("王小明", "13804310001", "生态大街", "13900002222", "净月仪表厂", "\n"):
        assert secret not in text


def test_what_was_forgotten_is_not_exported(world: World) -> None:
    number = said(world, "井水发黄", WATER)

    def forget(tx: Tx) -> None:
        case = cases.by_number(tx, number)
        assert case is not None
        events.erase_values(tx, case.id)

    world.database.run(forget)
    assert exported(world) == {}


def test_an_item_that_is_gone_is_left_out(world: World) -> None:
    said(world, "井水发黄", WATER)
    items = tuple(one for one in world.app.catalog.items if one.id != WATER)
    catalog = world.app.catalog.model_construct(**(dict(world.app.catalog) | {"items": items}))
    assert read_routings(world.database, catalog, None) == {}


def test_the_file_is_one_that_can_be_learned_from(world: World) -> None:
    said(world, "锅炉上的表: 准不准 #3", ONSITE)
    said(world, "no", ONSITE)
    found, catalog = exported(world), world.app.catalog
    data = as_yaml(found, catalog)
    assert yaml.safe_load(data)["items"][0]["name"] == "现场检定/校准"
    assert parse_phrases(data, catalog, "routings.yaml") == found
    assert parse_phrases(as_yaml({}, catalog), catalog, "routings.yaml") == {}
