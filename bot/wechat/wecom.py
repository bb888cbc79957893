"""Pushes to staff through the WeCom app: texts, cards, and cards that change."""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Push, PushKind
from bot.wechat.calls import Calls, WecomCalls
from bot.wechat.limits import (
    DUPLICATE_SECONDS,
    DUPLICATE_SECONDS_MAX,
    MEDIA_BYTES,
    WECOM_TEXT_BYTES,
    Way,
)


class StaffApp:
    """The gateway to staff."""

    def __init__(self, calls: Calls, agent_id: int) -> None:
        self._calls = calls
        self._api = WecomCalls(calls)
        self._agent_id = agent_id
        self._senders: Mapping[PushKind, Callable[[Push], Sent]] = {
            PushKind.TEXT: self._send_text,
            PushKind.CARD: self._send_card,
            PushKind.CARD_UPDATE: self._update_card,
        }

    def send(self, push: Push, way: Way = Way.WECOM) -> Sent:
        """Sends it; SendFailed says why it could not."""
        if way is not Way.WECOM:
            raise SendFailed(Failure.NEVER, None, f"staff are not reached by {way}")
        return self._senders[push.kind](push)

    def fetch_media(self, media_id: str) -> bytes:
        """The picture or file behind a media id, which lives three days."""
        return self._calls.download("/cgi-bin/media/get", {"media_id": media_id}, MEDIA_BYTES)

    def _send_text(self, push: Push) -> Sent:
        text = str(push.body["text"])
        if len(text.encode()) > WECOM_TEXT_BYTES:
            # the platform would cut it without a word
            raise SendFailed(Failure.NEVER, None, f"a text over {WECOM_TEXT_BYTES} bytes")
        return self._send(push, {"msgtype": "text", "text": {"content": text}})

    def _send_card(self, push: Push) -> Sent:
        return self._send(push, {"msgtype": "template_card", "template_card": push.body["card"]})

    def _send(self, push: Push, message: Mapping[str, Any]) -> Sent:
        once = {"enable_duplicate_check": 1, "duplicate_check_interval": _interval(push.key)}
        answer = self._api.message.send(self._agent_id, push.to, msg={**message, **once})
        # partly invalid receivers are no error to the platform; ours is the only one
        if answer.get("invaliduser") or answer.get("unlicenseduser"):
            raise SendFailed(Failure.UNREACHABLE, None, "the member is outside the app's range")
        return Sent(str(answer.get("msgid", "")), str(answer.get("response_code", "")))

    def _update_card(self, push: Push) -> Sent:
        update = push.body["update"]
        if not isinstance(update, Mapping):
            raise SendFailed(Failure.NEVER, None, "a card update without its content")
        head = {"userids": [push.to], "agentid": self._agent_id}
        answer = self._api.post(
            "message/update_template_card",
            data={**head, "response_code": push.body["code"], **update},
        )
        if answer.get("invaliduser"):
            raise SendFailed(Failure.UNREACHABLE, None, "the member is outside the app's range")
        return Sent()


def _interval(key: str) -> int:
    """How long the platform drops a repeat of this push, in seconds.

    It drops requests whose JSON is the same. Two pushes may say the same words and are both
    meant; a repeat of one push is not. So each push has an interval of its own.
    """
    spread = DUPLICATE_SECONDS_MAX - DUPLICATE_SECONDS
    digest = blake2b(key.encode(), digest_size=8).digest()
    return DUPLICATE_SECONDS + int.from_bytes(digest, "big") % (spread + 1)
