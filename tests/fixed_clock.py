"""A clock that stands still until a test moves it on."""

from datetime import datetime, timedelta

from bot.clock import SHANGHAI

# a Monday morning with no holiday near
MONDAY_MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)


class FixedClock:
    """What time a test says it is. Call it wherever a `bot.clock.Clock` is wanted."""

    def __init__(self, now: datetime = MONDAY_MORNING) -> None:
        if now.tzinfo is None:
            raise ValueError(f"{now} names no time zone; expected an aware time in Asia/Shanghai")
        self.now = now.astimezone(SHANGHAI)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, step: timedelta) -> datetime:
        """Let `step` pass and tell the new time."""
        if step < timedelta(0):
            raise ValueError(f"{step} would turn the clock back; expected a step forward")
        self.now += step
        return self.now
