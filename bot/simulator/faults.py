"""Faults that can be ordered: what goes wrong, on which call, for whom, how many times."""

from dataclasses import dataclass
from enum import StrEnum

from bot.messages import Channel

# for `on_call`: whatever is called
ANY = "*"


class Trouble(StrEnum):
    """How an API call goes wrong."""

    CODE = "code"  # refused with `code`, nothing done
    LOST_ANSWER = "lost_answer"  # done, but the answer is HTTP 502
    BAD_GATEWAY = "bad_gateway"  # HTTP 502, nothing done
    NOT_JSON = "not_json"  # HTTP 200 with an HTML page
    SILENT = "silent"  # taken in, and never answered
    RESET = "reset"  # the connection breaks before an answer
    HALF = "half"  # the answer breaks off, shorter than it was announced
    DRIP = "drip"  # the answer comes byte by byte, from its first line on


# those that need the bare connection
ON_THE_WIRE = frozenset({Trouble.SILENT, Trouble.RESET, Trouble.HALF, Trouble.DRIP})


class PushTrouble(StrEnum):
    """How a push to the bot goes wrong."""

    LOST = "lost"  # never posted
    REPEATED = "repeated"  # posted once more after it was answered
    UNHEARD = "unheard"  # posted and answered, but the platform did not hear it and retries


@dataclass(frozen=True)
class Fault:
    """What becomes of one call. `done`: the platform does what it was asked all the same."""

    trouble: Trouble
    code: int = -1
    done: bool = False


@dataclass
class _Ordered:
    fault: Fault
    path: str
    who: str
    left: int

    def meant(self, path: str, who: str) -> bool:
        return self.path in (ANY, path) and self.who in ("", who)


class Faults:
    """The faults still to happen. Guarded by the platform's lock."""

    def __init__(self) -> None:
        self._calls: list[_Ordered] = []
        self._pushes: dict[Channel, list[PushTrouble]] = {}

    def on_call(
        self,
        path: str,
        trouble: Trouble = Trouble.CODE,
        code: int = -1,
        times: int = 1,
        *,
        who: str = "",
        done: bool = False,
    ) -> None:
        """The next `times` calls of this path (`/cgi-bin/…`, or ANY) go wrong.

        `who`: only those about this person, by openid, userid or external_userid.
        """
        done = done or trouble is Trouble.LOST_ANSWER
        self._calls.append(_Ordered(Fault(trouble, code, done), path, who, times))

    def on_push(self, channel: Channel, trouble: PushTrouble, times: int = 1) -> None:
        """The next `times` posts to the bot on this channel go wrong."""
        self._pushes.setdefault(channel, []).extend([trouble] * times)

    def take_call(self, path: str, who: str = "") -> Fault | None:
        """The fault of this call, used up."""
        found = next((one for one in self._calls if one.meant(path, who)), None)
        if found is None:
            return None
        found.left -= 1
        if found.left <= 0:
            self._calls.remove(found)
        return found.fault

    def take_push(self, channel: Channel) -> PushTrouble | None:
        """The fault of this post, used up."""
        waiting = self._pushes.get(channel, [])
        return waiting.pop(0) if waiting else None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._calls.clear()
        self._pushes.clear()
