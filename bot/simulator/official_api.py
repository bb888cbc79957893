"""The API of api.weixin.qq.com that an official account calls (wechat_platform.md 3)."""

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response

from bot.simulator import menus, template_fields
from bot.simulator.api_calls import OK, Answer, Call, Json, Route, Routes
from bot.simulator.hub import Hub
from bot.simulator.official_side import OfficialSide
from bot.simulator.people import Follower
from bot.simulator.phones import Bubble, Entry, Side, blank
from bot.simulator.qr_codes import QrCodes
from bot.simulator.refusals import ApiRefusal
from bot.simulator.texts import PLATFORM
from bot.simulator.tokens import OfficialTokens
from bot.simulator.visits import Visits
from bot.wechat.limits import (
    CLIENT_MSG_ID_LIFETIME,
    GRANTED,
    OFFICIAL_TEXT_BYTES,
    AccountType,
    Way,
)

TYPING_LASTS = timedelta(seconds=15)
TYPING_AFTER = timedelta(seconds=30)

# template id -> its data keys; None: any id is taken
Templates = Mapping[str, Sequence[str]] | None


class OfficialApi:
    """What the account may call. Every route runs under the platform's lock."""

    def __init__(self, hub: Hub, side: OfficialSide, templates: Templates) -> None:
        self._hub, self._side, self._templates = hub, side, templates
        self.tokens = OfficialTokens()
        self.visits, self.codes = Visits(hub, self.tokens), QrCodes()
        self._message_ids = itertools.count(2_000_000_000 + secrets.randbelow(10**9))
        self._sent_templates: dict[tuple[str, str], tuple[datetime, int]] = {}

    def routes(self) -> Routes:
        """Method and path of every call."""
        return {
            ("GET", "/cgi-bin/token"): self._token,
            ("POST", "/cgi-bin/stable_token"): self._stable_token,
            ("POST", "/cgi-bin/message/custom/send"): self._known(self._send),
            ("POST", "/cgi-bin/message/custom/typing"): self._known(self._typing),
            ("POST", "/cgi-bin/message/template/send"): self._known(self._template),
            ("POST", "/cgi-bin/message/subscribe/bizsend"): self._known(self._notice),
            ("POST", "/cgi-bin/menu/create"): self._known(self._menu_create),
            ("GET", "/cgi-bin/menu/get"): self._known(self._menu_get),
            ("GET", "/cgi-bin/menu/delete"): self._known(self._menu_delete),
            ("GET", "/cgi-bin/media/get"): self._known(self._media_get),
            ("POST", "/cgi-bin/media/upload"): self._known(self._media_upload),
            ("GET", "/cgi-bin/user/info"): self._known(self._user_info),
            ("POST", "/cgi-bin/qrcode/create"): self._known(self.codes.create),
            ("GET", "/cgi-bin/template/get_all_private_template"): self._known(self._template_list),
            ("GET", "/wxaapi/newtmpl/gettemplate"): self._known(self._notice_list),
            **self.visits.routes(),
        }

    def picture(self, media_id: str) -> Response:
        """What a `PicUrl` or a `video_url` leads to; no token needed."""
        medium = self._hub.shelf.get(media_id, self._hub.clock())
        return Response(medium.data, content_type=medium.content_type)

    def _known(self, route: Route) -> Route:
        """The same route behind the access token."""

        def checked(call: Call) -> Answer:
            self.tokens.check(call.query("access_token"), call.now)
            return route(call)

        return checked

    def _token(self, call: Call) -> Answer:
        if call.query("grant_type") != "client_credential":
            raise ApiRefusal(40002)
        self._credentials(call.query("appid"), call.query("secret"))
        value, lasts = self.tokens.issue_plain(call.now)
        return {"access_token": value, "expires_in": lasts}

    def _stable_token(self, call: Call) -> Answer:
        asked = call.json()
        if asked.get("grant_type") != "client_credential":
            raise ApiRefusal(40002)
        self._credentials(asked.get("appid"), asked.get("secret"))
        value, lasts = self.tokens.issue_stable(call.now, asked.get("force_refresh") is True)
        return {"access_token": value, "expires_in": lasts}

    def _credentials(self, app_id: object, secret: object) -> None:
        if app_id != self._hub.accounts.official.app_id:
            raise ApiRefusal(40013)
        if secret != self._hub.accounts.official.secret:
            raise ApiRefusal(40125)

    def _send(self, call: Call) -> Answer:
        self._granted(Way.CUSTOMER_SERVICE)
        message = call.json(literal_escapes=True)
        to = self._hub.people.addressee(message.get("touser"))
        match message.get("msgtype"):
            case "text":
                entry = blank(Side.THEIRS, Bubble.TEXT, _content(message))
            case "msgmenu":
                entry = self._menu_entry(message)
            case "image":
                entry = replace(
                    blank(Side.THEIRS, Bubble.IMAGE), media_id=self._media_id(call, message)
                )
            case _:
                raise ApiRefusal(40008)
        to.allowance.spend(call.now)
        to.typing_until = None
        to.phone.show(entry)
        return OK

    def _menu_entry(self, message: Json) -> Entry:
        if self._hub.accounts.official.kind is not AccountType.CERTIFIED:
            raise ApiRefusal(40200)
        return menus.in_chat(message.get("msgmenu"))

    def _media_id(self, call: Call, message: Json) -> str:
        part = message.get("image")
        media_id = part.get("media_id") if isinstance(part, Mapping) else None
        if not isinstance(media_id, str):
            raise ApiRefusal(40007)
        self._hub.shelf.get(media_id, call.now)
        return media_id

    def _typing(self, call: Call) -> Answer:
        message = call.json()
        to = self._hub.people.addressee(message.get("touser"))
        if message.get("command") == "CancelTyping":
            to.typing_until = None
            return OK
        if message.get("command") != "Typing":
            raise ApiRefusal(45072)
        if to.touched_at is None or call.now - to.touched_at > TYPING_AFTER:
            raise ApiRefusal(45080)
        if to.typing_until is not None and call.now < to.typing_until:
            raise ApiRefusal(45081)
        to.typing_until = call.now + TYPING_LASTS
        return OK

    def _template(self, call: Call) -> Answer:
        self._granted(Way.TEMPLATE)
        message = call.json(literal_escapes=True)
        to = self._hub.people.addressee(message.get("touser"))
        _, rows = self._filled(message)
        if not to.allowance.following:
            raise ApiRefusal(43004)
        return OK | {"msgid": self._template_once(to, message, rows)}

    def _notice(self, call: Call) -> Answer:
        """One consent is one notice. The answer has no number; the report that follows has."""
        self._granted(Way.SUBSCRIPTION)
        message = call.json(literal_escapes=True)
        to = self._hub.people.addressee(message.get("touser"))
        template_id, rows = self._filled(message)
        if to.consents[template_id] < 1:
            raise ApiRefusal(43101)
        to.consents[template_id] -= 1
        failed, to.notice_fails = to.notice_fails, None
        if failed is None:
            shown = blank(Side.THEIRS, Bubble.TEMPLATE, PLATFORM["notice"])
            to.phone.show(replace(shown, rows=rows))
        sent, outcome = next(self._message_ids), failed or (0, "success")
        report = partial(self._side.notice_finished, to.openid, template_id, sent, outcome)
        self._hub.afterwards.put(report)
        return OK

    def _filled(self, message: Json) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The template that is named, and the rows it shows."""
        template_id = message.get("template_id")
        if not isinstance(template_id, str) or not template_id:
            raise ApiRefusal(40037)
        if self._templates is not None and template_id not in self._templates:
            raise ApiRefusal(40037)
        keys = None if self._templates is None else self._templates[template_id]
        return template_id, template_fields.check(message.get("data"), keys)

    def _template_once(self, to: Follower, message: Json, rows: tuple[tuple[str, str], ...]) -> int:
        """The same client_msg_id to the same person shows one bubble and answers the same id."""
        own_id, now = message.get("client_msg_id"), self._hub.clock()
        known = self._sent_templates.get((to.openid, own_id)) if isinstance(own_id, str) else None
        if known is not None and now - known[0] < CLIENT_MSG_ID_LIFETIME:
            return known[1]
        sent = next(self._message_ids)
        if isinstance(own_id, str) and own_id:
            self._sent_templates[to.openid, own_id] = (now, sent)
        to.phone.show(replace(blank(Side.THEIRS, Bubble.TEMPLATE), rows=rows))
        self._hub.afterwards.put(lambda: self._side.template_finished(to.openid, sent))
        return sent

    def _template_list(self, _: Call) -> Answer:
        self._granted(Way.TEMPLATE)
        return {"template_list": self._listed("template_id")}

    def _notice_list(self, _: Call) -> Answer:
        self._granted(Way.SUBSCRIPTION)
        return OK | {"data": self._listed("priTmplId")}

    def _listed(self, named: str) -> list[Json]:
        """The templates with the keys their text shows."""
        return [
            {named: one, "title": "", "content": "".join(f"{{{{{key}.DATA}}}}\n" for key in keys)}
            for one, keys in (self._templates or {}).items()
        ]

    def _granted(self, way: Way) -> None:
        if way not in GRANTED[self._hub.accounts.official.kind]:
            raise ApiRefusal(48001)

    def _menu_create(self, call: Call) -> Answer:
        self._side.menu = menus.check(call.json(literal_escapes=True))
        return OK

    def _menu_get(self, _: Call) -> Answer:
        if not self._side.menu:
            raise ApiRefusal(46003)
        return {"menu": {"button": list(self._side.menu)}}

    def _menu_delete(self, _: Call) -> Answer:
        self._side.menu = ()
        return OK

    def _media_get(self, call: Call) -> Answer:
        media_id = call.query("media_id")
        medium = self._hub.shelf.get(media_id, call.now)
        if medium.content_type.startswith("video/"):
            # of a video it is an address (wechat_platform.md 3.6, unconfirmed)
            return {"video_url": f"{self._hub.url}/oa/videos/{media_id}"}
        name = dump_options_header("attachment", {"filename": medium.filename})
        return Response(
            medium.data,
            content_type=medium.content_type,
            headers={"Content-Disposition": name},
        )

    def _media_upload(self, call: Call) -> Answer:
        found = call.request.files.get("media")
        if found is None:
            raise ApiRefusal(44002)
        media_id = self._hub.shelf.keep(found.read(), found.mimetype, call.now)
        created = int(call.now.timestamp())
        return {"type": call.query("type"), "media_id": media_id, "created_at": created}

    def _user_info(self, call: Call) -> Answer:
        who = self._hub.people.addressee(call.query("openid"))
        if not who.allowance.following:
            return {"subscribe": 0, "openid": who.openid}
        found: Json = {"subscribe": 1, "openid": who.openid, "remark": "", "tagid_list": []}
        return found | ({"unionid": who.unionid} if who.unionid else {})


def _content(message: Json) -> str:
    part = message.get("text")
    content = part.get("content") if isinstance(part, Mapping) else None
    if not isinstance(content, str) or not content:
        raise ApiRefusal(44004)
    if len(content.encode()) > OFFICIAL_TEXT_BYTES:
        raise ApiRefusal(45002)
    return content
