"""Messages sent per second by the delivery worker, beside a bare pooled client in the same run.

Both post the same message to the same server on loopback, which answers after 30 ms, with the
same number of threads: the client from a list, through one `requests` session; the worker from
its outbox, each message claimed, marked and committed on its own. The figures are medians over
the rounds; the bound is the ratio at the number of threads the worker has by default.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from argparse import RawDescriptionHelpFormatter as RawDescription
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.fernet import Fernet
from requests import Session
from requests.adapters import HTTPAdapter
from turns import machine

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from bot.clock import system_now  # noqa: E402 -- a benchmark is run from its folder
from bot.delivery import Delivery, Policy  # noqa: E402
from bot.messages import Channel, Push, PushKind  # noqa: E402
from bot.wechat import errors  # noqa: E402
from bot.wechat.calls import Calls  # noqa: E402
from bot.wechat.client import Client  # noqa: E402
from bot.wechat.limits import AccountType  # noqa: E402
from bot.wechat.official import OfficialAccount  # noqa: E402
from bot.wechat.tokens import Tokens, stable_token  # noqa: E402
from storage import outbox, people  # noqa: E402
from storage.db import Database, Tx, open_database, upgrade  # noqa: E402
from storage.people import Act  # noqa: E402
from storage.vault import Vault  # noqa: E402
from tests.postgres import Databases, PostgresServer  # noqa: E402

BOUND, BOUND_AT = 0.9, 8
LATENCY = 0.030
WORTH_KEEPING = 3
TEXT = "您的压力表校准已完成，报告可以领取了。"
PATH = "/cgi-bin/message/custom/send"


@dataclass(frozen=True)
class Row:
    """Both at one number of threads, on one database; each figure the median of the rounds."""

    database: str
    threads: int
    ratio: float
    worker_per_second: float
    client_per_second: float
    possible_per_second: float


@contextmanager
def platform() -> Iterator[str]:
    """The server in a process of its own; its address."""
    command = [sys.executable, str(HERE / "delivery_server.py"), str(LATENCY)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.communicate()


def bare(url: str, threads: int, number: int) -> float:
    """Messages per second of threads that only post."""
    session = Session()
    session.trust_env = False
    session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=threads))
    numbers = count()

    def post() -> None:
        while (taken := next(numbers)) < number:
            body = {"touser": f"o{taken}", "msgtype": "text", "text": {"content": TEXT}}
            data = json.dumps(body, ensure_ascii=False).encode()
            answer = session.post(url + PATH, params={"access_token": "t"}, data=data, timeout=10)
            assert answer.json()["errcode"] == 0

    with closing(session), ThreadPoolExecutor(threads) as pool:
        began = time.perf_counter()
        for one in [pool.submit(post) for _ in range(threads)]:
            one.result()
        return number / (time.perf_counter() - began)


def ours(url: str, db: Database, threads: int, number: int) -> float:
    """Messages per second of the worker; every one of them has to be marked as sent."""
    client = Client(url, errors.OFFICIAL)
    tokens = Tokens(db, "oa", stable_token(client, "wx", "s"), system_now)
    gateways = {Channel.OFFICIAL: OfficialAccount(Calls(client, tokens), {})}
    delivery = Delivery(db, gateways, system_now, Policy(AccountType.CERTIFIED, workers=threads))
    prepare(db, number)
    tokens.get()
    began = time.perf_counter()
    sent = delivery.drain()
    took = time.perf_counter() - began
    delivery.stop()
    later = system_now() + timedelta(days=1)
    waiting = db.run(lambda tx: outbox.waiting(tx, later))
    assert (sent, waiting.due, waiting.held, waiting.failed) == (number, 0, 0, 0)
    return number / took


def prepare(db: Database, number: int) -> None:
    """One message for each of so many clients who wrote."""
    now, run = system_now(), time.monotonic_ns()
    moments = count()

    def write(some: Sequence[str], tx: Tx) -> None:
        for who in some:
            people.meet(tx, Channel.OFFICIAL, who, now, Act.WROTE)
            text = {"text": TEXT}
            # as in an office, where no two were caused at the same moment
            due = now + timedelta(microseconds=next(moments))
            push = Push(f"bench:{who}", Channel.OFFICIAL, who, PushKind.TEXT, text, due, "status")
            outbox.enqueue(tx, [push])

    for start in range(0, number, 100):
        some = [f"o{run}-{each}" for each in range(start, min(start + 100, number))]
        db.run(partial(write, some))


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, Database]]:
    """A fresh one of each kind."""
    vault = Vault([Fernet.generate_key().decode()], "a benchmark has nothing to look up")
    file = f"sqlite:///{folder / 'bench.db'}"
    upgrade(file)
    server = PostgresServer(durable=True)
    with closing(server), closing(Databases(server.url())) as fresh, fresh.fresh() as url:
        found = {
            "sqlite": open_database(file, vault),
            "postgresql": open_database(url, vault),
        }
        try:
            yield found
        finally:
            for one in found.values():
                one.close()


def measure(rounds: int, number: int, threads: Sequence[int], kinds: Sequence[str]) -> list[Row]:
    """Every number of threads on every database; client and worker one right after the other."""
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    data = ROOT / "data"
    data.mkdir(exist_ok=True)
    # beside the data of a real office: a temporary folder may lie in memory, where commits are free
    with (
        platform() as url,
        tempfile.TemporaryDirectory(dir=data, prefix="delivery") as folder,
        databases(Path(folder)) as opened,
    ):
        for turn in range(1, rounds + 1):
            for kind in kinds:
                for each in threads:
                    pair = ours(url, opened[kind], each, number), bare(url, each, number)
                    found.setdefault((kind, each), []).append(pair)
                    print(
                        f"  round {turn}: {kind:10} {each:3} threads: worker {pair[0]:7.1f}/s,"
                        f" client {pair[1]:7.1f}/s, ratio {pair[0] / pair[1]:.3f}",
                        flush=True,
                    )
    return [row(kind, each, pairs) for (kind, each), pairs in found.items()]


def row(kind: str, threads: int, pairs: Sequence[tuple[float, float]]) -> Row:
    """The medians."""
    return Row(
        kind,
        threads,
        ratio=round(median(one / other for one, other in pairs), 3),
        worker_per_second=round(median(one for one, _ in pairs), 1),
        client_per_second=round(median(other for _, other in pairs), 1),
        possible_per_second=round(threads / LATENCY, 1),
    )


def table(found: dict[str, Any]) -> str:
    """The result as a page."""
    about = ", ".join(f"{name} {value}" for name, value in found["machine"].items())
    lines = [
        f"# Delivery, {found['date']}",
        "",
        f"{about}.",
        f"{found['rounds']} rounds of {found['messages']} messages, medians. A call takes",
        f"{found['latency_ms']} ms. The worker's messages lie in its outbox, each is claimed,",
        "marked and committed on its own (SQLite with synchronous=FULL). The client has a list.",
        "",
        "| database | threads | × client | worker/s | client/s | threads / latency |",
        "|---|---|---|---|---|---|",
        *("| " + " | ".join(str(one) for one in each.values()) + " |" for each in found["rows"]),
    ]
    return "\n".join(lines) + "\n"


def write(found: dict[str, Any]) -> None:
    """Keeps the result beside the others."""
    path = HERE / "results" / f"delivery-{found['date']}.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(table(found), encoding="utf-8")


def main() -> int:
    """1 if the bound was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=RawDescription)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=1000, help="of each measurement")
    parser.add_argument("--threads", type=int, nargs="+", default=[8, 16])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"])
    given = parser.parse_args()
    rows = measure(given.rounds, given.messages, given.threads, given.databases)
    found = {
        "date": f"{datetime.now().astimezone():%Y-%m-%d}",
        "machine": machine() | {"requests": version("requests")},
        "latency_ms": round(LATENCY * 1000),
        "rounds": given.rounds,
        "messages": given.messages,
        "rows": [asdict(one) for one in rows],
    }
    print("\n" + table(found))
    if given.rounds >= WORTH_KEEPING:
        write(found)
    return int(any(one.threads == BOUND_AT and one.ratio < BOUND for one in rows))


if __name__ == "__main__":
    sys.exit(main())
