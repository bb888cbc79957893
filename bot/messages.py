"""The shared vocabulary of a turn: what comes in, what is said, what is pushed. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """Where a person writes to us."""

    OFFICIAL = "oa"
    WECOM = "wecom"
    KF = "kf"
    # a need that came by phone, visit, e-mail, web or QQ: nobody we can write to
    DESK = "desk"


class Kind(StrEnum):
    """What sort of thing came in; a type we have never seen is UNKNOWN, not an error."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    FILE = "file"
    EVENT = "event"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Media:
    """A picture, voice or video that lies on the platform for three days."""

    media_id: str
    url: str = ""
    format: str = ""


@dataclass(frozen=True)
class Location:
    """A place the client sent; the coordinates are dropped once the label was confirmed."""

    label: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class Event:
    """A platform event; `name` is lower-cased, since the platform's own case differs."""

    name: str
    key: str = ""
    task_id: str = ""
    response_code: str = ""
    # question key -> chosen option ids (template_card_event)
    selected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # every other tag of the event, flat
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Inbound:
    """One message or event, decoded.

    `key` is the de-duplication key of DESIGN.md 3, hashed, so that it may stand in a log.
    `person` is the openid, userid or external_userid; `account` is who it was sent to.
    `msgmenu_id` is the option tapped in an in-chat menu, if the platform said so.
    `masked`: the text held numbers that nobody here needs, and no longer does.
    """

    key: str
    channel: Channel
    person: str
    account: str
    at: datetime
    kind: Kind
    text: str = ""
    media: Media | None = None
    # the sound of a text that was said, and written down by the platform
    spoken: Media | None = None
    location: Location | None = None
    event: Event | None = None
    msgmenu_id: str = ""
    masked: bool = False


@dataclass(frozen=True)
class Say:
    """A sentence to be said: the key of a text in `bot/texts/` and the values it shows."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class PushKind(StrEnum):
    """What a push asks of the platform."""

    TEXT = "text"
    CARD = "card"
    CARD_UPDATE = "card_update"
    # staff alone: a text with headings, and one with an address behind it
    MARKDOWN = "markdown"
    TEXTCARD = "textcard"
    # lines to tap; where the platform shows none, the same as numbered text
    MENU = "menu"
    # 微信客服: the session goes to a person, or back to nobody
    SESSION = "session"


@dataclass(frozen=True)
class Push:
    """One outbox row to be: text or card for one person, inserted by the turn that causes it.

    `key` is unique for ever: inserting the same key twice sends once. `body` is
    `{"text": str}` (of a textcard with `title`, `url` and perhaps `button`),
    `{"card": {...template_card}}`, `{"update": {...}, "code": str}` or, of a
    menu, `{"head": str, "options": [[id, text], ...], "tail": str, "text": str}`: the text says
    the same with numbered lines, for replies and whatever else cannot show options. A session
    push holds `{"state": int, "servicer": str, "text": str, "told": str}`: the text is for the
    client, `told` for the servicer once it is theirs. A `code` in a body is the single-use
    code of an event, with which 微信客服 takes one message outside of any allowance.
    `purpose` names the reason (`status`, `notice`, `assignment`, ...): the key of
    `templates:` in catalog.yaml for the template fallback, whose values are `fields`.
    `urgent`: when no way to the person is open, staff get a phone task at once.
    """

    key: str
    channel: Channel
    to: str
    kind: PushKind
    body: Mapping[str, object]
    due: datetime
    purpose: str
    expires: datetime | None = None
    urgent: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Credits:
    """What we may still send to a person, from what we received and sent.

    wechat_platform.md 3.2: 5 in 48 h after a message, 3 in one minute after a menu
    click, a follow or a scan. `*_sent` count since that moment. `staffed`: a person of ours
    has the session of 微信客服 or it waits for one, and the platform lets no program speak.
    """

    wrote_at: datetime | None = None
    wrote_sent: int = 0
    tapped_at: datetime | None = None
    tapped_sent: int = 0
    following: bool = True
    staffed: bool = False
