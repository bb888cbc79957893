"""A server on loopback that answers calls as a test tells it to, and remembers them."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Call:
    """One call as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    raw: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON that was posted."""
        found: dict[str, Any] = json.loads(self.raw)
        return found


@dataclass(frozen=True)
class Raw:
    """An answer that is not plain JSON: any status, kind and bytes."""

    body: bytes
    status: int = 200
    kind: str = "text/html"
    promised: int | None = None
    drip: threading.Event | None = None
    location: str = ""


Answer = dict[str, Any] | Raw | None
Script = Callable[[Call], Answer]


@dataclass
class Peer:
    """Where it listens, what it heard, and how it answers. An answer of None hangs up."""

    url: str
    script: Script
    calls: list[Call] = field(default_factory=list)

    def made(self, path: str) -> list[Call]:
        """The calls of one path, in order."""
        return [call for call in self.calls if call.path == path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    peer: Peer

    def handle_error(self, *_who: object) -> None:
        """A caller that hung up is part of a test."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        call = Call(self.command, parts.path, dict(parse_qsl(parts.query)), raw)
        self.server.peer.calls.append(call)
        answer = self.server.peer.script(call)
        if isinstance(answer, dict):
            text = json.dumps(answer, ensure_ascii=False).encode()
            answer = Raw(text, kind="application/json; encoding=utf-8")
        if answer is None:
            self.close_connection = True
        else:
            self.answer(answer)

    do_POST = do_GET  # noqa: N815  # the name http.server looks for

    def answer(self, answer: Raw) -> None:
        length = len(answer.body) if answer.promised is None else answer.promised
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(length))
        if answer.location:
            self.send_header("Location", answer.location)
        self.end_headers()
        self.close_connection = length != len(answer.body)
        for start in range(0, len(answer.body), 1 if answer.drip else len(answer.body)):
            if answer.drip and answer.drip.wait(0.02):
                return
            self.wfile.write(answer.body[start:][: 1 if answer.drip else None])

    def log_message(self, *_what: object) -> None:
        """Nothing: a test reads `Peer.calls`."""


@contextmanager
def listening(script: Script) -> Iterator[Peer]:
    """A peer for the time of a test."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.peer = Peer(f"http://127.0.0.1:{server.server_address[1]}", script)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
