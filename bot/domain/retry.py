"""What became of a send: delivered, or failed in one of a few ways that a retry can decide on."""

from dataclasses import dataclass
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
