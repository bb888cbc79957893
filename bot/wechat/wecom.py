"""Pushes to staff through the WeCom app: texts, cards, and cards that change."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Push, PushKind
from bot.wechat.calls import Calls, WecomCalls
from bot.wechat.limits import (
    DUPLICATE_SECONDS,
    DUPLICATE_SECONDS_MAX,
    MEDIA_BYTES,
    TEXTCARD_BUTTON_CHARS,
    TEXTCARD_CHARS,
    TEXTCARD_TITLE_CHARS,
    TEXTCARD_URL_BYTES,
    WECOM_TEXT_BYTES,
    Way,
    split_text,
)
from storage.members import Listed

# response_code used or expired
CODE_SPENT = 60140
OUT_OF_RANGE = "the member is outside the app's range"
UNLICENSED = "the member has no licence for the app"


class StaffApp:
    """The gateway to staff."""

    def __init__(self, calls: Calls, agent_id: int) -> None:
        self._calls = calls
        self._api = WecomCalls(calls)
        self._agent_id = agent_id
        self._senders: Mapping[PushKind, Callable[[Push], Sent]] = {
            PushKind.TEXT: self._send_text,
            PushKind.MARKDOWN: self._send_markdown,
            PushKind.TEXTCARD: self._send_textcard,
            PushKind.CARD: self._send_card,
            PushKind.CARD_UPDATE: self._update_card,
        }

    def send(self, push: Push, way: Way = Way.WECOM) -> Sent:
        """Sends it; SendFailed says why it could not."""
        sender = self._senders.get(push.kind)
        if way is not Way.WECOM or sender is None:
            raise SendFailed(Failure.NEVER, None, f"staff are not sent {push.kind} by {way}")
        return sender(push)

    def fetch_media(self, media_id: str) -> bytes:
        """The picture or file behind a media id, which lives three days."""
        return self._calls.download("/cgi-bin/media/get", {"media_id": media_id}, MEDIA_BYTES)

    def members(self) -> tuple[Listed, ...]:
        """Everybody in the app's range with the names of their departments; or SendFailed."""
        found: dict[str, Listed] = {}
        for department in _rows(self._api.department.list(), "id", "name"):
            for row in _rows(self._api.department.get_users(department["id"]), "userid", "name"):
                userid, name = str(row["userid"]), str(row["name"])
                known = found.get(userid.lower(), Listed(userid, name))
                departments = (*known.departments, str(department["name"]))
                found[userid.lower()] = replace(known, departments=departments)
        return tuple(found.values())

    def show_menu(self, menu: Mapping[str, object]) -> None:
        """Puts the menu below the chat of everybody; or SendFailed."""
        self._api.menu.create(self._agent_id, menu)

    def _send_text(self, push: Push) -> Sent:
        return self._in_parts(push, "text")

    def _send_markdown(self, push: Push) -> Sent:
        return self._in_parts(push, "markdown")

    def _in_parts(self, push: Push, kind: str) -> Sent:
        """In as many messages as it takes: the platform would cut a longer one without a word.

        Each part has an interval of its own, so that a repeat of the push repeats none of them.
        """
        # of nothing to say, the platform is to be heard
        parts = split_text(str(push.body["text"]), WECOM_TEXT_BYTES) or [""]
        sent = Sent()
        for number, part in enumerate(parts):
            key = f"{push.key}:{number}" if number else push.key
            sent = self._send(push, key, {"msgtype": kind, kind: {"content": part}})
        return sent

    def _send_textcard(self, push: Push) -> Sent:
        body = push.body
        title, text, url = (str(body.get(name, "")) for name in ("title", "text", "url"))
        if not (title and text and url) or len(url.encode()) > TEXTCARD_URL_BYTES:
            raise SendFailed(Failure.NEVER, None, "a textcard lacks a part or is too long")
        card = {
            "title": title[:TEXTCARD_TITLE_CHARS],
            "description": text[:TEXTCARD_CHARS],
            "url": url,
        }
        if button := str(body.get("button", "")):
            card["btntxt"] = button[:TEXTCARD_BUTTON_CHARS]
        return self._send(push, push.key, {"msgtype": "textcard", "textcard": card})

    def _send_card(self, push: Push) -> Sent:
        message = {"msgtype": "template_card", "template_card": push.body["card"]}
        return self._send(push, push.key, message)

    def _send(self, push: Push, key: str, message: Mapping[str, Any]) -> Sent:
        once = {"enable_duplicate_check": 1, "duplicate_check_interval": _interval(key)}
        answer = self._api.message.send(self._agent_id, push.to, msg={**message, **once})
        # partly invalid receivers are no error to the platform; ours is the only one
        if answer.get("unlicenseduser"):
            raise SendFailed(Failure.UNREACHABLE, None, UNLICENSED)
        if answer.get("invaliduser"):
            raise SendFailed(Failure.UNREACHABLE, None, OUT_OF_RANGE)
        return Sent(str(answer.get("msgid", "")), str(answer.get("response_code", "")))

    def _update_card(self, push: Push) -> Sent:
        update = push.body["update"]
        if not isinstance(update, Mapping):
            raise SendFailed(Failure.NEVER, None, "a card update without its content")
        head = {"userids": [push.to], "agentid": self._agent_id}
        try:
            answer = self._api.post(
                "message/update_template_card",
                data={**head, "response_code": push.body["code"], **update},
            )
        except SendFailed as refused:
            if refused.code != CODE_SPENT:
                raise
            # it did its one update, or is too old: whatever the card had to say, the fresh card
            # that goes out with each change says
            raise SendFailed(Failure.DONE, CODE_SPENT, refused.detail) from None
        if answer.get("invaliduser"):
            raise SendFailed(Failure.UNREACHABLE, None, OUT_OF_RANGE)
        return Sent()


def _rows(found: object, *needed: str) -> list[Mapping[str, Any]]:
    """The rows of a list of the platform's; SendFailed if it is none, or lacks what is needed."""
    given = found if isinstance(found, list) else [found]
    rows = [row for row in given if isinstance(row, Mapping) and {*needed} <= row.keys()]
    if len(rows) < len(given):
        raise SendFailed(Failure.AGAIN, None, f"a list without {' and '.join(needed)}")
    return rows


def _interval(key: str) -> int:
    """How long the platform drops a repeat of this push, in seconds.

    It drops requests whose JSON is the same. Two pushes may say the same words and are both
    meant; a repeat of one push is not. So each push has an interval of its own.
    """
    spread = DUPLICATE_SECONDS_MAX - DUPLICATE_SECONDS
    digest = blake2b(key.encode(), digest_size=8).digest()
    return DUPLICATE_SECONDS + int.from_bytes(digest, "big") % (spread + 1)
