"""Faults a test can order: what goes wrong, on which call, how many times."""

from dataclasses import dataclass
from enum import StrEnum

from bot.messages import Channel


class Trouble(StrEnum):
    """How an API call goes wrong."""

    CODE = "code"  # refused with `code`, nothing done
    LOST_ANSWER = "lost_answer"  # done, but the answer is HTTP 502
    BAD_GATEWAY = "bad_gateway"  # HTTP 502, nothing done
    NOT_JSON = "not_json"  # HTTP 200 with an HTML page, nothing done


class PushTrouble(StrEnum):
    """How a push to the bot goes wrong."""

    LOST = "lost"  # never posted
    REPEATED = "repeated"  # posted once more after it was answered
    UNHEARD = "unheard"  # posted and answered, but the platform did not hear it and retries


@dataclass
class _Ordered:
    trouble: Trouble
    code: int
    left: int


class Faults:
    """The faults still to happen. Guarded by the platform's lock."""

    def __init__(self) -> None:
        self._calls: dict[str, list[_Ordered]] = {}
        self._pushes: dict[Channel, list[PushTrouble]] = {}

    def on_call(
        self, path: str, trouble: Trouble = Trouble.CODE, code: int = -1, times: int = 1
    ) -> None:
        """The next `times` calls of this path (`/cgi-bin/…`) go wrong."""
        self._calls.setdefault(path, []).append(_Ordered(trouble, code, times))

    def on_push(self, channel: Channel, trouble: PushTrouble, times: int = 1) -> None:
        """The next `times` posts to the bot on this channel go wrong."""
        self._pushes.setdefault(channel, []).extend([trouble] * times)

    def take_call(self, path: str) -> tuple[Trouble, int] | None:
        """The fault of this call, used up."""
        waiting = self._calls.get(path, [])
        if not waiting:
            return None
        first = waiting[0]
        first.left -= 1
        if first.left <= 0:
            waiting.pop(0)
        return first.trouble, first.code

    def take_push(self, channel: Channel) -> PushTrouble | None:
        """The fault of this post, used up."""
        waiting = self._pushes.get(channel, [])
        return waiting.pop(0) if waiting else None
