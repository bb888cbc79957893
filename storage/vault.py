"""Seals personal values before they reach the database, and makes keyed digests to look them up."""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC


class Unopenable(Exception):
    """A sealed value that none of the configured keys opens."""

    def __init__(self) -> None:
        super().__init__(
            "a stored value cannot be opened with the configured data keys; "
            "put the key it was sealed with back into DATA_KEYS, after the new one"
        )


class Newest:
    """The newest key's side of the Fernet format, without the library's ways through base64.

    A turn seals and opens about four values, and that was an eighth of its time. The format is
    Fernet's to the byte: version, time, IV, AES-128-CBC, HMAC-SHA256 over all of it.
    """

    HEAD, MAC = 1 + 8 + 16, 32

    def __init__(self, key: str) -> None:
        raw = base64.urlsafe_b64decode(key)
        self._signing, self._aes = raw[:16], AES(raw[16:])

    def seal(self, raw: bytes) -> bytes:
        """A token as Fernet makes it, not in base64."""
        head = b"\x80" + int(time.time()).to_bytes(8, "big") + os.urandom(16)
        count = 16 - len(raw) % 16
        encryptor = Cipher(self._aes, CBC(head[9:])).encryptor()
        body = head + encryptor.update(raw + bytes((count,)) * count) + encryptor.finalize()
        return body + hmac.digest(self._signing, body, "sha256")

    def open(self, token: bytes) -> bytes | None:
        """What was sealed with this key; None for anything else, which the library judges."""
        body, mac = token[: -self.MAC], token[-self.MAC :]
        if not hmac.compare_digest(hmac.digest(self._signing, body, "sha256"), mac):
            return None
        # whoever could sign it had the key: what follows is as it was sealed
        decryptor = Cipher(self._aes, CBC(body[9 : self.HEAD])).decryptor()
        plain = decryptor.update(body[self.HEAD :]) + decryptor.finalize()
        return plain[: -plain[-1]]


class Vault:
    """Fernet keys, newest first: the first seals, all of them open."""

    def __init__(self, keys: Sequence[str], lookup_key: str) -> None:
        if not keys:
            raise ValueError("a vault needs at least one data key")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._newest = Newest(keys[0])
        self._lookup_key = lookup_key.encode()

    def seal(self, value: object) -> bytes:
        """The value as encrypted JSON."""
        return self.seal_bytes(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        )

    def open(self, blob: bytes) -> object:
        """What `seal` was given, as JSON gives it back: tuples have become lists."""
        value: object = json.loads(self.open_bytes(blob))
        return value

    def seal_bytes(self, raw: bytes) -> bytes:
        """The bytes, encrypted; stored without the base64 that Fernet adds for text media."""
        return self._newest.seal(raw)

    def open_bytes(self, blob: bytes) -> bytes:
        """What `seal_bytes` was given."""
        plain = self._newest.open(blob)
        if plain is not None:
            return plain
        try:
            return self._fernet.decrypt(base64.urlsafe_b64encode(blob))
        except InvalidToken:
            raise Unopenable from None

    def rotate(self, blob: bytes) -> bytes:
        """The same value under the newest key."""
        return self.seal_bytes(self.open_bytes(blob))

    def digest(self, text: str) -> bytes:
        """A keyed hash to search by; without the key a phone number cannot be guessed from it."""
        return hmac.new(self._lookup_key, text.encode(), hashlib.sha256).digest()
