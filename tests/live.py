"""`yizhan serve` as an operator starts it, spoken to over bare sockets."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bot.clock import system_now
from bot.demo import settings_of
from bot.messages import Channel
from bot.simulator.accounts import Accounts
from bot.wechat.envelope import Envelope
from bot.wechat.xml import document
from tests.wechat.sender import Knock, sealed

# its standard input is a pipe that only the test holds: no server outlives an aborted test
KEEPER = 'cat >/dev/null; kill -9 -- -"$0" 2>/dev/null'
YIZHAN = Path(sys.executable).with_name("yizhan")
PATHS: Mapping[Channel, str] = {Channel.OFFICIAL: "/wechat", Channel.WECOM: "/wecom"}
TABLES = ("inbox", "kept_inputs", "people", "cases", "outbox")
PATIENCE = 60.0


@dataclass(frozen=True)
class Reply:
    """What came back over a socket; status 0 if nothing did."""

    status: int
    head: bytes
    body: bytes


class Live:
    """A server in a folder of its own; nobody listens where it would send to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.accounts = folder, Accounts.random()
        self.log = folder / "log"
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port: int = probe.getsockname()[1]
        clean = {key: text for key, text in os.environ.items() if not key.startswith("YIZHAN_")}
        data = {"YIZHAN_DATA_DIR": str(folder)}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [YIZHAN, "serve", "--port", str(self.port)],
                cwd=Path(__file__).parents[1],
                env=clean | settings_of(self.accounts, "http://127.0.0.1:9") | data,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, str(self.process.pid)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def envelope(self, channel: Channel = Channel.OFFICIAL) -> Envelope:
        """What the platform signs and seals with."""
        official, corp = self.accounts.official, self.accounts.corp
        if channel is Channel.WECOM:
            return Envelope(corp.token, corp.aes_key, corp.corp_id)
        return Envelope(official.token, official.aes_key, official.app_id)

    def wait(self) -> None:
        """Until it answers."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with suppress(OSError):
                if self.raw(b"GET /healthz HTTP/1.0\r\n\r\n").status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def raw(self, sent: bytes, *, half_closed: bool = False) -> Reply:
        """What is answered to these bytes on a connection of their own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as wire:
            with suppress(OSError):
                wire.sendall(sent)
                if half_closed:
                    wire.shutdown(socket.SHUT_WR)
            return read_reply(wire)

    def post(
        self, knock: Knock, channel: Channel = Channel.OFFICIAL, **headers: str | None
    ) -> Reply:
        """A knock at one of the doors; a header given as None is left out."""
        given: dict[str, str | None] = {
            "Host": "x",
            "Connection": "close",
            "Content-Type": knock.content_type,
            "Content-Length": str(len(knock.body)),
            **{name.replace("_", "-"): text for name, text in headers.items()},
        }
        lines = [f"{name}: {text}" for name, text in given.items() if text is not None]
        path = f"{PATHS[channel]}?{urlencode(knock.query)}"
        head = "\r\n".join([f"{knock.method} {path} HTTP/1.1", *lines, "", ""])
        return self.raw(head.encode() + knock.body)

    def says(self, who: str, text: str, number: int) -> Knock:
        """A client's message as the platform sends it."""
        now = system_now()
        inner = document(
            [
                ("ToUserName", self.accounts.official.original_id),
                ("FromUserName", who),
                ("CreateTime", int(now.timestamp())),
                ("MsgType", "text"),
                ("Content", text),
                ("MsgId", number),
            ]
        )
        return sealed(inner, now, self.envelope())

    def lines(self) -> list[str]:
        """What stands in the log."""
        return self.log.read_text().splitlines()

    def stored(self) -> dict[str, int]:
        """How many rows each table has."""
        with closing(sqlite3.connect(f"file:{self.folder / 'yizhan.db'}?mode=ro", uri=True)) as db:
            count = "SELECT count(*) FROM "
            return {name: db.execute(count + name).fetchone()[0] for name in TABLES}

    def files(self) -> bytes:
        """All bytes of the database."""
        return b"".join(file.read_bytes() for file in self.folder.glob("yizhan.db*"))

    def terminate(self) -> int:
        """SIGTERM; what it ended with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """Everything of it, whatever state it is in."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.keeper.communicate()


def read_reply(wire: socket.socket) -> Reply:
    """One answer, up to the length it names or the end of the connection."""
    came = b""
    with suppress(ConnectionError):
        while b"\r\n\r\n" not in came and (piece := wire.recv(65536)):
            came += piece
        head, _, body = came.partition(b"\r\n\r\n")
        while len(body) < length_in(head) and (piece := wire.recv(65536)):
            body += piece
        return Reply(int(head.split()[1]) if head else 0, head, body)
    return Reply(0, came, b"")


def length_in(head: bytes) -> int:
    """The length a head names."""
    lines = (line.partition(b":") for line in head.lower().splitlines())
    return next((int(text) for name, _, text in lines if name == b"content-length"), 0)


@contextmanager
def live(folder: Path) -> Iterator[Live]:
    """One that answers, ended afterwards."""
    server = Live(folder)
    try:
        server.wait()
        yield server
    finally:
        server.close()
