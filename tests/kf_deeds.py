"""What transcripts let clients and servicers of 微信客服 do.

A client whose name begins with `kf` writes there: `>kf 您好`, `>kf王芳 您好`; what is sent beside
text (`>photo`) comes from whoever did something last. Further deeds of such a client:

    >enter [scene text]        opens the chat through a link
    >file 清单.pdf              sends a document; one called ~x is none
    >card >miniprogram         sends a business card, a mini program
    >forward 话                 forwards a chat with these words
    @liwei take kf             takes that client in the WeCom client
    @liwei tell kf 话           answers there
    @liwei end kf              ends the session there
"""

from collections.abc import Callable, Mapping

from bot.simulator import photos
from bot.simulator.photos import PHOTOS
from bot.simulator.platform import Platform
from bot.simulator.pushing import Delivery
from bot.simulator.recordings import AMR, MP4, VIDEOS, VOICES

Deed = Callable[[Platform, str, str], Delivery]


def is_customer(who: str) -> bool:
    """Whether that client writes to 微信客服."""
    return who.startswith("wmkf")


def photo(platform: Platform, who: str, kind: str) -> Delivery:
    """A photo of that kind; a lost one is gone before anybody can fetch it."""
    done = platform.kf.sends_photo(who, PHOTOS["" if kind == "lost" else kind](), photos.JPEG)
    if kind == "lost":
        platform.lose_media()
    return done


def recording(
    platform: Platform,
    who: str,
    what: tuple[str, str, Mapping[str, Callable[[], bytes]]],
    kind: str,
) -> Delivery:
    """A voice message or a video of that kind; a lost one is gone before anybody can fetch it."""
    sort, content_type, made = what
    done = platform.kf.sends_media(who, sort, made.get(kind, made[""])(), content_type)
    if kind == "lost":
        platform.lose_media()
    return done


def document(platform: Platform, who: str, name: str) -> Delivery:
    """A PDF; one whose name begins with a tilde is none."""
    data = b"MZ nothing" if name.startswith("~") else b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
    return platform.kf.sends_media(who, "file", data, "application/pdf")


def forwarded(text: str) -> dict[str, object]:
    """A forwarded chat of one message."""
    content = f'{{"text": {{"content": "{text}"}}}}'
    row = {"send_time": 1, "msgtype": "text", "sender_name": "同事", "msg_content": content}
    return {"title": "聊天记录", "item": [row]}


def option(platform: Platform, who: str, label: str) -> str:
    """The id of a menu's line by its words, on the newest menu that has it."""
    for entry in reversed(platform.customer_phone(who)):
        for key, text in entry.options:
            if text == label:
                return key
    raise AssertionError(f"no menu on the phone offers {label}")


PLACE = {"latitude": 43.88, "longitude": 125.32, "name": ""}
DEEDS: Mapping[str, Deed] = {
    "photo": photo,
    "voice": lambda platform, who, kind: recording(platform, who, ("voice", AMR, VOICES), kind),
    "video": lambda platform, who, kind: recording(platform, who, ("video", MP4, VIDEOS), kind),
    "file": lambda platform, who, name: document(platform, who, name),
    "link": lambda platform, who, _: platform.kf.sends(who, "link", {"title": "t", "url": "u"}),
    "location": lambda platform, who, label: platform.kf.sends(
        who, "location", {**PLACE, "address": label}
    ),
    "sticker": lambda platform, who, _: platform.kf.sends(who, "sticker", {}),
    "card": lambda platform, who, _: platform.kf.sends(who, "business_card", {"userid": "x"}),
    "miniprogram": lambda platform, who, _: platform.kf.sends(who, "miniprogram", {"title": "t"}),
    "forward": lambda platform, who, text: platform.kf.sends(who, "merged_msg", forwarded(text)),
    "enter": lambda platform, who, words: platform.kf.enters(who, *[*words.split(), "", ""][:2]),
    "choose": lambda platform, who, label: platform.kf.picks(who, option(platform, who, label)),
}


def same(platform: Platform, follower: str, customer: str) -> None:
    """A follower of the official account and a client of 微信客服 are one human."""
    with platform.hub.lock:
        unionid = f"unionid of {follower}"
        platform.hub.people.client(f"o{follower}").unionid = unionid
        platform.kf.reception.customer(f"wm{customer}").unionid = unionid


def servicer(platform: Platform, userid: str, words: str) -> bool:
    """What a staff member does in the WeCom client; False if it is nothing of that kind."""
    verb, _, rest = words.partition(" ")
    name, _, text = rest.partition(" ")
    if verb not in {"take", "tell", "end"} or not name.startswith("kf"):
        return False
    who = f"wm{name}"
    if verb == "take":
        platform.kf.taken(userid, who)
    elif verb == "tell":
        platform.kf.answered(userid, who, text)
    else:
        platform.kf.ended(userid, who)
    return True
