"""The API kf/… of qyapi.weixin.qq.com (wechat_platform.md 6)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.simulator.api_calls import OK, Answer, Call, Json, Route, Routes
from bot.simulator.hub import Hub
from bot.simulator.kf_side import TEXT, KfSide
from bot.simulator.phones import Bubble, Entry, Side, blank
from bot.simulator.reception import HUMAN, MOVES, OVER, POOL, Code, Customer, Reception
from bot.simulator.refusals import ApiRefusal
from bot.simulator.tokens import WecomTokens
from bot.wechat.limits import (
    KF_CUSTOMERS,
    KF_MENU_BYTES,
    KF_MENU_OPTIONS,
    KF_MSGID_CHARS,
    KF_OPTION_BYTES,
    KF_OPTION_ID_BYTES,
    KF_PAGE,
    KF_TEXT_BYTES,
    KF_TRANSFER_CODE_LIFETIME,
    utf8_prefix,
)

OWN_ID = re.compile(rf"[0-9a-zA-Z_-]{{1,{KF_MSGID_CHARS}}}")
OPTION_ID = re.compile(rf"[A-Za-z0-9_]{{1,{KF_OPTION_ID_BYTES}}}")


class KfApi:
    """What the app may call. Every route runs under the platform's lock."""

    def __init__(self, hub: Hub, side: KfSide, tokens: WecomTokens) -> None:
        self._hub, self._side, self._tokens = hub, side, tokens

    @property
    def _reception(self) -> Reception:
        return self._side.reception

    def routes(self) -> Routes:
        """Method and path of every call."""
        calls: Mapping[str, Route] = {
            "sync_msg": self._sync,
            "send_msg": self._send,
            "send_msg_on_event": self._send_on_event,
            "service_state/get": self._state,
            "service_state/trans": self._trans,
            "customer/batchget": self._customers,
            "account/list": self._accounts,
        }
        posted: Routes = {
            ("POST", f"/cgi-bin/kf/{name}"): self._known(one) for name, one in calls.items()
        }
        return {**posted, ("GET", "/cgi-bin/kf/servicer/list"): self._known(self._servicers)}

    def _known(self, route: Route) -> Route:
        """The same route behind the access token."""

        def checked(call: Call) -> Answer:
            self._tokens.check(call.query("access_token"), call.now)
            return route(call)

        return checked

    def _accounts(self, _: Call) -> Answer:
        rows = [{"open_kfid": self._reception.open_kfid, "name": "", "manage_privilege": True}]
        return OK | {"account_list": rows if self._reception.managed else []}

    def _servicers(self, call: Call) -> Answer:
        if call.query("open_kfid") != self._reception.open_kfid:
            raise ApiRefusal(95000)
        rows = [
            {"userid": one, "status": 0 if there else 1}
            for one, there in self._reception.servicers.items()
        ]
        return OK | {"servicer_list": rows}

    def _sync(self, call: Call) -> Answer:
        asked = call.json()
        if asked.get("open_kfid") != self._reception.open_kfid:
            raise ApiRefusal(95000)
        token = asked.get("token")
        if token is not None and not self._reception.knows(str(token)):
            raise ApiRefusal(95007)
        limit = asked.get("limit", KF_PAGE)
        if not isinstance(limit, int) or not 1 <= limit <= KF_PAGE:
            raise ApiRefusal(40058, "limit")
        items, cursor, more = self._reception.page(str(asked.get("cursor", "")), limit)
        return OK | {"next_cursor": cursor, "has_more": int(more), "msg_list": items}

    def _send(self, call: Call) -> Answer:
        message = call.json()
        to = self._reception.addressee(message.get("open_kfid"), message.get("touser"))
        entry = _entry(message)
        own = _own_id(message)
        # a repeat is refused before anything is counted
        if own is not None and own in self._reception.taken:
            raise ApiRefusal(95033)
        to.spend(call.now)
        sent = self._reception.take(own)
        if to.fails_with is not None:
            why, to.fails_with = to.fails_with, None
            self._side.undelivered(to, sent, why)
        else:
            to.phone.show(entry)
        return OK | {"msgid": sent}

    def _send_on_event(self, call: Call) -> Answer:
        message = call.json()
        entry, own = _entry(message), _own_id(message)
        to = self._reception.redeem(message.get("code"), message.get("msgtype"))
        sent = self._reception.take(own)
        to.phone.show(entry)
        return OK | {"msgid": sent}

    def _state(self, call: Call) -> Answer:
        to = self._named(call.json())
        found: Json = {"service_state": to.state_at(call.now)}
        return OK | found | ({"servicer_userid": to.servicer} if to.state == HUMAN else {})

    def _trans(self, call: Call) -> Answer:
        asked = call.json()
        to, wanted = self._named(asked), asked.get("service_state")
        if wanted not in MOVES[to.state_at(call.now)]:
            raise ApiRefusal(95016)
        servicer = str(asked.get("servicer_userid", "")) if wanted == HUMAN else ""
        if wanted == HUMAN and servicer not in self._reception.servicers:
            raise ApiRefusal(95014)
        if wanted == HUMAN and not self._reception.servicers[servicer]:
            raise ApiRefusal(95019)
        first = to.state not in (POOL, HUMAN)
        to.state, to.servicer = int(str(wanted)), servicer
        code = self._code(to, call.now) if first or wanted == OVER else ""
        return OK | ({"msg_code": code} if code else {})

    def _code(self, to: Customer, now: datetime) -> str:
        if to.state == OVER:
            return self._side.farewell(to)
        if to.state not in (POOL, HUMAN):
            return ""
        code = Code(to, now + KF_TRANSFER_CODE_LIFETIME, TEXT, to.state)
        return self._reception.issue(code)

    def _customers(self, call: Call) -> Answer:
        wanted = call.json().get("external_userid_list")
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= KF_CUSTOMERS:
            raise ApiRefusal(40058, "external_userid_list")
        known = [one for one in wanted if one in self._reception.customers]
        rows = [_customer(self._reception.customers[one]) for one in known]
        invalid = [one for one in wanted if one not in known]
        return OK | {"customer_list": rows, "invalid_external_userid": invalid}

    def _named(self, asked: Json) -> Customer:
        return self._reception.addressee(asked.get("open_kfid"), asked.get("external_userid"))


def _customer(one: Customer) -> Json:
    row: Json = {"external_userid": one.external_userid, "nickname": one.name, "gender": 0}
    return row | ({"unionid": one.unionid} if one.unionid else {})


def _own_id(message: Json) -> str | None:
    own = message.get("msgid")
    if own is None:
        return None
    if not isinstance(own, str) or not OWN_ID.fullmatch(own):
        raise ApiRefusal(40058, "msgid")
    return own


def _entry(message: Json) -> Entry:
    """The bubble of a message; ApiRefusal when the platform would not take it."""
    kind = message.get("msgtype")
    part = message.get(str(kind))
    if kind not in ("text", "msgmenu") or not isinstance(part, Mapping):
        raise ApiRefusal(40008)
    if kind == "msgmenu":
        return _menu(part)
    content = part.get("content")
    if not isinstance(content, str) or not content:
        raise ApiRefusal(44004)
    return blank(Side.THEIRS, Bubble.TEXT, utf8_prefix(content, KF_TEXT_BYTES))


def _menu(menu: Mapping[str, object]) -> Entry:
    head, tail = str(menu.get("head_content", "")), str(menu.get("tail_content", ""))
    rows = menu.get("list")
    if not isinstance(rows, list) or not rows:
        raise ApiRefusal(40058, "list")
    if len(rows) > KF_MENU_OPTIONS:
        raise ApiRefusal(95008)
    if max(len(head.encode()), len(tail.encode())) > KF_MENU_BYTES:
        raise ApiRefusal(40058, "head_content or tail_content")
    options = tuple(_option(one) for one in rows)
    return replace(blank(Side.THEIRS, Bubble.MENU, head), options=options, tail=tail)


def _option(row: object) -> tuple[str, str]:
    click = row.get("click") if isinstance(row, Mapping) and row.get("type") == "click" else None
    key, text = (str(click.get(one, "")) for one in ("id", "content")) if click else ("", "")
    if not OPTION_ID.fullmatch(key) or not 1 <= len(text.encode()) <= KF_OPTION_BYTES:
        raise ApiRefusal(40058, "click")
    return key, text
