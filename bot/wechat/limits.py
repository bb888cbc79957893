"""Every number the platforms impose, with its source and date, and the way a push may take.

Sources: W:n is developer.work.weixin.qq.com/document/path/n; O:x and G:x are pages below
developers.weixin.qq.com/doc/service/api/ and .../guide/. Read in 2026-08 unless a date is given.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.messages import Channel, Credits, Push, PushKind

# --- being called ---------------------------------------------------------------------------
# no answer within this time and the platform closes the connection (passive reply page; W:90238)
CALLBACK_TIMEOUT = timedelta(seconds=5)
# and delivers the same message again, so often (same pages)
CALLBACK_RETRIES = 3
# WeCom wants the decrypted echostr back within this time (W:90930)
ECHO_TIMEOUT = timedelta(seconds=1)
# ours: the pages prescribe no tolerance; wide enough for a retry, too narrow for a replay
CLOCK_TOLERANCE = timedelta(seconds=300)
# ours: the largest push seen is about 3 KiB, compatible mode triples it
MAX_BODY = 64 * 1024

# --- texts ----------------------------------------------------------------------------------
# message/custom/send and passive replies: not documented for official accounts, WeCom's number
OFFICIAL_TEXT_BYTES = 2048
# text.content and markdown.content of message/send; the excess is cut silently (W:90236)
WECOM_TEXT_BYTES = 2048
# the parts of a textcard: characters, and bytes of the address (W:90236)
TEXTCARD_TITLE_CHARS = 128
TEXTCARD_CHARS = 512
TEXTCARD_URL_BYTES = 2048
TEXTCARD_BUTTON_CHARS = 4

# --- tokens ---------------------------------------------------------------------------------
# expires_in of stable_token and gettoken, in seconds (O:base/api_getstableaccesstoken; W:91039)
TOKEN_LIFETIME = timedelta(seconds=7200)
# the platform issues the next stable token this long before the old one ends; both then work
TOKEN_OVERLAP = timedelta(minutes=5)

# --- media ----------------------------------------------------------------------------------
# a media_id lives this long (O:material/temporary/api_uploadtempmedia)
MEDIA_LIFETIME = timedelta(days=3)
# the largest thing media/get hands out: a WeCom file (W:90253)
MEDIA_BYTES = 20 * 1024 * 1024
# the largest voice message (of 60 seconds) and video (O:material/temporary/api_uploadtempmedia;
# of 微信客服 the same, W:94670)
VOICE_BYTES = 2 * 1024 * 1024
VIDEO_BYTES = 10 * 1024 * 1024
# of a video the media/get of an official account gives an address on such a host (unconfirmed; as
# wechatpy and others rely on it)
VIDEO_HOSTS = (".qq.com",)

# --- QR codes of the account ----------------------------------------------------------------
# qrcode/create: characters of a scene; seconds of a temporary code, at most and if none are
# given; permanent codes in all (O:qrcode/api_createqrcode)
QR_SCENE_CHARS = 64
QR_LONGEST_SECONDS = 2_592_000
QR_DEFAULT_SECONDS = 60
QR_PERMANENT = 100_000

# --- WeCom sending --------------------------------------------------------------------------
# one member, one app; the excess is dropped without a word (W:90236)
WECOM_PER_MEMBER_MINUTE = 30
WECOM_PER_MEMBER_HOUR = 1000
# duplicate_check_interval in seconds: default and maximum (W:90236)
DUPLICATE_SECONDS = 1800
DUPLICATE_SECONDS_MAX = 14400
# a response_code works once within this time (W:94888)
RESPONSE_CODE_LIFETIME = timedelta(hours=72)
# a menu: buttons, buttons below one, bytes of their names and keys (W:90231; the official
# account's is the same, O:menu/api_createcustommenu)
MENU_BUTTONS = 3
MENU_SUB_BUTTONS = 5
MENU_NAME_BYTES = 16
MENU_SUB_NAME_BYTES = 40
MENU_KEY_BYTES = 128
# the address of a button that opens a page (O:menu/api_createcustommenu)
MENU_URL_BYTES = 1024

# --- 微信客服 ------------------------------------------------------------------------------
# text.content of kf/send_msg; the excess is cut (W:94677)
KF_TEXT_BYTES = 2048
# the parts of a msgmenu (W:94677): head and tail, one option's id and words, click options
KF_MENU_BYTES = 1024
KF_OPTION_ID_BYTES = 128
KF_OPTION_BYTES = 128
KF_MENU_OPTIONS = 10
# msgid of our own choice, by which the platform knows a repeat (W:94677)
KF_MSGID_CHARS = 32
# messages of one kf/sync_msg, and the cursor it begins at (W:94670)
KF_PAGE = 1000
KF_CURSOR_BYTES = 64
# the token of a bell (W:94670)
KF_TOKEN_LIFETIME = timedelta(minutes=10)
# how far back kf/sync_msg goes without a cursor (W:94670)
KF_HISTORY = timedelta(days=3)
# codes of events (W:95122): a welcome and a farewell, and everything else
KF_CODE_LIFETIME = timedelta(seconds=20)
KF_TRANSFER_CODE_LIFETIME = timedelta(hours=48)
# customers of one kf/customer/batchget (W:95159)
KF_CUSTOMERS = 100

# --- WeCom template cards: lengths are advised and cut on screen, counts are enforced (W:90236)
TASK_ID_BYTES = 128
CARD_TITLE_CHARS = 36
CARD_DESC_CHARS = 44
CARD_SUBTITLE_CHARS = 160
CARD_SOURCE_CHARS = 20
CARD_ROWS = 6
CARD_ROW_NAME_CHARS = 5
CARD_ROW_VALUE_CHARS = 30
CARD_BUTTONS = 6
CARD_BUTTON_CHARS = 10
CARD_SELECTION_OPTIONS = 10
CARD_SELECTION_CHARS = 16
CARD_SELECTS = 3
CARD_CHECKBOX_OPTIONS = 20
CARD_CHECKBOX_CHARS = 17
CARD_KEY_BYTES = 1024
CARD_OPTION_ID_BYTES = 128

# --- template messages ----------------------------------------------------------------------
# client_msg_id drops a repeat to the same person within this time (parameter text, 2026-08)
CLIENT_MSG_ID_LIFETIME = timedelta(minutes=10)
# what a value of each data key type may be; anything else is refused with 47003
# (G:product/template_message/Template_Message_Interface; short_thing is an assumption)
TEMPLATE_VALUES: Mapping[str, str] = {
    "thing": r"[^\r\n]{1,20}",
    "short_thing": r"[^\r\n]{1,5}",
    "character_string": r"[!-~ ]{1,32}",
    "number": r"(?=.{1,32}$)-?\d+(\.\d+)?",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 ?)?\d{1,2}:\d{2}(:\d{2})?(~.+)?",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日( ?\d{1,2}:\d{2}(:\d{2})?)?(~.+)?",
    "amount": r"[^\w\s]?\d{1,10}(\.\d+)?元?",
    "phone_number": r"[\d+() -]{1,17}",
    "car_number": r"[^\r\n]{1,8}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .·-]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "const": r"[^\r\n]{1,20}",
}
# so many characters of a value are kept where the type counts characters (same page)
TEMPLATE_CHARS: Mapping[str, int] = {
    "thing": 20,
    "short_thing": 5,
    "character_string": 32,
    "letter": 32,
    "symbol": 5,
    "phone_number": 17,
    "car_number": 8,
    "phrase": 5,
    "const": 20,
}


# templates of one wx-open-subscribe button (JS-SDK page on open tags; not stored, UNCONFIRMED)
NOTICES_ASKED = 3


class AccountType(StrEnum):
    """What the official account is; it decides which calls the platform grants."""

    CERTIFIED = "certified"
    SUBSCRIPTION = "subscription"
    TEST = "test"


class Way(StrEnum):
    """How a push reaches a person, or what happens while it cannot."""

    CUSTOMER_SERVICE = "customer_service"
    SUBSCRIPTION = "subscription"
    TEMPLATE = "template"
    WECOM = "wecom"
    HOLD = "hold"
    PHONE_TASK = "phone_task"


class Reason(StrEnum):
    """Why that way; the console shows it in words."""

    STAFF_APP = "staff_app"
    WROTE = "wrote"
    TAPPED = "tapped"
    WINDOW_CLOSED = "window_closed"
    CREDITS_SPENT = "credits_spent"
    NOT_FOLLOWING = "not_following"
    ACCOUNT_TYPE = "account_type"
    NO_GATEWAY = "no_gateway"
    # the platform has taken the call from the account, or does not take this push that way
    SWITCHED_OFF = "switched_off"
    # 微信客服: one message for the code of an event; the session itself; a servicer has it
    EVENT_CODE = "event_code"
    SESSION = "session"
    STAFFED = "staffed"


class Grant(StrEnum):
    """What the person did that lets us write to them; each is counted on its own."""

    WROTE = "wrote"
    TAPPED = "tapped"


@dataclass(frozen=True)
class Window:
    """So many messages may follow within this time."""

    count: int
    lasts: timedelta


# message/custom/send (O:customer/message/api_sendcustommessage; since 2023-06-12); kf/send_msg
# grants the same five (W:94677) and nothing for a tap, which is a message there
WINDOWS: Mapping[Grant, Window] = {
    Grant.WROTE: Window(5, timedelta(hours=48)),
    Grant.TAPPED: Window(3, timedelta(minutes=1)),
}

# which calls an account is granted (O:customer/message/api_sendcustommessage, 48001; notices:
# G:product/subscription_messages/push)
GRANTED: Mapping[AccountType, frozenset[Way]] = {
    AccountType.CERTIFIED: frozenset({Way.CUSTOMER_SERVICE, Way.SUBSCRIPTION, Way.TEMPLATE}),
    AccountType.TEST: frozenset({Way.CUSTOMER_SERVICE}),
    AccountType.SUBSCRIPTION: frozenset(),
}


@dataclass(frozen=True)
class Route:
    """The way a push takes now, why, and which grant a customer-service message spends."""

    way: Way
    reason: Reason
    grant: Grant | None = None


@dataclass(frozen=True)
class Means:
    """What is at hand for one push beside what the person's last act allows.

    `has_template`: the catalogue names one for its purpose. `consented`: a notice is wanted and
    not sent yet. `off`: ways that are no use now, to the account or to this push.
    """

    has_template: bool = False
    consented: bool = False
    off: Collection[str] = ()


NO_MEANS = Means()


def route(
    push: Push, allowance: Credits, account: AccountType, now: datetime, means: Means = NO_MEANS
) -> Route:
    """How this push goes out now."""
    if push.channel is Channel.WECOM:
        return Route(Way.WECOM, Reason.STAFF_APP)
    if push.channel is Channel.DESK:
        return _waiting(push, Reason.NO_GATEWAY)
    if push.kind is PushKind.SESSION:
        return Route(Way.CUSTOMER_SERVICE, Reason.SESSION)
    if not allowance.following:
        return _waiting(push, Reason.NOT_FOLLOWING)
    if push.channel is Channel.KF:
        return _kf_route(push, allowance, now, means)
    return _official_route(push, allowance, account, now, means)


def _official_route(
    push: Push, allowance: Credits, account: AccountType, now: datetime, means: Means
) -> Route:
    """The official account: a message, a notice that was asked for, a template, or later."""
    granted = GRANTED[account]
    grant, reason = _grant(allowance, now)
    if Way.CUSTOMER_SERVICE not in granted:
        # whatever they do, nothing can be sent
        reason = Reason.ACCOUNT_TYPE
    wanted = (
        (Way.CUSTOMER_SERVICE, grant is not None),
        (Way.SUBSCRIPTION, means.consented),
        (Way.TEMPLATE, means.has_template),
    )
    possible = [way for way, at_hand in wanted if at_hand and way in granted]
    found = next((way for way in possible if way not in means.off), None)
    if found is Way.CUSTOMER_SERVICE and grant:
        return Route(found, Reason(grant.value), grant)
    if Way.CUSTOMER_SERVICE in possible or (possible and found is None):
        reason = Reason.SWITCHED_OFF
    return _waiting(push, reason) if found is None else Route(found, reason)


def _kf_route(push: Push, allowance: Credits, now: datetime, means: Means) -> Route:
    """微信客服: the code of an event, else what is left of five; there is no template."""
    if Way.CUSTOMER_SERVICE in means.off:
        return _waiting(push, Reason.SWITCHED_OFF)
    if push.body.get("code"):
        return Route(Way.CUSTOMER_SERVICE, Reason.EVENT_CODE)
    if allowance.staffed:
        return _waiting(push, Reason.STAFFED)
    # a tap is a message there, and grants nothing beside it
    grant, closed = _grant(replace(allowance, tapped_at=None), now)
    if grant is None:
        return _waiting(push, closed)
    return Route(Way.CUSTOMER_SERVICE, Reason.WROTE, grant)


def notice_id(template_id: str) -> str:
    """What a notice is known by that the platform gave no number."""
    return f"notice:{template_id}"


def utf8_prefix(text: str, max_bytes: int) -> str:
    """As many whole characters from the start as fit into so many bytes."""
    return text.encode()[:max_bytes].decode(errors="ignore")


def split_text(text: str, max_bytes: int) -> list[str]:
    """The text in pieces of at most `max_bytes`, cut after a line where one ends late enough.

    Joined together the pieces are the text again. No character is wider than four bytes, so
    `max_bytes` must be at least that.
    """
    if max_bytes < 4:
        raise ValueError(f"no piece of {max_bytes} bytes can hold every character")
    pieces: list[str] = []
    while len(text.encode()) > max_bytes:
        fitting = utf8_prefix(text, max_bytes)
        cut = fitting.rfind("\n") + 1
        if cut <= len(fitting) // 2:
            # a piece of its own for a few words before a long line would tell nothing
            cut = len(fitting)
        pieces.append(text[:cut])
        text = text[cut:]
    return [*pieces, text] if text else pieces


def _grant(allowance: Credits, now: datetime) -> tuple[Grant | None, Reason]:
    """The usable grant that ends first, and why there is none."""
    given = (
        (Grant.WROTE, allowance.wrote_at, allowance.wrote_sent),
        (Grant.TAPPED, allowance.tapped_at, allowance.tapped_sent),
    )
    open_now = [
        (at + WINDOWS[grant].lasts, grant, sent)
        for grant, at, sent in given
        if at is not None and now < at + WINDOWS[grant].lasts
    ]
    usable = [(ends, grant) for ends, grant, sent in open_now if sent < WINDOWS[grant].count]
    if usable:
        return min(usable)[1], Reason.WINDOW_CLOSED
    return None, Reason.CREDITS_SPENT if open_now else Reason.WINDOW_CLOSED


def _waiting(push: Push, reason: Reason) -> Route:
    return Route(Way.PHONE_TASK if push.urgent else Way.HOLD, reason)
