"""What became of a send, and what to do about it: again, later, never, or when they write."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Failure(StrEnum):
    """The kinds of failure the gateways translate every platform code into."""

    AGAIN = "again"
    NEVER = "never"
    UNREACHABLE = "unreachable"
    REAUTH = "reauth"
    WAIT = "wait"
    ALARM = "alarm"
    DONE = "done"


@dataclass(frozen=True)
class Sent:
    """What the platform said about a message it took."""

    provider_id: str = ""
    response_code: str = ""


class SendFailed(Exception):
    """The platform did not take the message; `detail` holds no secret and no person."""

    def __init__(self, failure: Failure, code: int | None, detail: str) -> None:
        self.failure, self.code, self.detail = failure, code, detail
        super().__init__(f"{failure} ({code}): {detail}")


class Staffed(SendFailed):
    """A person of ours has the session of 微信客服, or it waits for one: only they may speak."""

    def __init__(self, code: int, state: int, servicer: str) -> None:
        self.state, self.servicer = state, servicer
        super().__init__(Failure.UNREACHABLE, code, f"the session is in state {state}")


@dataclass(frozen=True)
class Again:
    """Try again then."""

    at: datetime


@dataclass(frozen=True)
class GiveUp:
    """It will not get better by itself; staff are to see it."""


@dataclass(frozen=True)
class Hold:
    """Nothing is wrong but that the person cannot be reached now."""


@dataclass(frozen=True)
class Done:
    """It had arrived before; the platform refused the repeat."""


Decision = Again | GiveUp | Hold | Done


@dataclass(frozen=True)
class Pauses:
    """How long to wait between attempts: doubled each time up to `most`, at most `attempts`."""

    first: timedelta
    most: timedelta
    attempts: int

    def after(self, attempts: int, spread: float) -> timedelta:
        """The pause after so many attempts; `spread` in [0, 1) keeps a crowd apart."""
        whole = min(self.most, self.first * 2.0 ** min(attempts - 1, 30))
        return whole * (0.5 + spread / 2)


# each gives up only after three days at the very least: the platform may be away for as long,
# a locked account or a wrong address in the white-list is put right by people within that time
PAUSES: Mapping[Failure, Pauses] = {
    Failure.AGAIN: Pauses(timedelta(seconds=2), timedelta(minutes=20), 500),
    Failure.REAUTH: Pauses(timedelta(seconds=5), timedelta(minutes=20), 500),
    Failure.WAIT: Pauses(timedelta(minutes=1), timedelta(hours=1), 200),
    Failure.ALARM: Pauses(timedelta(minutes=1), timedelta(hours=1), 200),
}


def decide(failure: Failure, attempts: int, now: datetime, spread: float = 0.5) -> Decision:
    """What to do about a send that failed for the `attempts`-th time."""
    if failure is Failure.DONE:
        return Done()
    if failure is Failure.UNREACHABLE:
        return Hold()
    pauses = PAUSES.get(failure)
    if pauses is None or attempts >= pauses.attempts:
        return GiveUp()
    return Again(now + pauses.after(attempts, spread))


# as parts of an address, and as JSON
SECRETS = re.compile(
    r"((?:access_token|secret|corpsecret|appid|signature|code)="
    r"|(?:token|secret)[\"']\s*:\s*[\"'])[^&\s\"']+"
)
NUMBERS = re.compile(r"\d{7,}")


def redacted(text: str, *hidden: str) -> str:
    """An error text that may be stored: no key, no long number, nothing of `hidden`, not long."""
    for word in filter(None, hidden):
        text = text.replace(word, "…")
    return NUMBERS.sub("…", SECRETS.sub(r"\1…", text))[:200]
