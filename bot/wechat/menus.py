"""The lines of a menu inside a chat, as a push holds them."""

from collections.abc import Sequence

from bot.domain.retry import Failure, SendFailed
from bot.messages import Push


def options_of(push: Push) -> list[tuple[str, str]]:
    """The lines of a menu, id and text."""
    options = push.body["options"]
    if not isinstance(options, Sequence):
        raise SendFailed(Failure.NEVER, None, "a menu without options")
    return [(str(key), str(text)) for key, text in options]
