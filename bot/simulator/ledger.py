"""What an official account may still send to each follower (wechat_platform.md 3.2)."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import WINDOWS, Grant


@dataclass
class _Left:
    until: datetime
    count: int


@dataclass
class Allowance:
    """The messages left for one person. Guarded by the platform's lock."""

    following: bool = False
    _left: dict[Grant, _Left] = field(default_factory=dict)

    def grant(self, kind: Grant, at: datetime) -> None:
        """The person did something that opens a window."""
        self._left[kind] = _Left(at + WINDOWS[kind].lasts, WINDOWS[kind].count)

    def close(self) -> None:
        """The person has left: nothing may be sent any more."""
        self.following = False
        self._left.clear()

    def spend(self, at: datetime) -> None:
        """One message goes out, from the window that closes first; or ApiRefusal."""
        live = [left for left in self._left.values() if at < left.until]
        if not self.following or not live:
            raise ApiRefusal(45015)
        unspent = [left for left in live if left.count > 0]
        if not unspent:
            raise ApiRefusal(45047)
        min(unspent, key=lambda left: left.until).count -= 1

    def left(self, at: datetime) -> int:
        """How many messages could be sent now."""
        if not self.following:
            return 0
        return sum(left.count for left in self._left.values() if at < left.until)
