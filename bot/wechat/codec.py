"""Inner XML to Inbound, and a text to the inner XML of a passive reply."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from bot.clock import SHANGHAI
from bot.messages import Channel, Event, Inbound, Kind, Location, Media
from bot.wechat import xml
from bot.wechat.xml import Leaf, Malformed

__all__ = ["KF_BELL", "Malformed", "decode", "encode_text"]

# 微信客服 rings once for all its clients: this event has no sender, only an account to pull from.
KF_BELL = "kf_msg_or_event"

# Twice the longest there is: a WeCom userid has up to 64 characters.
LONGEST_ID = 128

# What an event says beside its name; everything else goes into `Event.details`.
_ENVELOPE = frozenset(
    {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "TaskId"}
    | {"ResponseCode", "QuestionKey", "OptionId"}
)

# The tags that tell two events of one second apart (DESIGN.md 3). A retry repeats them all.
# The bell has no sender; its token and account do the same service.
# Two answers about notices within a second differ by template and word.
_EVENT_KEY = (
    *("MsgID", "TaskId", "ResponseCode", "AgentID", "OpenKfId", "Token"),
    *("TemplateId", "SubscribeStatusString"),
)


@dataclass(frozen=True)
class _Body:
    """What a message holds beside its envelope."""

    text: str = ""
    media: Media | None = None
    location: Location | None = None


def decode(body: bytes, channel: Channel) -> Inbound:
    """The message or event; Malformed if the platform could not have sent it."""
    found = xml.leaves(xml.without_controls(body))
    tags = xml.fields(found)
    kind = _required(tags, "MsgType").lower()
    if kind == "event":
        return _event(tags, found, channel)
    read = _READERS.get(kind)
    content = read[1](tags) if read else _Body()
    person = _person(tags)
    return Inbound(
        key=_digest(channel, person, *_message_key(tags, found)),
        channel=channel,
        person=person,
        account=_required(tags, "ToUserName"),
        at=_at(tags),
        kind=read[0] if read else Kind.UNKNOWN,
        text=content.text,
        media=content.media,
        location=content.location,
        msgmenu_id=tags.get("bizmsgmenuid", ""),
    )


def encode_text(inbound: Inbound, text: str, at: datetime) -> bytes:
    """The passive reply that says `text` to whoever sent `inbound`."""
    return xml.document(
        (
            ("ToUserName", inbound.person),
            ("FromUserName", inbound.account),
            ("CreateTime", int(at.timestamp())),
            ("MsgType", "text"),
            ("Content", text),
        )
    )


def _event(tags: Mapping[str, str], found: Iterable[Leaf], channel: Channel) -> Inbound:
    name = _required(tags, "Event").lower()
    bell = name == KF_BELL
    person = "" if bell else _person(tags)
    details = _details(found)
    at = _at(tags)
    event = Event(
        name=name,
        key=tags.get("EventKey", ""),
        task_id=tags.get("TaskId", ""),
        response_code=tags.get("ResponseCode", ""),
        selected=_selected(found),
        details=details,
    )
    told_apart = (tags.get(tag, "") or details.get(tag, "") for tag in _EVENT_KEY)
    created = str(int(at.timestamp()))
    return Inbound(
        key=_digest(channel, person, created, name, event.key, *told_apart),
        channel=Channel.KF if bell else channel,
        person=person,
        account=_required(tags, "ToUserName"),
        at=at,
        kind=Kind.EVENT,
        event=event,
    )


def _required(tags: Mapping[str, str], name: str) -> str:
    value = tags.get(name, "").strip()
    if not value:
        raise Malformed(f"no {name}")
    return value


def _person(tags: Mapping[str, str]) -> str:
    person = _required(tags, "FromUserName")
    # it is a key of the database, which has a longest key; no platform comes near it
    if len(person) > LONGEST_ID:
        raise Malformed("FromUserName is too long")
    return person


def _at(tags: Mapping[str, str]) -> datetime:
    stamp = _required(tags, "CreateTime")
    # ten digits last until the year 2286; more would be another unit
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 10):
        raise Malformed("CreateTime is not a number of seconds")
    return datetime.fromtimestamp(int(stamp), SHANGHAI)


def _message_key(tags: Mapping[str, str], found: Iterable[Leaf]) -> tuple[str, ...]:
    agent = tags.get("AgentID", "")
    number = tags.get("MsgId", "").strip()
    if number:
        return (number, agent)
    # taps on an in-chat menu were seen without MsgId: then time and content stand in
    content = _digest(*(f"{leaf.tag}={leaf.text}" for leaf in found))
    return (_required(tags, "CreateTime"), content, agent)


def _digest(*parts: str) -> str:
    # no part can hold the separator: control characters were taken out before parsing
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def _details(found: Iterable[Leaf]) -> dict[str, str]:
    """Every other tag, flat; what a list repeats is joined by newlines, in order."""
    flat: dict[str, list[str]] = {}
    for leaf in found:
        if leaf.tag not in _ENVELOPE:
            flat.setdefault(leaf.tag, []).append(leaf.text)
    return {tag: "\n".join(texts) for tag, texts in flat.items()}


def _selected(found: Iterable[Leaf]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    question = ""
    for leaf in found:
        if leaf.tag == "QuestionKey":
            question = leaf.text
            chosen.setdefault(question, ())
        elif leaf.tag == "OptionId" and leaf.depth > 1:
            chosen[question] = (*chosen.get(question, ()), leaf.text)
    return chosen


def _text(tags: Mapping[str, str]) -> _Body:
    return _Body(text=tags.get("Content", ""))


def _media(tags: Mapping[str, str]) -> _Body:
    # Recognition is speech as text; the platform stopped filling it in 2023, some accounts keep it
    media = Media(tags.get("MediaId", ""), tags.get("PicUrl", ""), tags.get("Format", ""))
    return _Body(text=tags.get("Recognition", ""), media=media)


def _file(tags: Mapping[str, str]) -> _Body:
    name = tags.get("Title", "") or tags.get("FileName", "")
    return _Body(text=name, media=Media(tags.get("MediaId", "")))


def _location(tags: Mapping[str, str]) -> _Body:
    latitude, longitude = tags.get("Location_X", ""), tags.get("Location_Y", "")
    return _Body(location=Location(tags.get("Label", ""), latitude, longitude))


def _link(tags: Mapping[str, str]) -> _Body:
    lines = (tags.get(tag, "") for tag in ("Title", "Description", "Url"))
    return _Body(text="\n".join(line for line in lines if line))


_READERS: Mapping[str, tuple[Kind, Callable[[Mapping[str, str]], _Body]]] = {
    "text": (Kind.TEXT, _text),
    "image": (Kind.IMAGE, _media),
    "voice": (Kind.VOICE, _media),
    "video": (Kind.VIDEO, _media),
    "shortvideo": (Kind.VIDEO, _media),
    "location": (Kind.LOCATION, _location),
    "link": (Kind.LINK, _link),
    "file": (Kind.FILE, _file),
}
