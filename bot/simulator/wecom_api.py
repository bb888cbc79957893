"""The API of qyapi.weixin.qq.com that a self-built app calls (wechat_platform.md 5)."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from werkzeug.wrappers import Response

from bot.simulator import cards, menus
from bot.simulator.api_calls import OK, Answer, Call, Json, Route, Routes
from bot.simulator.cards import Deck
from bot.simulator.hub import Hub
from bot.simulator.people import Member
from bot.simulator.phones import Bubble, CardFace, Side, blank
from bot.simulator.refusals import ApiRefusal
from bot.simulator.texts import PLATFORM
from bot.simulator.tokens import WecomTokens
from bot.wechat.limits import (
    DUPLICATE_SECONDS,
    DUPLICATE_SECONDS_MAX,
    TEXTCARD_CHARS,
    TEXTCARD_TITLE_CHARS,
    TEXTCARD_URL_BYTES,
    WECOM_TEXT_BYTES,
    utf8_prefix,
)

# kinds of messages that a phone shows as words
WORDS = ("text", "markdown", "textcard")


class WecomApi:
    """What the app may call. Every route runs under the platform's lock."""

    def __init__(self, hub: Hub, deck: Deck) -> None:
        self._hub, self._deck = hub, deck
        self.tokens = WecomTokens()
        # without a callback URL in the console, callback cards are refused
        self.callback_set = True
        # switched off in the console
        self.closed = False
        self.menu: tuple[menus.Button, ...] = ()
        self._recent: dict[str, tuple[datetime, Json]] = {}

    def routes(self) -> Routes:
        """Method and path of every call."""
        return {
            ("GET", "/cgi-bin/gettoken"): self._token,
            ("POST", "/cgi-bin/message/send"): self._known(self._send),
            ("POST", "/cgi-bin/message/update_template_card"): self._known(self._update),
            ("GET", "/cgi-bin/media/get"): self._known(self._media_get),
            ("GET", "/cgi-bin/user/get"): self._known(self._user_get),
            ("GET", "/cgi-bin/user/simplelist"): self._known(self._members_of),
            ("GET", "/cgi-bin/department/list"): self._known(self._departments),
            ("POST", "/cgi-bin/menu/create"): self._known(self._menu_create),
            ("GET", "/cgi-bin/agent/get"): self._known(self._agent_get),
        }

    def _known(self, route: Route) -> Route:
        """The same route behind the access token."""

        def checked(call: Call) -> Answer:
            self.tokens.check(call.query("access_token"), call.now)
            return route(call)

        return checked

    def _token(self, call: Call) -> Answer:
        if call.query("corpid") != self._hub.accounts.corp.corp_id:
            raise ApiRefusal(40013)
        if call.query("corpsecret") != self._hub.accounts.corp.secret:
            raise ApiRefusal(40001)
        value, lasts = self.tokens.issue(call.now)
        return OK | {"access_token": value, "expires_in": lasts}

    def _send(self, call: Call) -> Answer:
        message = _strict_json(call)
        self._agent(message)
        to, invalid = self._receivers(message.get("touser"))
        unlicensed = [one.userid.lower() for one in to if not one.licensed]
        kind = message.get("msgtype")
        if kind not in (*WORDS, "template_card"):
            raise ApiRefusal(40008)
        card = self._card(message) if kind == "template_card" else None
        words = "" if card is not None else _words_of(message)
        repeated = self._repeated(message, call.now)
        if repeated is not None:
            return repeated
        answer: Json = OK | {
            "invaliduser": "|".join(invalid),
            "invalidparty": "",
            "invalidtag": "",
            "unlicenseduser": "|".join(unlicensed),
            "msgid": secrets.token_urlsafe(40),
        }
        to = [one for one in to if one.licensed]
        if card is None:
            _show(to, words, call.now)
        else:
            answer |= self._show_card(to, card, call.now)
        self._remember(message, call.now, answer)
        return answer

    def _agent(self, message: Json) -> None:
        if message.get("agentid") != self._hub.accounts.corp.agent_id:
            raise ApiRefusal(40056)

    def _receivers(self, to: object) -> tuple[list[Member], list[str]]:
        if not isinstance(to, str) or not to:
            raise ApiRefusal(40058, "touser, toparty and totag are all empty")
        members = {one.userid.lower(): one for one in self._hub.people.in_range()}
        if to == "@all":
            return list(members.values()), []
        names = [name.lower() for name in to.split("|") if name]
        known = [members[name] for name in names if name in members]
        if not known:
            raise ApiRefusal(81013)
        return known, [name for name in names if name not in members]

    def _card(self, message: Json) -> cards.Body:
        card = cards.check(message.get("template_card"))
        found = cards.task_id(card)
        if cards.wants_task_id(card) and not self.callback_set:
            raise ApiRefusal(43012)
        if found and self._deck.known(found):
            raise ApiRefusal(42014)
        return card

    def _repeated(self, message: Json, now: datetime) -> Json | None:
        """The answer to the same message, if the sender asked not to send it twice."""
        if message.get("enable_duplicate_check") != 1:
            return None
        asked = message.get("duplicate_check_interval", DUPLICATE_SECONDS)
        window = min(asked if isinstance(asked, int) else DUPLICATE_SECONDS, DUPLICATE_SECONDS_MAX)
        sent = self._recent.get(_fingerprint(message))
        if sent is None or now - sent[0] >= timedelta(seconds=window):
            return None
        return sent[1]

    def _remember(self, message: Json, now: datetime, answer: Json) -> None:
        oldest = now - timedelta(seconds=DUPLICATE_SECONDS_MAX)
        self._recent = {key: one for key, one in self._recent.items() if one[0] > oldest}
        self._recent[_fingerprint(message)] = (now, answer)

    def _show_card(self, to: list[Member], card: cards.Body, now: datetime) -> Json:
        found = cards.task_id(card)
        face = CardFace(found, card)
        for member in to:
            if member.room(now):
                member.phone.show(replace(blank(Side.THEIRS, Bubble.CARD), card=face))
        if not found:
            return {}
        self._deck.deal(found, [member.userid.lower() for member in to])
        if not cards.wants_task_id(card):
            return {}
        return {"response_code": self._deck.issue(found, now)}

    def _update(self, call: Call) -> Answer:
        asked = _strict_json(call)
        self._agent(asked)
        code = asked.get("response_code")
        found = self._deck.open(code, call.now)
        holders = self._deck.holders(found)
        wanted = _wanted(asked)
        touched = list(holders) if wanted is None else [one for one in wanted if one in holders]
        change = self._change(asked, found)
        self._deck.use_up(str(code))
        for userid in touched:
            member = self._hub.people.members[userid]
            member.phone.change_card(found, change)
        invalid = [] if wanted is None else [one for one in wanted if one not in holders]
        return OK | {"invaliduser": invalid}

    def _change(self, asked: Json, found: str) -> cards.Change:
        button = asked.get("button")
        if isinstance(button, Mapping):
            name = button.get("replace_name")
            if not isinstance(name, str) or not name:
                raise ApiRefusal(42020)
            return lambda face: replace(face, replaced=name)
        card = asked.get("template_card")
        if not isinstance(card, Mapping):
            raise ApiRefusal(40058, "button and template_card are both empty")
        # a card that replaces another need not repeat its task id
        checked = cards.check(card)
        new_id = str(card.get("task_id") or found)
        self._deck.rename(found, new_id)
        return lambda _: CardFace(new_id, checked, str(card.get("replace_text", "")))

    def _media_get(self, call: Call) -> Answer:
        medium = self._hub.shelf.get(call.query("media_id"), call.now)
        return Response(medium.data, content_type=medium.content_type)

    def _user_get(self, call: Call) -> Answer:
        member = self._hub.people.members.get(call.query("userid").lower())
        if member is None or not member.visible:
            raise ApiRefusal(40003)
        return OK | {
            "userid": member.userid,
            "name": member.name,
            "department": list(member.departments),
        }

    def _departments(self, call: Call) -> Answer:
        people = self._hub.people
        shown = people.below(_department(call, "id")) if call.query("id") else {*people.departments}
        rows = [
            {"id": one, "name": name, "parentid": parent, "order": one}
            for one, (name, parent) in people.departments.items()
            if one in shown
        ]
        if not rows:
            raise ApiRefusal(60003)
        return OK | {"department": rows}

    def _members_of(self, call: Call) -> Answer:
        people, wanted = self._hub.people, _department(call, "department_id")
        if wanted not in people.departments:
            raise ApiRefusal(60003)
        below = people.below(wanted) if call.query("fetch_child") == "1" else {wanted}
        rows = [
            {"userid": one.userid, "name": one.name, "department": list(one.departments)}
            for one in people.in_range()
            if below & {*one.departments}
        ]
        return OK | {"userlist": rows}

    def _agent_get(self, call: Call) -> Answer:
        if call.query("agentid") != str(self._hub.accounts.corp.agent_id):
            raise ApiRefusal(301002)
        seen = [{"userid": one.userid} for one in self._hub.people.in_range()]
        return OK | {
            "agentid": self._hub.accounts.corp.agent_id,
            "name": PLATFORM["app"],
            "allow_userinfos": {"user": seen},
            "close": int(self.closed),
        }

    def _menu_create(self, call: Call) -> Answer:
        if call.query("agentid") != str(self._hub.accounts.corp.agent_id):
            raise ApiRefusal(40056)
        self.menu = menus.check(_strict_json(call))
        return OK


def _department(call: Call, name: str) -> int:
    """The department a call names; 40058 when that is no number."""
    given = call.query(name)
    if not given.isdigit():
        raise ApiRefusal(40058, name)
    return int(given)


def _words_of(message: Json) -> str:
    """What a message without a card says, as much of it as is shown."""
    kind = str(message["msgtype"])
    part = message.get(kind)
    given = part if isinstance(part, Mapping) else {}
    if kind == "textcard":
        return _textcard(given)
    content = given.get("content")
    if not isinstance(content, str) or not content:
        raise ApiRefusal(44004)
    return utf8_prefix(content, WECOM_TEXT_BYTES)


def _textcard(given: Mapping[str, object]) -> str:
    """Title, text and address, the first two cut as a phone cuts them."""
    title, text, url = (given.get(name) for name in ("title", "description", "url"))
    if not (isinstance(title, str) and isinstance(text, str) and isinstance(url, str)):
        raise ApiRefusal(40058, "title, description and url are all needed")
    if not (title and text and url) or len(url.encode()) > TEXTCARD_URL_BYTES:
        raise ApiRefusal(40058, "title, description or url")
    return "\n".join((title[:TEXTCARD_TITLE_CHARS], text[:TEXTCARD_CHARS], url))


def _show(to: list[Member], words: str, now: datetime) -> None:
    for member in to:
        if member.room(now):
            member.phone.say(Side.THEIRS, words)


def _wanted(asked: Json) -> list[str] | None:
    """Whose card is to change, lower-cased; None for everybody who got it."""
    if asked.get("atall") == 1:
        return None
    userids = asked.get("userids", [])
    if not isinstance(userids, list) or not userids or len(userids) > 1000:
        raise ApiRefusal(40058, "userids empty or too many")
    return [str(one).lower() for one in userids]


def _strict_json(call: Call) -> Json:
    r"""The body; 40033 for `\uXXXX`, which this host does not take."""
    if call.escapes_unicode():
        raise ApiRefusal(40033)
    return call.json()


def _fingerprint(message: Json) -> str:
    text = json.dumps(message, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
