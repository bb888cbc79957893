"""The servers a benchmark starts on loopback and stops, each a process group of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sealing import HOST, Account

ROOT = Path(__file__).resolve().parent.parent
START_PATIENCE, STOP_PATIENCE = 60.0, 20.0
ECHO = "--worker-class gthread --workers 2 --threads 8 --no-control-socket --log-level warning"


class Server:
    """A running server: it can be made to hold still while another one is measured."""

    def __init__(self, port: int, command: list[str], folder: Path, env: Mapping[str, str]) -> None:
        self.port = port
        # kept apart: a server that was held still complains of the time it has lost
        self.log = folder / f"{port}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **env},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_open(self) -> None:
        """Until somebody listens at the port."""
        give_up = time.monotonic() + START_PATIENCE
        while time.monotonic() < give_up and self.process.poll() is None:
            with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
                return
            time.sleep(0.1)
        raise RuntimeError(f"no server came up: {self.log.read_text(errors='replace')[-2000:]}")

    @contextmanager
    def held_still(self) -> Iterator[None]:
        """All its processes stopped, so that its background work takes nothing from others."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def megabytes(self) -> float:
        """Resident memory of all its processes; pages they share are counted in each."""
        pages = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                fields = stat.read_text().rpartition(")")[2].split()
                # process group and resident pages, counted from the state behind the name
                pages += int(fields[21]) if int(fields[2]) == self.process.pid else 0
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """The whole group, gently and then for good."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running(
    command: list[str], port: int, folder: Path, env: Mapping[str, str]
) -> Iterator[Server]:
    """A server, stopped at the end whatever happens."""
    server = Server(port, command, folder, env)
    try:
        server.wait_until_open()
        yield server
    finally:
        server.stop()


@contextmanager
def echo(account: Account, folder: Path) -> Iterator[Server]:
    """The bare echo under gunicorn."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", *ECHO.split(), "--bind", f"{HOST}:{port}"]
    command += ["--chdir", str(Path(__file__).parent), "echo_app:app"]
    env = {
        "ECHO_TOKEN": account.token,
        "ECHO_AES_KEY": account.aes_key,
        "ECHO_APP_ID": account.app_id,
    }
    with running(command, port, folder, env) as server:
        yield server


@contextmanager
def yizhan(account: Account, folder: Path) -> Iterator[Server]:
    """`yizhan serve` as an operator runs it, on SQLite; what it sends goes into a sink."""
    port = free_port()
    with sink() as api:
        values = {
            "DATA_DIR": str(folder / "data"),
            "DATABASE_URL": "",
            "CATALOG": str(ROOT / "catalog.yaml"),
            "OA_APP_ID": account.app_id,
            "OA_SECRET": "worthless",
            "OA_TOKEN": account.token,
            "OA_AES_KEY": account.aes_key,
            "WECOM_CORP_ID": "ww0123456789abcdef",
            "WECOM_AGENT_ID": "1000002",
            "WECOM_SECRET": "worthless",
            "WECOM_TOKEN": account.token,
            "WECOM_AES_KEY": account.aes_key,
            "WECHAT_API_URL": api,
            "WECOM_API_URL": api,
        }
        env = {f"YIZHAN_{name}": value for name, value in values.items()}
        command = [str(Path(sys.executable).with_name("yizhan")), "serve", "--port", str(port)]
        with running(command, port, folder, env) as server:
            yield server


class Sink(BaseHTTPRequestHandler):
    """The send APIs of both platforms: everything is taken, nothing is kept."""

    protocol_version = "HTTP/1.1"
    answer = json.dumps(
        {"errcode": 0, "errmsg": "ok", "access_token": "worthless", "expires_in": 7200}
        | {"msgid": "1", "response_code": "1"}
    ).encode()

    def do_GET(self) -> None:
        """A token."""
        self.do_POST()

    def do_POST(self) -> None:
        """Taken."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_: object) -> None:
        """Silence."""


@contextmanager
def sink() -> Iterator[str]:
    """The address of a sink, in this process, which has nothing else to do meanwhile."""
    server = ThreadingHTTPServer((HOST, 0), Sink)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
