"""PostgreSQL goes away and comes back: busy meanwhile, nothing confirmed lost, well again soon."""

import threading
import time
from collections.abc import Iterator

import pytest

from bot.messages import Channel
from storage import inbox
from storage.db import Busy, Database, Tx, open_database, upgrade
from storage.vault import Vault
from tests import postgres
from tests.storage.samples import NOW


@pytest.fixture
def server() -> Iterator[postgres.PostgresServer]:
    """A server of our own to pull the plug of."""
    found = postgres.PostgresServer()
    yield found
    found.close()


def accepted(tx: Tx, key: str) -> bool:
    """Whether the message was new."""
    fresh = inbox.claim(tx, key, Channel.OFFICIAL, NOW) is None
    if fresh:
        inbox.record(tx, key, key.encode())
    return fresh


def message(db: Database, key: str, busy: list[float]) -> bool:
    """Delivers it as WeChat does, again and again until it is answered."""
    while True:
        try:
            return db.run(lambda tx: accepted(tx, key))
        except Busy:
            busy.append(time.monotonic())
            time.sleep(0.05)


def test_a_database_that_restarts_under_load_loses_nothing(
    server: postgres.PostgresServer, vault: Vault
) -> None:
    upgrade(server.url())
    db = open_database(server.url(), vault)
    busy: list[float] = []
    keys = [[f"{worker}-{number}" for number in range(150)] for worker in range(8)]

    def deliver(mine: list[str]) -> None:
        for key in mine:
            message(db, key, busy)

    threads = [threading.Thread(target=deliver, args=(mine,)) for mine in keys]
    for thread in threads:
        thread.start()
    time.sleep(0.1)
    server.kill()
    time.sleep(0.3)
    server.start()
    back = time.monotonic()
    for thread in threads:
        thread.join(30)
    assert busy
    assert max(busy) - back < 5
    every = [key for mine in keys for key in mine]
    known = db.run(lambda tx: [inbox.claim(tx, key, Channel.OFFICIAL, NOW) for key in every])
    assert [one and one.reply for one in known] == [key.encode() for key in every]
    db.close()
