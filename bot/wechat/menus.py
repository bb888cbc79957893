"""The lines of a menu inside a chat, as a push holds them."""

from collections.abc import Sequence

from bot.domain.retry import Failure, SendFailed
from bot.messages import Push
from bot.wechat.limits import (
    KF_MENU_BYTES,
    KF_MENU_OPTIONS,
    KF_OPTION_BYTES,
    KF_OPTION_ID_BYTES,
)


def options_of(push: Push) -> list[tuple[str, str]]:
    """The lines of a menu, id and text."""
    options = push.body["options"]
    if not isinstance(options, Sequence):
        raise SendFailed(Failure.NEVER, None, "a menu without options")
    return [(str(key), str(text)) for key, text in options]


def fits_kf(head: str, options: Sequence[tuple[str, str]], tail: str) -> bool:
    """Whether 微信客服 takes such a menu; else it goes as numbered text."""
    return (
        max(len(head.encode()), len(tail.encode())) <= KF_MENU_BYTES
        and 0 < len(options) <= KF_MENU_OPTIONS
        and all(len(key.encode()) <= KF_OPTION_ID_BYTES for key, _ in options)
        and all(0 < len(words.encode()) <= KF_OPTION_BYTES for _, words in options)
    )
