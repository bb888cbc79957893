"""What a caller meets when the network fails it: silence, a reset, half an answer, a drip."""

import socket
import struct
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from werkzeug.wrappers import Response

from bot.simulator.faults import Trouble

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# longer than any caller waits; then the thread is wanted back
PATIENCE = 60.0
# between two bytes of a drip: a caller that only limits each read waits for ever
PACE = 0.1

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Broken(ConnectionAbortedError):
    """The connection is no more; a server drops such a request without a word."""


def break_off(environ: "WSGIEnvironment", trouble: Trouble, answer: Response) -> NoReturn:
    """Treats the caller of this request so, and ends in Broken."""
    wire: socket.socket = environ["werkzeug.socket"]
    with suppress(OSError):
        match trouble:
            case Trouble.SILENT:
                _wait_for_the_caller(wire, PATIENCE)
            case Trouble.HALF:
                head, body = _parts(answer)
                wire.sendall(head + body[: len(body) // 2])
            case Trouble.DRIP:
                _drip(wire, b"".join(_parts(answer)))
            case _:
                wire.shutdown(socket.SHUT_RD)
                wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
                # left to the server, it would say goodbye before it closes
                wire.close()
        # or the server waits on this connection for the next request
        wire.shutdown(socket.SHUT_RDWR)
    raise Broken


def _parts(answer: Response) -> tuple[bytes, bytes]:
    body = answer.get_data()
    lines = [
        f"HTTP/1.1 {answer.status}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode(), body


def _drip(wire: socket.socket, data: bytes) -> None:
    ends = time.monotonic() + PATIENCE
    for byte in data:
        if time.monotonic() > ends or _wait_for_the_caller(wire, PACE):
            return
        wire.sendall(bytes([byte]))


def _wait_for_the_caller(wire: socket.socket, seconds: float) -> bool:
    """Whether the caller hung up within that time."""
    wire.settimeout(seconds)
    try:
        return wire.recv(1) == b""
    except TimeoutError:
        return False
