"""Items of kf/sync_msg to Inbound: what clients and servicers write, and what the platform says."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from bot.clock import SHANGHAI
from bot.messages import Channel, Event, Inbound, Kind, Location, Media

Item = Mapping[str, Any]

# who a message is from
CUSTOMER, SERVICER = 3, 5
# our name for a servicer's words in the WeCom client, which is no event of the platform
SERVICER_SAID = "servicer_said"
# no id of the platform comes near it, and no id holds the mark between the two
LONGEST_ID, BETWEEN = 128, "/"
# the format of what came as a file, and not as a picture
FILE = "file"
# of a forwarded chat so many characters are read
FORWARDED = 2000


class NotForUs(Exception):
    """The item has no shape that the platform documents."""


def identity_of(open_kfid: str, customer: str) -> str:
    """Who writes to us, as one string: a client talks with one account at a time."""
    return f"{open_kfid}{BETWEEN}{customer}"


def parted(identity: str) -> tuple[str, str]:
    """The account and the customer of an identity."""
    open_kfid, _, customer = identity.partition(BETWEEN)
    return open_kfid, customer


@dataclass(frozen=True)
class _Body:
    """What a message holds beside its envelope."""

    text: str = ""
    media: Media | None = None
    location: Location | None = None
    menu_id: str = ""


def decode(item: Item, open_kfid: str) -> Inbound:
    """The message or event; NotForUs if the platform could not have sent it."""
    msgid, kind = _text_of(item, "msgtype") and _text_of(item, "msgid"), item.get("msgtype")
    at = _at(item)
    part = item.get(str(kind))
    body: Item = part if isinstance(part, Mapping) else {}
    key = blake2b(f"kf\x1f{open_kfid}\x1f{msgid}".encode(), digest_size=16).hexdigest()
    if kind == "event":
        return _event(key, open_kfid, at, body)
    person = _person(item, open_kfid)
    read = _READERS.get(str(kind))
    sort, content = (read[0], read[1](body)) if read else (Kind.UNKNOWN, _Body())
    if item.get("origin") == SERVICER:
        name = Event(SERVICER_SAID, key=str(item.get("servicer_userid", "")))
        return Inbound(key, Channel.KF, person, open_kfid, at, Kind.EVENT, content.text, event=name)
    if sort is Kind.TEXT and not content.text:
        # a forwarded chat without a word in it
        sort = Kind.UNKNOWN
    return Inbound(
        key=key,
        channel=Channel.KF,
        person=person,
        account=open_kfid,
        at=at,
        kind=sort,
        text=content.text,
        media=content.media,
        location=content.location,
        msgmenu_id=content.menu_id,
    )


def keepable(item: Item) -> bytes:
    """The item as it may be kept: without coordinates."""
    part = item.get("location")
    kept = dict(item)
    if isinstance(part, Mapping):
        kept["location"] = {k: v for k, v in part.items() if k not in {"latitude", "longitude"}}
    return json.dumps(kept, ensure_ascii=False).encode()


def sent_at(item: Item) -> datetime | None:
    """When it was sent, if it says so."""
    try:
        return _at(item)
    except NotForUs:
        return None


def _event(key: str, open_kfid: str, at: datetime, body: Item) -> Inbound:
    """An event; of a client, where it names one."""
    name = _text_of(body, "event_type")
    person = _person(body, open_kfid) if body.get("external_userid") else ""
    details = {
        str(tag): str(value)
        for tag, value in body.items()
        if isinstance(value, str | int) and tag not in {"event_type", "external_userid"}
    }
    return Inbound(
        key=key,
        channel=Channel.KF,
        person=person,
        account=open_kfid,
        at=at,
        kind=Kind.EVENT,
        event=Event(name.lower(), details=details),
    )


def _text_of(item: Item, name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value or len(value) > LONGEST_ID:
        raise NotForUs(f"no {name}")
    return value


def _person(item: Item, open_kfid: str) -> str:
    return identity_of(open_kfid, _text_of(item, "external_userid"))


def _at(item: Item) -> datetime:
    stamp = item.get("send_time")
    # ten digits last until the year 2286; more would be another unit
    if not isinstance(stamp, int) or not 0 < stamp < 10**10:
        raise NotForUs("send_time is not a number of seconds")
    return datetime.fromtimestamp(stamp, SHANGHAI)


def _said(part: Item, *names: str) -> str:
    return "\n".join(str(part[name]) for name in names if part.get(name))


def _text(part: Item) -> _Body:
    # our ids are written with hyphens, which the platform's menus do not allow
    return _Body(_said(part, "content"), menu_id=_said(part, "menu_id").replace("_", "-"))


def _media(part: Item) -> _Body:
    return _Body(media=Media(_said(part, "media_id")))


def _file(part: Item) -> _Body:
    # a document is a material as a photo is; its bytes tell what it is
    return _Body(media=Media(_said(part, "media_id"), format=FILE))


def _location(part: Item) -> _Body:
    label = " ".join(filter(None, (_said(part, "address"), _said(part, "name"))))
    return _Body(location=Location(label, _said(part, "latitude"), _said(part, "longitude")))


def _link(part: Item) -> _Body:
    return _Body(_said(part, "title", "desc", "url"))


def _merged(part: Item) -> _Body:
    """The words of a forwarded chat; who said them is not for us."""
    items = part.get("item")
    rows = items if isinstance(items, Sequence) else ()
    words = (_forwarded(one) for one in rows if isinstance(one, Mapping))
    return _Body("\n".join(filter(None, words))[:FORWARDED])


def _forwarded(row: Item) -> str:
    if row.get("msgtype") != "text":
        return ""
    try:
        found = json.loads(str(row.get("msg_content", "")))
    except ValueError:
        return ""
    text = found.get("text") if isinstance(found, Mapping) else None
    return _said(text, "content") if isinstance(text, Mapping) else ""


_READERS: Mapping[str, tuple[Kind, Callable[[Item], _Body]]] = {
    "text": (Kind.TEXT, _text),
    "image": (Kind.IMAGE, _media),
    "voice": (Kind.VOICE, _media),
    "video": (Kind.VIDEO, _media),
    "file": (Kind.IMAGE, _file),
    "location": (Kind.LOCATION, _location),
    "link": (Kind.LINK, _link),
    "miniprogram": (Kind.LINK, _link),
    "channels": (Kind.LINK, _link),
    "merged_msg": (Kind.TEXT, _merged),
}
