"""The official account as its followers use it: deeds become pushes, answers become bubbles."""

from collections.abc import Mapping
from dataclasses import replace

from bot.messages import Channel
from bot.simulator import tags
from bot.simulator.hub import Hub
from bot.simulator.menus import Button
from bot.simulator.people import Follower
from bot.simulator.phones import Bubble, Side, blank
from bot.simulator.photos import JPEG
from bot.simulator.pushing import Delivery, Heard, Parcel, Pusher
from bot.simulator.recordings import AMR, MP4
from bot.simulator.tags import Value
from bot.simulator.texts import PLATFORM
from bot.wechat.limits import OFFICIAL_TEXT_BYTES, Grant


class OfficialSide:
    """Everything a follower can do."""

    def __init__(self, hub: Hub, pusher: Pusher) -> None:
        self._hub, self._pusher = hub, pusher
        self._last: dict[str, Parcel] = {}
        self.menu: tuple[Button, ...] = ()

    def says(self, openid: str, text: str) -> Delivery:
        """A typed message."""
        with self._hub.lock:
            who = self._writes(openid)
            who.phone.say(Side.MINE, text)
        return self._message(who, "text", {"Content": text})

    def says_in_copies(self, openid: str, text: str, copies: int) -> list[Heard]:
        """One typed message that arrives several times at once; what each copy was answered."""
        with self._hub.lock:
            who = self._writes(openid)
            who.phone.say(Side.MINE, text)
        head = self._head(openid) | {"MsgType": "text", "Content": text}
        xml = tags.write(head | {"MsgId": self._hub.next_msg_id()})
        heard = self._pusher.push_at_once(Parcel(Channel.OFFICIAL, openid, "text", xml), copies)
        with self._hub.lock:
            self._show(who, heard[0], silent=False)
        return heard

    def sends_photo(self, openid: str, data: bytes, content_type: str) -> Delivery:
        """A picture; it lies on the platform for three days."""
        with self._hub.lock:
            who = self._writes(openid)
            media_id = self._hub.shelf.keep(data, content_type, self._hub.clock())
            who.phone.show(replace(blank(Side.MINE, Bubble.IMAGE), media_id=media_id))
        url = f"{self._hub.url}/oa/pictures/{media_id}"
        return self._message(who, "image", {"PicUrl": url, "MediaId": media_id})

    def sends_voice(self, openid: str, data: bytes, recognition: str = "") -> Delivery:
        """A voice message; on a few accounts the platform writes down what was said."""
        with self._hub.lock:
            who = self._writes(openid)
            media_id = self._hub.shelf.keep(data, AMR, self._hub.clock())
            who.phone.say(Side.MINE, "[voice]", Bubble.OTHER)
        body = {"MediaId": media_id, "Format": "amr", "Recognition": recognition}
        return self._message(who, "voice", body)

    def sends_video(self, openid: str, data: bytes, kind: str = "video") -> Delivery:
        """A video, or a `shortvideo`, with the picture that stands for it."""
        with self._hub.lock:
            who = self._writes(openid)
            media_id = self._hub.shelf.keep(data, MP4, self._hub.clock())
            thumb = self._hub.shelf.keep(data, JPEG, self._hub.clock())
            who.phone.say(Side.MINE, f"[{kind}]", Bubble.OTHER)
        return self._message(who, kind, {"MediaId": media_id, "ThumbMediaId": thumb})

    def sends(self, openid: str, kind: str, tags: Mapping[str, Value]) -> Delivery:
        """A message of any other type: voice, video, location, link, or one never seen."""
        with self._hub.lock:
            who = self._writes(openid)
            who.phone.say(Side.MINE, f"[{kind}]", Bubble.OTHER)
        return self._message(who, kind, tags)

    def picks(self, openid: str, option_id: str, with_id: bool) -> Delivery:
        """An option of the last in-chat menu: a tap, not a message (wechat_platform.md 3.2).

        `with_id` False is the variant seen in the wild, without bizmsgmenuid and MsgId.
        """
        with self._hub.lock:
            who = self._hub.people.client(openid)
            text = _option(who, option_id)
            self._touch(who, Grant.TAPPED)
            who.phone.say(Side.MINE, text)
        if with_id:
            return self._message(who, "text", {"Content": text}, {"bizmsgmenuid": option_id})
        bare = self._head(openid) | {"MsgType": "text", "Content": text}
        return self._deliver(who, "text", bare)

    def taps_menu(self, openid: str, key: str) -> Delivery:
        """A click button of the account's menu."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            self._touch(who, Grant.TAPPED)
        return self._event(who, "CLICK", {"EventKey": key})

    def views_menu(self, openid: str, url: str) -> Delivery:
        """A button of the account's menu that opens a page; the bot is told, and nobody waits."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
        return self._event(who, "VIEW", {"EventKey": url, "MenuId": 1})

    def follows(self, openid: str, scene: str = "") -> Delivery:
        """Follows the account, through a QR code with a scene or without."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            who.allowance.following = True
            self._touch(who, Grant.TAPPED)
            who.phone.say(Side.NOTICE, PLATFORM["followed"], Bubble.EVENT)
        extra = {"EventKey": f"qrscene_{scene}", "Ticket": "gQH_" + scene} if scene else {}
        return self._event(who, "subscribe", extra or {"EventKey": ""})

    def leaves(self, openid: str) -> Delivery:
        """Unfollows; nothing can be sent any more."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            who.allowance.close()
            who.phone.say(Side.NOTICE, PLATFORM["left"], Bubble.EVENT)
        return self._event(who, "unsubscribe", {"EventKey": ""})

    def scans(self, openid: str, scene: str) -> Delivery:
        """Scans a parametric QR code; who does not follow yet follows by that."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            known = who.allowance.following
            if known:
                self._touch(who, Grant.TAPPED)
        if not known:
            return self.follows(openid, scene)
        return self._event(who, "SCAN", {"EventKey": scene, "Ticket": "gQH_" + scene})

    def happens(self, openid: str, name: str, tags: Mapping[str, Value]) -> Delivery:
        """Any other event, by its name and tags."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
        return self._event(who, name, tags)

    def again(self, openid: str) -> Delivery:
        """What the person did last arrives once more, as when an answer got lost on the way."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
        return self._carry(who, self._last[openid])

    def template_finished(self, openid: str, msgid: int) -> Delivery:
        """The platform tells how a template message ended."""
        status: dict[str, Value] = {"MsgID": msgid, "Status": "success"}
        return self.happens(openid, "TEMPLATESENDJOBFINISH", status)

    def subscribes(self, openid: str, answers: Mapping[str, bool]) -> Delivery:
        """Answers the question of wx-open-subscribe for these templates: yes or no."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            who.consents.update(template for template, yes in answers.items() if yes)
        items = [
            {
                "TemplateId": template,
                "SubscribeStatusString": "accept" if yes else "reject",
                "PopupScene": "1",
            }
            for template, yes in answers.items()
        ]
        body: dict[str, Value] = {"SubscribeMsgPopupEvent": {"List": items}}
        return self._event(who, "subscribe_msg_popup_event", body)

    def declines(self, openid: str, template: str) -> Delivery:
        """Switches the notices of a template off in WeChat's own settings."""
        with self._hub.lock:
            who = self._hub.people.client(openid)
            del who.consents[template]
        item = {"TemplateId": template, "SubscribeStatusString": "reject"}
        body: dict[str, Value] = {"SubscribeMsgChangeEvent": {"List": item}}
        return self._event(who, "subscribe_msg_change_event", body)

    def notice_finished(
        self, openid: str, template: str, msgid: int, outcome: tuple[int, str]
    ) -> Delivery:
        """The platform tells how a notice ended."""
        code, words = outcome
        item: dict[str, Value] = {
            "TemplateId": template,
            "MsgID": msgid,
            "ErrorCode": code,
            "ErrorStatus": words,
        }
        body: dict[str, Value] = {"SubscribeMsgSentEvent": {"List": item}}
        return self.happens(openid, "subscribe_msg_sent_event", body)

    def _writes(self, openid: str) -> Follower:
        """The person, whose message opens the long window; a stranger follows by writing."""
        who = self._hub.people.client(openid)
        who.allowance.following = True
        self._touch(who, Grant.WROTE)
        return who

    def _touch(self, who: Follower, grant: Grant) -> None:
        who.touched_at = self._hub.clock()
        who.allowance.grant(grant, who.touched_at)

    def _head(self, openid: str) -> dict[str, Value]:
        return {
            "ToUserName": self._hub.accounts.official.original_id,
            "FromUserName": openid,
            "CreateTime": self._hub.seconds(),
        }

    def _message(
        self,
        who: Follower,
        kind: str,
        body: Mapping[str, Value],
        after: Mapping[str, Value] | None = None,
    ) -> Delivery:
        head = self._head(who.openid) | {"MsgType": kind} | dict(body)
        full = head | {"MsgId": self._hub.next_msg_id()} | dict(after or {})
        return self._deliver(who, kind, full)

    def _event(self, who: Follower, name: str, body: Mapping[str, Value]) -> Delivery:
        full = self._head(who.openid) | {"MsgType": "event", "Event": name} | dict(body)
        return self._deliver(who, f"event:{name}", full)

    def _deliver(self, who: Follower, what: str, full: Mapping[str, Value]) -> Delivery:
        parcel = Parcel(Channel.OFFICIAL, who.openid, what, tags.write(full))
        if what not in UNSEEN:
            with self._hub.lock:
                self._last[who.openid] = parcel
        return self._carry(who, parcel)

    def _carry(self, who: Follower, parcel: Parcel) -> Delivery:
        with self._hub.lock:
            who.waiting += 1
        try:
            heard = self._pusher.push(parcel)
        finally:
            with self._hub.lock:
                who.waiting -= 1
        with self._hub.lock:
            return self._show(who, heard, silent=parcel.what in UNSEEN)

    def _show(self, who: Follower, heard: Heard, *, silent: bool) -> Delivery:
        why = heard.why or _unshowable(heard.reply)
        if silent:
            return Delivery(None, False, heard.attempts, heard.status, why)
        if why and heard.attempts:
            who.phone.say(Side.NOTICE, PLATFORM["fault"], Bubble.FAULT)
            return Delivery(None, True, heard.attempts, heard.status, why)
        if heard.reply is None:
            return Delivery(None, False, heard.attempts, heard.status, heard.why)
        if heard.reply["MsgType"] == "text":
            text = str(heard.reply["Content"])
            who.phone.say(Side.THEIRS, text)
            return Delivery(text, False, heard.attempts, heard.status)
        who.phone.say(Side.THEIRS, f"[{heard.reply['MsgType']}]", Bubble.OTHER)
        return Delivery(None, False, heard.attempts, heard.status)


# nobody waits for an answer to these, so none is shown, and no fault either
UNSEEN = frozenset({"event:unsubscribe", "event:TEMPLATESENDJOBFINISH", "event:VIEW"})
UNSEEN |= {f"event:subscribe_msg_{what}_event" for what in ("popup", "change", "sent")}

REPLIES = frozenset(
    {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"}
)


def _unshowable(reply: Mapping[str, object] | None) -> str:
    """Why the platform would not show this passive reply; `` when it would."""
    if reply is None:
        return ""
    if reply.get("MsgType") not in REPLIES:
        return "the reply has a MsgType nobody knows"
    if reply["MsgType"] != "text":
        return ""
    content = reply.get("Content")
    if not isinstance(content, str) or not content:
        return "the reply has no Content"
    # not documented for passive replies (wechat_platform.md 1.5): the strict reading
    if len(content.encode()) > OFFICIAL_TEXT_BYTES:
        return f"the reply is longer than {OFFICIAL_TEXT_BYTES} bytes"
    return ""


def _option(who: Follower, option_id: str) -> str:
    for entry in reversed(who.phone.entries):
        for found, text in entry.options:
            if found == option_id:
                return text
    raise KeyError(f"no menu on this phone offers {option_id}")
