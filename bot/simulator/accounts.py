"""Whose accounts the pretended platform hosts, and credentials made up for them."""

import secrets
import string
from dataclasses import dataclass, field
from enum import StrEnum

from bot.wechat.limits import AccountType

_LETTERS = string.ascii_letters + string.digits


class Mode(StrEnum):
    """How messages are pushed to the developer (wechat_platform.md 1.2)."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


@dataclass(frozen=True)
class ServiceAccount:
    """An official account: what its owner sees in the console."""

    original_id: str
    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    kind: AccountType = AccountType.CERTIFIED
    mode: Mode = Mode.SAFE


@dataclass(frozen=True)
class Corporation:
    """A WeCom corporation with one self-built app."""

    corp_id: str
    agent_id: int
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)


@dataclass(frozen=True)
class Accounts:
    """Everything the bot must be told to talk to the pretended platform."""

    official: ServiceAccount
    corp: Corporation

    @classmethod
    def random(cls) -> "Accounts":
        """Fresh accounts in the shape the real consoles issue them."""
        official = ServiceAccount(
            original_id="gh_" + secrets.token_hex(6),
            app_id="wx" + secrets.token_hex(8),
            secret=secrets.token_hex(16),
            token=_letters(32),
            aes_key=_aes_key(),
        )
        corp = Corporation(
            corp_id="ww" + secrets.token_hex(8),
            agent_id=1000002,
            secret=_letters(43),
            token=_letters(32),
            aes_key=_aes_key(),
        )
        return cls(official, corp)


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _aes_key() -> str:
    # the last of 43 base64 letters carries four bits only; the consoles leave the rest zero
    return _letters(42) + secrets.choice("AEIMQUYcgkosw048")
