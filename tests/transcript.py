"""Transcripts: conversations as staff would read them, replayed line by line (aesthetics of tests).

The first line says why the story exists. Then

    clock 2026-11-23 09:00     what time it is
    > text                     the client types (`| more` continues a bubble)
    >王芳 text                  another client types
    >photo                     the client sends a photo; so too >voice >video >link >file
    >photo broken              one that is useless: broken tiny huge dark blank; lost: gone
    >voice 校准天平              a voice message of which the platform heard these words;
                               >voice >video broken, strange or lost: useless; >video short
    >location 长春市…           sends a place, >sticker a kind of message nobody knows
    >follow   >scan   >leave   follows the account, scans its code, unfollows it; the scene of
                               the code may stand behind (`>scan staff.liu.min`)
    >button 最新进度            taps that button of the account's menu
    >choose 满意 [JY2026…]      taps that line of the newest menu, or of the one about that case
    @liwei text                a staff member types in WeCom; `photo`: sends one (`photo dark`:
                               a useless one); `hand 报告.pdf`: opens the newest hand-over
                               link and chooses that document there
    @liwei tap 接单 [选项]       taps the button, with that choice of the card's list; of
                               several cards with that button on the phone, the newest
    @liwei tick 甲 乙            ticks lines of the last card and submits it
    @liwei click 待办            taps that line of the app's menu
    /wait 3 hours              time passes (minutes, hours, days)
    /servicer liwei            that staff member may take sessions of 微信客服 over
    /joins qian.yi 钱一          comes into the app's range, or is there by another name
    /leaves liwei               is in it no longer
    /same 王芳 kf王芳            these two chats are of one human, as the platforms know
    /publish                   the menu of the catalogue is published
    /again                     the platform delivers what that client did last once more

and, written by the bot: `<` its reply, `!who` what a push put on somebody's phone.
`--update-transcripts` rewrites the bot's side; the difference is what a reviewer reads.
How clients of 微信客服 are written is told in `tests/kf_deeds.py`.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from bot.clock import SHANGHAI
from bot.simulator.phones import CardFace, Entry
from bot.simulator.photos import PHOTOS
from bot.simulator.platform import Platform
from bot.simulator.pushing import Delivery
from bot.simulator.recordings import VIDEOS, VOICES
from tests import kf_deeds
from tests.pages.form import path_in, told
from tests.world import World

ACTION = re.compile(r"^(>|@|/|clock )")
CLIENT = re.compile(r"^>(\S*?) (.*)$", re.DOTALL)
STAFF = re.compile(r"^@(\S+) (.*)$", re.DOTALL)
DEED = re.compile(
    r"^>(photo|voice|video|link|file|location|sticker|follow|scan|leave|choose|button"
    r"|enter|card|miniprogram|forward)(?: (.*))?$"
)
# a material, and a file or the words that the upload page takes for it
UPLOAD = re.compile(r"^>upload (\S+) (.+)$")
UNIT = {"minutes": "minutes", "hours": "hours", "days": "days"}

# what a client does beside typing; the words behind it matter to a place alone
Deed = Callable[[Platform, str, str], Delivery]
DEEDS: Mapping[str, Deed] = {
    "photo": lambda platform, who, kind: photo(platform, kind, platform.client_sends_photo, who),
    "voice": lambda platform, who, words: voice(platform, who, words),
    "video": lambda platform, who, kind: video(platform, who, kind),
    "link": lambda platform, who, _: platform.client_sends(who, "link", {"Title": "t", "Url": "u"}),
    "file": lambda platform, who, _: platform.client_sends(who, "file", {"Title": "t"}),
    "location": lambda platform, who, label: platform.client_sends(
        who, "location", {"Location_X": "43.88", "Location_Y": "125.32", "Label": label}
    ),
    "sticker": lambda platform, who, _: platform.client_sends(who, "sticker", {}),
    "follow": lambda platform, who, scene: platform.client_follows(who, scene),
    "scan": lambda platform, who, scene: platform.client_scans(who, scene or "hall"),
    "button": lambda platform, who, name: platform.client_taps(who, key_below(platform, name)),
    "leave": lambda platform, who, _: platform.client_unfollows(who),
    "choose": lambda platform, who, label: platform.client_picks(who, option(platform, who, label)),
}


def key_below(platform: Platform, name: str) -> str:
    """The key of that button of the account's menu."""
    tops = platform.official.menu
    rows = [row for top in tops for row in cast(list[dict[str, str]], top.get("sub_button", []))]
    return next(row["key"] for row in rows if row["name"] == name)


def handed(world: World, userid: str, filename: str) -> str:
    """What the newest hand-over page shows once that document was chosen there."""
    texts = [entry.text for entry in world.platform.staff_phone(userid)]
    path = next(path_in(text) for text in reversed(texts) if "/m/hand-over/" in text)
    shown = told(world.app.pages.test_client(), path, "", filename)
    return shown.replace("[上传页]", "[交付页]")


def option(platform: Platform, who: str, label: str) -> str:
    """The id of a menu's line by its words; the newest menu with it that names that case."""
    words, _, about = label.partition(" ")
    for entry in reversed(platform.client_phone(who)):
        for key, text in entry.options:
            if text == words and about in entry.text:
                return key
    raise AssertionError(f"no menu on the phone offers {label}")


def photo(
    platform: Platform, kind: str, send: Callable[[str, bytes], Delivery], who: str
) -> Delivery:
    """A photo of that kind is sent; a lost one is gone before anybody can fetch it."""
    done = send(who, PHOTOS["" if kind == "lost" else kind]())
    if kind == "lost":
        platform.lose_media()
    return done


def voice(platform: Platform, who: str, words: str) -> Delivery:
    """A voice message: of that kind, or one of which the platform writes down what was said."""
    if words in VOICES:
        return platform.client_sends_voice(who, VOICES[words]())
    heard = "" if words == "lost" else words
    return gone(platform, platform.client_sends_voice(who, recognition=heard), words)


def video(platform: Platform, who: str, kind: str) -> Delivery:
    """A video of that kind, or one that was just taken."""
    data = VIDEOS.get(kind, VIDEOS[""])()
    return gone(platform, platform.client_sends_video(who, data, short=kind == "short"), kind)


def gone(platform: Platform, done: Delivery, kind: str) -> Delivery:
    """What is lost is gone before anybody can fetch it."""
    if kind == "lost":
        platform.lose_media()
    return done


@dataclass(frozen=True)
class Action:
    """One thing a person does, as written."""

    text: str


def actions(text: str) -> Iterator[Action]:
    """The actions of a transcript; the bot's side is left out."""
    current: list[str] = []
    for line in text.splitlines()[1:]:
        if current and line.startswith("| ") and current[0][0] in ">@":
            current.append(line.removeprefix("| "))
            continue
        if current:
            yield Action("\n".join(current))
        current = [line] if ACTION.match(line) else []
    if current:
        yield Action("\n".join(current))


def replay(text: str, world: World) -> str:
    """The transcript as the bot now answers it."""
    out = [text.splitlines()[0]]
    player = Player(world)
    for action in actions(text):
        out.append("")
        out.extend(with_bars(action.text))
        out.extend(player.play(action.text))
    return "\n".join(out) + "\n"


def with_bars(text: str) -> list[str]:
    """A bubble over several lines."""
    first, *rest = text.split("\n")
    return [first, *(f"| {line}".rstrip() for line in rest)]


class Player:
    """Does what a transcript says, and tells what the phones show afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clients: list[str] = []
        for staff in world.app.catalog.staff:
            world.news("staff", staff.id)

    def play(self, text: str) -> list[str]:
        """The lines the bot adds after one action."""
        if text.startswith("clock "):
            moment = datetime.strptime(text[6:].strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007 -- below
            self.world.clock.now = moment.replace(tzinfo=SHANGHAI)
            return []
        replies = self.act(text)
        self.world.deliver()
        return [*replies, *self.pushed()]

    def act(self, text: str) -> list[str]:
        if text.startswith("@"):
            return self.staff(text)
        if text.startswith("/") and text != "/again":
            self.happens(*text.split())
            return []
        return self.client(text)

    def happens(self, deed: str, *words: str) -> None:
        """What nobody does in a chat."""
        platform = self.world.platform
        match deed:
            case "/wait":
                number, unit = words
                self.world.wait(timedelta(**{UNIT[unit]: int(number)}))
            case "/servicer":
                platform.kf.reception.servicers[words[0]] = True
            case "/publish":
                self.world.app.account_menu.publish(self.world.app.menu)
            case "/same":
                kf_deeds.same(platform, *words)
            case "/joins":
                platform.staff_joins(*words)
            case "/leaves":
                platform.staff_leaves(*words)
            case _:
                raise AssertionError(f"nobody knows how to {deed}")

    def client(self, text: str) -> list[str]:
        platform, openid = self.world.platform, self.clients[-1] if self.clients else "oclient"
        if text == "/again":
            return self.heard(openid, lambda: platform.client_again(openid))
        if found := UPLOAD.match(text):
            return marked("<", self.uploaded(openid, *found.groups()))
        if found := DEED.match(text):
            deeds = kf_deeds.DEEDS if kf_deeds.is_customer(openid) else DEEDS
            deed, label = deeds[found[1]], found[2] or ""
            return self.heard(openid, lambda: deed(platform, openid, label))
        name, words = found.groups() if (found := CLIENT.match(text)) else ("", text[1:])
        if name.startswith("kf"):
            customer = f"wm{name}"
            return self.heard(customer, lambda: platform.kf.says(customer, words))
        openid = f"o{name or 'client'}"
        return self.heard(openid, lambda: platform.client_says(openid, words))

    def uploaded(self, openid: str, name: str, filename: str) -> str:
        """What the page behind the last link shows once that was sent."""
        texts = [entry.text for entry in self.world.phone(openid)]
        path = next(path_in(text) for text in reversed(texts) if "/m/upload/" in text)
        return told(self.world.app.pages.test_client(), path, name, filename)

    def heard(self, openid: str, deed: Callable[[], Delivery]) -> list[str]:
        """What the bot replies to something this client does."""
        if openid in self.clients:
            self.clients.remove(openid)
        self.clients.append(openid)
        self.world.news("client", openid)
        done = deed()
        self.world.news("client", openid)
        return marked("<", "[fault]" if done.fault else done.reply or "")

    def staff(self, text: str) -> list[str]:
        found = STAFF.match(text)
        assert found, text
        userid, words = found.groups()
        self.world.news("staff", userid)
        if kf_deeds.servicer(self.world.platform, userid, words):
            return []
        if words.startswith("tap "):
            self.tap(userid, *words.split()[1:])
            return []
        if words.startswith("tick "):
            self.tick(userid, *words.split()[1:])
            return []
        reply = self.wecom(userid, words)
        self.world.news("staff", userid)
        return marked("<", reply)

    def wecom(self, userid: str, words: str) -> str:
        """What the bot replies to a photo or a text in WeCom, or the page behind a link shows."""
        platform, (verb, _, rest) = self.world.platform, words.partition(" ")
        if verb == "photo" and rest in {*PHOTOS, "lost"}:
            return photo(platform, rest, platform.staff_sends_photo, userid).reply or ""
        if verb == "click":
            return platform.staff_clicks(userid, rest).reply or ""
        if verb == "hand" and "." in rest:
            return handed(self.world, userid, rest)
        return self.world.order(userid, words)

    def tap(self, userid: str, label: str, choice: str = "") -> None:
        card, keys = self.card_with(userid, label)
        selected: dict[str, tuple[str, ...]] = {}
        if choice:
            selection = card.body["button_selection"]
            assert isinstance(selection, dict)
            ids = {one["text"]: one["id"] for one in selection["option_list"]}
            selected[selection["question_key"]] = (ids[choice],)
        self.world.platform.staff_taps(userid, card.task_id, keys[label], selected or None)

    def card_with(self, userid: str, label: str) -> tuple[CardFace, Mapping[str, str]]:
        """The newest card with that button, and the keys of its buttons."""
        for entry in reversed(self.world.platform.staff_phone(userid)):
            if entry.card is not None and not entry.card.replaced:
                buttons = rows(entry.card, "button_list")
                keys = {str(one["text"]): str(one["key"]) for one in buttons}
                if label in keys:
                    return entry.card, keys
        raise AssertionError(f"{userid} has no card with {label}")

    def tick(self, userid: str, *labels: str) -> None:
        card = self.world.card(userid).card
        assert card is not None
        box = card.body["checkbox"]
        assert isinstance(box, dict)
        ids = {one["text"]: one["id"] for one in box["option_list"]}
        self.world.tick(userid, box["question_key"], *(ids[label] for label in labels))

    def pushed(self) -> list[str]:
        """What arrived on the phones without being a reply."""
        lines = []
        for openid in self.clients:
            for entry in self.world.news("client", openid):
                name = openid[2:] if kf_deeds.is_customer(openid) else openid[1:]
                lines += marked(f"!{name}", shown(entry))
        for staff in self.world.app.catalog.staff:
            for entry in self.world.news("staff", staff.id):
                lines += marked(f"!{staff.id}", shown(entry))
        return lines


# a link is signed anew each time, and nothing in it is for a reader
LINK = re.compile(r"https?://\S+/m/(upload|file|certificate|hand-over|subscribe)/\S+")
PAGES = {"upload": "‹上传页›", "file": "‹材料›", "certificate": "‹证书›", "hand-over": "‹交付页›"}
PAGES["subscribe"] = "‹通知页›"


def marked(mark: str, text: str) -> list[str]:
    """A text under its mark, further lines with a bar."""
    text = LINK.sub(lambda found: PAGES[found[1]], text)
    if not text:
        return []
    first, *rest = text.split("\n")
    return [f"{mark} {first}", *(f"| {line}".rstrip() for line in rest)]


def shown(entry: Entry) -> str:
    """A bubble as words: a card with its lines and buttons, a template with its values."""
    if entry.rows:
        return " ".join((f"[{entry.text or '模板消息'}]", *(value for _, value in entry.rows)))
    if entry.options:
        lines = [f"○ {text}" for _, text in entry.options]
        return "\n".join(filter(None, (f"[菜单] {entry.text}", *lines, entry.tail)))
    return entry.text if entry.card is None else card_text(entry.card)


def card_text(card: CardFace) -> str:
    """A card as its owner reads it."""
    title = card.body["main_title"]
    assert isinstance(title, dict)
    lines = [f"[卡片] {title['title']} {title.get('desc', '')}".rstrip()]
    if card.body.get("sub_title_text"):
        lines.append(str(card.body["sub_title_text"]))
    facts = rows(card, "horizontal_content_list")
    lines += [f"{one['keyname']}：{one['value']}" for one in facts]
    box = card.body.get("checkbox")
    if isinstance(box, dict):
        lines += [f"□ {one['text']}" for one in box["option_list"]]
    buttons = [f"[{one['text']}]" for one in rows(card, "button_list")]
    submit = card.body.get("submit_button")
    if isinstance(submit, dict):
        buttons.append(f"[{submit['text']}]")
    return "\n".join([*lines, " ".join(buttons)])


def rows(card: CardFace, key: str) -> list[dict[str, str]]:
    """A list of the card, empty if it has none."""
    found = card.body.get(key, [])
    assert isinstance(found, list)
    return found
