"""Running the parts: the web server, and the worker that sends and keeps the clock."""

import gc
import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from bot.app import App, make_app
from bot.config import load_settings
from bot.pages.subscribe import PRETENDED
from bot.schedule import Schedule
from bot.simulator.sandbox import sandbox_blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

# How the demo tells its web process where the pretended platform listens: address and secret.
SANDBOX = "YIZHAN_DEMO_SANDBOX"

# Enough that the turns of a busy second wait together and share one commit.
THREADS = 16
# Requests that wait for a thread before the server stops taking connections in.
BACKPRESSURE = 256


class PortTaken(Exception):
    """Somebody else listens where we were asked to."""


@dataclass
class Work:
    """Delivery, fetching and schedule of this process."""

    app: App
    schedule: Schedule = field(init=False)

    def start(self) -> None:
        """Send what is due and tick, in the background."""
        self.app.delivery.start()
        self.app.fetching.start()
        self.app.kf_inbox.start()
        self.app.linking.start()
        self.app.roster.start()
        self.schedule = Schedule(self.app.desk)
        self.schedule.start()

    def wait(self) -> None:
        """Until SIGTERM or SIGINT."""
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        stopped.wait()

    def stop(self) -> None:
        """No new ticks, then finish what is being sent, then let go of the data (deps.md 4)."""
        self.schedule.stop()
        self.app.kf_inbox.stop()
        self.app.linking.stop()
        self.app.roster.stop()
        self.app.fetching.stop()
        self.app.delivery.stop()
        self.app.database.close()


def web() -> "WSGIApplication":
    """The web process's application, from the environment alone: it is a process of its own."""
    threading.Thread(target=end_with, args=(os.getppid(),), name="parent", daemon=True).start()
    sandbox = os.environ.get(SANDBOX, "")
    app = make_app(load_settings(), moved=bool(sandbox))
    if sandbox:
        url, _, secret = sandbox.partition(" ")
        app.pages.register_blueprint(sandbox_blueprint(url, secret, app.catalog.agency.name))
        app.pages.config[PRETENDED] = "/sandbox/deeds"
    settle(app.doors, app.pages)
    return app.wsgi


def settle(*_built: object) -> None:
    """Let no collection look again at what was built to stay.

    Catalogue, words and modules are a hundred thousand objects; going through them all stopped
    every turn for a tenth of a second, now and then.
    """
    gc.collect()
    gc.freeze()


def end_with(parent: int) -> None:
    """A web process whose parent was killed holds the port for nobody: it ends as well."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def serve_web(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; a web process that dies is started anew."""
    # a fork would share our threads, locks and open database; a spawned process has its own
    multiprocessing.set_start_method("spawn", force=True)
    logging.getLogger("_granian").addFilter(is_news)
    Granian(
        f"{__name__}:{web.__name__}",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=1,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        backlog=1024,
        factory=True,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


def is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the server's log is for the operator.

    It warns of more threads than cores can keep busy. Ours do not compute side by side: they
    wait together for one commit.
    """
    return "Python threads" not in record.getMessage()


def require_free(host: str, port: int) -> None:
    """PortTaken, before anything is started, if the port is in use."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(f"{host}:{port}") from error
