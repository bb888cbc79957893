"""`kill -9` while clients confirm: nothing confirmed is lost, nothing is there twice."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random, choice
from threading import Event
from urllib.parse import urlencode

from sqlalchemy import select

from bot.clock import system_now
from bot.config import Settings
from bot.demo import settings_of
from bot.simulator.accounts import Accounts
from bot.simulator.platform import Platform
from bot.simulator.server import serve_platform
from storage import cases, events
from storage.db import Database, Tx, open_database
from storage.models import OutboxRow
from storage.vault import Vault
from tests.conftest import DATA_KEY, LOOKUP_KEY
from tests.letterbox import Answer, Writer
from tests.test_deliveries import STORY
from tests.world import shipped_catalog

CLIENTS, REPLICAS = 4, 3
# a server that is killed comes back in seconds; WeChat too knocks again with the same MsgId
CALLBACK, BETWEEN_KNOCKS, PATIENCE = 1.0, 0.05, 60.0
# its standard input is a pipe that only the test holds: no server outlives an aborted test
KEEPER = '"$0" "$@" & cat >/dev/null; kill -9 0'
YIZHAN = Path(sys.executable).with_name("yizhan")
SECRET = "worth nothing: it is only for tests"
RECEIPT = "登记成功！登记编号："


@dataclass
class Server:
    """`yizhan serve` as an operator starts it, in a process group of its own."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; it takes its time to come up."""
        self.process = subprocess.Popen(
            ["sh", "-c", KEEPER, YIZHAN, "serve", "--port", str(self.port)],
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ready(self) -> bool:
        """Whether its web process answers."""
        return self.ask("GET", "/healthz") is not None

    def kill(self) -> None:
        """The whole group at once: web process, worker and all."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.communicate()
            self.process = None

    def post(self, writer: Writer, letter: bytes) -> Answer | None:
        """One knock; None if nobody answers it."""
        knock = writer.knock(letter)
        found = self.ask("POST", f"/wechat?{urlencode(knock.query)}", knock.body)
        return None if found is None else writer.opened(*found)

    def ask(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes] | None:
        """One request; None if nobody answers it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=CALLBACK)
        try:
            connection.request(method, path, body, {"Content-Type": "text/xml"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()


@dataclass
class Replicas:
    """Several of them on one database: while one comes up again, another one serves."""

    servers: tuple[Server, ...]
    dice: Random
    platform: Platform

    def start(self) -> None:
        """All of them."""
        for server in self.servers:
            server.start()

    def kill_one(self) -> None:
        """One that serves, some moments after it was seen serving; it is started anew at once."""
        server = self.one_ready()
        time.sleep(self.dice.uniform(0.02, 0.3))
        server.kill()
        server.start()

    def one_ready(self) -> Server:
        """Any that serves."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for server in self.dice.sample(self.servers, len(self.servers)):
                if server.ready():
                    return server
            time.sleep(0.02)
        raise AssertionError("yizhan serve did not come up")

    def end(self) -> None:
        """No goodbye either."""
        for server in self.servers:
            server.kill()


@dataclass
class Clients:
    """People who register one case after the other; `confirmed` is what they were told."""

    replicas: Replicas
    writer: Writer
    over: Event = field(default_factory=Event)
    confirmed: dict[bytes, str] = field(default_factory=dict)
    unheard: list[bytes] = field(default_factory=list)

    def live(self, number: int) -> None:
        """One client's day: a new person for every case."""
        for day in count():
            for text in STORY:
                letter = self.writer.letter(f"client{number}-{day}", text)
                answer = self.deliver(letter)
                if text == STORY[-1]:
                    self.note(letter, answer)
                if self.over.is_set():
                    return

    def deliver(self, letter: bytes) -> Answer | None:
        """The same letter, at whichever door, until it is answered or the day is over."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            server = choice(self.replicas.servers)
            answer = server.post(self.writer, letter)
            if answer is not None and answer.status == 200:
                return answer
            if self.over.is_set():
                return None
            time.sleep(BETWEEN_KNOCKS)
        raise AssertionError("nobody answered")

    def wait_for_one_more(self) -> None:
        """Until somebody was confirmed something since: every kill is one under load."""
        before, deadline = len(self.confirmed), time.monotonic() + PATIENCE
        while len(self.confirmed) == before and time.monotonic() < deadline:
            time.sleep(0.01)

    def note(self, letter: bytes, answer: Answer | None) -> None:
        """What a confirmation was answered with."""
        if answer is None:
            self.unheard.append(letter)
            return
        assert RECEIPT in answer.text, answer.text
        self.confirmed[letter] = number_in(answer)


def number_in(answer: Answer) -> str:
    """The case number of a receipt."""
    return answer.text.split(RECEIPT)[1].split("\n")[0]


@contextmanager
def office(url: str, folder: Path) -> Iterator[tuple[Replicas, Writer]]:
    """Servers to be killed, and the platform whose APIs they call."""
    accounts = Accounts.random()
    staff = {one.id: one.name for one in shipped_catalog().staff}
    platform = Platform(accounts, system_now, lambda *_: (503, {}, b""), staff=staff)
    apis = serve_platform(platform)
    given = settings_of(accounts, apis.url) | {
        "YIZHAN_DATABASE_URL": url,
        "YIZHAN_DATA_DIR": str(folder),
        "YIZHAN_SECRET_KEY": SECRET,
        "YIZHAN_DATA_KEYS": DATA_KEY,
        "YIZHAN_LOOKUP_KEY": LOOKUP_KEY,
        # compiled once for all the starts
        "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        "PYTHONDONTWRITEBYTECODE": "",
    }
    servers = tuple(Server(port, {**os.environ, **given}) for port in free_ports(REPLICAS))
    replicas = Replicas(servers, Random(20261122), platform)
    settings = Settings(
        _env_file=None,
        oa_app_id=accounts.official.app_id,
        oa_token=accounts.official.token,
        oa_aes_key=accounts.official.aes_key,
    )
    try:
        yield replicas, Writer(settings, system_now)
    finally:
        replicas.end()
        apis.stop()


def free_ports(number: int) -> list[int]:
    """Ports nobody uses."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def kill_often(url: str, folder: Path, vault: Vault, kills: int) -> None:
    """The load, the kills, and then the truth."""
    with office(url, folder) as (replicas, writer), ThreadPoolExecutor(CLIENTS) as pool:
        clients = Clients(replicas, writer)
        replicas.start()
        days = [pool.submit(clients.live, number) for number in range(CLIENTS)]
        for _ in range(kills):
            clients.wait_for_one_more()
            replicas.kill_one()
        server = replicas.one_ready()
        clients.over.set()
        for day in days:
            day.result()
        # whoever knocks once more hears the same number, and whoever heard nothing, one
        for letter in (*clients.confirmed, *clients.unheard):
            answer = server.post(writer, letter)
            assert answer is not None
            assert number_in(answer) == clients.confirmed.setdefault(letter, number_in(answer))
    database = open_database(url, vault)
    try:
        assert len(clients.confirmed) >= kills
        database.run(lambda tx: check(tx, Counter(clients.confirmed.values())))
        intact(database)
    finally:
        database.close()


def check(tx: Tx, confirmed: Counter[str]) -> None:
    """Every confirmation is one case of one person, with its events and the cards it causes."""
    found = cases.page(tx, None, 0, 10_000)
    assert confirmed == Counter(case.number for case in found)
    assert set(confirmed.values()) == {1}
    assert len({case.person_id for case in found}) == len(found)
    cards = Counter(tx.execute(select(OutboxRow.key)).scalars())
    expected = Counter(f"card:assign-{need.id}-1" for case in found for need in case.needs)
    assert cards == expected
    for case in found:
        kinds = Counter(one.kind for one in events.of_case(tx, case.id))
        assert kinds == {"registered": 1, "assigned": len(case.needs)}


def intact(database: Database) -> None:
    """The file itself is whole."""
    if database.engine_name == "sqlite":
        pragma = "PRAGMA integrity_check"
        assert database.run(lambda tx: tx.connection.exec_driver_sql(pragma).scalar()) == "ok"


def test_twenty_kills_lose_no_confirmation_and_double_none_on_sqlite(
    sqlite_url: str, tmp_path: Path, vault: Vault
) -> None:
    kill_often(sqlite_url, tmp_path, vault, 20)


def test_kills_lose_no_confirmation_and_double_none_on_postgresql(
    postgres_url: str, tmp_path: Path, vault: Vault
) -> None:
    kill_often(postgres_url, tmp_path, vault, 4)
