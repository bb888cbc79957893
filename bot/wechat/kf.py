"""微信客服: messages to clients, sessions, and the pages of what clients wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from bot.domain.retry import Failure, SendFailed, Sent, Staffed
from bot.messages import Push, PushKind
from bot.wechat.calls import Calls
from bot.wechat.client import ApiError
from bot.wechat.kf_messages import parted
from bot.wechat.limits import (
    KF_PAGE,
    KF_TEXT_BYTES,
    MEDIA_BYTES,
    Way,
)
from bot.wechat.menus import fits_kf, options_of

Message = Mapping[str, Any]

# the token of a bell is over or never was; the session is not ours; our msgid was taken before
BAD_TOKEN, NOT_OURS, REPEATED = 95007, 95018, 95033
# of a session: it waits for a servicer, a servicer has it, it is over
POOL, HUMAN, OVER = 2, 3, 4
STAFFED = frozenset({POOL, HUMAN})
# whoever was named cannot take a session over: no servicer, not there, or not within our range
NO_SERVICER = frozenset({95014, 95016, 95019, 60030})


@dataclass(frozen=True)
class Page:
    """What kf/sync_msg answers: items, where the next page begins, and whether there is one."""

    items: tuple[Message, ...]
    cursor: str
    more: bool


class CustomerService:
    """The gateway to clients on 微信客服. A push's `to` names account and customer."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def send(self, push: Push, way: Way = Way.CUSTOMER_SERVICE) -> Sent:
        """Sends it; SendFailed says why it could not."""
        if way is not Way.CUSTOMER_SERVICE:
            raise SendFailed(Failure.NEVER, None, f"clients there are not reached by {way}")
        if push.kind is PushKind.SESSION:
            return self._hand(push)
        return self._once(push, _message(push))

    def fetch_media(self, media_id: str) -> bytes:
        """The picture or file behind a media id, which lives three days."""
        return self._calls.download("/cgi-bin/media/get", {"media_id": media_id}, MEDIA_BYTES)

    def page(self, open_kfid: str, cursor: str, token: str) -> Page:
        """What was written since the cursor; a token that is over is asked without."""
        asked = {"open_kfid": open_kfid, "limit": KF_PAGE}
        asked |= {"cursor": cursor} if cursor else {}
        path = "/cgi-bin/kf/sync_msg"
        try:
            answer = self._calls.post(path, {}, asked | ({"token": token} if token else {}))
        except ApiError as refused:
            if refused.code != BAD_TOKEN or not token:
                raise
            answer = self._calls.post(path, {}, asked)
        return _page(answer)

    def _once(self, push: Push, message: Message) -> Sent:
        """One message under an id made from the push's key, so that a repeat is none."""
        own = own_id(push.key)
        code = push.body.get("code")
        open_kfid, customer = parted(push.to)
        try:
            if code:
                body: Message = {"code": code, "msgid": own, **message}
                self._calls.post("/cgi-bin/kf/send_msg_on_event", {}, body)
            else:
                body = {"touser": customer, "open_kfid": open_kfid, "msgid": own, **message}
                self._calls.post("/cgi-bin/kf/send_msg", {}, body)
        except ApiError as refused:
            if refused.code == NOT_OURS:
                self._whose(push)
            if refused.code != REPEATED:
                raise
        return Sent(provider_id=own)

    def state(self, identity: str) -> int:
        """The state of a client's session (wechat_platform.md 6.4)."""
        return int(self._session(identity).get("service_state") or 0)

    def unionids(self, identities: Sequence[str]) -> Mapping[str, str]:
        """The unionid by identity, of those whom the platform links to an official account."""
        wanted = {parted(one)[1]: one for one in identities}
        asked = {"external_userid_list": list(wanted), "need_enter_session_context": 0}
        answer = self._calls.post("/cgi-bin/kf/customer/batchget", {}, asked)
        rows = answer.get("customer_list")
        found = rows if isinstance(rows, Sequence) else ()
        return {
            wanted[str(row["external_userid"])]: str(row["unionid"])
            for row in found
            if row.get("unionid") and str(row.get("external_userid")) in wanted
        }

    def _session(self, identity: str) -> dict[str, Any]:
        open_kfid, customer = parted(identity)
        who = {"open_kfid": open_kfid, "external_userid": customer}
        return self._calls.post("/cgi-bin/kf/service_state/get", {}, who)

    def _whose(self, push: Push) -> None:
        """Raises Staffed if a person of ours has the session, or it waits for one."""
        try:
            found = self._session(push.to)
        except ApiError:
            return
        state = found.get("service_state")
        if state in STAFFED:
            raise Staffed(NOT_OURS, int(state), str(found.get("servicer_userid", "")))

    def _hand(self, push: Push) -> Sent:
        """The session goes to a servicer, or is over; the code it brings says a last word.

        Without a provider id in the answer it stays where it was, since nobody can take it.
        """
        open_kfid, customer = parted(push.to)
        asked: dict[str, Any] = {"open_kfid": open_kfid, "external_userid": customer}
        asked["service_state"] = push.body["state"]
        if push.body.get("servicer"):
            asked["servicer_userid"] = push.body["servicer"]
        try:
            answer = self._calls.post("/cgi-bin/kf/service_state/trans", {}, asked)
        except ApiError as refused:
            if refused.code in NO_SERVICER:
                return Sent()
            raise
        code, words = answer.get("msg_code"), push.body.get("text")
        if code and words:
            self._last_word(push, str(code), str(words))
        return Sent(provider_id=own_id(push.key))

    def _last_word(self, push: Push, code: str, words: str) -> None:
        """What may be said about the change, once; the change itself stands without it."""
        body = {"code": code, "msgid": own_id(push.key), **_text(words)}
        try:
            self._calls.post("/cgi-bin/kf/send_msg_on_event", {}, body)
        except ApiError:
            return


def own_id(key: str) -> str:
    """The msgid of the push under this key."""
    return blake2b(key.encode(), digest_size=16).hexdigest()


def _message(push: Push) -> Message:
    if push.kind is PushKind.MENU:
        return _menu(push) or _text(str(push.body["text"]))
    if push.kind is PushKind.TEXT:
        return _text(str(push.body["text"]))
    raise SendFailed(Failure.NEVER, None, f"a {push.kind} does not go to clients")


def _text(text: str) -> Message:
    if len(text.encode()) > KF_TEXT_BYTES:
        # the platform would cut it without a word
        raise SendFailed(Failure.NEVER, None, f"a text over {KF_TEXT_BYTES} bytes")
    return {"msgtype": "text", "text": {"content": text}}


def _menu(push: Push) -> Message | None:
    """Options to tap; None if they do not fit into a menu, and go as numbered text."""
    head, tail = str(push.body["head"]), str(push.body["tail"])
    # the platform allows no hyphen in an id (W:94677)
    options = [(key.replace("-", "_"), words) for key, words in options_of(push)]
    if not fits_kf(head, options, tail):
        return None
    items = [{"type": "click", "click": {"id": key, "content": text}} for key, text in options]
    menu = {"head_content": head, "list": items, "tail_content": tail}
    return {"msgtype": "msgmenu", "msgmenu": menu}


def _page(answer: Message) -> Page:
    items, cursor = answer.get("msg_list"), answer.get("next_cursor")
    found = items if isinstance(items, Sequence) and not isinstance(items, str) else ()
    return Page(
        items=tuple(one for one in found if isinstance(one, Mapping)),
        cursor=cursor if isinstance(cursor, str) else "",
        more=answer.get("has_more") == 1,
    )
