"""`yizhan seed`: invented months that went through the real conversation, on both engines."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from bot import export
from bot.clock import SHANGHAI
from bot.domain.cases import NeedState
from bot.domain.catalog import Catalog
from bot.seeding.plans import CHANNELS
from bot.seeding.seed import NotEmpty, Order, Seeded, seed
from bot.simulator.accounts import Accounts
from storage import outbox, people
from storage.db import Database, open_database
from storage.vault import Vault
from tests.world import settings_for, shipped_catalog

# enough for every item to come up once, and for every end of a case
CASES = 72
UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """The sample agency."""
    return shipped_catalog()


@pytest.fixture
def database(engine_url: str, vault: Vault) -> Iterator[Database]:
    """An empty database."""
    opened = open_database(engine_url, vault)
    yield opened
    opened.close()


def filled(database: Database, catalog: Catalog, wanted: Order) -> Seeded:
    """What `yizhan seed` does, once its settings are read."""
    settings = settings_for(Accounts.random(), "sqlite://", "http://127.0.0.1:9")
    return seed(settings, catalog, database, wanted)


def test_every_category_state_and_channel_comes_up_and_the_export_shows_them(
    database: Database, catalog: Catalog
) -> None:
    made = filled(database, catalog, Order(seed=1, cases=CASES, until=UNTIL))
    cases: list[dict[str, Any]] = export.read_cases(database, catalog, None)
    needs = [need for case in cases for need in case["needs"]]
    assert len(made.numbers) == len(cases) == CASES
    assert {need["category"] for need in needs} == set(catalog.category)
    assert {need["item"] for need in needs} == set(catalog.item)
    assert {need["state"] for need in needs} == {*NeedState}
    assert {case["channel"] for case in cases} == set(CHANNELS)
    assert {case["client_type"] for case in cases} >= {"enterprise", "individual", "government"}
    rows = list(csv.reader(io.StringIO(export.FORMATS["csv"](cases).decode("utf-8-sig"))))
    assert len(rows) == len(needs) + 1
    register = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    known = {case["number"]: case for case in cases}
    for key in ("channel", "applicant", "contact", "position", "phone", "business"):
        assert all(row[key] == (known[row["number"]][key] or "") for row in register), key


def test_the_same_numbers_give_the_same_months(
    sqlite_url: str, postgres_url: str, vault: Vault, catalog: Catalog
) -> None:
    wanted = Order(seed=7, cases=20, until=UNTIL)
    both = []
    for url in (sqlite_url, postgres_url):
        opened = open_database(url, vault)
        both.append(filled(opened, catalog, wanted))
        opened.close()
    assert both[0] == both[1]
    assert Counter(both[0].states).total() == 20


def test_another_seed_gives_other_months(sqlite_url: str, vault: Vault, catalog: Catalog) -> None:
    opened = open_database(sqlite_url, vault)
    made = filled(opened, catalog, Order(seed=8, cases=20, until=UNTIL))
    numbers = [number[2:10] for number in made.numbers]
    opened.close()
    assert numbers == sorted(numbers)
    assert max(numbers) <= f"{UNTIL:%Y%m%d}"


def test_a_database_that_somebody_wrote_to_is_left_alone(
    database: Database, catalog: Catalog
) -> None:
    filled(database, catalog, Order(seed=1, cases=1, until=UNTIL))
    with pytest.raises(NotEmpty):
        filled(database, catalog, Order(seed=2, cases=1, until=UNTIL))
    assert len(export.read_cases(database, catalog, None)) == 1
    assert database.run(people.anybody)


def test_what_was_due_is_sent_so_that_no_real_account_sends_it(
    sqlite_url: str, vault: Vault, catalog: Catalog
) -> None:
    opened = open_database(sqlite_url, vault)
    filled(opened, catalog, Order(seed=3, cases=15, until=UNTIL))
    closing = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)
    left = opened.run(lambda tx: outbox.claim(tx, closing, "test", closing, 10))
    opened.close()
    assert left == ()
