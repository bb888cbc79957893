"""Pictures and files as the platform keeps them: three days, then `invalid media_id`."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import MEDIA_BYTES, MEDIA_LIFETIME, VIDEO_BYTES, VOICE_BYTES

SUFFIX = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "audio/amr": "amr",
    "video/mp4": "mp4",
    "application/pdf": "pdf",
}
# the largest of each kind that the platform takes from a phone; anything else is a file
LARGEST = {"audio": VOICE_BYTES, "video": VIDEO_BYTES}


@dataclass(frozen=True)
class Medium:
    """One stored file."""

    data: bytes
    content_type: str
    until: datetime

    @property
    def filename(self) -> str:
        """What the Content-Disposition header calls it."""
        return "media." + SUFFIX.get(self.content_type, "bin")


class Shelf:
    """All stored files by media id. Guarded by the platform's lock."""

    def __init__(self) -> None:
        self._media: dict[str, Medium] = {}

    def keep(self, data: bytes, content_type: str, now: datetime) -> str:
        """Store a file and return its media id; ValueError if no phone can send one so large."""
        if len(data) > LARGEST.get(content_type.partition("/")[0], MEDIA_BYTES):
            raise ValueError(f"{len(data)} bytes of {content_type}: the platform takes no such")
        media_id = secrets.token_urlsafe(48)
        self._media[media_id] = Medium(data, content_type, now + MEDIA_LIFETIME)
        return media_id

    def get(self, media_id: str, now: datetime) -> Medium:
        """The file, or ApiRefusal 40007 once its three days are over."""
        medium = self._media.get(media_id)
        if medium is None or now >= medium.until:
            raise ApiRefusal(40007)
        return medium

    def clear(self) -> None:
        """Forget everything."""
        self._media.clear()
