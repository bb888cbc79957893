"""A process that is going to be killed: `python -m tests.storage.crash_child deliver|register …`.

It writes what it has done to a file, one line each: for `deliver` what the person was sent, for
`register` what the client was told is registered. The line is the truth the test compares with.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from bot.clock import system_now
from bot.delivery import Delivery, Policy
from bot.domain.retry import Sent
from bot.messages import Channel, Push
from bot.wechat.limits import AccountType, Way
from storage import cases, inbox, outbox, people
from storage.db import Busy, Database, Tx, open_database
from storage.people import Act
from storage.vault import Vault
from tests.conftest import DATA_KEY, LOOKUP_KEY
from tests.storage.samples import NEED, NOW, RECORD, push

LEASE = timedelta(seconds=2)


class Book:
    """A file that takes whole lines from many threads and processes at once."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def write(self, line: str) -> None:
        """Adds one line."""
        os.write(self._file, f"{line}\n".encode())


class Sink:
    """A gateway that writes each push down; `pause` is how long the platform takes."""

    def __init__(self, book: Book, pause: float) -> None:
        self._book, self._pause = book, pause

    def send(self, push: Push, _way: Way) -> Sent:
        """Writes it down, then takes its time to say so."""
        self._book.write(push.key)
        time.sleep(self._pause)
        return Sent(provider_id=push.key)


def deliver(db: Database, book: Book, pause: float, workers: int) -> None:
    """Delivers for ever."""
    policy = Policy(AccountType.CERTIFIED, lease=LEASE, workers=workers)
    delivery = Delivery(db, {Channel.WECOM: Sink(book, pause)}, system_now, policy)
    book.write("ready")
    while True:
        delivery.drain()
        time.sleep(0.05)


def registration(key: str) -> Callable[[Tx], str]:
    """A confirmation: the case, its outbox row and the answered message in one turn."""

    def turn(tx: Tx) -> str:
        inbox.claim(tx, key, Channel.OFFICIAL, NOW)
        person = people.meet(tx, Channel.OFFICIAL, key[:5], NOW, Act.WROTE)
        number = cases.next_number(tx, "JY", NOW.date())
        cases.register(tx, number, person.id, "oa", "zhangsan", RECORD, [NEED], NOW)
        outbox.enqueue(tx, [push(f"card:{number}", "zhangsan", channel=Channel.WECOM)])
        inbox.record(tx, key, number.encode())
        return number

    return turn


def register(db: Database, book: Book, _pause: float, workers: int) -> None:
    """Registers case after case for ever, and writes each number down once it is confirmed."""

    def work(worker: int) -> None:
        for count in range(10**9):
            try:
                book.write(db.run(registration(f"{os.getpid()}-{worker}-{count}")))
            except Busy:
                book.write("busy")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    what, url, file, seconds, count = sys.argv[1:]
    opened = open_database(url, Vault([DATA_KEY], LOOKUP_KEY))
    {"deliver": deliver, "register": register}[what](
        opened, Book(Path(file)), float(seconds), int(count)
    )
