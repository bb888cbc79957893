"""Pooled connections whose answers have to be whole by a moment, however slowly they drip."""

import io
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_POOL = 32

_call = threading.local()


@contextmanager
def whole_within(seconds: float) -> Iterator[float]:
    """What this thread asks in here is answered in so many seconds, or a timeout; the moment."""
    _call.ends = monotonic() + seconds
    try:
        yield _call.ends
    finally:
        _call.ends = None


def session(base_url: str) -> requests.Session:
    """A session that repeats nothing by itself and keeps no cookies."""
    made = requests.Session()
    adapter = _Adapter(pool_connections=2, pool_maxsize=_POOL, max_retries=0)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    made.headers.update({"Accept-Encoding": "identity", "User-Agent": "yizhan"})
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # a stand-in on this machine is never behind the proxy the machine uses for the world
    made.trust_env = urlsplit(base_url).hostname not in {"127.0.0.1", "localhost", "::1"}
    return made


class _Wire(io.RawIOBase):
    """A socket's bytes until a moment. A timeout of each read alone never ends a drip."""

    def __init__(self, wire: socket.socket, ends: float) -> None:
        self._wire, self._ends = wire, ends
        self._bytes = wire.makefile("rb", buffering=0)
        self._patience = wire.gettimeout() or 0.0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int | None:
        """What comes next; TimeoutError when the moment has come."""
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._wire.settimeout(min(self._patience or left, left))
        return self._bytes.readinto(buffer)

    def close(self) -> None:
        """Lets go of the socket."""
        self._bytes.close()
        super().close()


class _Response(HTTPResponse):
    """An answer that is read, first line included, by the moment of `whole_within`."""

    def __init__(self, sock: socket.socket, *rest: Any, **more: Any) -> None:
        super().__init__(sock, *rest, **more)
        ends = getattr(_call, "ends", None)
        if ends is not None:
            self.fp.close()
            self.fp = io.BufferedReader(_Wire(sock, ends))


class _Connection(HTTPConnection):
    response_class = _Response


class _SecureConnection(HTTPSConnection):
    response_class = _Response


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *given: Any, **more: Any) -> None:
        super().init_poolmanager(*given, **more)
        _bound(self.poolmanager)

    def proxy_manager_for(self, *given: Any, **more: Any) -> Any:
        found = super().proxy_manager_for(*given, **more)
        _bound(found)
        return found


def _bound(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
