"""The platform on its own loopback port: the APIs, and the control API beside them."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from werkzeug.http import http_date
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator.control import Control, MoveClock
from bot.simulator.platform import Platform

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# how often the threads look whether there is something to do, in seconds
TICK = 0.2


class _Quiet(WSGIRequestHandler):
    """Logs nothing: the addresses of API calls hold access tokens."""

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- werkzeug names it so
        """Say nothing."""


@dataclass
class RunningServer:
    """A platform that listens. `url` has no path; `secret` opens the control API."""

    url: str
    secret: str
    _server: BaseWSGIServer
    _control: Control
    _stopped: threading.Event
    _threads: tuple[threading.Thread, ...]

    @property
    def official_url(self) -> str:
        """What WECHAT_API_URL must be."""
        return self.url + "/oa"

    @property
    def wecom_url(self) -> str:
        """What WECOM_API_URL must be."""
        return self.url + "/wecom"

    @property
    def control_url(self) -> str:
        """Where the control API is."""
        return self.url + "/control"

    def stop(self) -> None:
        """Close the port and wait for the threads."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._control.close()
        for thread in self._threads:
            thread.join()


def serve_platform(
    platform: Platform,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    move_clock: MoveClock | None = None,
    secret: str | None = None,
) -> RunningServer:
    """Listen in the background; port 0 is any free one.

    `move_clock` moves the clock that the platform was given, forward by a timedelta.
    """
    word = secret or secrets.token_urlsafe(32)
    control = Control(platform, word, move_clock or _standing)

    def app(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/control/"):
            return control(environ, start_response)
        return platform.api(environ, start_response)

    class Clocked(_Quiet):
        """Dates its answers by the platform's clock, which may have been moved on."""

        def date_time_string(self, timestamp: float | None = None) -> str:
            return http_date(timestamp or platform.clock())

    server = make_server(host, port, app, threaded=True, request_handler=Clocked)
    url = f"http://{host}:{server.server_port}"
    platform.hub.url = url
    stopped = threading.Event()
    threads = (
        threading.Thread(target=server.serve_forever, args=(TICK,), name="platform", daemon=True),
        threading.Thread(target=_settle, args=(platform, stopped), name="reports", daemon=True),
    )
    for thread in threads:
        thread.start()
    return RunningServer(url, word, server, control, stopped, threads)


def _settle(platform: Platform, stopped: threading.Event) -> None:
    while not stopped.wait(TICK):
        platform.settle()


def _standing(_: timedelta) -> None:
    raise ValueError("this clock cannot be moved")
