"""The signed and encrypted envelope that both platforms put around every push and every reply."""

import base64
import binascii
import hashlib
import hmac
import os
import struct
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.wechat import xml
from bot.wechat.limits import CLOCK_TOLERANCE

_BLOCK = 32
_AES_BLOCK = 16
_RANDOM = 16
_DIGITS = 12


class Why(StrEnum):
    """Why a request was turned away; this is what the log shows."""

    UNSIGNED = "unsigned"
    SIGNATURE = "signature"
    STALE = "stale"
    RECEIVER = "receiver"
    PLAINTEXT = "plaintext"
    EMPTY = "empty"
    NOT_XML = "not_xml"
    NO_CIPHERTEXT = "no_ciphertext"
    CIPHERTEXT = "ciphertext"
    PADDING = "padding"
    LENGTH = "length"
    NOT_UTF8 = "not_utf8"
    NO_ECHO = "no_echo"


_FORBIDDEN = frozenset({Why.UNSIGNED, Why.SIGNATURE, Why.STALE, Why.RECEIVER, Why.PLAINTEXT})


class Refused(Exception):
    """The request does not come from the platform (403) or is not what it sends (400)."""

    def __init__(self, why: Why) -> None:
        self.why = why
        self.status = 403 if why in _FORBIDDEN else 400
        super().__init__(why)


class BadKey(ValueError):
    """The EncodingAESKey is not 43 base64 characters."""


def decode_key(aes_key: str) -> bytes:
    """The 32 bytes behind an EncodingAESKey; BadKey unless it is one."""
    try:
        key = base64.b64decode(aes_key + "=", validate=True)
    except (binascii.Error, ValueError):
        raise BadKey("EncodingAESKey is not base64") from None
    if len(key) != _BLOCK:
        raise BadKey("EncodingAESKey is not 43 characters")
    return key


class Envelope:
    """What one account's token, EncodingAESKey and receive id can verify, open and seal."""

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        key = decode_key(aes_key)
        self._token = token
        self._receive_id = receive_id.encode()
        self._cipher = Cipher(AES(key), CBC(key[:_AES_BLOCK]))

    def sign(self, *parts: str) -> str:
        """The platform's signature over the token and these parts."""
        joined = "".join(sorted((self._token, *parts)))
        return hashlib.sha1(joined.encode(errors="replace"), usedforsecurity=False).hexdigest()

    def encrypt(self, inner: bytes, random: bytes | None = None) -> str:
        """The base64 ciphertext of one message; `random` is given only by test vectors."""
        head = (random or os.urandom(_RANDOM)) + struct.pack(">I", len(inner))
        plain = head + inner + self._receive_id
        count = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher.encryptor()
        sealed = encryptor.update(plain + bytes((count,)) * count) + encryptor.finalize()
        return base64.b64encode(sealed).decode()

    def decrypt(self, ciphertext: str) -> bytes:
        """The message inside a base64 ciphertext; Refused unless it is addressed to us."""
        return self._addressed(_unpadded(self._decrypted(ciphertext)))

    def verify_url(self, query: Mapping[str, str], now: datetime) -> bytes:
        """The answer to an official account's GET: `echostr` as it came, if it is signed."""
        self._verify(query, "signature", now)
        return _present(query, "echostr").encode()

    def open_echo(self, query: Mapping[str, str], now: datetime) -> bytes:
        """The answer to WeCom's GET: what `echostr` holds, decrypted."""
        # base64 never holds a space: one stands for a plus sign somebody forgot to escape
        echo = _present(query, "echostr").replace(" ", "+")
        self._verify(query, "msg_signature", now, echo)
        return self.decrypt(echo)

    def open(
        self, query: Mapping[str, str], body: bytes, now: datetime, allow_plaintext: bool = False
    ) -> bytes:
        """The inner XML of a POST. In plaintext mode this is `body`, the very object given."""
        ciphertext = _ciphertext(body)
        if ciphertext is None:
            return self._plaintext(query, body, now, allow_plaintext)
        self._verify(query, "msg_signature", now, ciphertext)
        inner = self.decrypt(ciphertext)
        try:
            inner.decode()
        except UnicodeDecodeError:
            raise Refused(Why.NOT_UTF8) from None
        return inner

    def seal(self, inner: bytes, timestamp: int, nonce: str) -> bytes:
        """The encrypted reply to a POST."""
        ciphertext = self.encrypt(inner)
        return xml.document(
            (
                ("Encrypt", ciphertext),
                ("MsgSignature", self.sign(str(timestamp), nonce, ciphertext)),
                ("TimeStamp", timestamp),
                ("Nonce", nonce),
            )
        )

    def _plaintext(
        self, query: Mapping[str, str], body: bytes, now: datetime, allowed: bool
    ) -> bytes:
        if "msg_signature" in query or query.get("encrypt_type") == "aes":
            raise Refused(Why.NO_CIPHERTEXT)
        # this signature does not cover the body: whoever saw one request could forge any other
        if not allowed:
            raise Refused(Why.PLAINTEXT)
        self._verify(query, "signature", now)
        return body

    def _verify(self, query: Mapping[str, str], name: str, now: datetime, *signed: str) -> None:
        given, timestamp = query.get(name, ""), query.get("timestamp", "")
        if not given or not timestamp or "nonce" not in query:
            raise Refused(Why.UNSIGNED)
        wanted = self.sign(timestamp, query["nonce"], *signed)
        if not hmac.compare_digest(wanted.encode(), given.encode(errors="replace")):
            raise Refused(Why.SIGNATURE)
        # asked only after the signature: a stale one is then a wrong clock or a replay, not noise
        if not _fresh(timestamp, now):
            raise Refused(Why.STALE)

    def _decrypted(self, ciphertext: str) -> bytes:
        try:
            sealed = base64.b64decode(ciphertext.strip(), validate=True)
        except (binascii.Error, ValueError):
            raise Refused(Why.CIPHERTEXT) from None
        if not sealed or len(sealed) % _AES_BLOCK:
            raise Refused(Why.CIPHERTEXT)
        decryptor = self._cipher.decryptor()
        return decryptor.update(sealed) + decryptor.finalize()

    def _addressed(self, plain: bytes) -> bytes:
        start = _RANDOM + 4
        if len(plain) < start:
            raise Refused(Why.LENGTH)
        end = start + int.from_bytes(plain[_RANDOM:start], "big")
        if end > len(plain):
            raise Refused(Why.LENGTH)
        if not hmac.compare_digest(plain[end:], self._receive_id):
            raise Refused(Why.RECEIVER)
        return plain[start:end]


def _fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _DIGITS):
        return False
    return abs(now.timestamp() - int(timestamp)) <= CLOCK_TOLERANCE.total_seconds()


def _present(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value:
        raise Refused(Why.NO_ECHO)
    return value


def _ciphertext(body: bytes) -> str | None:
    if not body.strip():
        raise Refused(Why.EMPTY)
    try:
        return xml.fields(xml.leaves(xml.without_controls(body))).get("Encrypt")
    except xml.Malformed:
        raise Refused(Why.NOT_XML) from None


def _unpadded(plain: bytes) -> bytes:
    count = plain[-1]
    if not 1 <= count <= _BLOCK or plain[-count:] != bytes((count,)) * count:
        raise Refused(Why.PADDING)
    return plain[:-count]
