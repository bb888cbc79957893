"""Menus: the one below the chat, and the one inside a message (wechat_platform.md 3.2, 3.5)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.simulator.phones import Bubble, Entry, Side, blank
from bot.simulator.refusals import ApiRefusal
from bot.wechat.limits import (
    MENU_BUTTONS,
    MENU_KEY_BYTES,
    MENU_NAME_BYTES,
    MENU_SUB_BUTTONS,
    MENU_SUB_NAME_BYTES,
    MENU_URL_BYTES,
)

Button = Mapping[str, object]

_KEYED = frozenset(
    {
        "click",
        "scancode_push",
        "scancode_waitmsg",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "location_select",
    }
)


def check(menu: Mapping[str, object]) -> tuple[Button, ...]:
    """The buttons, if the platform takes them; else ApiRefusal."""
    buttons = menu.get("button")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MENU_BUTTONS:
        raise ApiRefusal(40016)
    return tuple(_top(button) for button in buttons)


def _top(button: object) -> Button:
    if not isinstance(button, Mapping):
        raise ApiRefusal(40017)
    below = button.get("sub_button")
    if not below:
        return _leaf(button, MENU_NAME_BYTES)
    _name(button, MENU_NAME_BYTES)
    if not isinstance(below, list) or len(below) > MENU_SUB_BUTTONS:
        raise ApiRefusal(40023)
    return {
        "name": button["name"],
        "sub_button": [_leaf(one, MENU_SUB_NAME_BYTES) for one in below],
    }


def _leaf(button: object, most: int) -> Button:
    if not isinstance(button, Mapping):
        raise ApiRefusal(40017)
    _name(button, most)
    kind = button.get("type")
    if kind in _KEYED:
        _bytes(button.get("key"), MENU_KEY_BYTES, 40019)
    elif kind in ("view", "miniprogram"):
        _bytes(button.get("url"), MENU_URL_BYTES, 40020)
        if not str(button["url"]).startswith(("http://", "https://")):
            raise ApiRefusal(40055)
    else:
        raise ApiRefusal(40017)
    return button


def _name(button: Mapping[str, object], most: int) -> None:
    _bytes(button.get("name"), most, 40018)


def _bytes(value: object, most: int, code: int) -> None:
    if not isinstance(value, str) or not value or len(value.encode()) > most:
        raise ApiRefusal(code)


def in_chat(menu: object) -> Entry:
    """The bubble of a `msgmenu` message; ApiRefusal when it is none."""
    if not isinstance(menu, Mapping) or not isinstance(menu.get("list"), list):
        raise ApiRefusal(47001)
    options = tuple(_option(one) for one in menu["list"])
    if not options:
        raise ApiRefusal(44004)
    if len({key for key, _ in options}) < len(options):
        # which of them was tapped could not be told
        raise ApiRefusal(47001)
    head, tail = str(menu.get("head_content", "")), str(menu.get("tail_content", ""))
    return replace(blank(Side.THEIRS, Bubble.MENU, head), options=options, tail=tail)


def _option(one: object) -> tuple[str, str]:
    if not isinstance(one, Mapping) or not one.get("id") or not one.get("content"):
        raise ApiRefusal(47001)
    return str(one["id"]), str(one["content"])
