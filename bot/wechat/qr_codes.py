"""QR codes of the official account, each with a scene that comes back when it is scanned."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from bot.wechat.calls import Calls

# where the platform shows the picture of a ticket, for 60 seconds or for good
PICTURES = "https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket="


@dataclass(frozen=True)
class Made:
    """A code: its picture is at `picture`, and `url` is what the picture holds."""

    ticket: str
    url: str

    @property
    def picture(self) -> str:
        """Where the picture is."""
        return PICTURES + quote(self.ticket, safe="")


class QrCodes:
    """Makes codes; the same permanent one again is the same code."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def make(self, scene: str, lasts: timedelta | None = None) -> Made:
        """A code for that scene, for good or for so long; ApiError says why not."""
        info = {"scene": {"scene_str": scene}}
        body: dict[str, object] = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": info}
        if lasts is not None:
            seconds = round(lasts.total_seconds())
            body |= {"action_name": "QR_STR_SCENE", "expire_seconds": seconds}
        answer = self._calls.post("/cgi-bin/qrcode/create", {}, body)
        return Made(str(answer.get("ticket", "")), str(answer.get("url", "")))
