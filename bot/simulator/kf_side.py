"""微信客服 as its clients and servicers use it: deeds go into the log, and a bell is rung."""

from collections.abc import Mapping
from dataclasses import replace

from bot.messages import Channel
from bot.simulator import tags
from bot.simulator.hub import Hub
from bot.simulator.phones import Bubble, Side, blank
from bot.simulator.pushing import Delivery, Parcel, Pusher
from bot.simulator.reception import FORGOTTEN, HUMAN, OVER, Code, Customer, Json, Reception
from bot.wechat.limits import KF_CODE_LIFETIME, KF_TRANSFER_CODE_LIFETIME

CUSTOMER, SYSTEM, SERVICER = 3, 4, 5
TEXT, TEXT_OR_MENU = frozenset({"text"}), frozenset({"text", "msgmenu"})


class KfSide:
    """Everything a client and a servicer can do."""

    def __init__(self, hub: Hub, pusher: Pusher, reception: Reception) -> None:
        self._hub, self._pusher, self.reception = hub, pusher, reception
        # a bell that nobody hears: the messages wait for the next one
        self.mute = False

    def enters(self, who: str, scene: str, param: str) -> Delivery:
        """Opens the chat through a link."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            event = {"scene": scene, "scene_param": param}
            now = self._hub.clock()
            touched = [at for at in (customer.wrote_at, customer.welcomed_at) if at is not None]
            if all(now - at >= FORGOTTEN for at in touched):
                customer.welcomed_at = now
                code = Code(customer, now + KF_CODE_LIFETIME, TEXT_OR_MENU, None)
                event["welcome_code"] = self.reception.issue(code)
            self._event("enter_session", {"external_userid": who, **event})
        return self.ring()

    def says(self, who: str, text: str, menu_id: str = "") -> Delivery:
        """A typed message, or an option that was tapped."""
        body = {"content": text} | ({"menu_id": menu_id} if menu_id else {})
        return self.sends(who, "text", body, shown=text)

    def sends_photo(self, who: str, data: bytes, content_type: str) -> Delivery:
        """A picture; it lies on the platform for three days."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            media_id = self._hub.shelf.keep(data, content_type, self._hub.clock())
            customer.phone.show(replace(blank(Side.MINE, Bubble.IMAGE), media_id=media_id))
        return self.sends(who, "image", {"media_id": media_id}, shown=None)

    def sends_media(self, who: str, kind: str, data: bytes, content_type: str) -> Delivery:
        """A voice message, a video or a file; it lies on the platform for three days."""
        with self._hub.lock:
            media_id = self._hub.shelf.keep(data, content_type, self._hub.clock())
        return self.sends(who, kind, {"media_id": media_id})

    def sends(
        self, who: str, kind: str, body: Mapping[str, object], *, shown: str | None = ""
    ) -> Delivery:
        """A message of any type; `shown` is its bubble, None if there is one already."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            customer.writes(self._hub.clock())
            if shown is not None:
                bubble = Bubble.TEXT if shown else Bubble.OTHER
                customer.phone.say(Side.MINE, shown or f"[{kind}]", bubble)
            self._message(customer, CUSTOMER, kind, body)
        return self.ring()

    def picks(self, who: str, option_id: str) -> Delivery:
        """An option of the last menu: a message with the option's words."""
        with self._hub.lock:
            entries = self.reception.customer(who).phone.entries
            texts = [t for one in reversed(entries) for key, t in one.options if key == option_id]
        if not texts:
            raise KeyError(f"no menu on this phone offers {option_id}")
        return self.says(who, texts[0], option_id)

    def recalls(self, who: str, msgid: str) -> Delivery:
        """Takes a message back."""
        with self._hub.lock:
            self._event("user_recall_msg", {"external_userid": who, "recall_msgid": msgid})
        return self.ring()

    def taken(self, userid: str, who: str) -> Delivery:
        """A servicer takes the client in the WeCom client, from the pool or from a colleague."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            old, again = customer.servicer, customer.state == OVER
            kind = 4 if again else 2 if customer.state == HUMAN else 1
            customer.state, customer.servicer = HUMAN, userid
            body: Json = {
                "external_userid": who,
                "change_type": kind,
                "new_servicer_userid": userid,
            }
            if old and kind != 1:
                body["old_servicer_userid"] = old
            if kind == 1:
                until = self._hub.clock() + KF_TRANSFER_CODE_LIFETIME
                code = Code(customer, until, TEXT, HUMAN)
                body["msg_code"] = self.reception.issue(code)
            self._event("session_status_change", body)
        return self.ring()

    def answered(self, userid: str, who: str, text: str) -> Delivery:
        """A servicer writes to the client in the WeCom client."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            customer.phone.say(Side.THEIRS, text)
            self._message(customer, SERVICER, "text", {"content": text}, userid)
        return self.ring()

    def ended(self, userid: str, who: str) -> Delivery:
        """A servicer ends the session in the WeCom client."""
        with self._hub.lock:
            customer = self.reception.customer(who)
            customer.state, customer.servicer = OVER, ""
            code = self.farewell(customer)
            body = {"external_userid": who, "change_type": 3, "old_servicer_userid": userid}
            self._event("session_status_change", {**body, "msg_code": code})
        return self.ring()

    def farewell(self, customer: Customer) -> str:
        """The code of a session that has just ended. The lock is held."""
        until = self._hub.clock() + KF_CODE_LIFETIME
        return self.reception.issue(Code(customer, until, TEXT_OR_MENU, OVER))

    def happens(self, name: str, body: Mapping[str, object]) -> Delivery:
        """Any other event, by its name and fields."""
        with self._hub.lock:
            self._event(name, body)
        return self.ring()

    def undelivered(self, customer: Customer, msgid: str, why: int) -> None:
        """A message that was taken did not arrive after all. The lock is held."""
        body: Json = {"external_userid": customer.external_userid}
        self._event("msg_send_fail", body | {"fail_msgid": msgid, "fail_type": why})
        self._hub.afterwards.put(self.ring)

    def ring(self) -> Delivery:
        """Post the bell; whatever there is to read has to be fetched."""
        if self.mute:
            return Delivery(None, False, 0, None)
        with self._hub.lock:
            corp, kfid = self._hub.accounts.corp.corp_id, self.reception.open_kfid
            full: dict[str, tags.Value] = {
                "ToUserName": corp,
                "CreateTime": self._hub.seconds(),
                "MsgType": "event",
                "Event": "kf_msg_or_event",
                "Token": self.reception.token(),
                "OpenKfId": kfid,
            }
        parcel = Parcel(Channel.KF, "", "event:kf_msg_or_event", tags.write(full))
        heard = self._pusher.push(parcel)
        return Delivery(None, False, heard.attempts, heard.status, heard.why)

    def _message(
        self,
        customer: Customer,
        origin: int,
        kind: str,
        body: Mapping[str, object],
        servicer: str = "",
    ) -> None:
        item: Json = {
            "open_kfid": self.reception.open_kfid,
            "external_userid": customer.external_userid,
            "origin": origin,
            "msgtype": kind,
            kind: dict(body),
        }
        if servicer:
            item["servicer_userid"] = servicer
        self.reception.write(item)

    def _event(self, name: str, body: Mapping[str, object]) -> None:
        event: Json = {"event_type": name, "open_kfid": self.reception.open_kfid, **body}
        self.reception.write({"origin": SYSTEM, "msgtype": "event", "event": event})
