"""The platform's side of a webhook: signs and seals what the door is to open."""

import io
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from bot.wechat.envelope import Envelope
from bot.wechat.webhooks import Door
from bot.wechat.xml import document

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID = "wx2c2769f8efd9abc2"
TOKEN = "spamtest"


def envelope() -> Envelope:
    """The account every test of this folder belongs to."""
    return Envelope(TOKEN, AES_KEY, APP_ID)


@dataclass(frozen=True)
class Knock:
    """One HTTP request on its way to a door."""

    query: dict[str, str]
    body: bytes
    method: str = "POST"
    content_type: str = "text/xml"

    def changed(self, **query: str) -> "Knock":
        """The same request with other parameters."""
        return replace(self, query={**self.query, **query})

    def environ(self, **more: Any) -> dict[str, Any]:
        """What a WSGI server hands to the door."""
        return {
            "REQUEST_METHOD": self.method,
            "QUERY_STRING": urlencode(self.query),
            "CONTENT_TYPE": self.content_type,
            "CONTENT_LENGTH": str(len(self.body)),
            "wsgi.input": io.BytesIO(self.body),
            **more,
        }


@dataclass(frozen=True)
class Heard:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes


def sealed(inner: bytes, at: datetime, by: Envelope | None = None) -> Knock:
    """A push in safe mode, as the platform makes it."""
    return signed(document([("Encrypt", (by or envelope()).encrypt(inner))]), at, by)


def signed(body: bytes, at: datetime, by: Envelope | None = None) -> Knock:
    """Any body, signed over the ciphertext found in it, if there is one."""
    signer, timestamp, nonce = by or envelope(), str(int(at.timestamp())), "1320562132"
    start, end = body.find(b"<Encrypt><![CDATA["), body.find(b"]]></Encrypt>")
    ciphertext = body[start + len(b"<Encrypt><![CDATA[") : end].decode() if start >= 0 else ""
    query = {
        "signature": signer.sign(timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": "oyORnuP8q7ou2gfYjqLzSIWZf0rs",
        "encrypt_type": "aes",
        "msg_signature": signer.sign(timestamp, nonce, ciphertext),
    }
    return Knock(query, body)


def plain(body: bytes, at: datetime) -> Knock:
    """A push in plaintext mode: the signature does not cover the body."""
    query = signed(body, at).query
    return Knock({name: query[name] for name in ("signature", "timestamp", "nonce")}, body)


def knock(door: Door, environ: dict[str, Any]) -> Heard:
    """What the door answers."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _info: object = None) -> Any:
        started.append((status, headers))
        return lambda _data: None

    body = b"".join(door(environ, start))
    [(status, headers)] = started
    return Heard(int(status.split()[0]), dict(headers), body)
