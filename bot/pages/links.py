"""Signed links to the pages: who may open what, and until when; a link says nothing else."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from itsdangerous import BadSignature, Signer, TimestampSigner

from bot.clock import SHANGHAI, Clock

# More is no link of ours; nothing that long is worth a hash.
LONGEST = 320


class Purpose(StrEnum):
    """What a link opens; also the word for it in the address."""

    UPLOAD = "upload"
    FILE = "file"
    CERTIFICATE = "certificate"
    HAND_OVER = "hand-over"
    SUBSCRIBE = "subscribe"
    # what a browser keeps: whose it is, and what it was sent to the platform with
    MINE = "mine"
    JOURNEY = "journey"


# A client may need days to find a document; what staff open is at hand again in a moment.
VALID: Mapping[Purpose, timedelta] = {
    Purpose.UPLOAD: timedelta(hours=72),
    Purpose.FILE: timedelta(hours=24),
    Purpose.CERTIFICATE: timedelta(days=365),
    Purpose.HAND_OVER: timedelta(hours=2),
    Purpose.SUBSCRIBE: timedelta(days=30),
    Purpose.MINE: timedelta(minutes=30),
    Purpose.JOURNEY: timedelta(minutes=10),
}


@dataclass(frozen=True)
class Opened:
    """What a link that still holds was made for, and when it was made."""

    value: str
    made_at: datetime


@dataclass(frozen=True)
class Errand:
    """What staff hand over by a link: who, for which need, and what the client reads it is."""

    staff: int
    need: int
    title: str

    def packed(self) -> str:
        """As it stands in an address."""
        title = urlsafe_b64encode(self.title.encode()).decode().rstrip("=")
        return f"{self.staff}.{self.need}.{title}"

    @classmethod
    def of(cls, value: str) -> "Errand | None":
        """From an address whose signature holds; None if it is none of these."""
        staff, _, rest = value.partition(".")
        need, _, title = rest.partition(".")
        if not (staff.isdecimal() and need.isdecimal()):
            return None
        return cls(int(staff), int(need), urlsafe_b64decode(f"{title}===").decode())


class Clocked(TimestampSigner):
    """Signs with the office's time, which in the demonstration is not the machine's."""

    def __init__(self, secret: str, purpose: Purpose, clock: Clock) -> None:
        super().__init__(secret, salt=f"yizhan {purpose}", digest_method=hashlib.sha256, sep=".")
        self._clock = clock

    def get_timestamp(self) -> int:
        """The second it is."""
        return int(self._clock().timestamp())


class Links:
    """Makes and checks links below PUBLIC_URL; without that address there is nothing to send."""

    def __init__(self, base: str, secret: str, clock: Clock) -> None:
        self._base, self._clock = base.rstrip("/"), clock
        self._signers = {one: Clocked(secret, one, clock) for one in Purpose}
        self._forms = Signer(secret, salt="yizhan form", digest_method=hashlib.sha256)

    def upload(self, person_id: int) -> str:
        """The upload page of one person; "" if nobody could reach it."""
        return self._address(Purpose.UPLOAD, str(person_id))

    def subscribe(self, person_id: int) -> str:
        """The page on which one person asks for notices; "" if nobody could reach it."""
        return self._address(Purpose.SUBSCRIBE, str(person_id))

    def file(self, key: str) -> str:
        """A material, for the staff member in charge."""
        return self._address(Purpose.FILE, key)

    def certificate(self, key: str) -> str:
        """A document that the client may download."""
        return self._address(Purpose.CERTIFICATE, key)

    def hand_over(self, person_id: int, need_id: int, title: str) -> str:
        """Where a staff member sends a document to the client of a need."""
        return self._address(Purpose.HAND_OVER, Errand(person_id, need_id, title).packed())

    def page(self, path: str) -> str:
        """A page that opens without a token; "" if nobody could reach it."""
        return f"{self._base}/m/{path}" if self._base else ""

    def token(self, purpose: Purpose, value: str) -> str:
        """The part of an address that is signed."""
        return self._signers[purpose].sign(value).decode()

    def open(self, purpose: Purpose, token: str) -> Opened | None:
        """What a token stands for; None whether it is forged, meant for another page, or over."""
        if len(token) > LONGEST:
            return None
        try:
            value, made = self._signers[purpose].unsign(token, return_timestamp=True)
        except (BadSignature, ValueError, OverflowError):
            return None
        made_at = made.astimezone(SHANGHAI)
        over = self._clock() - made_at > VALID[purpose]
        return None if over else Opened(value.decode(), made_at)

    def form_key(self, token: str) -> str:
        """What the form of a page knows and another site does not."""
        return self._forms.get_signature(token).decode()

    def is_form_key(self, token: str, given: str) -> bool:
        """Whether that came with the form of this very page."""
        return self._forms.verify_signature(token, given)

    def _address(self, purpose: Purpose, value: str) -> str:
        if not self._base:
            return ""
        return f"{self._base}/m/{purpose}/{self.token(purpose, value)}"
