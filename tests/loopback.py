"""Keeps the tests on this machine: sockets and names beyond loopback are refused."""

import ipaddress
import socket
from typing import Any

import pytest


class LeftTheMachine(RuntimeError):
    """A test tried to reach the network.

    Not an `OSError`: code that survives a broken network must not survive this.
    """


def stays_here(host: object) -> bool:
    """Whether a host, as given to `connect`, is this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def refuse_the_network(patch: pytest.MonkeyPatch) -> None:
    """Make every way of reaching another machine from Python raise."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex
    resolve = socket.getaddrinfo

    def check(host: object) -> None:
        if not stays_here(host):
            raise LeftTheMachine(f"a test tried to reach {host!r}; only loopback is allowed")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        if sock.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        return connect_ex(sock, address)

    def guarded_resolve(host: Any, *rest: Any, **more: Any) -> Any:
        check(host)
        return resolve(host, *rest, **more)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_resolve)
