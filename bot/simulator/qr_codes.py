"""QR codes with a scene: made by the account, scanned by people (wechat_platform.md 3.7)."""

import secrets
from collections.abc import Mapping

from bot.simulator.api_calls import Answer, Call, Json
from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import (
    QR_DEFAULT_SECONDS,
    QR_LONGEST_SECONDS,
    QR_PERMANENT,
    QR_SCENE_CHARS,
)

TEMPORARY = frozenset({"QR_SCENE", "QR_STR_SCENE"})
PERMANENT = frozenset({"QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"})
NUMBERED = frozenset({"QR_SCENE", "QR_LIMIT_SCENE"})


class QrCodes:
    """The codes of the account. Guarded by the platform's lock."""

    def __init__(self) -> None:
        # ticket -> scene
        self.made: dict[str, str] = {}
        self._permanent: dict[str, str] = {}

    def create(self, call: Call) -> Answer:
        """`POST /cgi-bin/qrcode/create`."""
        asked = call.json()
        action = asked.get("action_name")
        if action not in TEMPORARY | PERMANENT:
            raise ApiRefusal(40053)
        scene = _scene(asked, numbered=action in NUMBERED, lasting=action in PERMANENT)
        if action in PERMANENT:
            return self._answer(self._lasting(scene))
        seconds = asked.get("expire_seconds", QR_DEFAULT_SECONDS)
        if not isinstance(seconds, int) or not 1 <= seconds <= QR_LONGEST_SECONDS:
            raise ApiRefusal(40053)
        ticket = self._new(scene)
        return self._answer(ticket) | {"expire_seconds": seconds}

    def _lasting(self, scene: str) -> str:
        """One permanent code a scene, however often it is asked for."""
        if scene not in self._permanent:
            if len(self._permanent) >= QR_PERMANENT:
                raise ApiRefusal(45029)
            self._permanent[scene] = self._new(scene)
        return self._permanent[scene]

    def _new(self, scene: str) -> str:
        ticket = "gQ" + secrets.token_urlsafe(60) + "=="
        self.made[ticket] = scene
        return ticket

    def _answer(self, ticket: str) -> Json:
        return {"ticket": ticket, "url": f"http://weixin.qq.com/q/{ticket[2:22]}"}


def _scene(asked: Json, *, numbered: bool, lasting: bool) -> str:
    info = asked.get("action_info")
    scene = info.get("scene") if isinstance(info, Mapping) else None
    given = scene if isinstance(scene, Mapping) else {}
    if numbered:
        number = given.get("scene_id")
        if not isinstance(number, int) or number < 1 or (lasting and number > QR_PERMANENT):
            raise ApiRefusal(40053)
        return str(number)
    text = given.get("scene_str")
    if not isinstance(text, str) or not 1 <= len(text) <= QR_SCENE_CHARS:
        raise ApiRefusal(40053)
    return text
