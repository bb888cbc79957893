"""The WeCom app as its members use it: text, and the buttons of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.messages import Channel
from bot.simulator import tags
from bot.simulator.card_choices import chosen
from bot.simulator.cards import Deck
from bot.simulator.hub import Hub
from bot.simulator.people import Member
from bot.simulator.phones import Bubble, CardFace, Side, blank
from bot.simulator.pushing import Delivery, Parcel, Pusher
from bot.simulator.tags import Value
from bot.simulator.texts import PLATFORM

Selected = Mapping[str, Sequence[str]]


class CannotTap(Exception):
    """No such button can be tapped on this phone now."""


class OutOfRange(Exception):
    """The app is not on the phone of a member who is not in its range."""


class WecomSide:
    """Everything a member can do."""

    def __init__(self, hub: Hub, pusher: Pusher, deck: Deck) -> None:
        self._hub, self._pusher, self._deck = hub, pusher, deck

    def says(self, userid: str, text: str) -> Delivery:
        """A typed message to the app."""
        with self._hub.lock:
            who = self._hub.people.staff(userid)
            who.phone.say(Side.MINE, text)
        own: dict[str, Value] = {"Content": text, "MsgId": self._hub.next_msg_id()}
        return self._deliver(who, "text", {"MsgType": "text"} | own)

    def sends_photo(self, userid: str, data: bytes, content_type: str) -> Delivery:
        """A picture; it lies on the platform for three days."""
        with self._hub.lock:
            who = self._hub.people.staff(userid)
            media_id = self._hub.shelf.keep(data, content_type, self._hub.clock())
            who.phone.show(replace(blank(Side.MINE, Bubble.IMAGE), media_id=media_id))
        url = f"{self._hub.url}/wecom/pictures/{media_id}"
        own: dict[str, Value] = {"PicUrl": url, "MediaId": media_id}
        own["MsgId"] = self._hub.next_msg_id()
        return self._deliver(who, "image", {"MsgType": "image"} | own)

    def enters(self, userid: str) -> Delivery:
        """Opens the app's chat."""
        with self._hub.lock:
            who = self._hub.people.staff(userid)
        event: dict[str, Value] = {"MsgType": "event", "Event": "enter_agent", "EventKey": ""}
        return self._deliver(who, "event:enter_agent", event)

    def clicks(self, userid: str, key: str) -> Delivery:
        """A button of the app's menu, by its key."""
        with self._hub.lock:
            who = self._hub.people.staff(userid)
        event: dict[str, Value] = {"MsgType": "event", "Event": "click", "EventKey": key}
        return self._deliver(who, "event:click", event)

    def taps(
        self, userid: str, task_id: str, key: str, selected: Selected | None = None
    ) -> Delivery:
        """A button of a card; what the member does not choose keeps the card's default."""
        with self._hub.lock:
            who = self._hub.people.staff(userid)
            face = who.phone.card(task_id)
            event = self._tap(face, key, selected or {})
        return self._deliver(who, f"event:{event['Event']}", event)

    def submits(self, userid: str, task_id: str, selected: Selected | None = None) -> Delivery:
        """The submit button of a vote or of a card with several lists."""
        with self._hub.lock:
            face = self._hub.people.staff(userid).phone.card(task_id)
            submit = face.body.get("submit_button") if face else None
        if not isinstance(submit, Mapping):
            raise CannotTap(f"{task_id} shows no submit button on this phone")
        return self.taps(userid, task_id, str(submit["key"]), selected)

    def _tap(self, face: CardFace | None, key: str, selected: Selected) -> dict[str, Value]:
        if face is None:
            raise CannotTap("there is no such card on this phone")
        if key in _action_keys(face):
            name, items = "template_card_menu_event", None
        elif key in _button_keys(face) and not face.replaced:
            name, items = "template_card_event", chosen(face.body, selected)
        else:
            raise CannotTap(f"{face.task_id} has no button {key} that can be tapped now")
        code = self._deck.issue(face.task_id, self._hub.clock())
        event: dict[str, Value] = {
            "MsgType": "event",
            "Event": name,
            "EventKey": key,
            "TaskId": face.task_id,
            "CardType": str(face.body["card_type"]),
            "ResponseCode": code,
        }
        if items is not None:
            event["SelectedItems"] = {"SelectedItem": [_item(*one) for one in items]}
        return event

    def _deliver(self, who: Member, what: str, body: Mapping[str, Value]) -> Delivery:
        if not who.visible:
            raise OutOfRange(who.userid)
        corp = self._hub.accounts.corp
        full: dict[str, Value] = {
            "ToUserName": corp.corp_id,
            "FromUserName": who.userid,
            "CreateTime": self._hub.seconds(),
            **body,
            "AgentID": corp.agent_id,
        }
        parcel = Parcel(Channel.WECOM, who.userid, what, tags.write(full))
        with self._hub.lock:
            who.waiting += 1
        try:
            heard = self._pusher.push(parcel)
        finally:
            with self._hub.lock:
                who.waiting -= 1
        reply = heard.reply or {}
        text = str(reply["Content"]) if reply.get("MsgType") == "text" else None
        # update_button and update_template_card replies are ignored, as the platform does
        if text:
            with self._hub.lock:
                who.phone.say(Side.THEIRS, text)
        return Delivery(text, False, heard.attempts, heard.status, heard.why)

    def welcome(self, userid: str) -> None:
        """The grey line with which a chat begins; no push."""
        with self._hub.lock:
            phone = self._hub.people.staff(userid).phone
            phone.say(Side.NOTICE, PLATFORM["entered"], Bubble.EVENT)


def _item(question: str, options: Sequence[str]) -> dict[str, Value]:
    return {"QuestionKey": question, "OptionIds": {"OptionId": list(options)}}


def _action_keys(face: CardFace) -> tuple[str, ...]:
    menu = face.body.get("action_menu")
    return _keys(menu.get("action_list")) if isinstance(menu, Mapping) else ()


def _button_keys(face: CardFace) -> tuple[str, ...]:
    return _keys(face.body.get("button_list")) + _keys([face.body.get("submit_button")])


def _keys(buttons: object) -> tuple[str, ...]:
    if not isinstance(buttons, list):
        return ()
    return tuple(
        str(button["key"]) for button in buttons if isinstance(button, Mapping) and "key" in button
    )
