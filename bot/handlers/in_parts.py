"""A text that is longer than one message: its parts in the outbox, so that nothing is cut."""

from datetime import datetime

from bot.handlers.turn import Address
from bot.messages import Push, PushKind
from bot.wechat.limits import OFFICIAL_TEXT_BYTES, split_text


def parts_of(text: str) -> list[str]:
    """The text in as many messages as it takes; none for no text."""
    return split_text(text, OFFICIAL_TEXT_BYTES)


def pushes(key: str, to: Address, parts: list[str], due: datetime) -> tuple[Push, ...]:
    """One for each part. No template could stand for them: what is not sent waits whole."""
    return tuple(
        Push(f"{key}:{number}", *to, PushKind.TEXT, {"text": part}, due, "rest")
        for number, part in enumerate(parts, start=1)
    )
