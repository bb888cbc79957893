"""An item that is taken out of catalog.yaml leaves its needs readable and workable to their end."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.dialogs.form import FACT
from bot.domain.actions import Action
from bot.domain.cases import Need, NeedState
from bot.domain.catalog import Catalog
from bot.export import as_json, read_cases
from bot.spreadsheets import as_csv
from storage import cases
from storage.vault import Vault
from tests.fixed_clock import FixedClock
from tests.handlers.desk.book import ITEM, KEEPER, MANAGER, client_of, look, put
from tests.handlers.desk.test_moves import LEGAL, command
from tests.handlers.ratings.rated import invited, scores
from tests.pages.form import path_in, pdf, send
from tests.world import World, open_world, shipped_catalog

AREA = "计量服务"
LIST = "计量器具清单"


def without(item: str) -> Catalog:
    """The shipped catalogue as it is once that item was struck out of it."""
    shipped = shipped_catalog()
    items = tuple(one for one in shipped.items if one.id != item)
    staff = tuple(
        one.model_copy(update={"items": tuple(name for name in one.items if name != item)})
        for one in shipped.staff
    )
    return Catalog(**{**dict(shipped), "items": items, "staff": staff})


@pytest.fixture
def world(
    engine_url: str, vault: Vault, clock: FixedClock, caplog: pytest.LogCaptureFixture
) -> Iterator[World]:
    """An office that no longer offers what its cases are about, and in which nothing fails."""
    with open_world(engine_url, vault, clock, without(ITEM)) as found:
        yield found
    failed = [one.getMessage() for one in caplog.get_records("call") if one.levelname == "ERROR"]
    assert failed == []


def changed(world: World, number: str, **changes: Any) -> Need:
    """The need of a case, as it may have become before the item went."""
    need = look(world, number).need
    return world.database.run(lambda tx: cases.change(tx, need, **changes))


def test_the_client_reads_where_it_stands_under_the_name_of_its_category(world: World) -> None:
    number = put(world, NeedState.IN_SERVICE)
    assert f"【{number}】{AREA}：服务中" in world.say(client_of(number), "进度")
    assert AREA in world.say(client_of(number), "我的信息")


def test_the_client_takes_it_back_and_staff_hear_what_it_was(world: World) -> None:
    number = put(world, NeedState.ACCEPTED)
    assert AREA in world.say(client_of(number), "撤回")
    before = look(world, number)
    assert AREA in world.say(client_of(number), "确认撤回")
    after = look(world, number)
    assert after.need.state is NeedState.WITHDRAWN
    letters = [one.text for one in after.since(before) if one.kind == "text"]
    assert letters
    assert all(AREA in text for text in letters)


def test_staff_see_it_and_make_every_move_there_is(world: World) -> None:
    for action, moves in LEGAL.items():
        state, becomes = next(iter(moves.items()))
        number = put(world, state)
        assert AREA in world.order(KEEPER, f"查看 {number}")
        words = "申请人 名称与公章不符" if action is Action.SUPPLEMENT else None
        world.order(MANAGER, command(action, number, words))
        assert look(world, number).need.state is becomes, action
    assert AREA in world.order(KEEPER, "待办")
    world.deliver()
    card = world.card(KEEPER).card
    assert card is not None
    assert AREA in str(card)


def test_what_it_still_wants_can_be_asked_for_sent_and_is_promised_as_before(world: World) -> None:
    number = put(world, NeedState.SUBMITTED)
    changed(world, number, wanted=(LIST, f"{FACT}gone_too"), promised_days=5)
    world.order(KEEPER, f"需补料 {number} {LIST} 数量看不清")
    need = look(world, number).need
    assert (need.state, need.wanted) == (NeedState.TO_SUPPLEMENT, (LIST,))
    assert f"待补：{LIST}" in world.say(client_of(number), "进度")
    world.platform.client_sends_photo(client_of(number))
    need = look(world, number).need
    assert (need.state, need.due) == (NeedState.SUBMITTED, date(2026, 11, 30))


def test_a_question_that_went_with_its_item_is_named_in_plain_words(world: World) -> None:
    number = put(world, NeedState.TO_SUPPLEMENT)
    changed(world, number, wanted=(f"{FACT}gone_too",))
    assert "待补：情况说明" in world.say(client_of(number), "进度")


def test_its_document_reaches_the_client(world: World) -> None:
    number, web = put(world, NeedState.FINISHED), world.app.pages.test_client()
    path = path_in(world.order(KEEPER, f"证书 {number} 校准证书"))
    assert AREA in web.get(path).text
    assert send(web, path, "", (pdf(), "0001.pdf")).status_code == 303
    assert AREA in world.order(KEEPER, f"金额 {number} 1200元")


def test_it_is_rated_and_put_on_file(world: World) -> None:
    number = invited(world)
    world.say(client_of(number), "5")
    assert list(scores(world, number).values()) == [5]
    assert look(world, number).need.state is NeedState.CLOSED


def test_the_clocks_bring_it_up_in_every_state(world: World) -> None:
    for state in NeedState:
        number = put(world, state)
        terms = {"promised_from": date(2026, 11, 23), "promised_days": 2, "due": date(2026, 11, 25)}
        changed(world, number, **terms)
    world.wait(timedelta(days=9))
    told = "\n".join(one.text for one in world.platform.staff_phone(KEEPER))
    assert AREA in told


def test_every_form_of_the_register_has_it(world: World) -> None:
    number = put(world, NeedState.ACCEPTED)
    rows = read_cases(world.database, world.app.catalog, None)
    [case] = json.loads(as_json(rows))
    [need] = case["needs"]
    assert (need["item"], need["item_name"], need["category_name"]) == (ITEM, AREA, AREA)
    [line] = csv.DictReader(io.StringIO(as_csv(rows).decode("utf-8-sig")))
    assert (line["number"], line["item"]) == (number, AREA)


def test_a_need_whose_category_is_gone_as_well_is_one_of_the_other_things(world: World) -> None:
    need = replace(look(world, put(world, NeedState.ACCEPTED)).need, category="gone_too")
    assert world.app.catalog.service(need).name == "其他服务"
