"""The platform's envelope seen from outside: signs and seals a message, opens a reply."""

import base64
import hashlib
import os
import re
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

HOST = "127.0.0.1"
RECEIVER = "gh_0123456789ab"


@dataclass(frozen=True)
class Account:
    """What the platform and the server share."""

    app_id: str = "wx0123456789abcdef"
    token: str = "worth-nothing-outside-a-benchmark"  # noqa: S105
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


class Envelope:
    """AES-256-CBC padded to 32 bytes, and a SHA-1 signature, for one account."""

    def __init__(self, account: Account) -> None:
        key = base64.b64decode(account.aes_key + "=")
        self._cipher = Cipher(AES(key), CBC(key[:16]))
        self._token, self._app_id = account.token, account.app_id.encode()

    def request(self, port: int, sender: str, text: str, number: int) -> bytes:
        """A whole HTTP request with a client's message in it."""
        now, nonce = str(int(time.time())), os.urandom(5).hex()
        secret = self._sealed(
            f"<xml><ToUserName><![CDATA[{RECEIVER}]]></ToUserName>"
            f"<FromUserName><![CDATA[{sender}]]></FromUserName><CreateTime>{now}</CreateTime>"
            f"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content>"
            f"<MsgId>{number}</MsgId></xml>"
        )
        body = (
            f"<xml><ToUserName><![CDATA[{RECEIVER}]]></ToUserName>"
            f"<Encrypt><![CDATA[{secret}]]></Encrypt></xml>"
        )
        return (
            f"POST /wechat?signature={self._sign(now, nonce)}&timestamp={now}&nonce={nonce}"
            f"&openid={sender}&encrypt_type=aes&msg_signature={self._sign(now, nonce, secret)}"
            f" HTTP/1.1\r\nHost: {HOST}:{port}\r\nUser-Agent: Mozilla/4.0\r\nAccept: */*\r\n"
            f"Content-Type: text/xml\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def open(self, body: bytes) -> str:
        """The inner XML of a sealed reply; ValueError if it is none, or not signed."""
        outer = body.decode()
        secret = tag(outer, "Encrypt")
        if self._sign(tag(outer, "TimeStamp"), tag(outer, "Nonce"), secret) != tag(
            outer, "MsgSignature"
        ):
            raise ValueError("the signature does not hold")
        decryptor = self._cipher.decryptor()
        plain = decryptor.update(base64.b64decode(secret)) + decryptor.finalize()
        end = 20 + int.from_bytes(plain[16:20], "big")
        if plain[end : -plain[-1]] != self._app_id:
            raise ValueError("the reply is for another account")
        return plain[20:end].decode()

    def _sign(self, *parts: str) -> str:
        joined = "".join(sorted((self._token, *parts))).encode()
        return hashlib.sha1(joined, usedforsecurity=False).hexdigest()

    def _sealed(self, inner: str) -> str:
        message = inner.encode()
        plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + self._app_id
        padding = 32 - len(plain) % 32
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return base64.b64encode(sealed).decode()


def tag(xml: str, name: str) -> str:
    """The text of a tag, as character data or not; ValueError if there is none."""
    found = re.search(rf"<{name}>(?:<!\[CDATA\[(.*?)\]\]>|([^<]*))</{name}>", xml, re.DOTALL)
    if found is None:
        raise ValueError(f"no {name}")
    return str(found[1] if found[1] is not None else found[2])


def whole(received: bytes) -> bytes | None:
    """The body, once the whole response is there; empty unless it is 200."""
    head, gap, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    if not gap or (length and len(body) < int(length[1])):
        return None
    return body if head[9:12] == b"200" and length else b""
