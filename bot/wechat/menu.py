"""The menu below the chat of the official account: from the catalogue to the platform."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.catalog import Button, Leaf
from bot.messages import Channel, Inbound, Say
from bot.wechat.calls import Calls
from bot.wechat.client import ApiError
from bot.wechat.limits import (
    MENU_BUTTONS,
    MENU_KEY_BYTES,
    MENU_NAME_BYTES,
    MENU_SUB_BUTTONS,
    MENU_SUB_NAME_BYTES,
    MENU_URL_BYTES,
)

Json = dict[str, Any]
# the address of one of our pages; "" where clients could not reach it
Pages = Callable[[str], str]

# the key holds the words themselves, so that a menu published long ago still means the same
SAYS = "say:"
NO_MENU = 46003
KEPT = ("type", "name", "key", "url")


@dataclass(frozen=True)
class Fault:
    """Why the platform would not take a menu: the name of a sentence, and what it shows."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self) -> Say:
        """The sentence."""
        return Say(f"account_menu/{self.code}", self.values)


def spoken_by(inbound: Inbound) -> str:
    """The words that a button of ours stands for; "" for anything else."""
    event = inbound.event
    if inbound.channel is not Channel.OFFICIAL or event is None or event.name != "click":
        return ""
    return event.key.removeprefix(SAYS).strip() if event.key.startswith(SAYS) else ""


def buttons_of(menu: Sequence[Button], pages: Pages) -> list[Json]:
    """The menu as the platform writes it."""
    return [
        {"name": one.name, "sub_button": [leaf(each, pages) for each in one.buttons]}
        if one.buttons
        else leaf(one, pages)
        for one in menu
    ]


def leaf(button: Leaf, pages: Pages) -> Json:
    """A button that does something."""
    if button.says:
        return {"type": "click", "name": button.name, "key": SAYS + button.says}
    url = pages(button.page) if button.page else button.url
    return {"type": "view", "name": button.name, "url": url}


def faults_of(menu: Sequence[Json]) -> Iterator[Fault]:
    """Every limit of the platform that this menu breaks."""
    if not 1 <= len(menu) <= MENU_BUTTONS:
        yield Fault("buttons", {"count": len(menu), "most": MENU_BUTTONS})
    for top in menu:
        below = top.get("sub_button", [])
        if len(below) > MENU_SUB_BUTTONS:
            values = {"name": top["name"], "count": len(below), "most": MENU_SUB_BUTTONS}
            yield Fault("sub_buttons", values)
        yield from faults_of_one(top, MENU_NAME_BYTES)
        for one in below:
            yield from faults_of_one(one, MENU_SUB_NAME_BYTES)


def faults_of_one(button: Json, longest: int) -> Iterator[Fault]:
    """What is wrong with one button."""
    sizes = (("name", longest), ("key", MENU_KEY_BYTES), ("url", MENU_URL_BYTES))
    for key, most in sizes:
        size = len(str(button.get(key, "")).encode())
        if size > most:
            values = {"name": button["name"], "count": size, "most": most}
            yield Fault(f"{key}_long", values)
    if button.get("type") == "view" and not button["url"]:
        yield Fault("no_address", {"name": button["name"]})
    elif button.get("type") == "view" and not button["url"].startswith(("http://", "https://")):
        yield Fault("bad_address", {"name": button["name"]})


class AccountMenu:
    """The menu as it stands at the platform."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def publish(self, menu: Sequence[Json]) -> None:
        """Puts this menu in the place of whatever was there; ApiError says why not."""
        self._calls.post("/cgi-bin/menu/create", {}, {"button": list(menu)})

    def published(self) -> list[Json]:
        """The menu that is there, in the form of `buttons_of`; empty if there is none."""
        try:
            answer = self._calls.get("/cgi-bin/menu/get", {})
        except ApiError as refused:
            if refused.code == NO_MENU:
                return []
            raise
        found = answer.get("menu")
        rows = found.get("button", []) if isinstance(found, dict) else []
        return [bare(one) for one in rows]


def bare(button: Json) -> Json:
    """A button without the empty fields the platform adds to what it was given."""
    below = button.get("sub_button") or []
    if below:
        return {"name": button.get("name"), "sub_button": [bare(one) for one in below]}
    return {key: button[key] for key in KEPT if button.get(key)}
