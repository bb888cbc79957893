"""Pushes to clients through the official account, and the media they sent."""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

import jinja2
from jinja2.sandbox import SandboxedEnvironment

from bot.domain.catalog import Template
from bot.domain.retry import Failure, SendFailed, Sent
from bot.messages import Push, PushKind
from bot.wechat.calls import Calls, OfficialCalls
from bot.wechat.limits import MEDIA_BYTES, OFFICIAL_TEXT_BYTES, Way, notice_id
from bot.wechat.menus import options_of
from bot.wechat.template_values import Unfit, fit

# msgmenu exists on certified accounts alone (wechat_platform.md 3.2); others get the numbered text
NOT_FOR_THIS_ACCOUNT = 40200


# id and the value of each data key
Compiled = tuple[str, Mapping[str, jinja2.Template]]


class OfficialAccount:
    """The gateway to clients. `templates`: those of the catalogue, or none if not granted.

    `subscriptions`: those of the notices that clients ask for.
    """

    def __init__(
        self,
        calls: Calls,
        templates: Mapping[str, Template],
        subscriptions: Mapping[str, Template] | None = None,
    ) -> None:
        self._calls = calls
        self._api = OfficialCalls(calls)
        self._carriers = {
            Way.TEMPLATE: compiled(templates),
            Way.SUBSCRIPTION: compiled(subscriptions or {}),
        }

    def send(self, push: Push, way: Way = Way.CUSTOMER_SERVICE) -> Sent:
        """Sends the text, the menu, or its template; SendFailed says why it could not."""
        if push.kind not in {PushKind.TEXT, PushKind.MENU}:
            raise SendFailed(Failure.NEVER, None, f"a {push.kind} does not go to clients")
        if way is Way.TEMPLATE:
            return self._send_template(push)
        if way is Way.SUBSCRIPTION:
            return self._send_notice(push)
        return self._send_menu(push) if push.kind is PushKind.MENU else self._send_text(push)

    def fetch_media(self, media_id: str) -> bytes:
        """The picture, voice or file behind a media id, which lives three days."""
        # wechatpy gives back the open response here; this gives a bounded file or an ApiError
        return self._calls.download("/cgi-bin/media/get", {"media_id": media_id}, MEDIA_BYTES)

    def unionids(self, identities: Sequence[str]) -> Mapping[str, str]:
        """The unionid by openid, of followers of an account that belongs to an open platform."""
        found: dict[str, str] = {}
        for openid in identities:
            try:
                answer = self._calls.get("/cgi-bin/user/info", {"openid": openid, "lang": "zh_CN"})
            except SendFailed as failure:
                if failure.failure is not Failure.UNREACHABLE:
                    raise
                continue
            if answer.get("unionid"):
                found[openid] = str(answer["unionid"])
        return found

    def _filled(self, push: Push, way: Way) -> tuple[str, dict[str, dict[str, str]]]:
        """The template's id and its data; SendFailed if a value does not fit its data key."""
        try:
            template_id, fields = self._carriers[way][push.purpose]
        except KeyError:
            raise SendFailed(Failure.NEVER, None, f"no {way} for {push.purpose}") from None
        try:
            data = {
                key: {"value": fit(key, text.render(push.fields))} for key, text in fields.items()
            }
        except (Unfit, jinja2.UndefinedError) as error:
            raise SendFailed(Failure.NEVER, None, str(error)) from None
        return template_id, data

    def _send_text(self, push: Push) -> Sent:
        text = str(push.body["text"])
        if len(text.encode()) > OFFICIAL_TEXT_BYTES:
            raise SendFailed(Failure.NEVER, None, f"a text over {OFFICIAL_TEXT_BYTES} bytes")
        self._api.message.send_text(push.to, text)
        return Sent()

    def _send_menu(self, push: Push) -> Sent:
        menu = {
            "head_content": push.body["head"],
            "list": [{"id": key, "content": text} for key, text in options_of(push)],
            "tail_content": push.body["tail"],
        }
        try:
            self._api.message.send_msg_menu(push.to, menu)
        except SendFailed as refused:
            if refused.code != NOT_FOR_THIS_ACCOUNT:
                raise
            return self._send_text(push)
        return Sent()

    def _send_template(self, push: Push) -> Sent:
        template_id, data = self._filled(push, Way.TEMPLATE)
        # wechatpy's send_template has no client_msg_id, by which the platform drops a repeat
        answer = self._api.post(
            "message/template/send",
            data={
                "touser": push.to,
                "template_id": template_id,
                "client_msg_id": blake2b(push.key.encode(), digest_size=16).hexdigest(),
                "data": data,
            },
        )
        return Sent(provider_id=str(answer.get("msgid", "")))

    def _send_notice(self, push: Push) -> Sent:
        template_id, data = self._filled(push, Way.SUBSCRIPTION)
        answer = self._api.post(
            "message/subscribe/bizsend",
            data={"touser": push.to, "template_id": template_id, "data": data},
        )
        # the page promises no msgid; then the report on it can name the template alone
        return Sent(provider_id=str(answer.get("msgid") or notice_id(template_id)))


def compiled(templates: Mapping[str, Template]) -> Mapping[str, Compiled]:
    """The templates by purpose, ready to be filled in."""
    environment = SandboxedEnvironment(undefined=jinja2.StrictUndefined)
    return {
        purpose: (
            template.id,
            {key: environment.from_string(text) for key, text in template.fields.items()},
        )
        for purpose, template in templates.items()
    }
