"""Seals personal values before they reach the database, and makes keyed digests to look them up."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class Unopenable(Exception):
    """A sealed value that none of the configured keys opens."""

    def __init__(self) -> None:
        super().__init__(
            "a stored value cannot be opened with the configured data keys; "
            "put the key it was sealed with back into DATA_KEYS, after the new one"
        )


class Vault:
    """Fernet keys, newest first: the first seals, all of them open."""

    def __init__(self, keys: Sequence[str], lookup_key: str) -> None:
        if not keys:
            raise ValueError("a vault needs at least one data key")
        self._fernet = MultiFernet([Fernet(key) for key in keys])
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
        return base64.urlsafe_b64decode(self._fernet.encrypt(raw))

    def open_bytes(self, blob: bytes) -> bytes:
        """What `seal_bytes` was given."""
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
